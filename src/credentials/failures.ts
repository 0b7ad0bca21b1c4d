import { Failure } from '../failure.ts';
import { REPOSITORY } from '../version.ts';
import type { State } from './state.ts';

// What can go wrong with a stored login, each with what to do about it. A message holds no remote text; GitHub's own
// words go to the debug log.

const LOG_IN = `Run the login workflow (the one that uses ${REPOSITORY}/login)`;
const CHECK_API_URL = `Check the inputs api-url and platform-url if you set them. ${LOG_IN} if they are right.`;

export function noLogin(ref: string): Failure {
  return new Failure(
    'login-required',
    `There is no stored login: ${ref} does not exist in this repository.`,
    `${LOG_IN}.`,
  );
}

export function sealedElsewhere(ref: string): Failure {
  return new Failure(
    'login-required',
    `The login in ${ref} is sealed with another key or for another repository.`,
    `${LOG_IN}, or restore the key that was in use.`,
  );
}

export function loginEnded(state: State, at: number): Failure {
  const day = new Date(at).toISOString().slice(0, 10);
  const message = `The login of ${state.orgId} has ended: Parallel refused to renew it on ${day} (invalid_grant).`;
  return new Failure('login-required', message, `${LOG_IN}, then re-run the failed jobs.`);
}

export function clientUnknown(): Failure {
  const message = 'Parallel no longer knows the client that this login was made with (invalid_client).';
  return new Failure('login-required', message, `${LOG_IN}, then re-run the failed jobs.`);
}

export function freshTokenRejected(detail: string | undefined): Failure {
  const message = 'Parallel answered HTTP 401 to an access token that it had issued moments before.';
  return new Failure('login-required', message, CHECK_API_URL, detail);
}

export function loggedOut(ref: string): Failure {
  const message = `Somebody deleted ${ref} while this run renewed the login in it: that is a log-out.`;
  return new Failure('login-required', message, `${LOG_IN}, if it was not meant.`);
}

export function notStored({ message: why, detail }: Failure): Failure {
  const message = 'The login was renewed, but GitHub did not take the renewed login in time.';
  return new Failure(
    'login-required',
    message,
    `The stored login may be spent. ${LOG_IN}, then re-run the failed jobs.`,
    [why, detail ?? ''].join(' '),
  );
}

export function otherOrganization(stored: string, read: string): Failure {
  const message = `The stored login is of the organization ${stored}, but the balance belongs to ${read}.`;
  return new Failure('error', message, CHECK_API_URL);
}

export function mayNotWrite(detail: string | undefined): Failure {
  return new Failure(
    'error',
    'The github-token lacks the permission contents: write, without which no renewed login can be kept.',
    'Give the job permissions: contents: write; the caller of a reusable workflow must grant it, too.',
    detail,
  );
}

export function githubTokenRejected(): Failure {
  const message = 'GitHub answered HTTP 401: the input github-token is not a valid token.';
  return new Failure('error', message, 'Leave the input github-token at its default, the token of the job.');
}

export function notOurRef(ref: string): Failure {
  return new Failure(
    'error',
    `${ref} holds something that this action did not put there, so it is left alone.`,
    'Give the input state-ref the name of a ref that nothing else uses, the same in the gate and in the login.',
  );
}

export function refused(ref: string, detail: string | undefined): Failure {
  const nextStep =
    'The debug log (re-run with debug logging) holds its reason; a rule of the repository may forbid it.';
  return new Failure('error', `GitHub refuses to update ${ref} (HTTP 422).`, nextStep, detail);
}

export function limited(waitMs: number | undefined): Failure {
  const wait = waitMs === undefined ? '' : ` for another ${Math.ceil(waitMs / 1000)} s`;
  return new Failure(
    'unknown',
    `GitHub's rate limit for this repository leaves no room to keep the login${wait}.`,
    'Re-run the failed jobs later, and put the gate in one job that the others need.',
  );
}

export function leaseHeld(run: string, attempt: string): Failure {
  const message = `Run ${run} (attempt ${attempt}) holds the lease for renewing the login and did not finish within timeout-seconds.`;
  return new Failure('unknown', message, 'Re-run the failed jobs: a lease lapses by itself after 35 s.');
}

export function tooLate(): Failure {
  const message = 'The login must be renewed, but too little of timeout-seconds is left to do it safely.';
  return new Failure('unknown', message, 'Re-run the failed jobs, or raise timeout-seconds.');
}

export function cancelled(): Failure {
  return new Failure('unknown', 'The run was cancelled while it renewed the login.', 'Start a new run.');
}

export function notRenewed(what: string): Failure {
  const nextStep = 'Re-run the failed jobs in a minute; if Parallel works, check the network and proxy of the runner.';
  return new Failure('unknown', `The login could not be renewed: ${what}.`, nextStep);
}

export function githubDown(what: string): Failure {
  return new Failure(
    'unknown',
    `${what}, so the stored login is out of reach.`,
    'Re-run the failed jobs once GitHub works again.',
  );
}

export function notDispatched(event: string): Failure {
  const message = `A login needs a human, so it runs on workflow_dispatch only; this run was started by ${event || 'nothing known'}.`;
  return new Failure('error', message, 'Start the login workflow by hand: Actions → the workflow → Run workflow.');
}

export function notAuthorized(what: string): Failure {
  return new Failure('unknown', `Parallel did not start the login: ${what}.`, 'Run the login workflow again.');
}

export function accessDenied(): Failure {
  const message = 'The login was denied in the browser (access_denied).';
  return new Failure('login-required', message, 'Run the login workflow again and approve it. Nothing was changed.');
}

export function codeExpired(): Failure {
  const message = 'Nobody approved the login before its code expired.';
  return new Failure('login-required', message, 'Run the login workflow again. Nothing was changed.');
}

export function answerLost(what: string): Failure {
  const message = `The answer to an approved login was lost or incomplete: ${what}.`;
  return new Failure('unknown', message, 'Run the login workflow again. Nothing was changed.');
}

export function wrongOrganization(got: string, expected: string, input: boolean): Failure {
  const why = input ? 'expected-org-id says' : 'the stored login is of';
  return new Failure(
    'error',
    `The login was approved for the organization ${got}, but ${why} ${expected}.`,
    `Approve with an account of ${expected}. To move to another organization on purpose, set expected-org-id to it.`,
  );
}

export function otherLogin(): Failure {
  const message = 'Somebody else logged in at the same moment, and their login is kept.';
  return new Failure('unknown', message, 'Nothing is to be done, unless the organization of their login is not yours.');
}

/** A failure of a login that was already approved, with what became of the chain that it began. */
export function afterApproval(error: unknown, isRevoked: boolean): unknown {
  if (!(error instanceof Failure)) return error;
  const fate = isRevoked
    ? 'The login that was just approved was revoked.'
    : 'Parallel did not confirm that the login that was just approved is revoked: end it at https://platform.parallel.ai.';
  return new Failure(error.word, error.message, `${fate} ${error.nextStep}`, error.detail);
}
