import { Failure } from './failure.ts';
import { hostOf } from './foreign.ts';
import {
  isTemporaryStatus,
  type NoReply,
  parseRetryAfter,
  passing,
  type Reply,
  type Request,
  refused,
  type Send,
} from './reply.ts';
import { sendRequest } from './send.ts';

/** How often a request is made at the most, by whoever repeats one. */
export const MAX_ATTEMPTS = 4;
const MAX_ATTEMPT_MS = 10_000;
/** An attempt with less time would only be cut, and hide why the one before failed. */
export const MIN_ATTEMPT_MS = 250;

/** Time and chance, handed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
  /** 0 ≤ x < 1 */
  random(): number;
}

// Neither node:perf_hooks nor node:timers/promises, which every run would have to load.
const SYSTEM_CLOCK: Clock = {
  now: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

const TRY_LATER =
  "Start a new run once that host works again; if it already does, check the runner's network and proxy.";

/** Milliseconds to wait after the given attempt (1, 2, …): up to 1, 2 and 4 s, with full jitter. */
export function backOffMs(clock: Clock, attempt: number): number {
  return clock.random() * 1000 * 2 ** (attempt - 1);
}

/** Requests under one deadline: a run has one for all it does, what must not be lost has its own. */
export class Http {
  readonly clock: Clock;
  readonly #send: Send;
  readonly #deadline: number;
  readonly #timeoutMs: number;

  /** `timeoutMs` starts to run now. */
  constructor(timeoutMs: number, { clock = SYSTEM_CLOCK, send = sendRequest } = {}) {
    this.clock = clock;
    this.#send = send;
    this.#timeoutMs = timeoutMs;
    this.#deadline = clock.now() + timeoutMs;
  }

  /** The same network under a deadline of its own, whatever is left of this one. */
  startAnew(timeoutMs: number): Http {
    return new Http(timeoutMs, { clock: this.clock, send: this.#send });
  }

  /**
   * GETs JSON, with at most 4 attempts on broken connections, 408, 425, 429 and 5xx. Resolves to every other reply
   * but a redirect: what it means is the caller's to tell. Throws a Failure (`unknown`) for all else.
   */
  async get(url: string, headers: Record<string, string>): Promise<Reply> {
    const host = hostOf(url);
    for (let attempt = 1; ; attempt++) {
      const outcome = usable(await this.once({ method: 'GET', url, headers }));
      if (outcome.kind === 'reply') return outcome;

      const { what, nextStep = TRY_LATER, isTemporary, retryAfterMs } = outcome;
      if (!isTemporary) throw new Failure('unknown', `${host} ${what}.`, nextStep);
      const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
      if (attempt === MAX_ATTEMPTS) throw new Failure('unknown', `${host} ${what}, ${tries}.`, nextStep);

      const waitMs = retryAfterMs ?? backOffMs(this.clock, attempt);
      if (waitMs + MIN_ATTEMPT_MS >= this.remainingMs()) {
        const asked = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
        const limit = `the ${this.#timeoutMs / 1000} s of timeout-seconds`;
        throw new Failure('unknown', `${host} ${what}${asked}, ${tries} within ${limit}.`, nextStep);
      }
      await this.clock.sleep(waitMs);
    }
  }

  /** A single attempt, cut off after `maxMs` or at the deadline, whatever comes of it. */
  once(request: Request, maxMs = MAX_ATTEMPT_MS): Promise<Reply | NoReply> {
    return this.#send(request, Math.max(0, Math.min(maxMs, this.remainingMs())));
  }

  /** Below 0 once the deadline is over. */
  remainingMs(): number {
    return this.#deadline - this.clock.now();
  }
}

/** Takes out the replies that are as good as none: those worth another try, and redirects (304 is none). */
function usable(outcome: Reply | NoReply): Reply | NoReply {
  if (outcome.kind !== 'reply') return outcome;
  const { status, headers } = outcome;
  if (isTemporaryStatus(status)) {
    const nextStep = status === 429 ? 'That is a limit: start a new run later.' : undefined;
    return { ...passing(`answered HTTP ${status}`, 'no-answer'), nextStep, retryAfterMs: parseRetryAfter(headers) };
  }
  if (outcome.isTooLarge) return refused('answered with more than 1 MiB', 'Check the address of the API.', 'no-answer');
  if (status < 300 || status >= 400 || status === 304) return outcome;
  const what = `answered HTTP ${status}, a redirect, which is never followed`;
  return refused(what, 'Check the address of the API.', 'no-answer');
}
