import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@actions/http-client';
import { Failure } from './failure.ts';
import { VERSION } from './version.ts';

const MAX_ATTEMPTS = 4;
const MAX_ATTEMPT_MS = 10_000;
/** An attempt with less time would only be cut, and hide why the one before failed. */
const MIN_ATTEMPT_MS = 250;
const MAX_BODY_BYTES = 1024 * 1024;

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What a server answered. `json` is undefined where the body is not JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** No usable answer: `what` happened, told of the host ("refused the connection"), and what to do. */
export interface Broken {
  readonly what: string;
  readonly nextStep: string;
  /** `unsent`: the server cannot have acted. `broken`: the connection ended early. `lost`: the server may well have acted. */
  readonly kind: 'unsent' | 'broken' | 'lost';
  readonly isTemporary: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** Time and chance, handed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
  /** 0 ≤ x < 1 */
  random(): number;
}

/** One request, cut off after `timeoutMs`. Never throws for what a network or a server does. */
export type Send = (request: Request, timeoutMs: number) => Promise<Reply | Broken>;

// Not performance.now(), which loads all of node:perf_hooks.
const SYSTEM_CLOCK: Clock = { now: () => Number(process.hrtime.bigint()) / 1e6, sleep, random: Math.random };

/** Requests under one deadline: a run has one for all it does, the store of a renewed login has its own. */
export class Http {
  readonly clock: Clock;
  readonly #send: Send;
  readonly #deadline: number;
  readonly #limit: string;

  /** `timeoutMs` starts to run now; `name` is what the limit is called in messages. */
  constructor(timeoutMs: number, { clock = SYSTEM_CLOCK, send = sendRequest, name = 'timeout-seconds' } = {}) {
    this.clock = clock;
    this.#send = send;
    this.#deadline = clock.now() + timeoutMs;
    this.#limit = `the ${timeoutMs / 1000} s of ${name}`;
  }

  /**
   * GETs JSON, with at most 4 attempts on broken connections, 408, 425, 429 and 5xx. Resolves to every other reply
   * but a redirect: what it means is the caller's to tell. Throws a Failure (`unknown`) for all else.
   */
  async get(url: string, headers: Record<string, string>): Promise<Reply> {
    const { host } = new URL(url);
    for (let attempt = 1; ; attempt++) {
      const outcome = refuse(await this.once({ method: 'GET', url, headers }));
      if ('status' in outcome) return outcome;

      const { what, nextStep, isTemporary, retryAfterMs } = outcome;
      if (!isTemporary) throw new Failure('unknown', `${host} ${what}.`, nextStep);
      const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
      if (attempt === MAX_ATTEMPTS) throw new Failure('unknown', `${host} ${what}, ${tries}.`, nextStep);

      const waitMs = retryAfterMs ?? this.clock.random() * 1000 * 2 ** (attempt - 1);
      if (waitMs + MIN_ATTEMPT_MS >= this.remainingMs()) {
        const asked = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
        throw new Failure('unknown', `${host} ${what}${asked}, ${tries} within ${this.#limit}.`, nextStep);
      }
      await this.clock.sleep(waitMs);
    }
  }

  /** A single attempt, cut off after `maxMs` or at the deadline, whatever comes of it. */
  once(request: Request, maxMs = MAX_ATTEMPT_MS): Promise<Reply | Broken> {
    return this.#send(request, Math.max(0, Math.min(maxMs, this.remainingMs())));
  }

  remainingMs(): number {
    return this.#deadline - this.clock.now();
  }
}

/** The real `Send`: connect, headers and body together have `timeoutMs`. */
async function sendRequest(request: Request, timeoutMs: number): Promise<Reply | Broken> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  const isCut = new Promise<Broken>((resolve) => {
    const late = temporary(`did not answer within ${Math.round(timeoutMs / 100) / 10} s`, 'lost');
    cut.signal.addEventListener('abort', () => resolve(late));
  });
  // A race, because some answers (101, for one) leave http-client's promise open for ever.
  return Promise.race([exchange(request, cut.signal), isCut]).finally(() => clearTimeout(timer));
}

