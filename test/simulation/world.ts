import { createHash } from 'node:crypto';
import type { Grant } from '../../src/credentials/oauth.ts';
import { open } from '../../src/credentials/seal.ts';
import type { State } from '../../src/credentials/state.ts';
import type { Broken, Reply, Request } from '../../src/http.ts';

// A world without real time: GitHub, Parallel and the network between, all in memory. Every arrival, reply and wake-up
// is an event of one queue ordered by virtual time. A scheduler that ignored time could not tell a lease that lapsed
// from one that did not, so chance sits in the latencies and faults instead: all drawn from one seed.

export const KEY = Buffer.alloc(32, 7);
export const BINDING = { repositoryId: '1', ref: 'refs/parallel-balance/state' };
export const ACCESS_MS = 600_000;
/** GitHub's clock at the start: not on a full second, as its `Date` has no finer grain. */
export const EPOCH = Date.UTC(2027, 0, 4) + 371;
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What the network and a server do to one request. `acted` ones reach the server, which does what it was asked to. */
export interface Fate {
  readonly what: 'ok' | 'unsent' | 'dropped' | 'refused-503' | 'limited' | 'acted-lost' | 'acted-502';
  /** Milliseconds on the way there and back. Together beyond the time limit: the caller sees no answer. */
  readonly out: number;
  readonly back: number;
  /** How far behind the newest write a read is. */
  readonly lag: number;
}

/** Who sends: a gate or a login. */
export interface Actor {
  readonly name: string;
  diedAt?: number;
  finishedAt?: number;
  storingSince?: number;
  /** A login that failed revokes its own chain, whatever of it may still land. */
  gaveUp?: boolean;
  /** The entries of the history that replies have shown it. */
  readonly seen: Set<number>;
  /** When it last saw where the ref stands. */
  lookedAt: number;
  /** Refresh tokens that the server told it are worth nothing. */
  readonly denied: Set<string>;
}

interface Commit {
  readonly message: string;
  readonly parent: string | undefined;
  readonly at: number;
  readonly by: Actor;
  readonly state: State | undefined;
}

interface Move {
  readonly at: number;
  readonly sha: string | undefined;
  readonly state: State | undefined;
  readonly by: Actor | undefined;
}

interface Chain {
  isAlive: boolean;
  current: string;
  /** Its refresh tokens and their generations. */
  readonly generations: Map<string, number>;
}

interface Presentation {
  readonly by: Actor;
  readonly lease: Lease | undefined;
  /** When its sender learned that there is no answer. */
  lostAt?: number;
}

type Lease = Extract<State['status'], { kind: 'lease' }>;

export class World {
  now = 0;
  readonly trace: [number, string, string][] = [];
  readonly count = { refreshes: 0, takeovers: 0, relogins: 0, crashes: 0, lost: 0, ended: 0, killed: 0, hindered: 0 };
  /** The ref, from its first state to its head. */
  readonly history: Move[] = [{ at: -Infinity, sha: undefined, state: undefined, by: undefined }];
  readonly access = new Map<string, { expiresAt: number; chain: Chain }>();
  /** A human rolled the ref back or deleted it: what the history then does is no longer the protocol's. */
  isTampered = false;
  isCalm = true;
  decide: (actor: Actor, request: Request) => Fate = () => ({ what: 'ok', out: 40, back: 40, lag: 0 });
  quota: () => number = () => 900;

  readonly #queue: { at: number; tie: number; act: () => unknown }[] = [];
  readonly #commits = new Map<string, Commit>();
  readonly #chains = new Map<string, Chain>();
  readonly #spent = new Map<string, Presentation>();
  readonly #retired = new Set<string>();
  readonly #random: () => number;
  #tokens = 0;

  constructor(seed: number) {
    this.#random = mulberry32(seed);
  }

  random = (): number => this.#random();
  chance(p: number): boolean {
    return this.#random() < p;
  }
  between(from: number, to: number): number {
    return from + this.#random() * (to - from);
  }

  note(who: string, what: string): void {
    this.trace.push([this.now, who, what]);
  }

  /** Breaks an invariant: the message is followed by all that happened. */
  violate(invariant: string): never {
    const lines = this.trace.map(([at, who, what]) => `${(at / 1000).toFixed(3).padStart(9)} ${who.padEnd(8)} ${what}`);
    throw new Error(`${invariant}\n${lines.slice(-1500).join('\n')}`);
  }

