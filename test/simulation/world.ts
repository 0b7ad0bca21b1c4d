import { judgeRequest } from '../support/descriptions.ts';
import {
  type Answer,
  type Asked,
  actsFirst,
  answerOf,
  type Fault,
  isReply,
  type Kind,
  kindOf,
  type Reply,
} from '../support/faults.ts';
import { broken, isReply as isHttpReply } from '../support/outcomes.ts';
import { SimulatedGithub } from './github.ts';
import { type Presentation, SimulatedParallel } from './parallel.ts';
import type { HttpReply, NoReply, Request, State } from './protocol.ts';

// A world without real time: GitHub, Parallel and the network between, all in memory. Every arrival, reply and wake-up
// is an event of one queue ordered by virtual time. A scheduler that ignored time could not tell a lease that lapsed
// from one that did not, so chance sits in the latencies and faults instead: all drawn from one seed.

/** GitHub's clock at the start: not on a full second, as its `Date` has no finer grain. */
export const EPOCH = Date.UTC(2027, 0, 4) + 371;

/** What the network and a server do to one request. */
export interface Fate extends Fault {
  /** The connection is refused. */
  readonly isUnsent?: boolean;
  /** Milliseconds on the way there and back. Together beyond the time limit: the caller sees no answer. */
  readonly out: number;
  readonly back: number;
  /** How far behind the newest write a read is. */
  readonly lag: number;
}

export const GOOD: Fate = { out: 40, back: 40, lag: 0 };

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
  /** Access tokens that the balance has refused. */
  readonly rejected: Set<string>;
}

export class World {
  now = 0;
  readonly trace: [number, string, string][] = [];
  readonly count = { refreshes: 0, takeovers: 0, relogins: 0, crashes: 0, lost: 0, ended: 0, killed: 0, hindered: 0 };
  readonly github = new SimulatedGithub(this);
  readonly parallel = new SimulatedParallel(this);
  /** What any server has decided. */
  readonly decided = new Set<Kind>();
  /** A human rolled the ref back or deleted it: what the history then does is no longer the protocol's. */
  isTampered = false;
  isCalm = true;
  decide: (actor: Actor, request: Request) => Fate = () => GOOD;
  quota: () => number = () => 900;

  readonly #queue: { at: number; tie: number; act: () => unknown }[] = [];
  readonly #random: () => number;
  readonly #judged = new Set<Kind | undefined>();

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

  /** Makes something `ms` from now, and lets time pass until nothing is left to happen. */
  async play<T>(ms: number, make: () => T): Promise<T> {
    let made: T | undefined;
    this.after(Math.max(0, ms), () => {
      made = make();
    });
    await this.drain();
    return made as T;
  }

  /** Lets time pass until nothing is left to happen. */
  async drain(): Promise<void> {
    for (let event = this.#queue.pop(); event; event = this.#queue.pop()) {
      this.now = event.at;
      // A macrotask: all microtasks of the code that goes on have run by then.
      if (event.act() !== false) await new Promise(setImmediate);
    }
  }

