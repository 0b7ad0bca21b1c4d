import type { Http } from '../http.ts';
import { notOurRef } from './github-failures.ts';
import { keep, type Place } from './keep.ts';
import * as failures from './login-failures.ts';
import type { State } from './state.ts';
import type { Head, Store } from './store.ts';

/**
 * Stores the state of a new login in the place of `found`, which was read before the human was asked, and of whatever its
 * gates have put on top of that meanwhile. Resolves to the head whose place it took; throws a Failure with nothing stored,
 * also where another login came at the same moment.
 */
export async function replaceLogin(
  http: Http,
  store: Store,
  state: State,
  found: Head | undefined,
): Promise<Head | undefined> {
  const placeOf = (head: Head | undefined): Place => {
    // Logged out while the human was asked: this login begins anew.
    if (head === undefined) return 'below';
    if (head.state?.loginId === state.loginId) return 'mine';
    if (found !== undefined && head.state?.loginId === found.state?.loginId) return 'below';
    return head.state === undefined ? 'sealed' : 'other';
  };
  const kept = await keep({ http, store, state, parent: found, placeOf });
  if (kept.kind === 'stored') return kept.parent;
  // Before its chain is revoked: it may have landed after all.
  const look = await store.look(http.startAnew(10_000));
  if (look.kind === 'head' && placeOf(look.head) === 'mine') return found;
  switch (kept.kind) {
    case 'other':
      throw failures.otherLogin();
    case 'late':
      throw failures.loginNotStored(kept.why);
    case 'sealed':
      throw failures.resealed(store.ref);
    default:
      throw notOurRef(store.ref);
  }
}
