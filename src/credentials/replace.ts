import type { Http } from '../http.ts';
import * as failures from './failures.ts';
import type { State } from './state.ts';
import { type Head, MAX_LAG_MS, type Store } from './store.ts';

/**
 * Stores the state of a new login in the place of `replaced`, and of whatever its gates have put on top of that meanwhile.
 * `approve` is asked before each write, and may throw. Resolves to the head whose place it took; throws a Failure with
 * nothing stored, also where another login came at the same moment.
 */
export async function replaceLogin(
  http: Http,
  store: Store,
  state: State,
  replaced: Head | undefined,
  approve: (parent: Head | undefined) => void = () => {},
): Promise<Head | undefined> {
  for (let parent = replaced; ; ) {
    approve(parent);
    const swap = await store.keep(http, parent, state);
    let next: Head | undefined = swap.head;
    // The reply to an earlier try may have been lost: not whose commit it is decides, but what it says.
    if (swap.kind === 'won' || next.state?.loginId === state.loginId) return parent;
    if (next.state?.loginId !== parent?.state?.loginId) {
      // A login that this one was not built on: perhaps on top of this one, whose reply was lost, and which it has then
      // revoked; or an old one, from a read that lags. Once no read can lag that far, it is the newer one: give way.
      await http.clock.sleep(MAX_LAG_MS);
      next = await store.read(http);
      if (next?.state?.loginId === state.loginId) return parent;
      if (next !== undefined && next.state?.loginId !== parent?.state?.loginId) throw failures.otherLogin();
    }
    parent = next;
  }
}
