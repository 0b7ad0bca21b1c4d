import type { Http } from '../http.ts';
import type { Grant, OAuth } from './oauth.ts';
import type { Outcome } from './outcome.ts';
import type { State } from './state.ts';

/** How long the first try may take: an answer that is merely slow must not be lost. */
export const EXCHANGE_MS = 15_000;
/** A lease must have this much left when the refresh token is spent, at the first try or again after one never sent. */
export const MIN_LEASE_MS = 20_000;
/** After a lost answer there is less time, because two tries share one lease. */
const REPEAT_MS = 8000;
const MIN_REPEAT_LEASE_MS = 9000;

/**
 * Spends the refresh token of `state`. A try that was never sent, or whose answer was lost, is repeated once, at once,
 * where `mayStart(ms of the lease, ms of the run)` says that both have so much left: a server that has acted forgives a
 * reuse for seconds only, if at all, and one that has not gives the token to this run. Nothing is repeated beyond the lease.
 */
export async function exchange(
  http: Http,
  oauth: OAuth,
  { clientId, refreshToken }: State,
  mayStart: (leaseMs: number, runMs: number) => boolean,
): Promise<Outcome<Grant>> {
  const outcome = await oauth.refresh(http, clientId, refreshToken, EXCHANGE_MS);
  if (outcome.kind === 'no-answer' && mayStart(MIN_REPEAT_LEASE_MS, REPEAT_MS)) {
    return oauth.refresh(http, clientId, refreshToken, REPEAT_MS);
  }
  if (outcome.kind !== 'never-sent') return outcome;
  const waitMs = outcome.retryAfterMs;
  if (!mayStart(MIN_LEASE_MS + waitMs, EXCHANGE_MS + waitMs)) return outcome;
  await http.clock.sleep(waitMs);
  if (!mayStart(MIN_LEASE_MS, EXCHANGE_MS)) return outcome;
  return oauth.refresh(http, clientId, refreshToken, EXCHANGE_MS);
}
