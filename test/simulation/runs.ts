import { REPOSITORY } from '../support/fixtures.ts';
import type { Move } from './github.ts';
import {
  type Clock,
  type Head,
  type HttpReply,
  makeStore,
  type NoReply,
  type Protocol,
  type Request,
} from './protocol.ts';
import { type Actor, EPOCH, type World } from './world.ts';

export interface RunPlan {
  readonly timeoutMs: number;
  /** Killed in this one of its requests and sleeps: it never goes on, what it sent is on its way. */
  readonly crashIn?: number | undefined;
  /** A signal comes so long after the start. */
  readonly cancelMs?: number | undefined;
  /** The balance answers 401 to a stored access token. */
  readonly rejects?: boolean;
  /** What GitHub calls the run; by default all are jobs of one run: its id tells none of them from another. */
  readonly id?: string;
  /** The repository it is a run of; all may share the one that keeps the state. */
  readonly repository?: string;
}

const STORE_MS = 120_000;

/** From here on the only copy of a refresh token is in the memory of a process. */
function isGrant({ url }: Request, outcome: HttpReply | NoReply): boolean {
  if (!url.endsWith('/getServiceKeys/token') || outcome.kind !== 'reply') return false;
  return typeof outcome.json === 'object' && outcome.json !== null && 'access_token' in outcome.json;
}

/** A process: its clock has a zero of its own, and it can die between any two steps. */
export class Process implements Actor {
  readonly name: string;
  readonly world: World;
  readonly crashIn: number;
  readonly clock: Clock;
  readonly rejected = new Set<string>();
  readonly denied = new Set<string>();
  readonly seen = new Set<number>();
  lookedAt = 0;
  diedAt?: number;
  finishedAt?: number;
  storingSince?: number;
  gaveUp?: boolean;
  #steps = 0;

  constructor(world: World, name: string, crashIn = Infinity) {
    this.name = name;
    this.world = world;
    this.crashIn = crashIn;
    const zero = world.now - Math.floor(world.between(0, 1e6));
    const sleep = (ms: number) => new Promise((wake) => world.after(ms, this.#unlessDead(wake)));
    this.clock = { now: () => world.now - zero, sleep: (ms) => this.#step(() => sleep(ms)), random: world.random };
  }

  send = (request: Request, timeoutMs: number): Promise<HttpReply | NoReply> =>
    this.#step(
      () =>
        new Promise((resolve) => {
          const deliver = (outcome: HttpReply | NoReply) =>
            this.#unlessDead(() => {
              if (isGrant(request, outcome)) this.storingSince ??= this.world.now;
              resolve(outcome);
            })();
          this.world.send(this, request, timeoutMs, deliver);
        }),
    );

  /** The code under test has thrown: an error of its own, or a violation while it was at work. */
  fail(error: unknown): void {
    this.world.after(0, () => {
      throw error;
    });
  }

  /** Half of the crashes come before the step begins, so that nothing of it happens. */
  #step<T>(begin: () => Promise<T>): Promise<T> {
    if (++this.#steps === this.crashIn) {
      this.diedAt = this.world.now;
      this.world.count.crashes++;
      this.world.note(this.name, 'dies');
      if (this.world.chance(0.3)) return new Promise(() => {});
    }
    return begin();
  }

  #unlessDead = (act: (value?: unknown) => void) => (): boolean => {
    if (this.diedAt === undefined) act();
    return this.diedAt === undefined;
  };
}

/** A run of the gate, from its start to its token, its Failure, or its death. */
export class Run extends Process {
  readonly #plan: RunPlan;
  readonly #protocol: Protocol;
  outcome: { token: string; isFresh: boolean } | { failure: string; word: string } | undefined;

  constructor(world: World, protocol: Protocol, name: string, plan: RunPlan) {
    super(world, name, plan.crashIn);
    this.#plan = plan;
    this.#protocol = protocol;
    world.note(name, 'starts');
    void this.#live().catch((error) => this.fail(error));
  }

  async #live(): Promise<void> {
    const { world, clock, send } = this;
    const { http, oauth, renewal } = this.#protocol;
    const startedAt = world.now;
    const { timeoutMs, cancelMs = Infinity } = this.#plan;
    const options = {
      http: new http.Http(timeoutMs, { clock, send }),
      store: makeStore(this.#protocol),
      oauth: new oauth.OAuth('https://platform.test', () => {}),
      interrupts: { hold: () => ({ received: () => world.now >= startedAt + cancelMs, release: () => {} }) },
      run: { repository: this.#plan.repository ?? REPOSITORY, id: this.#plan.id ?? '4711', attempt: '1' },
      debug: () => {},
    };
    try {
      let access = await renewal.obtainAccess(options, this.rejected);
      if (this.#plan.rejects && !access.isFresh) {
        this.rejected.add(access.accessToken);
        access = await renewal.obtainAccess(options, this.rejected);
      }
      this.outcome = { token: access.accessToken, isFresh: access.isFresh };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'Failure' || !('word' in error)) throw error;
      this.outcome = { failure: error.message, word: String(error.word) };
    }
    this.finishedAt = world.now;
    world.note(this.name, `ends: ${JSON.stringify(this.outcome)}`);
    this.#judge(world.now - startedAt);
  }

