import { error, type Failure, loginRequired, unknown } from '../failure.ts';
import { hostOf } from '../foreign.ts';
import { formatDay, LOG_IN } from '../report.ts';
import type { RunName } from './state.ts';

// What can go wrong with a stored login and its renewal, each with what to do about it. A message holds no remote text.

const LOG_IN_AND_RE_RUN = `${LOG_IN}, then re-run the failed jobs.`;
const CHECK_API_URL = `Check the inputs api-url and platform-url if you set them. ${LOG_IN} if they are right.`;

export const noLogin = (ref: string, shared?: string) =>
  loginRequired(
    `There is no stored login: ${ref} does not exist in ${shared ?? 'this repository'}.`,
    shared === undefined
      ? `${LOG_IN}. If it has been run, this job may lack permissions: contents: write, without which GitHub may hide the ref.`
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

/** `why`: what GitHub said last, where it refused. */
export const notStored = (why: Failure | undefined) =>
  loginRequired(
    `The login was renewed, but GitHub did not take the renewed login in time. ${why?.message ?? ''}`.trimEnd(),
    `The stored login may be spent. ${why?.nextStep ?? ''} ${LOG_IN_AND_RE_RUN}`.replace(/ {2}/, ' '),
    why?.detail,
  );

export const displaced = (ref: string) =>
  loginRequired(
    `Somebody put something else on ${ref} while this run renewed the login in it, so that login was ended.`,
    `If it is a login with a new key, re-run the failed jobs with that key as state-key. Else find out what it is (${ref} is for this action alone), delete it, and run the login workflow.`,
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

export const noAccessToken = () =>
  unknown(
    'Parallel renewed the login, but without an access token that this action can use. The renewed login is stored.',
    'Re-run the failed jobs. If that does not help, look for a newer version of this action: Parallel may issue other tokens now.',
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