  /** The `Send` of one actor. `deliver` lets the outcome through, or not: the actor may be dead by then. */
  send(actor: Actor, request: Request, timeoutMs: number, deliver: (outcome: HttpReply | NoReply) => boolean): void {
    const fate = this.decide(actor, request);
    const { lag, isUnsent = false, delayMs = 0 } = fate;
    const out = fate.acts === 'late' ? fate.out : fate.out + delayMs;
    const back = (fate.answerDelayMs ?? 0) + fate.back;
    const { method, url, body = '' } = request;
    const asked = { method, path: url.replace(/^https:\/\/[^/]+/, ''), body };
    this.#judge(asked, request);
    const sentAt = this.now;
    const label = `${method} ${url.replace(/^.*\/(?=git\/|token)|\/parallel-balance.*|(?<=\/[0-9a-f]{7})[0-9a-f]{33}/g, '')}`;
    const isDropped = isUnsent || (fate.answer === 'cut' && !actsFirst(fate));
    const isLate = (isDropped ? out : out + back) >= timeoutMs;
    const isParallel = url.includes('/getServiceKeys/');
    const isBalance = url.endsWith('/balance');
    let presented: Presentation | undefined;
    const finish = (ms: number, outcome: HttpReply | NoReply) =>
      this.after(ms, () => {
        const isLost = !isHttpReply(outcome) || outcome.status >= 500;
        if (isLost && !isUnsent) this.count.lost++;
        if (isLost && presented) presented.lostAt = this.now;
        const end = isHttpReply(outcome) ? outcome.status : outcome.kind;
        this.note(actor.name, `<- ${label}: ${end}${actor.diedAt === undefined ? '' : ' (dead)'}`);
        if (isHttpReply(outcome)) this.#learn(actor, request, outcome);
        return deliver(outcome);
      });
    const act = (): Reply => {
      const reply = isBalance
        ? this.parallel.balance(request.headers?.['authorization'])
        : isParallel
          ? this.parallel.answer(actor, asked, sentAt, (by) => (presented = by))
          : this.github.answer(actor, asked, request.headers?.['if-none-match'], lag);
      this.note(
        isParallel || isBalance ? 'parallel' : 'github',
        `${actor.name}'s ${label}: ${reply.status} ${wordsOf(reply)}`,
      );
      return reply;
    };
    this.note(actor.name, `-> ${label}`);
    if (isLate) finish(timeoutMs, broken('no-answer'));
    if (isUnsent) {
      if (!isLate) finish(out, broken('never-sent'));
      return;
    }
    this.after(out, () => {
      const answer = answerOf(fate, asked, actsFirst(fate) ? act() : undefined);
      const kind = kindOf(asked);
      if (kind !== undefined) this.decided.add(kind);
      if (!isLate) {
        const isSilent = answer === 'never' || answer === 'drip';
        const ms = isDropped ? 0 : isSilent ? timeoutMs - (this.now - sentAt) : back;
        finish(ms, this.#toOutcome(answer));
      } else if (presented && this.now >= sentAt + timeoutMs) {
        presented.lostAt = sentAt + timeoutMs;
      }
      // As on the server on loopback: what acts late has answered before.
      if (fate.acts === 'late') this.after(delayMs, () => void act());
      return false;
    });
  }

  /** Of each kind the first request of every world: a few lines make all of a kind. */
  #judge(asked: Asked, { headers = {} }: Request): void {
    const kind = kindOf(asked);
    if (this.#judged.has(kind)) return;
    this.#judged.add(kind);
    const wrong = judgeRequest({ ...asked, headers });
    if (wrong.length > 0) this.violate(`${asked.method} ${asked.path} is not as described: ${wrong.join(', ')}`);
  }

  /** What a `Send` comes back with where a server gives this answer. */
  #toOutcome(answer: Answer): HttpReply | NoReply {
    if (!isReply(answer)) return broken('no-answer');
    const { status = 200, body = {} } = answer;
    // What is no JSON comes from somebody in between, whose clock is wrong.
    const date = new Date(this.now + EPOCH + 3_600_000).toUTCString();
    const all = { ...this.headers(), ...(typeof body === 'string' && { date }), ...answer.headers };
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return { kind: 'reply', status, headers, json: status === 204 || status === 304 ? undefined : parsed(body) };
  }

  /** Of every reply. */
  headers() {
    return { date: new Date(this.now + EPOCH).toUTCString(), 'x-ratelimit-remaining': String(this.quota()) };
  }

  #learn(actor: Actor, { method, url, body }: Request, { status, json }: HttpReply): void {
    if (url.endsWith('/balance')) return;
    if (url.includes('/getServiceKeys/')) {
      if ((json as { error?: string } | undefined)?.error !== 'invalid_grant') return;
      actor.denied.add(new URLSearchParams(body).get('refresh_token') ?? '');
    } else {
      if (url.includes('/git/ref/')) actor.lookedAt = this.now;
      // Of a commit its content counts: the sha alone says nothing.
      const { sha = undefined, message, object } = (json ?? {}) as Record<string, never> & { object?: { sha: string } };
      const shown = message === undefined && method === 'GET' ? undefined : (object?.sha ?? sha);
      if (status < 300 && shown) actor.seen.add(this.github.history.findLastIndex((move) => move.sha === shown));
    }
  }

  /** Whether the chain of this state can still be renewed. */
  isAlive(state: State): boolean {
    return this.parallel.chainOf(state).isAlive;
  }

  /** The newest state, as tests like to have it. */
  describeHead() {
    const { state, by } = this.github.head;
    if (state === undefined) return {};
    const { status } = state;
    const accessToken = status.kind === 'usable' ? status.accessToken : undefined;
    const generation = this.parallel.generation(state);
    return { by: by?.name, generation, isAlive: this.isAlive(state), status: status.kind, accessToken };
  }
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function wordsOf({ body }: Reply): string {
  const { message = '', error = '', object, refresh_token = '' } = (body ?? {}) as Record<string, never>;
  if (String(message).startsWith('eyJ')) return 'a state';
  return `${message}${error}${refresh_token}${(object as { sha: string } | undefined)?.sha.slice(0, 7) ?? ''}`;
}

export function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
