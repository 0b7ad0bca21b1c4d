import { fieldsOf, MIN_SECRET_LENGTH } from '../foreign.ts';
import { type Http, MAX_ATTEMPTS } from '../http.ts';
import type { NoReply, Reply } from '../reply.ts';
import type { StateLocation } from '../state-location.ts';
import { loggedOut } from './failures.ts';
import { GitHub, hasWords } from './github.ts';
import * as failures from './github-failures.ts';
import { type Binding, open, seal } from './seal.ts';
import { parseState, type State } from './state.ts';

/** The tree without entries: in every git repository, and proof that a head is nobody's work. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** Reads lag behind writes, by up to about 30 s as reported. */
export const MAX_LAG_MS = 35_000;
/** How long a refusal that may be a passing one is asked again, before anything is spent: less than a lease lives. */
const MAX_REFUSAL_MS = 10_000;

/** The newest commit of the ref. `state` is undefined where this key and repository do not open it. */
export interface Head {
  readonly sha: string;
  readonly state: State | undefined;
  /** It took the previous key to open it, so it may have been made by whoever holds that one. */
  readonly isOfPreviousKey?: boolean;
}

/** What one look at the ref shows. */
export type Look =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'missing'; readonly reply: Reply }
  /** Something that this action did not put there. */
  | { readonly kind: 'foreign' }
  /** The ref names a commit that the replica has not seen yet. */
  | { readonly kind: 'lagging'; readonly reply: Reply }
  | { readonly kind: 'unclear'; readonly reply: Reply | NoReply };

/** How a compare-and-swap ended. `lost`: another commit came first, and `head` is what stands there now. */
interface Swap {
  readonly kind: 'won' | 'lost';
  readonly head: Head;
}

interface StoreOptions {
  readonly github: GitHub;
  readonly key: Buffer;
  readonly binding: Binding;
  /** The key that was in use before, to open a state that the login replaces. */
  readonly previousKey?: Buffer | undefined;
  /** Handed every token that a state holds, in the moment it is opened. */
  readonly mask: (secret: string) => void;
}

/**
 * The sealed state on a git ref of its own: each commit has the empty tree, the state as its message, and the state it
 * replaces as its parent. `PATCH git/refs` with `force: false` is the compare-and-swap.
 */
