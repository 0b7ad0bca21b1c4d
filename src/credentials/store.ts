import { Failure } from '../failure.ts';
import { fieldsOf } from '../foreign.ts';
import type { Http } from '../http.ts';
import type { NoReply, Reply } from '../reply.ts';
import type { StateLocation } from '../state-location.ts';
import { loggedOut, notOurRef, refused } from './failures.ts';
import { GitHub, hasWords, readWords } from './github.ts';
import { type Binding, open, seal } from './seal.ts';
import { parseState, type State } from './state.ts';

/** The tree without entries: in every git repository, and proof that a head is nobody's work. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** Reads lag behind writes, by up to about 30 s as reported. A head that has not moved by then will not. */
export const MAX_LAG_MS = 35_000;

/** The newest commit of the ref. `state` is undefined where this key and repository do not open it. */
export interface Head {
  readonly sha: string;
  readonly state: State | undefined;
}

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

  /** The newest head that GitHub shows, perhaps an old one: reads lag. Undefined where the ref does not exist. */
  async read(http: Http): Promise<Head | undefined> {
    const headers = this.#known && { 'if-none-match': this.#known.etag };
    const reply = await this.github.get(http, `/git/ref/${this.#shortRef()}`, headers);
    if (reply.status === 404) return undefined;
    const { object } = fieldsOf(reply.json);
    const sha = reply.status === 304 ? this.#known?.sha : readSha(object);
    if (sha === undefined) throw this.github.explain(http, reply, this.ref);
    if ((fieldsOf(object)['type'] ?? 'commit') !== 'commit') throw notOurRef(this.ref);
    if (reply.headers.etag !== undefined) this.#known = { etag: reply.headers.etag, sha };
    if (this.#head?.sha !== sha) this.#head = await this.#readCommit(http, sha);
    return this.#head;
  }

  /**
   * Puts `state` on top of `parent` (undefined: as the first). Repeats through lost replies and lag until GitHub gives a
   * definite answer or `http` is out of time. Throws a Failure.
   */
  swap(http: Http, parent: Head | undefined, state: State): Promise<Swap> {
    return this.#swap(http, parent, state, false);
  }

  /**
   * The same for a state that exists nowhere else, with a deadline of its own (`startKeeping`): limits and outages are
   * waited out. Throws a Failure.
   */
  keep(http: Http, parent: Head | undefined, state: State): Promise<Swap> {
    return this.#swap(http, parent, state, true);
  }

  /** Creates a commit that nothing refers to, which git will forget: proof that the token may write. Throws a Failure. */
  async proveWritable(http: Http): Promise<void> {
    await this.#createCommit(http, 'May this token write?', undefined, false);
  }

  async #swap(http: Http, parent: Head | undefined, state: State, stubborn: boolean): Promise<Swap> {
    const message = seal(JSON.stringify(state), this.#options.key, this.#options.binding);
    const sha = await this.#createCommit(http, message, parent, stubborn);
    for (;;) {
      const reply = await this.#moveRef(http, sha, parent);
      // Only a reply that names our commit is one of GitHub's: a proxy may answer 200 to anything.
      if (reply.kind === 'reply' && readSha(fieldsOf(reply.json)['object']) === sha) {
        this.#head = { sha, state };
        return { kind: 'won', head: this.#head };
      }
      if (hasWords(reply, /reference does not exist/i)) throw loggedOut(this.ref);
      // "Object does not exist" is our own commit, not yet seen by the replica that was asked.
      if (reply.kind === 'reply' && reply.status === 422 && !hasWords(reply, /object does not exist/i)) {
        return { kind: 'lost', head: await this.#awaitChange(http, parent, reply, stubborn) };
      }
      await this.github.pause(http, reply, this.ref, stubborn);
    }
  }

  async #readCommit(http: Http, sha: string): Promise<Head> {
    for (;;) {
      const reply = await this.github.get(http, `/git/commits/${sha}`);
      // The ref has just named it, so it exists: this replica has not seen it yet.
      if (reply.status === 404) {
        await this.github.sleep(http, reply);
        continue;
      }
      const { message, tree } = fieldsOf(reply.json);
      if (reply.status !== 200 || typeof message !== 'string') throw this.github.explain(http, reply, this.ref);
      // A typing error in state-ref must not be able to empty a branch.
      if (readSha(tree) !== EMPTY_TREE) throw notOurRef(this.ref);
      return { sha, state: this.#open(message.trim()) };
    }
  }

  #open(message: string): State | undefined {
    const { key, previousKey, binding, mask } = this.#options;
    const text = open(message, key, binding) ?? (previousKey && open(message, previousKey, binding));
    const state = text === undefined ? undefined : parseState(text);
    if (state !== undefined) mask(state.refreshToken);
    if (state?.status.kind === 'usable') mask(state.status.accessToken);
    return state;
  }

  async #createCommit(http: Http, message: string, parent: Head | undefined, stubborn: boolean): Promise<string> {
    const body = { message, tree: EMPTY_TREE, parents: parent === undefined ? [] : [parent.sha] };
    for (;;) {
      const reply = await this.github.write(http, { method: 'POST', path: '/git/commits', body });
      const sha = reply.kind === 'reply' && reply.status === 201 ? readSha(reply.json) : undefined;
      if (sha !== undefined) return sha;
      // Twice the same unreferenced commit does no harm, so this POST may be repeated.
      await this.github.pause(http, reply, this.ref, stubborn);
    }
  }

  #moveRef(http: Http, sha: string, parent: Head | undefined): Promise<Reply | NoReply> {
    const write =
      parent === undefined
        ? ({ method: 'POST', path: '/git/refs', body: { ref: this.ref, sha } } as const)
        : ({ method: 'PATCH', path: `/git/refs/${this.#shortRef()}`, body: { sha, force: false } } as const);
    return this.github.write(http, write);
  }

  /** After a 422: the head that came before ours, once the replicas show it. */
  async #awaitChange(http: Http, parent: Head | undefined, reply: Reply, stubborn: boolean): Promise<Head> {
    let unchangedSince = http.clock.now();
    for (;;) {
      try {
        const head = await this.read(http);
        if (head !== undefined && head.sha !== parent?.sha) return head;
        if (http.clock.now() - unchangedSince >= MAX_LAG_MS) {
          throw head === undefined && parent !== undefined ? loggedOut(this.ref) : refused(this.ref, readWords(reply));
        }
      } catch (error) {
        if (!stubborn || !(error instanceof Failure) || error.word !== 'unknown') throw error;
        unchangedSince = http.clock.now();
      }
      await this.github.sleep(http, reply);
    }
  }

  /** As GitHub's addresses have it. */
  #shortRef(): string {
    return this.ref.slice('refs/'.length);
  }
}

/** A deadline for storing what exists nowhere else, whatever is left of the run's own. */
export function startKeeping(http: Http): Http {
  return http.startAnew(120_000, 'storing');
}

/** The store of a login as the inputs describe it. */
export function openStore(location: StateLocation, mask: (secret: string) => void, previousKey?: Buffer): Store {
  const { key, ref, githubToken: token, repository } = location;
  const github = new GitHub({ apiUrl: repository.apiUrl, repository: repository.name, token });
  return new Store({ github, key, previousKey, binding: { repositoryId: repository.id, ref }, mask });
}

function readSha(object: unknown): string | undefined {
  const { sha } = fieldsOf(object);
  return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}
