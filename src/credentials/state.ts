import { randomBytes } from 'node:crypto';
import type { Grant } from './oauth.ts';

/** The login as it is kept, sealed, in the repository. All times are milliseconds of GitHub's clock since 1970. */
export interface State {
  readonly version: 1;
  /** Drawn at each login: tells a renewed state from another login. */
  readonly loginId: string;
  /** The origin of the platform that issued it. */
  readonly platform: string;
  readonly clientId: string;
  readonly orgId: string;
  readonly orgName: string | null;
  readonly scopes: readonly string[];
  readonly refreshToken: string;
  /** Both are undefined where Parallel did not say. */
  readonly refreshTokenExpiresAt: number | undefined;
  readonly authorizationExpiresAt: number | undefined;
  readonly status: Status;
}

/** A lease and an end carry no access token, so that nobody uses one that is about to be replaced or is refused. */
export type Status =
  /** An access token that is undefined came in a form that nobody could use. */
  | { readonly kind: 'usable'; readonly accessToken: string | undefined; readonly expiresAt: number }
  | {
      readonly kind: 'lease';
      readonly nonce: string;
      readonly until: number;
      readonly run: RunName;
    }
  | { readonly kind: 'ended'; readonly at: number };

/** What GitHub calls a run, for messages only: several runs of several repositories may share one login. */
export interface RunName {
  readonly repository: string;
  readonly id: string;
  readonly attempt: string;
}

/** How long a lease lasts, and how much longer others leave it alone: clocks and replies lag. */
export const LEASE_MS = 30_000;
export const LEASE_GRACE_MS = 5_000;
/** An access token with less than this left is not worth starting with. */
const MIN_TOKEN_MS = 60_000;

/** What a run does next about a state. */
export type Move =
  | { readonly kind: 'use'; readonly accessToken: string }
  | { readonly kind: 'wait'; readonly run: RunName }
  | { readonly kind: 'renew' }
  | { readonly kind: 'stop'; readonly at: number };

/** Pure: the next move of a run that finds `state` at `now`, and knows that `rejected` access tokens do not work. */
export function chooseMove(state: State, now: number, rejected: ReadonlySet<string>): Move {
  const { status } = state;
  switch (status.kind) {
    case 'ended':
      return { kind: 'stop', at: status.at };
    case 'lease':
      return now < status.until + LEASE_GRACE_MS ? { kind: 'wait', run: status.run } : { kind: 'renew' };
    case 'usable': {
      const { accessToken, expiresAt } = status;
      const isGood = accessToken !== undefined && expiresAt - now > MIN_TOKEN_MS && !rejected.has(accessToken);
      return isGood ? { kind: 'use', accessToken } : { kind: 'renew' };
    }
  }
}

/** The state of a new login, from the grant that the device flow ended in, asked for at `now`. */
export function begin(
  grant: Grant & { refreshToken: string; orgId: string },
  { clientId, platform }: { clientId: string; platform: string },
  now: number,
): State {
  const { accessToken, refreshToken, orgId } = grant;
  const loginId = randomBytes(16).toString('base64url');
  const bare = { version: 1, loginId, platform, clientId, orgId, orgName: null, scopes: [], refreshToken } as const;
  const status: Status = { kind: 'usable', accessToken, expiresAt: now };
  return renew({ ...bare, refreshTokenExpiresAt: undefined, authorizationExpiresAt: undefined, status }, grant, now);
}

/** The state after an exchange asked for at `now`. What the answer left out stays as it was, and so does the organization. */
export function renew(state: State, grant: Grant, now: number): State {
  const until = (seconds: number | undefined) => (seconds === undefined ? undefined : now + seconds * 1000);
  return {
    ...state,
    orgName: grant.orgName ?? state.orgName,
    scopes: grant.scopes ?? state.scopes,
    refreshToken: grant.refreshToken ?? state.refreshToken,
    refreshTokenExpiresAt: until(grant.refreshTokenSeconds) ?? state.refreshTokenExpiresAt,
    authorizationExpiresAt: until(grant.authorizationSeconds) ?? state.authorizationExpiresAt,
    status: { kind: 'usable', accessToken: grant.accessToken, expiresAt: until(grant.accessTokenSeconds) ?? now },
  };
}

/** The document that was sealed, read back; undefined where it is of a version that this code does not know. */
export function parseState(text: string): State | undefined {
  // It was encrypted with our own key: its form needs no more checking than its version.
  const state: State = JSON.parse(text);
  return state.version === 1 ? state : undefined;
}
