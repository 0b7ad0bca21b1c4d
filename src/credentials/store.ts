import { Failure } from '../failure.ts';
import { type Broken, type Http, parseRetryAfter, type Reply } from '../http.ts';
import type { StoredLogin } from '../inputs.ts';
import { githubDown, githubTokenRejected, limited, loggedOut, mayNotWrite, notOurRef, refused } from './failures.ts';
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
  /** `GITHUB_API_URL` */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
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
  readonly #options: StoreOptions;
  #time: { readonly date: number; readonly at: number } | undefined;
  #known: { readonly etag: string; readonly sha: string } | undefined;
  #head: Head | undefined;
  #requestsLeft = Number.POSITIVE_INFINITY;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get ref(): string {
    return this.#options.binding.ref;
  }

  /** How many requests GitHub's limit still allows, as its newest reply said. */
  get requestsLeft(): number {
    return this.#requestsLeft;
  }

  /** GitHub's time in milliseconds since 1970: the `Date` of its newest reply plus what has passed since. */
  now(http: Http): number {
    if (this.#time === undefined) throw new Error('asked for the time before the first reply');
    return this.#time.date + (http.clock.now() - this.#time.at);
  }

  /** The newest head that GitHub shows, perhaps an old one: reads lag. Undefined where the ref does not exist. */
  async read(http: Http): Promise<Head | undefined> {
    const headers = { ...this.#headers(), ...(this.#known && { 'if-none-match': this.#known.etag }) };
    const reply = this.#note(http, await http.get(this.#url(`/git/ref/${this.ref.slice('refs/'.length)}`), headers));
    if (reply.status === 404) return undefined;
    const sha = reply.status === 304 ? this.#known?.sha : readSha(readField(reply.json, 'object'));
    if (sha === undefined) throw this.#explain(http, reply);
    const kind = readField(readField(reply.json, 'object'), 'type') ?? 'commit';
    if (kind !== 'commit') throw notOurRef(this.ref);
    if (reply.headers.etag !== undefined) this.#known = { etag: reply.headers.etag, sha };
    if (this.#head?.sha !== sha) this.#head = await this.#readCommit(http, sha);
    return this.#head;
  }

  /**
   * Puts `state` on top of `parent` (undefined: as the first). Repeats through lost replies and lag until GitHub gives a
   * definite answer or `http` is out of time. With `stubborn`, limits are waited out too. Throws a Failure.
   */
  async swap(http: Http, parent: Head | undefined, state: State, { stubborn = false } = {}): Promise<Swap> {
    const message = seal(JSON.stringify(state), this.#options.key, this.#options.binding);
    const sha = await this.#createCommit(http, message, parent, stubborn);
    for (;;) {
      const reply = await this.#moveRef(http, sha, parent);
      // Only a reply that names our commit is one of GitHub's: a proxy may answer 200 to anything.
      if ('status' in reply && readSha(readField(reply.json, 'object')) === sha) {
        this.#head = { sha, state };
        return { kind: 'won', head: this.#head };
      }
      if (hasWords(reply, /reference does not exist/i)) throw loggedOut(this.ref);
      // "Object does not exist" is our own commit, not yet seen by the replica that was asked.
      if ('status' in reply && reply.status === 422 && !hasWords(reply, /object does not exist/i)) {
        return { kind: 'lost', head: await this.#awaitChange(http, parent, reply, stubborn) };
      }
      await this.#pause(http, reply, stubborn);
    }
  }

  /** Creates a commit that nothing refers to, which git will forget: proof that the token may write. Throws a Failure. */
  async proveWritable(http: Http): Promise<void> {
    await this.#createCommit(http, 'May this token write?', undefined, false);
  }

  /** Whether anybody can see the repository and its logs; unknown counts as public. Throws a Failure. */
  async isPublic(http: Http): Promise<boolean> {
    const reply = this.#note(http, await http.get(this.#url(''), this.#headers()));
    return readField(reply.json, 'private') !== true;
  }

  async #readCommit(http: Http, sha: string): Promise<Head> {
    for (;;) {
      const reply = this.#note(http, await http.get(this.#url(`/git/commits/${sha}`), this.#headers()));
      // The ref has just named it, so it exists: this replica has not seen it yet.
      if (reply.status === 404) {
        await this.#sleep(http, reply);
        continue;
      }
      const message = readField(reply.json, 'message');
      if (reply.status !== 200 || typeof message !== 'string') throw this.#explain(http, reply);
      // A typing error in state-ref must not be able to empty a branch.
      if (readSha(readField(reply.json, 'tree')) !== EMPTY_TREE) throw notOurRef(this.ref);
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
      const reply = await this.#write(http, 'POST', '/git/commits', body);
      const sha = 'status' in reply && reply.status === 201 ? readSha(reply.json) : undefined;
      if (sha !== undefined) return sha;
      // Twice the same unreferenced commit does no harm, so this POST may be repeated.
      await this.#pause(http, reply, stubborn);
    }
  }

  #moveRef(http: Http, sha: string, parent: Head | undefined): Promise<Reply | Broken> {
    if (parent === undefined) return this.#write(http, 'POST', '/git/refs', { ref: this.ref, sha });
    return this.#write(http, 'PATCH', `/git/refs/${this.ref.slice('refs/'.length)}`, { sha, force: false });
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
      await this.#sleep(http, reply);
    }
  }

  /** Waits before the next try, where trying again makes sense; else throws the Failure that says why not. */
  async #pause(http: Http, reply: Reply | Broken, stubborn: boolean): Promise<void> {
    if (!('status' in reply)) return this.#sleep(http, reply);
    const askedMs = this.#limitMs(http, reply);
    if (askedMs === undefined && !isWorthRepeating(reply)) throw this.#explain(http, reply);
    if (askedMs !== undefined && !stubborn && askedMs >= http.remainingMs()) throw limited(askedMs);
    await this.#sleep(http, reply, stubborn && askedMs !== undefined ? Math.min(askedMs, 10_000) : askedMs);
  }

  async #sleep(http: Http, reply: Reply | Broken, ms = 500 + http.clock.random() * 1000): Promise<void> {
    if (ms >= http.remainingMs()) throw githubDown(describe(this.#options.apiUrl, reply));
    await http.clock.sleep(ms);
  }

  /** How long GitHub's limits ask to wait; undefined where `reply` is not about a limit. */
  #limitMs(http: Http, reply: Reply): number | undefined {
    const { status, headers } = reply;
    const isExhausted = headers['x-ratelimit-remaining'] === '0';
    const isLimit =
      status === 429 ||
      (status === 403 && (isExhausted || headers['retry-after'] !== undefined || hasWords(reply, /rate limit/i)));
    if (!isLimit) return undefined;
    const untilReset = isExhausted ? Number(headers['x-ratelimit-reset']) * 1000 - this.now(http) : Number.NaN;
    return parseRetryAfter(headers) ?? (Number.isNaN(untilReset) ? 60_000 : Math.max(1000, untilReset));
  }

  /** A reply that no repetition will change. */
  #explain(http: Http, reply: Reply): Failure {
    const limitMs = this.#limitMs(http, reply);
    if (limitMs !== undefined) return limited(limitMs);
    switch (reply.status) {
      case 401:
        return githubTokenRejected();
      case 403:
      case 404:
        return mayNotWrite(readWords(reply));
      case 422:
        return refused(this.ref, readWords(reply));
      default:
        return githubDown(describe(this.#options.apiUrl, reply));
    }
  }

  async #write(http: Http, method: 'POST' | 'PATCH', path: string, body: object): Promise<Reply | Broken> {
    const headers = { ...this.#headers(), 'content-type': 'application/json' };
    const reply = await http.once({ method, url: this.#url(path), headers, body: JSON.stringify(body) });
    return 'status' in reply ? this.#note(http, reply) : reply;
  }

  #note(http: Http, reply: Reply): Reply {
    const date = Date.parse(reply.headers.date ?? '');
    if (!Number.isNaN(date)) this.#time = { date, at: http.clock.now() };
    const left = reply.headers['x-ratelimit-remaining'];
    if (left !== undefined) this.#requestsLeft = Number(left);
    return reply;
  }

  #url(path: string): string {
    return `${this.#options.apiUrl}/repos/${this.#options.repository}${path}`;
  }

  #headers(): Record<string, string> {
    return {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${this.#options.token}`,
      'x-github-api-version': '2022-11-28',
    };
  }
}

/** The store of a login as the inputs describe it. */
export function openStore(login: StoredLogin, mask: (secret: string) => void, previousKey?: Buffer): Store {
  const { key, ref, githubToken: token, repository } = login;
  const binding = { repositoryId: repository.id, ref };
  return new Store({ apiUrl: repository.apiUrl, repository: repository.name, token, key, previousKey, binding, mask });
}

/** 2xx that is not GitHub's, 5xx, and 422 for a parent that a replica has not seen yet ("Parent SHA does not exist"). */
function isWorthRepeating({ status, json }: Reply): boolean {
  if (status === 422) return /does not exist/i.test(String(readField(json, 'message')));
  return status < 300 || status === 408 || status === 409 || status >= 500;
}

function describe(apiUrl: string, reply: Reply | Broken): string {
  return `${new URL(apiUrl).host} ${'status' in reply ? `answered HTTP ${reply.status}` : reply.what}`;
}

function hasWords(reply: Reply | Broken, words: RegExp): boolean {
  return 'status' in reply && words.test(String(readField(reply.json, 'message')));
}

/** GitHub's own words, for the debug log. */
function readWords({ json }: Reply): string | undefined {
  const message = readField(json, 'message');
  return typeof message === 'string' ? message.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200) : undefined;
}

function readSha(json: unknown): string | undefined {
  const sha = readField(json, 'sha');
  return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}

function readField(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined;
}