  /** Invariant c. A violation thrown here would be one of the code under test: it goes through the queue. */
  #judge(tookMs: number): void {
    const { world, outcome } = this;
    const check = (isRight: boolean, words: string) => isRight || world.violate(`c: ${this.name} ${words}`);
    const storedFor = this.storingSince === undefined ? 0 : STORE_MS + 15_000;
    check(tookMs <= this.#plan.timeoutMs + storedFor + 1, `took ${tookMs} ms`);
    if (outcome === undefined) return;
    if ('failure' in outcome) {
      check(outcome.word !== 'error', `ends in an error: ${outcome.failure}`);
      if (outcome.failure.includes('has ended') && !world.isTampered) {
        const isOver = ({ state }: Move) =>
          state === undefined || state.status.kind === 'ended' || !world.isAlive(state);
        // Told so by the server, it must not overlook a newer login that it has seen; told by the ref, it may be behind.
        const knows =
          this.denied.size > 0
            ? world.github.history[Math.max(...this.seen)]
            : world.github.history.findLast(({ at }) => at <= this.lookedAt - 50_000);
        const later = world.github.history.filter(({ at }) => at > this.lookedAt - 50_000);
        check(
          (knows && isOver(knows)) || (this.denied.size === 0 && later.some(isOver)),
          'calls a login ended that lives',
        );
      }
      const storing = world.now - (this.storingSince ?? world.now);
      if (outcome.failure.includes('did not take')) check(storing >= 105_000, `gives up storing after ${storing} ms`);
      return;
    }
    const access = world.parallel.access.get(outcome.token);
    if (!access) throw world.violate(`c: ${this.name} has a token that was never issued`);
    check(!this.rejected.has(outcome.token), 'has a token that was rejected');
    // The `Date` of a reply is cut to the second, and 10 s old where the reply was slow.
    check(access.expiresAt - world.now >= (outcome.isFresh ? 300_000 : 45_000), 'has a token about to expire');
    if (outcome.isFresh || world.isTampered) return;
    const holds = ({ state }: Move) => state?.status.kind === 'usable' && state.status.accessToken === outcome.token;
    const isUsable = ({ state }: Move) =>
      state?.status.kind === 'usable' &&
      state.status.expiresAt - EPOCH - world.now > 75_000 &&
      state.status.accessToken !== undefined &&
      !this.rejected.has(state.status.accessToken);
    const index = world.github.history.findLastIndex(holds);
    // Reads lag by 30 s; the reads of a commit and of a ref may take some seconds more.
    const newer = world.github.history.findIndex((move, at) => at > index && isUsable(move));
    const age = newer === -1 ? 0 : this.lookedAt - (world.github.history[newer]?.at ?? 0);
    check(age <= 50_000, `uses a token that was replaced ${age} ms before`);
  }
}

/** A login: waits for its human, takes the place of what stands there, revokes what it replaced. */
export class Login extends Process {
  readonly #protocol: Protocol;
  readonly #approvalMs: number;
  outcome: 'stored' | 'yielded' | 'failed' | undefined;

  /** `approvalMs`: how long a human takes. */
  constructor(world: World, protocol: Protocol, name: string, crashIn?: number, approvalMs = world.between(0, 20_000)) {
    super(world, name, crashIn);
    this.#protocol = protocol;
    this.#approvalMs = approvalMs;
    world.note(name, 'starts');
    void this.#live().catch((error) => this.fail(error));
  }

  async #live(): Promise<void> {
    const { world, clock, send } = this;
    const {
      http: { Http },
      oauth: { OAuth },
      state: { begin },
      replace: { replaceLogin },
    } = this.#protocol;
    const http = new Http(STORE_MS, { clock, send });
    const oauth = new OAuth('https://platform.test', () => {});
    const store = makeStore(this.#protocol);
    let mine: ReturnType<typeof begin> | undefined;
    try {
      let head = await store.read(http);
      await clock.sleep(this.#approvalMs);
      mine = begin(
        world.parallel.approve(),
        { clientId: 'client', platform: 'https://platform.test' },
        store.github.now(http),
      );
      head = await replaceLogin(http, store, mine, head);
      if (head !== undefined) world.count.relogins++;
      this.outcome = 'stored';
      const replaced: Head['state'] = head?.state;
      if (replaced && replaced.loginId !== mine.loginId) await oauth.revoke(http, replaced.refreshToken);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'Failure') throw error;
      this.gaveUp = true;
      this.outcome = /at the same moment/.test(error.message) ? 'yielded' : 'failed';
      if (mine) await oauth.revoke(http, mine.refreshToken);
    }
    this.finishedAt = world.now;
    world.note(this.name, `ends: ${this.outcome}`);
  }
}
