import { error, unknown } from '../failure.ts';
import { LOG_IN } from '../report.ts';

// What can go wrong with GitHub, which keeps the login. GitHub's own words (`detail`) go to the debug log.

/** Where, in words, if it is not the repository of the run. */
const on = (shared: string | undefined) => (shared === undefined ? '' : ` on ${shared}`);
const PERMISSION = 'Give the job permissions: contents: write; the caller of a reusable workflow must grant it, too.';
const APP = (shared: string) =>
  `Install the GitHub App on ${shared} with the permission contents: write, and name that repository in the step that mints its token.`;
const REASON = 'The debug log (re-run with debug logging) holds its reason';

/** `shared`, here and below: the state repository, where it is not the run's. */
export const mayNotWrite = (detail: string | undefined, shared?: string) =>
  error(
    `The github-token lacks the permission contents: write${on(shared)}, without which no renewed login can be kept.`,
    shared === undefined ? PERMISSION : APP(shared),
    detail,
  );

export const hidden = (detail: string | undefined, shared?: string) =>
  shared === undefined
    ? error(
        'GitHub answered HTTP 404: the github-token lacks the permission contents: write, or is not for this repository.',
        PERMISSION,
        detail,
      )
    : error(
        `GitHub answered HTTP 404: there is no repository ${shared}, or the github-token is not for it.`,
        `Check the input state-repository. ${APP(shared)}`,
        detail,
      );

export const moved = (shared: string) =>
  error(
    `The repository ${shared} was renamed or moved.`,
    'Give the input state-repository its new name, in every gate and in the login.',
  );

export const forbidden = (detail: string | undefined) =>
  error(
    'GitHub answered HTTP 403, and that is not about the permissions of the job.',
    `${REASON}: an IP allow list, SAML, a suspended app, an archived or locked repository.`,
    detail,
  );

export const githubTokenRejected = (detail: string | undefined, shared?: string) =>
  error(
    'GitHub answered HTTP 401: it does not know the input github-token.',
    shared === undefined
      ? 'Leave the input github-token at its default, the token of the job; if it is, re-run the failed jobs.'
      : 'Check that github-token is the token that the step before minted; if it is, re-run the failed jobs.',
    detail,
  );

export const notOurRef = (ref: string) =>
  error(
    `${ref} holds something that this action did not put there, so it is left alone.`,
    'Give the input state-ref the name of a ref that nothing else uses, the same in the gate and in the login.',
  );

export const emptyRepository = () =>
  error(
    'GitHub answered HTTP 409: the repository that is to keep the login holds no commit yet.',
    `Give it a first commit, of whatever file. ${LOG_IN}.`,
  );

export const refused = (detail: string | undefined) =>
  error(
    'GitHub refuses to update the ref that keeps the login (HTTP 422).',
    `${REASON}; a rule of the repository may forbid it.`,
    detail,
  );

export const notUnderstood = (answered: string, detail: string | undefined) =>
  error(
    `${answered}, which this action does not understand.`,
    `Look for a newer version of this action: this one may speak a version of GitHub's API that is gone. ${REASON}.`,
    detail,
  );

export const notGitHub = (answered: string) =>
  error(
    `${answered} without JSON: that was not GitHub's API.`,
    'Check GITHUB_API_URL, and what stands between the runner and GitHub (a firewall, a proxy).',
  );

export const oddAnswer = (answered: string) =>
  unknown(
    `${answered}, but not as GitHub does: a proxy, a firewall or a login page may have answered in its place.`,
    'Check what stands between the runner and GitHub.',
  );

export const redirected = (answered: string) =>
  unknown(
    `${answered}, a redirect, which is never followed.`,
    'Check GITHUB_API_URL, and what stands between the runner and GitHub.',
  );

export const noTime = (host: string) =>
  unknown(
    `${host} answers without the time of day (the header Date), by which the login is renewed.`,
    'Check what stands between the runner and GitHub: a proxy may drop or change that header.',
  );

export const limited = (waitMs: number | undefined) =>
  unknown(
    `GitHub's rate limit for this repository ${waitMs === undefined ? 'leaves no room to keep the login' : `is used up for another ${Math.ceil(waitMs / 1000)} s`}.`,
    'Re-run the failed jobs later, and put the gate in one job that the others need.',
  );

export const githubLags = () =>
  unknown(
    'GitHub still shows a state of the login that is no longer the newest.',
    'Re-run the failed jobs: it may lag for half a minute.',
  );

export const notFoundInTime = (ref: string) =>
  unknown(
    `GitHub did not find ${ref}, and too little of timeout-seconds is left to ask again.`,
    'Re-run the failed jobs.',
  );

const ONCE_GITHUB_WORKS =
  'Re-run the failed jobs once GitHub works again; if it already does, check the network and proxy of the runner.';

/** `nextStep`: what to do where it is more than to try again. */
export const githubDown = (what: string, nextStep = ONCE_GITHUB_WORKS) =>
  unknown(`${what}, so the stored login is out of reach.`, nextStep);