async function exchange({ method, url, headers, body }: Request, signal: AbortSignal): Promise<Reply | Broken> {
  let hasAnswered = false;
  try {
    // No redirects: the APIs have none, and a bearer token must not travel.
    const client = new HttpClient(`parallel-balance-action/${VERSION}`, [cutBy(signal)], { allowRedirects: false });
    const { message } = await client.request(method, url, body ?? null, { accept: 'application/json', ...headers });
    hasAnswered = true;
    const text = await readBody(message);
    if (text === undefined) return final('answered with more than 1 MiB', 'Check the address of the API.', 'lost');
    return { status: message.statusCode ?? 0, headers: message.headers, json: parseJson(text) };
  } catch (error) {
    // An abort is told by isCut, which has already won.
    if (signal.aborted) return temporary('did not answer', 'lost');
    const broken = explain(error);
    // A server that has begun to answer has acted.
    return hasAnswered ? { ...broken, kind: 'lost' } : broken;
  }
}

/**
 * Lets `signal` end the whole request. http-client's own timeout covers inactivity only, and its CONNECT to a proxy is
 * a request of its own, made by the package tunnel from `proxyOptions`, that nothing else would ever end.
 */
function cutBy(signal: AbortSignal) {
  return {
    prepareRequest(options: RequestOptions): void {
      options.signal = signal;
      const agent = options.agent as { proxyOptions?: RequestOptions };
      if (agent.proxyOptions !== undefined) agent.proxyOptions.signal = signal;
      // Node wants an IPv6 address without the brackets that a URL has around it.
      options.host = options.host?.replace(/^\[(.*)\]$/, '$1');
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('never asked: canHandleAuthentication is false')),
  };
}

/** The body as text, or undefined beyond 1 MiB. http-client's readBody knows no limit and never settles on a break. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Takes out the replies that are as good as none: those worth another try, and redirects (304 is none). */
function refuse(outcome: Reply | Broken): Reply | Broken {
  if (!('status' in outcome)) return outcome;
  const { status, headers } = outcome;
  if (isTemporaryStatus(status)) {
    return { ...temporary(`answered HTTP ${status}`, 'lost'), retryAfterMs: parseRetryAfter(headers) };
  }
  if (status < 300 || status >= 400 || status === 304) return outcome;
  const what = `answered HTTP ${status}, a redirect, which is never followed`;
  return final(what, 'Check the address of the API.', 'lost');
}

function isTemporaryStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * Milliseconds that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3). A date is held against the
 * server's own `Date`: the clocks of runners are wrong at times.
 */
export function parseRetryAfter({ 'retry-after': value, date }: IncomingHttpHeaders): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse alone would take "-1" for a year.
  const ms = value.endsWith(' GMT') ? Date.parse(value) - (Date.parse(date ?? '') || Date.now()) : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Turns an error of http-client, tunnel or Node into words, by its code: messages may hold anything. */
function explain(error: unknown): Broken {
  // A TypeError is Node's word for a wrong argument: a bug, not a network.
  const isNetwork = error instanceof Error && !(error instanceof TypeError) && 'code' in error;
  if (!isNetwork || typeof error.code !== 'string') throw error;
  const { code } = error;
  const proxyStatus = /^tunneling socket could not be established, statusCode=(\d{3})$/.exec(error.message)?.[1];
  if (proxyStatus !== undefined) {
    const what = `was not reached: the proxy answered HTTP ${proxyStatus}`;
    const nextStep = 'Check https_proxy on the runner: its address, user name and password.';
    return { what, nextStep, kind: 'unsent', isTemporary: isTemporaryStatus(Number(proxyStatus)) };
  }
  if (error.message.startsWith('tunneling socket')) {
    return temporary('was not reached: the proxy broke the connection', 'unsent');
  }
  if (/CERT|SIGNATURE|ISSUER|CRL|HOSTNAME_MISMATCH/.test(code)) {
    const nextStep =
      'If a private CA or a proxy signs it, set NODE_EXTRA_CA_CERTS on the runner to the PEM file of that CA.';
    return final(`has a certificate that this runner does not trust (${code})`, nextStep, 'unsent');
  }
  const kind = UNSENT.has(code) ? 'unsent' : 'broken';
  return temporary(`${CODES[code] ?? 'could not be reached'} (${code})`, kind);
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'broke the connection',
  ENOTFOUND: 'was not found by name',
  EAI_AGAIN: 'was not found by name',
};

/** Errors of the way to the server: no request has reached it. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function final(what: string, nextStep: string, kind: Broken['kind']): Broken {
  return { what, nextStep, kind, isTemporary: false };
}

function temporary(what: string, kind: Broken['kind']): Broken {
  const nextStep =
    "Start a new run once that host works again; if it already does, check the runner's network and proxy.";
  return { what, nextStep, kind, isTemporary: true };
}