  /** `act` happens `ms` from now; it returns false where nobody's code goes on because of it. */
  after(ms: number, act: () => unknown): void {
    const event = { at: this.now + ms, tie: this.#random(), act };
    let low = 0;
    for (let high = this.#queue.length; low < high; ) {
      const middle = (low + high) >> 1;
      const other = this.#queue[middle];
      if (other && (other.at > event.at || (other.at === event.at && other.tie > event.tie))) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, event);
  }

  /** Lets time pass until nothing is left to happen. */
  async drain(): Promise<void> {
    for (let event = this.#queue.pop(); event; event = this.#queue.pop()) {
      this.now = event.at;
      // A macrotask: all microtasks of the code that goes on have run by then.
      if (event.act() !== false) await new Promise(setImmediate);
    }
  }

  /** The `Send` of one actor. `deliver` lets the reply through, or not: the actor may be dead by then. */
  send(actor: Actor, request: Request, timeoutMs: number, deliver: (outcome: Reply | Broken) => boolean): void {
    const { what, out, back, lag } = this.decide(actor, request);
    const sentAt = this.now;
    const label = `${request.method} ${request.url.replace(/^.*\/(?=git\/|token)|\/parallel-balance.*|(?<=\/[0-9a-f]{7})[0-9a-f]{33}/g, '')}`;
    const isLate = (what === 'unsent' || what === 'dropped' ? out : out + back) >= timeoutMs;
    const isToken = request.url.includes('/getServiceKeys/');
    let presented: Presentation | undefined;
    const finish = (ms: number, outcome: Reply | Broken) =>
      this.after(ms, () => {
        const isLost = !('status' in outcome) || outcome.status >= 500;
        if (isLost && what !== 'unsent') this.count.lost++;
        if (isLost && presented) presented.lostAt = this.now;
        this.note(
          actor.name,
          `<- ${label}: ${'status' in outcome ? outcome.status : outcome.kind}${actor.diedAt === undefined ? '' : ' (dead)'}`,
        );
        if ('status' in outcome) this.#learn(actor, request, outcome);
        return deliver(outcome);
      });
    this.note(actor.name, `-> ${label}`);
    if (isLate) finish(timeoutMs, broken('lost'));
    if (what === 'unsent') {
      if (!isLate) finish(out, broken('unsent'));
      return;
    }
    this.after(out, () => {
      if (what === 'dropped') {
        if (!isLate) finish(0, broken('broken'));
      } else if (what === 'refused-503' || what === 'limited') {
        const reply =
          what === 'limited' ? this.#limit(isToken) : { status: 503, headers: this.#headers(), json: undefined };
        if (!isLate) finish(back, reply);
      } else {
        const reply = isToken
          ? this.#parallel(actor, request, sentAt, (by) => (presented = by))
          : this.#github(actor, request, lag);
        const seen =
          what === 'acted-lost' ? broken('broken') : what === 'acted-502' ? { ...reply, status: 502 } : reply;
        this.note(
          isToken ? 'parallel' : 'github',
          `${actor.name}'s ${label} [${what}]: ${reply.status} ${words(reply)}`,
        );
        if (!isLate) finish(back, seen);
        else if (presented && this.now >= sentAt + timeoutMs) presented.lostAt = sentAt + timeoutMs;
      }
      return false;
    });
  }

  // GitHub ------------------------------------------------------------------------------------------------------------

  get head(): Move {
    return this.history.at(-1) as Move;
  }

  /** Somebody with push access forces the ref. */
  tamper(sha: string | undefined): void {
    this.isTampered = true;
    this.note('human', sha === undefined ? 'deletes the ref' : `rolls the ref back to ${sha.slice(0, 7)}`);
    this.history.push({
      at: this.now,
      sha,
      state: sha === undefined ? undefined : this.#commits.get(sha)?.state,
      by: undefined,
    });
  }

  #headers(): Reply['headers'] {
    return { date: new Date(this.now + EPOCH).toUTCString(), 'x-ratelimit-remaining': String(this.quota()) };
  }

  /** The three forms of GitHub's limits. */
  #limit(isParallel: boolean): Reply {
    const headers = this.#headers();
    const seconds = String(Math.ceil(this.between(1, 90)));
    if (isParallel || this.chance(0.3))
      return { status: 429, headers: { ...headers, 'retry-after': seconds }, json: {} };
    if (this.chance(0.5)) return { status: 403, headers: { ...headers, 'retry-after': seconds }, json: {} };
    const reset = String(Math.ceil((this.now + EPOCH) / 1000) + Number(seconds));
    const json = { message: 'API rate limit exceeded' };
    return { status: 403, headers: { ...headers, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, json };
  }

