import { Failure } from '../failure.ts';
import { hostOf } from '../foreign.ts';
import { formatDay } from '../report.ts';
import { REPOSITORY } from '../version.ts';
import type { RunName } from './state.ts';

// What can go wrong with a stored login, each with what to do about it. A message holds no remote text; GitHub's own
// words (`detail`) go to the debug log.

type Words = [message: string, nextStep: string, detail?: string | undefined];
const unknown = (...words: Words) => new Failure('unknown', ...words);
const loginRequired = (...words: Words) => new Failure('login-required', ...words);
const error = (...words: Words) => new Failure('error', ...words);

/** Where, in words, if it is not the repository of the run. */
const on = (shared: string | undefined) => (shared === undefined ? '' : ` on ${shared}`);

const LOG_IN = `Run the login workflow (the one that uses ${REPOSITORY}/login)`;
const LOG_IN_AND_RE_RUN = `${LOG_IN}, then re-run the failed jobs.`;
const LOG_IN_AGAIN = 'Run the login workflow again.';
const CHECK_API_URL = `Check the inputs api-url and platform-url if you set them. ${LOG_IN} if they are right.`;

// The stored login.

export const noLogin = (ref: string, shared?: string) =>
  loginRequired(
    `There is no stored login: ${ref} does not exist in ${shared ?? 'this repository'}.`,
    shared === undefined
      ? `${LOG_IN}. If it has been run, give this job permissions: contents: write: without it GitHub may hide the ref.`
      : `${LOG_IN}.`,
  );

export const sealedElsewhere = (ref: string) =>
  loginRequired(
    `The login in ${ref} is sealed with another key or for another repository.`,
    `${LOG_IN}, or restore the key that was in use.`,
  );

export const loginEnded = (orgId: string, at: number) =>
  loginRequired(
    `The login of ${orgId} has ended: Parallel refused to renew it on ${formatDay(at)} (invalid_grant).`,
    LOG_IN_AND_RE_RUN,
  );

export const clientUnknown = () =>
  loginRequired(
    'Parallel no longer knows the client that this login was made with (invalid_client).',
    LOG_IN_AND_RE_RUN,
  );

export const freshTokenRejected = (detail: string | undefined) =>
  loginRequired(
    'Parallel answered HTTP 401 to an access token that it had issued moments before.',
    CHECK_API_URL,
    detail,
  );

export const loggedOut = (ref: string) =>
  loginRequired(
    `Somebody deleted ${ref} while this run renewed the login in it: that is a log-out.`,
    `${LOG_IN}, if it was not meant.`,
  );

export const notStored = () =>
  loginRequired(
    'The login was renewed, but GitHub did not take the renewed login in time.',
    `The stored login may be spent. ${LOG_IN_AND_RE_RUN}`,
  );

export const displaced = (ref: string) =>
  loginRequired(
    `Somebody put something else on ${ref} while this run renewed the login in it, so that login was ended.`,
    `Find out what it is (${ref} is for this action alone), delete it, and run the login workflow.`,
  );

export const otherOrganization = (stored: string, read: string) =>
  error(`The stored login is of the organization ${stored}, but the balance belongs to ${read}.`, CHECK_API_URL);

export const organizationChanged = (stored: string, granted: string) =>
  error(
    `The stored login is of the organization ${stored}, but Parallel renewed it for ${granted}.`,
    `${LOG_IN}, with an account of the organization whose credit this gate is for.`,
  );

export const otherPlatform = (stored: string, given: string) =>
  error(
    `The stored login was issued by ${hostOf(stored)}, but platform-url is ${hostOf(given)}.`,
    'Give the gate the platform-url that the login was made with, or run the login workflow with this one.',
  );

// GitHub, which keeps it.

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
    `GitHub's rate limit for this repository leaves no room to keep the login${waitMs === undefined ? '' : ` for another ${Math.ceil(waitMs / 1000)} s`}.`,
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

// A renewal.

export const leaseHeld = ({ repository, id, attempt }: RunName) =>
  unknown(
    `Run ${id} (attempt ${attempt}) of ${repository} holds the lease for renewing the login and did not finish within timeout-seconds.`,
    'Re-run the failed jobs: a lease lapses by itself after 35 s.',
  );

