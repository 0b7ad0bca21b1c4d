/** As in package.json (a test compares them), which runners do not download. */
export const VERSION = '0.1.0';

/** Where the project lives; `npm run publish-as` sets it everywhere. */
export const REPOSITORY = 'OWNER/parallel-balance-action';
