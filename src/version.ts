/** As in package.json (a test compares them): the runner downloads both, but reading a file costs every job. */
export const VERSION = '0.1.0';

/** Where the project lives; replaced once, by search, when it is published. */
export const REPOSITORY = 'OWNER/parallel-balance-action';