export const tooLate = () =>
  unknown(
    'The login must be renewed, but too little of timeout-seconds is left to do it safely.',
    'Re-run the failed jobs, or raise timeout-seconds.',
  );

export const noTimeForBalance = () =>
  unknown(
    'The stored login works, but to have it renewed took all of timeout-seconds, so the balance was not read.',
    'Re-run the failed jobs.',
  );

export const cancelled = () => unknown('The run was cancelled while it renewed the login.', 'Start a new run.');

/** `advice`: what to do before another try. */
export const notRenewed = (what: string, advice?: string) =>
  unknown(
    `The login could not be renewed: ${what}.`,
    advice === undefined
      ? 'Re-run the failed jobs in a minute; if Parallel works, check the network and proxy of the runner.'
      : `${advice} Re-run the failed jobs after that.`,
  );

// The login workflow.

export const notDispatched = (event: string) =>
  error(
    `A login needs a human, so it runs on workflow_dispatch only; this run was started by ${event || 'nothing known'}.`,
    'Start the login workflow by hand: Actions → the workflow → Run workflow.',
  );

/** `advice`: what to do before another try. */
export const notAuthorized = (what: string, advice = '') =>
  unknown(`Parallel did not start the login: ${what}.`, `${advice} ${LOG_IN_AGAIN}`.trimStart());

export const notAsked = (what: string, advice = '') =>
  unknown(
    `The code expired, and Parallel did not say whether anybody had approved it: ${what}.`,
    `${advice} ${LOG_IN_AGAIN}`.trimStart(),
  );

export const loginCancelled = () => unknown('The run was cancelled while it logged in.', LOG_IN_AGAIN);

export const loginRefused = (what: string, advice = '') =>
  unknown(`Parallel refused the login: ${what}.`, `${advice} ${LOG_IN_AGAIN} Nothing was changed.`.trimStart());

export const accessDenied = () =>
  loginRequired(
    'The login was denied in the browser (access_denied).',
    'Run the login workflow again and approve it. Nothing was changed.',
  );

export const codeExpired = () =>
  loginRequired('Nobody approved the login before its code expired.', `${LOG_IN_AGAIN} Nothing was changed.`);

export const answerLost = (what: string) =>
  unknown(`The answer to an approved login was lost or incomplete: ${what}.`, `${LOG_IN_AGAIN} Nothing was changed.`);

export const unpinned = (orgId: string) =>
  error(
    `Others can read this log, so anybody could have approved the login; it was approved for the organization ${orgId}.`,
    `If that is yours, add this line to the with: block of the login, and run it again: expected-org-id: ${orgId}`,
  );

export const scopeMissing = (scopes: readonly string[]) =>
  error(
    `The login was granted ${scopes.join(' ')}, without balance:read: it could not read the balance.`,
    'Approve all that the login asks for, with an account that may see the balance.',
  );

export const scopeTooWide = (powers: readonly string[]) =>
  error(
    `The login was granted more than it asked for: ${powers.join(' ')}. It must not be able to do more than read.`,
    'Run the login workflow again; if it is granted more once more, please report it.',
  );

export const wrongOrganization = (got: string, wanted: string, isInput: boolean) =>
  error(
    `The login was approved for the organization ${got}, but ${isInput ? 'expected-org-id says' : 'the stored login is of'} ${wanted}.`,
    `Approve with an account of ${wanted}. To move to another organization on purpose, set expected-org-id to it.`,
  );

export const loginNotStored = () =>
  unknown('GitHub did not take the login within two minutes.', 'Run the login workflow again once GitHub works.');

export const otherLogin = () =>
  unknown(
    'Somebody else logged in at the same moment, and their login is kept.',
    'Nothing is to be done, unless the organization of their login is not yours.',
  );

/** A failure of a login that was already approved, with what became of the chain that it began. */
export function afterApproval(thrown: unknown, isRevoked: boolean): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  const fate = isRevoked
    ? 'The login that was just approved was revoked.'
    : 'Parallel did not confirm that the login that was just approved is revoked: end it at https://platform.parallel.ai.';
  return new Failure(thrown.word, thrown.message, `${fate} ${thrown.nextStep}`, thrown.detail);
}
