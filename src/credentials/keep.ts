import type { Failure } from '../failure.ts';
import type { Http } from '../http.ts';
import type { NoReply, Reply } from '../reply.ts';
import { hasWords } from './github.ts';
import type { State } from './state.ts';
import { type Head, isMovedTo, isUnseen, type Look, MAX_LAG_MS, readCreated, type Store } from './store.ts';

// A state whose refresh token exists nowhere but in this process. No refusal ends the tries to store it: all of them are
// known to pass (permissions fail for minutes, replicas lag, firewalls answer in GitHub's place).

/** How long the tries go on. */
const KEEP_MS = 120_000;
/** Waits between tries; from the first anew after any progress. */
const WAITS_MS = [1000, 2000, 4000];
const LAST_WAIT_MS = 5000;
/** A limit may ask for more, but the lease would lapse meanwhile, and another run spend the token. */
const MAX_LIMIT_MS = 10_000;
/** Or for none at all, and get hundreds of requests. */
const MIN_LIMIT_MS = 1000;
/** What speaks against this state has to do so three times, over so long. */
const MIN_DOUBT_MS = 10_000;

/** What a head, or no ref, is to the state that is kept. */
export type Place =
  /** It holds this state, perhaps with a lease on it. */
  | 'mine'
  /** This state belongs on top of it. */
  | 'below'
  /** Another login, or a newer state. */
  | 'other'
  /** A state that does not open. */
  | 'sealed'
  /** No ref: somebody has logged out. */
  | 'gone';

/** What became of a state. `stored`: in the place of `parent`. */
export type Kept =
  | { readonly kind: 'stored'; readonly parent: Head | undefined }
  /** What stands in its way, with the head where one does. */
  | { readonly kind: Doubt['place']; readonly head?: Head | undefined }
  /** The time ran out; `why` is what GitHub said last, where it refused. */
  | { readonly kind: 'late'; readonly why: Failure | undefined };

interface Keeping {
  /** Only its clock and its network: the tries have a deadline of their own. */
  readonly http: Http;
  readonly store: Store;
  readonly state: State;
  readonly parent: Head | undefined;
  /** `head` is undefined where a write and a read agree that the ref does not exist. */
  readonly placeOf: (head: Head | undefined) => Place;
}

/** Stores a state that exists nowhere else, for up to 120 s. Never throws for what GitHub answers. */
export async function keep({ http: run, store, state, parent: first, placeOf }: Keeping): Promise<Kept> {
  const http = run.startAnew(KEEP_MS);
  const message = store.seal(state);
  let parent = first;
  let sha: string | undefined;
  let doubt: Doubt | undefined;
  for (let tries = 0; ; ) {
    let reply: Reply | NoReply | undefined;
    if (sha === undefined) {
      reply = await store.create(http, message, parent);
      sha = readCreated(reply, message);
      if (sha !== undefined) tries = 0;
    }
    if (sha !== undefined) {
      reply = await store.move(http, sha, parent);
      if (isMovedTo(reply, sha)) return { kind: 'stored', parent };
      const look = isUnseen(reply) ? undefined : await lookAround(http, store, reply, parent);
      if (look?.kind === 'head' && look.head.sha === sha) return { kind: 'stored', parent };
      const place = look && find(look, reply, placeOf);
      if (place === 'mine') return { kind: 'stored', parent };
      if (place === 'below') {
        doubt = undefined;
        const head = look?.kind === 'head' ? look.head : undefined;
        if (head?.sha !== parent?.sha) [parent, sha, tries] = [head, undefined, 0];
      } else if (place !== undefined) {
        const now = http.clock.now();
        doubt = doubt?.place === place ? { ...doubt, times: doubt.times + 1 } : { place, since: now, times: 1 };
        if (isBeyond(doubt, now)) return { kind: place, head: look?.kind === 'head' ? look.head : undefined };
      }
    }
    const limitMs = reply && store.github.limitMs(http, reply);
    const waitMs =
      limitMs === undefined
        ? (WAITS_MS[tries++] ?? LAST_WAIT_MS)
        : Math.min(Math.max(limitMs, MIN_LIMIT_MS), MAX_LIMIT_MS);
    if (waitMs >= http.remainingMs()) {
      if (await hasLanded()) return { kind: 'stored', parent };
      const refusal = reply?.kind === 'reply' && reply.status >= 400 ? reply : undefined;
      return { kind: 'late', why: refusal && store.github.explain(http, refusal) };
    }
    await http.clock.sleep(waitMs);
  }

  async function hasLanded(): Promise<boolean> {
    const look = await store.look(http.startAnew(5000));
    return look.kind === 'head' && (look.head.sha === sha || placeOf(look.head) === 'mine');
  }
}

/** What speaks against a state: since when, and how often. */
interface Doubt {
  readonly place: Exclude<Place, 'mine' | 'below'> | 'foreign';
  readonly since: number;
  readonly times: number;
}

/** A lagging read shows older heads, for up to 35 s; all else may be a refusal in disguise. */
function isBeyond({ place, since, times }: Doubt, now: number): boolean {
  return place === 'other' ? now - since >= MAX_LAG_MS : times >= 3 && now - since >= MIN_DOUBT_MS;
}

/** After a move that is not known to have been done: what stands there, with patience after a 422. */
function lookAround(http: Http, store: Store, reply: Reply | NoReply, parent: Head | undefined): Promise<Look> {
  const isRace = reply.kind === 'reply' && reply.status === 422 && !hasWords(reply, /does not exist/i);
  return isRace ? store.lookForOther(http, parent) : store.look(http);
}

/** Undefined where a look shows nothing that counts: a 404 alone may be a permission that fails for minutes. */
function find(look: Look, reply: Reply | NoReply, placeOf: Keeping['placeOf']): Place | 'foreign' | undefined {
  switch (look.kind) {
    case 'head':
      return placeOf(look.head);
    case 'foreign':
      return 'foreign';
    case 'missing':
      return hasWords(reply, /reference does not exist/i) ? placeOf(undefined) : undefined;
    default:
      return undefined;
  }
}