  #github(actor: Actor, { method, url, headers: asked, body }: Request, lag: number): Reply {
    const headers = this.#headers();
    const answer = (status: number, json: unknown, more = {}) => ({ status, headers: { ...headers, ...more }, json });
    const has = (sha: string) => (this.#commits.get(sha)?.at ?? Infinity) <= this.now - lag;
    const sent = JSON.parse(body ?? '{}');
    if (method === 'GET' && url.includes('/git/ref/')) {
      const sha = this.history.findLast(({ at }) => at <= this.now - lag)?.sha;
      if (sha === undefined) return answer(404, { message: 'Not Found' });
      if (asked?.['if-none-match'] === `"${sha}"`) return answer(304, undefined);
      return answer(200, { object: { sha, type: 'commit' } }, { etag: `"${sha}"` });
    }
    if (method === 'GET') {
      const sha = url.slice(-40);
      if (!has(sha)) return answer(404, { message: 'Not Found' });
      return answer(200, { sha, message: this.#commits.get(sha)?.message, tree: { sha: EMPTY_TREE } });
    }
    if (url.endsWith('/git/commits')) {
      const [parent] = sent.parents;
      if (parent !== undefined && !has(parent)) return answer(422, { message: 'Parent SHA does not exist' });
      const second = Math.floor((this.now + EPOCH) / 1000);
      const sha = createHash('sha1').update(`${second} ${parent} ${sent.message}`).digest('hex');
      const text = open(sent.message, KEY, BINDING);
      const state: State | undefined = text === undefined ? undefined : JSON.parse(text);
      if (!this.#commits.has(sha))
        this.#commits.set(sha, { message: sent.message, parent, at: this.now, by: actor, state });
      return answer(201, { sha });
    }
    if (!has(sent.sha)) return answer(422, { message: 'Object does not exist' });
    const old = this.head.sha;
    if (method === 'POST') {
      if (old !== undefined) return answer(422, { message: 'Reference already exists' });
    } else {
      if (old === undefined) return answer(422, { message: 'Reference does not exist' });
      if (!this.#descends(sent.sha, old)) return answer(422, { message: 'Update is not a fast forward' });
    }
    if (sent.sha !== old) this.#move(sent.sha);
    return answer(method === 'POST' ? 201 : 200, { object: { sha: sent.sha } });
  }

  #descends(sha: string, ancestor: string): boolean {
    let each: string | undefined = sha;
    while (each !== undefined && each !== ancestor) each = this.#commits.get(each)?.parent;
    return each !== undefined;
  }

  /** The ref moves: the place where a newer state could be lost. */
  #move(sha: string): void {
    const { state, by } = this.#commits.get(sha) as Commit;
    const { state: old, by: holder } = this.head;
    this.note(
      'ref',
      `${sha.slice(0, 7)} by ${by.name}: ${state?.login.slice(0, 4)} ${state?.refreshToken} ${state?.status.kind}`,
    );
    this.history.push({ at: this.now, sha, state, by });
    if (state === undefined) throw this.violate('a state that nobody can open');
    if (old?.status.kind === 'lease' && state.status.kind === 'lease' && old.login === state.login)
      this.count.takeovers++;
    if (state.status.kind === 'ended') this.count.ended++;
    if (old === undefined || this.isTampered) return;
    if (old.login !== state.login) {
      this.#retired.add(old.login);
      if (this.#retired.has(state.login)) this.violate('b: an older login follows a newer one');
    } else if (this.generation(state) < this.generation(old)) {
      this.violate('b: an older refresh token follows a newer one');
    }
    if (state.status.kind === 'ended') {
      const isMine = old.status.kind === 'lease' && old.login === state.login && holder === by;
      if (!isMine) this.violate('e: `ended` stands on something that is not the lease of its writer');
      if (!by.denied.has(state.refreshToken)) this.violate('e: `ended`, but the server has not said so to its writer');
    }
  }

  #learn(actor: Actor, { method, url, body }: Request, { status, json }: Reply): void {
    if (url.includes('/getServiceKeys/')) {
      if ((json as { error?: string } | undefined)?.error !== 'invalid_grant' || status !== 400) return;
      actor.denied.add(new URLSearchParams(body).get('refresh_token') ?? '');
    } else {
      if (url.includes('/git/ref/')) actor.lookedAt = this.now;
      // Of a commit its content counts: the sha alone says nothing.
      const { sha = undefined, message, object } = (json ?? {}) as Record<string, never> & { object?: { sha: string } };
      const shown = message === undefined && method === 'GET' ? undefined : (object?.sha ?? sha);
      if (status < 300 && shown) actor.seen.add(this.history.findLastIndex((move) => move.sha === shown));
    }
  }

  // Parallel ----------------------------------------------------------------------------------------------------------

  chainOf({ refreshToken }: State): Chain {
    return this.#chains.get(refreshToken) as Chain;
  }

  generation(state: State): number {
    return this.chainOf(state)?.generations.get(state.refreshToken) ?? this.violate('a refresh token never issued');
  }

  /** The newest state, as tests like to have it. */
  describeHead() {
    const { state, by } = this.head;
    if (state === undefined) return {};
    const { status } = state;
    const generation = this.generation(state);
    const { isAlive } = this.chainOf(state);
    const accessToken = status.kind === 'usable' ? status.accessToken : undefined;
    return { by: by?.name, generation, isAlive, status: status.kind, accessToken };
  }

  /** A human approved: the grant of a new login. */
  approve(): Grant & { refreshToken: string; orgId: string } {
    const chain: Chain = { isAlive: true, current: '', generations: new Map() };
    const { access_token: accessToken, refresh_token: refreshToken } = this.#issue(chain);
    const unknown = {
      refreshTokenSeconds: undefined,
      authorizationSeconds: undefined,
      orgName: undefined,
      scopes: undefined,
    };
    return { ...unknown, accessToken, refreshToken, accessTokenSeconds: ACCESS_MS / 1000, orgId: 'org_a' };
  }

  #issue(chain: Chain) {
    const refresh_token = `r${++this.#tokens}`;
    const access_token = `a${this.#tokens}`;
    chain.current = refresh_token;
    chain.generations.set(refresh_token, chain.generations.size);
    this.#chains.set(refresh_token, chain);
    this.access.set(access_token, { expiresAt: this.now + ACCESS_MS, chain });
    return { access_token, refresh_token, token_type: 'Bearer', expires_in: ACCESS_MS / 1000, org_id: 'org_a' };
  }

  #parallel(by: Actor, { url, body }: Request, sentAt: number, present: (by: Presentation) => void): Reply {
    const token = new URLSearchParams(body).get('refresh_token') ?? '';
    const chain = this.#chains.get(token) as Chain;
    if (url.endsWith('/revoke')) {
      this.note('parallel', `chain of ${token} revoked by ${by.name}`);
      const isInUse = chain.isAlive && this.head.state && this.chainOf(this.head.state) === chain;
      if (isInUse && !by.gaveUp && !this.isTampered) this.violate(`b: ${by.name} revokes the login in use`);
      chain.isAlive = false;
      return { status: 200, headers: {}, json: {} };
    }
    const denial = { status: 400, headers: {}, json: { error: 'invalid_grant' } };
    if (!chain.isAlive) return denial;
    const spender = this.#spent.get(token);
    if (spender !== undefined) {
      chain.isAlive = false;
      this.count.killed++;
      this.#judgeReuse(token, spender, by, sentAt);
      return denial;
    }
    const presentation = { by, lease: this.#leaseOf(by)?.state?.status as Lease | undefined };
    this.#spent.set(token, presentation);
    present(presentation);
    this.count.refreshes++;
    this.#judgeNeed(by);
    return { status: 200, headers: {}, json: this.#issue(chain) };
  }

  /** Presented twice: only where nobody could know what the first time gave. */
  #judgeReuse(token: string, first: Presentation, second: Actor, sentAt: number): void {
    if (this.isTampered) return;
    const { by, lostAt = Infinity, lease } = first;
    const { diedAt = Infinity, storingSince = Infinity, finishedAt = Infinity } = by;
    if (Math.min(lostAt, diedAt) <= sentAt) return;
    // The design lets a store go on past the lease. Whoever takes the lapsed lease meanwhile, or finds it once the 120 s
    // of the store are over, cannot know that the token in it is spent.
    const lapse = (lease?.until ?? Infinity) + 5000 - EPOCH;
    const takenAt = this.#leaseOf(second)?.at ?? -Infinity;
    const isHindered =
      takenAt >= Math.max(lapse, storingSince) && (takenAt <= finishedAt || finishedAt - storingSince >= 105_000);
    this.count.hindered++;
    if (!isHindered || this.isCalm)
      this.violate(`a: ${token} was presented by ${by.name}, which knows the answer, and by ${second.name}`);
  }

  #leaseOf(holder: Actor): Move | undefined {
    return this.history.findLast(({ by, state }) => by === holder && state?.status.kind === 'lease');
  }

  /** Every refresh needs an expired token: checked against what stands in the ref, where nothing hides it. */
  #judgeNeed(by: Actor): void {
    if (!this.isCalm) return;
    const usable = this.history.findLast(({ state }) => state?.status.kind === 'usable')?.state?.status;
    if (usable?.kind !== 'usable' || usable.expiresAt - EPOCH - this.now <= 60_000) return;
    if (!(by as { rejected?: Set<string> }).rejected?.has(usable.accessToken))
      this.violate('d: a refresh that nobody needed');
  }
}

function broken(kind: Broken['kind']): Broken {
  return { what: `was ${kind}`, nextStep: 'Wait.', kind, isTemporary: true };
}

function words({ json }: Reply): string {
  const { message = '', error = '', object, refresh_token = '' } = (json ?? {}) as Record<string, never>;
  if (String(message).startsWith('eyJ')) return 'a state';
  return `${message}${error}${refresh_token}${(object as { sha: string } | undefined)?.sha.slice(0, 7) ?? ''}`;
}

function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