export class Store {
  readonly github: GitHub;
  readonly ref: string;
  readonly #options: StoreOptions;
  #known: { readonly etag: string; readonly sha: string } | undefined;
  #head: Head | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.github = options.github;
    this.ref = options.binding.ref;
  }

  /** The newest head that GitHub shows, perhaps an old one: reads lag. Undefined where the ref does not exist. Throws a Failure. */
  async read(http: Http): Promise<Head | undefined> {
    const startedAt = http.clock.now();
    let misses = 0;
    for (let attempt = 1; ; ) {
      const look = await this.look(http);
      if (look.kind === 'head') return look.head;
      if (look.kind === 'foreign') throw failures.notOurRef(this.ref);
      // One 404 proves nothing: the login workflow would replace a login that is there.
      misses = look.kind === 'missing' ? misses + 1 : 0;
      if (misses === MAX_ATTEMPTS) return this.#confirmMissing(http);
      const isLag = look.kind === 'lagging' && http.clock.now() - startedAt < MAX_LAG_MS;
      // A first login finds no ref either: some seconds are enough.
      const each = isLag || misses > 0 ? Math.max(1, misses - 1) : attempt++;
      const inTime = { lagging: failures.githubLags(), missing: failures.notFoundInTime(this.ref), unclear: undefined };
      await this.github.pause(http, look.reply, each, inTime[look.kind]);
    }
  }

  /** One look at the ref, never repeated. */
  async look(http: Http): Promise<Look> {
    const headers = this.#known && { 'if-none-match': this.#known.etag };
    const reply = await this.github.once(http, { method: 'GET', path: `/git/ref/${this.#shortRef}`, headers });
    if (reply.kind !== 'reply') return { kind: 'unclear', reply };
    if (reply.status === 404 && reply.json !== undefined) return { kind: 'missing', reply };
    const { object } = fieldsOf(reply.json);
    const sha = reply.status === 304 ? this.#known?.sha : reply.status === 200 ? readSha(object) : undefined;
    if (sha === undefined) return { kind: 'unclear', reply };
    if ((fieldsOf(object)['type'] ?? 'commit') !== 'commit') return { kind: 'foreign' };
    if (this.#head?.sha !== sha) {
      const look = await this.#lookAtCommit(http, sha);
      if (look.kind !== 'head') return look;
      this.#head = look.head;
    }
    if (reply.headers.etag !== undefined) this.#known = { etag: reply.headers.etag, sha };
    return { kind: 'head', head: this.#head };
  }

  /**
   * Puts `state` on top of `parent` (undefined: as the first), as long as there is nothing to lose: a refusal that goes on
   * for some seconds is one. Throws a Failure.
   */
  async swap(http: Http, parent: Head | undefined, state: State): Promise<Swap> {
    const message = this.seal(state);
    const sha = await this.github.ask(http, this.#commit(message, parent), (reply) => readCreated(reply, message));
    let refusedSince: number | undefined;
    for (let attempt = 1; ; ) {
      const reply = await this.move(http, sha, parent);
      if (isMovedTo(reply, sha)) return { kind: 'won', head: { sha, state } };
      if (reply.kind !== 'reply' || reply.status !== 422) {
        // A lost reply is asked for again up to the deadline: the swap may have been won.
        const isLost = reply.kind !== 'reply' || reply.status >= 500;
        await this.github.pause(http, reply, isLost ? 1 : attempt++);
        continue;
      }
      refusedSince ??= http.clock.now();
      const refusedMs = http.clock.now() - refusedSince;
      if (isUnseen(reply)) {
        if (refusedMs >= MAX_LAG_MS) throw this.github.explain(http, reply);
        await this.github.pause(http, reply, 1, failures.githubLags());
        continue;
      }
      const isGone = hasWords(reply, /reference does not exist/i) && (await this.read(http)) === undefined;
      if (isGone) throw loggedOut(this.ref);
      const look = await this.lookForOther(http, parent);
      if (look.kind === 'head' && look.head.sha !== parent?.sha) {
        return { kind: look.head.sha === sha ? 'won' : 'lost', head: look.head };
      }
      // The words of a race: the reads lag. All others are a refusal.
      const isRace = hasWords(reply, /fast.forward/i);
      const isUnmoved = look.kind === 'head';
      if (isUnmoved && refusedMs >= (isRace ? MAX_LAG_MS : MAX_REFUSAL_MS)) throw this.github.explain(http, reply);
      await this.github.pause(http, reply, 1, isRace || !isUnmoved ? failures.githubLags() : undefined);
    }
  }

  /** One try to create the commit that holds `message`, sealed by `seal`, on top of `parent`. */
  create(http: Http, message: string, parent: Head | undefined): Promise<Reply | NoReply> {
    return this.github.once(http, this.#commit(message, parent));
  }

  /** One try to move the ref from `parent` to the commit `sha`. Harmless however often. */
  move(http: Http, sha: string, parent: Head | undefined): Promise<Reply | NoReply> {
    return this.github.once(
      http,
      parent === undefined
        ? { method: 'POST', path: '/git/refs', body: { ref: this.ref, sha } }
        : { method: 'PATCH', path: `/git/refs/${this.#shortRef}`, body: { sha, force: false } },
    );
  }

  /** After a 422: looks, for some seconds, for a head other than `parent`; the last look where none comes. */
  async lookForOther(http: Http, parent: Head | undefined): Promise<Look> {
    for (let looks = 1; ; looks++) {
      const look = await this.look(http);
      const isOther = look.kind === 'head' && look.head.sha !== parent?.sha;
      if (isOther || looks === 4 || http.remainingMs() <= 1000) return look;
      await http.clock.sleep(1000);
    }
  }

  /** Creates a commit that nothing refers to, which git will forget: proof that the token may write. Throws a Failure. */
  async proveWritable(http: Http): Promise<void> {
    const message = 'May this token write?';
    await this.github.ask(http, this.#commit(message, undefined), (reply) => readCreated(reply, message));
  }

  /** The state as the message of a commit: another one at each call. */
  seal(state: State): string {
    return seal(JSON.stringify(state), this.#options.key, this.#options.binding);
  }

  async #lookAtCommit(http: Http, sha: string): Promise<Look> {
    const reply = await this.github.once(http, { method: 'GET', path: `/git/commits/${sha}` });
    if (reply.kind !== 'reply') return { kind: 'unclear', reply };
    if (reply.status === 404) return { kind: 'lagging', reply };
    if (reply.status === 200 && reply.isTooLarge) return { kind: 'foreign' };
    const { sha: own, message, tree } = fieldsOf(reply.json);
    const treeSha = readSha(tree);
    // Another commit's would bring back a spent token.
    const isWhole = own === sha && typeof message === 'string' && treeSha !== undefined;
    if (reply.status !== 200 || !isWhole) return { kind: 'unclear', reply };
    // A typing error in state-ref must not be able to empty a branch.
    if (treeSha !== EMPTY_TREE) return { kind: 'foreign' };
    return { kind: 'head', head: { sha, ...this.#open(message.trim()) } };
  }

  /** The ref is not found, again and again. Throws a Failure where the repository is not to be seen either. */
  async #confirmMissing(http: Http): Promise<undefined> {
    // A repository that is not the run's has been seen in this very run.
    if (this.github.shared === undefined) await this.github.isPrivate(http);
    return undefined;
  }

  #open(message: string): Omit<Head, 'sha'> {
    const { key, previousKey, binding, mask } = this.#options;
    const current = open(message, key, binding);
    const text = current ?? (previousKey && open(message, previousKey, binding));
    const state = text === undefined ? undefined : parseState(text);
    if (state !== undefined && state.refreshToken.length >= MIN_SECRET_LENGTH) mask(state.refreshToken);
    if (state?.status.kind === 'usable' && state.status.accessToken !== undefined) mask(state.status.accessToken);
    return { state, isOfPreviousKey: current === undefined && text !== undefined };
  }

  #commit(message: string, parent: Head | undefined) {
    const body = { message, tree: EMPTY_TREE, parents: parent === undefined ? [] : [parent.sha] };
    return { method: 'POST', path: '/git/commits', body } as const;
  }

  /** As GitHub's addresses have it. */
  get #shortRef(): string {
    return this.ref.slice('refs/'.length);
  }
}

/** The store of a login as the inputs describe it. Throws a Failure where the repository that keeps it is not to be seen. */
export async function openStore(
  http: Http,
  location: StateLocation,
  mask: (secret: string) => void,
  previousKey?: Buffer,
): Promise<Store> {
  const { key, ref, githubToken: token, repository, shared } = location;
  const { apiUrl, name, id } = repository;
  const github = new GitHub({ apiUrl, repository: shared ?? name, repositoryId: id, token });
  const repositoryId = id ?? (await github.identify(http));
  return new Store({ github, key, previousKey, binding: { repositoryId, ref }, mask });
}

/** The sha of a commit that was created: a 201 that repeats the message, because a proxy may answer anything. */
export function readCreated(reply: Reply | NoReply, message: string): string | undefined {
  if (reply.kind !== 'reply' || reply.status !== 201) return undefined;
  return fieldsOf(reply.json)['message'] === message ? readSha(reply.json) : undefined;
}

/** Whether a reply to a move names our commit as what the ref holds now. */
export function isMovedTo(reply: Reply | NoReply, sha: string): boolean {
  return reply.kind === 'reply' && reply.status < 300 && readSha(fieldsOf(reply.json)['object']) === sha;
}

/** Whether a move was refused because a replica has not seen our own commit yet. */
export function isUnseen(reply: Reply | NoReply): boolean {
  return reply.kind === 'reply' && reply.status === 422 && hasWords(reply, /object does not exist/i);
}

function readSha(object: unknown): string | undefined {
  const { sha } = fieldsOf(object);
  return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}
