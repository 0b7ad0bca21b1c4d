import { error, Failure, loginRequired, unknown } from '../failure.ts';

// What can go wrong with a login, each with what to do about it.

const LOG_IN_AGAIN = 'Run the login workflow again.';

export const notDispatched = (event: string) =>
  error(
    `A login needs a human, so it runs on workflow_dispatch only; this run was started by ${event || 'nothing known'}.`,
    'Start the login workflow by hand: Actions → the workflow → Run workflow.',
  );

/** `advice`: what to do before another try. */
export const notStarted = (what: string, advice = '') =>
  unknown(`Parallel did not start the login: ${what}.`, `${advice} ${LOG_IN_AGAIN}`.trimStart());

export const notAnswered = (what: string, advice = '') =>
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
    `If that organization is yours, add this line to the with: block of the login, and run it again: expected-org-id: ${orgId}`,
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

/** `why`: what GitHub said last, where it refused. */
export const loginNotStored = (why: Failure | undefined) =>
  unknown(
    `GitHub did not take the login within two minutes. ${why?.message ?? ''}`.trimEnd(),
    why === undefined ? 'Run the login workflow again once GitHub works.' : `${why.nextStep} Then: ${LOG_IN_AGAIN}`,
    why?.detail,
  );

export const resealed = (ref: string) =>
  unknown(
    `Something that this key does not open was put on ${ref} while the login was approved.`,
    'If it is a login with a new key, nothing is to be done: gates need that key as state-key. Else find out what it is, delete it, and run the login workflow again.',
  );

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
