import { type Balance, fetchBalance, TokenRejected } from '../balance.ts';
import { Http } from '../http.ts';
import type { StoredLogin } from '../inputs.ts';
import type { Login } from '../report.ts';
import { freshTokenRejected, otherOrganization } from './failures.ts';
import { PROCESS_INTERRUPTS } from './interrupts.ts';
import { OAuth } from './oauth.ts';
import { obtainAccess } from './renewal.ts';
import { openStore } from './store.ts';

interface Effects {
  readonly mask: (secret: string) => void;
  readonly debug: (text: string) => void;
  /** Told of the login as soon as it is known, whatever comes after. */
  readonly onLogin: (login: Login) => void;
}

/**
 * Reads the balance with an access token of the stored login, renewed where it must be. A 401 to a stored token is not
 * the end: somebody may have replaced it. Throws a Failure.
 */
export async function fetchBalanceByLogin(
  login: StoredLogin,
  http: Http,
  apiUrl: string,
  { mask, debug, onLogin }: Effects,
): Promise<Balance> {
  const store = openStore(login, mask);
  const options = {
    http,
    store,
    oauth: new OAuth(login.platformUrl, mask),
    interrupts: PROCESS_INTERRUPTS,
    run: { id: login.repository.runId, attempt: login.repository.runAttempt },
    debug,
    startStoring: () => new Http(120_000, { name: 'storing' }),
  };
  const rejected = new Set<string>();
  for (;;) {
    const { accessToken, state, isFresh } = await obtainAccess(options, rejected);
    onLogin({ orgId: state.orgId, endsAt: state.authorizationExpiresAt, now: store.now(http) });
    try {
      const balance = await fetchBalance(http, apiUrl, accessToken);
      if (balance.orgId !== state.orgId) throw otherOrganization(state.orgId, balance.orgId);
      return balance;
    } catch (error) {
      if (!(error instanceof TokenRejected)) throw error;
      if (isFresh) throw freshTokenRejected(error.detail);
      debug('Parallel does not accept the stored access token: looking for a newer one.');
      rejected.add(accessToken);
    }
  }
}
