import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@actions/http-client';
import { Failure } from './failure.ts';
import { VERSION } from './version.ts';

const MAX_ATTEMPTS = 4;
const MAX_ATTEMPT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** What a server answered. `json` is undefined where the body is not JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** No usable answer: `what` happened, told of the host ("refused the connection"), and what to do. */
interface Broken {
  readonly what: string;
  readonly nextStep: string;
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

const SYSTEM_CLOCK: Clock = { now: () => performance.now(), sleep, random: Math.random };

/** The network work of one run: one deadline over all requests, waits and retries. */
export class Http {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #deadline: number;

  /** `timeoutMs` starts to run now. */
  constructor(timeoutMs: number, clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#deadline = clock.now() + timeoutMs;
  }

  /**
   * GETs JSON, with at most 4 attempts on broken connections, 408, 425, 429 and 5xx. Resolves to every other reply
   * but a redirect: what it means is the caller's to tell. Throws a Failure (`unknown`) for all else.
   */
  async get(url: string, headers: Record<string, string>): Promise<Reply> {
    const { host } = new URL(url);
    for (let attempt = 1; ; attempt++) {
      const outcome = await send('GET', url, headers, Math.min(MAX_ATTEMPT_MS, this.#remainingMs()));
      if ('status' in outcome) return outcome;

      const { what, nextStep, isTemporary, retryAfterMs } = outcome;
      if (!isTemporary) throw new Failure('unknown', `${host} ${what}.`, nextStep);
      const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
      if (attempt === MAX_ATTEMPTS) throw new Failure('unknown', `${host} ${what}, ${tries}.`, nextStep);

      const waitMs = retryAfterMs ?? this.#clock.random() * 1000 * 2 ** (attempt - 1);
      if (waitMs >= this.#remainingMs()) {
        const asked = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
        const limit = `${tries} within the ${this.#timeoutMs / 1000} s of timeout-seconds`;
        throw new Failure('unknown', `${host} ${what}${asked}, ${limit}.`, nextStep);
      }
      await this.#clock.sleep(waitMs);
    }
  }

  #remainingMs(): number {
    return this.#deadline - this.#clock.now();
  }
}

/** One request, cut off after `timeoutMs`: connect, headers and body together. */
async function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<Reply | Broken> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  try {
    // No redirects: the APIs have none, and a bearer token must not travel.
    const client = new HttpClient(`parallel-balance-action/${VERSION}`, [cutBy(cut.signal)], { allowRedirects: false });
    const { message } = await client.request(method, url, null, { accept: 'application/json', ...headers });
    const body = await readBody(message);
    if (body === undefined) return broken('answered with more than 1 MiB', 'Check the address of the API.');
    return refuse(message) ?? { status: message.statusCode ?? 0, headers: message.headers, json: parseJson(body) };
  } catch (error) {
    if (cut.signal.aborted) return temporary(`did not answer within ${Math.round(timeoutMs / 100) / 10} s`);
    return explain(error);
  } finally {
    clearTimeout(timer);
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

function refuse({ statusCode: status = 0, headers }: IncomingMessage): Broken | undefined {
  if (isTemporaryStatus(status)) {
    return { ...temporary(`answered HTTP ${status}`), retryAfterMs: parseRetryAfter(headers) };
  }
  if (status < 300 || status >= 400) return undefined;
  return broken(`answered HTTP ${status}, a redirect, which is never followed`, 'Check the address of the API.');
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
  const ms = value.endsWith(' GMT') ? Date.parse(value) - Date.parse(date ?? '') : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Turns an error of http-client, tunnel or Node into words, by its code: messages may hold anything. */
function explain(error: unknown): Broken {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  const { code } = error;
  const proxyStatus = /^tunneling socket could not be established, statusCode=(\d{3})$/.exec(error.message)?.[1];
  if (proxyStatus !== undefined) {
    const what = `was not reached: the proxy answered HTTP ${proxyStatus}`;
    const nextStep = 'Check https_proxy on the runner: its address, user name and password.';
    return { what, nextStep, isTemporary: isTemporaryStatus(Number(proxyStatus)) };
  }
  if (error.message.startsWith('tunneling socket')) return temporary('was not reached: the proxy broke the connection');
  if (/CERT|SIGNATURE|ISSUER|CRL|HOSTNAME_MISMATCH/.test(code)) {
    const nextStep =
      'If a private CA or a proxy signs it, set NODE_EXTRA_CA_CERTS on the runner to the PEM file of that CA.';
    return broken(`has a certificate that this runner does not trust (${code})`, nextStep);
  }
  return temporary(`${CODES[code] ?? 'could not be reached'} (${code})`);
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'broke the connection',
  ENOTFOUND: 'was not found by name',
  EAI_AGAIN: 'was not found by name',
};

function broken(what: string, nextStep: string): Broken {
  return { what, nextStep, isTemporary: false };
}

function temporary(what: string): Broken {
  const nextStep = "Start a new run once it works again; if it works, check the runner's network and proxy.";
  return { what, nextStep, isTemporary: true };
}
