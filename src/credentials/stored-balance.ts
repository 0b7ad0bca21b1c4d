import { type Balance, fetchBalance, TokenRejected } from '../balance.ts';
import { Failure, otherThanExpected } from '../failure.ts';
import { type Http, MIN_ATTEMPT_MS } from '../http.ts';
import type { LoginFacts } from '../report.ts';
import type { StateLocation } from '../state-location.ts';
import { freshTokenRejected, noTimeForBalance, otherOrganization, otherPlatform } from './failures.ts';
import { PROCESS_INTERRUPTS } from './interrupts.ts';
import { OAuth } from './oauth.ts';
import { obtainAccess } from './renewal.ts';
import { judgeScopes } from './scopes.ts';
import type { State } from './state.ts';
import { openStore } from './store.ts';

interface Options {
  readonly mask: (secret: string) => void;
  readonly debug: (text: string) => void;
  /** The organization that alone may count; undefined: any. */
  readonly expectedOrgId?: string | undefined;
}

/** What a stored login led to: a balance or why there is none, and the login itself once it is known. */
interface StoredBalance {
  readonly balance: Balance | Failure;
  readonly login: LoginFacts | undefined;
}

/**
 * Reads the balance with an access token of the stored login, renewed where it must be. A 401 to a stored token is not
 * the end: somebody may have replaced it. Throws a Failure only where the repository of the state is not to be seen; every
 * other one is the `balance`.
 */
export async function readStoredBalance(
  location: StateLocation,
  http: Http,
  apiUrl: string,
  { mask, debug, expectedOrgId }: Options,
): Promise<StoredBalance> {
  const store = await openStore(http, location, mask);
  const oauth = new OAuth(location.platformUrl, mask);
  const { name: repository, runId: id, runAttempt: attempt } = location.repository;
  const { origin } = new URL(location.platformUrl);
  const approve = ({ orgId, platform }: State) => {
    if (platform !== origin) throw otherPlatform(platform, origin);
    if (expectedOrgId !== undefined && orgId !== expectedOrgId) {
      throw otherThanExpected('The stored login', orgId, expectedOrgId);
    }
  };
  const options = {
    http,
    store,
    oauth,
    interrupts: PROCESS_INTERRUPTS,
    run: { repository, id, attempt },
    debug,
    approve,
  };
  const rejected = new Set<string>();
  let login: LoginFacts | undefined;
  for (;;) {
    try {
      const { accessToken, state, isFresh } = await obtainAccess(options, rejected);
      login = {
        orgId: state.orgId,
        endsAt: state.authorizationExpiresAt,
        now: store.github.now(http),
        powers: judgeScopes(state.scopes).powers,
      };
      if (http.remainingMs() < MIN_ATTEMPT_MS) throw noTimeForBalance();
      const balance = await fetchBalance(http, apiUrl, accessToken).catch((error) => {
        if (!(error instanceof TokenRejected)) throw error;
        if (isFresh) throw freshTokenRejected(error.detail);
        debug('Parallel does not accept the stored access token: looking for a newer one.');
        rejected.add(accessToken);
      });
      if (balance === undefined) continue;
      if (balance.orgId !== state.orgId) throw otherOrganization(state.orgId, balance.orgId);
      return { balance, login };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { balance: error, login };
    }
  }
}
