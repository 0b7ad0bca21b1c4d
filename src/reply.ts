import type { IncomingHttpHeaders } from 'node:http';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What a server answered. `json` is undefined where the body is not JSON, or longer than 1 MiB (`isTooLarge`). */
export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
  readonly isTooLarge?: boolean;
}

/** No usable answer: `what` happened, told of the host ("refused the connection"). */
export interface NoReply {
  /** `never-sent`: the server cannot have acted. `no-answer`: the request was sent, and nobody knows whether it has. */
  readonly kind: 'never-sent' | 'no-answer';
  readonly what: string;
  /** Undefined: nothing but to try again later. */
  readonly nextStep?: string | undefined;
  readonly isTemporary: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** One request, cut off after `timeoutMs`. Never throws for what a network or a server does. */
export type Send = (request: Request, timeoutMs: number) => Promise<Reply | NoReply>;

/** Whether a status tells of a passing trouble of the server or its network. */
export function isTemporaryStatus(status: number): boolean {
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

const TEN_YEARS_MS = 10 * 365 * 86_400_000;

/** The time of a reply by its server's clock, in milliseconds since 1970. Undefined where there is none, or an absurd one. */
export function readDate({ date = '' }: IncomingHttpHeaders): number | undefined {
  const ms = Date.parse(date);
  return Math.abs(ms - Date.now()) < TEN_YEARS_MS ? ms : undefined;
}

/** No reply, and no other try would bring one. */
export function refused(what: string, nextStep: string, kind: NoReply['kind']): NoReply {
  return { kind, what, nextStep, isTemporary: false };
}

/** No reply this time: another try may bring one. */
export function passing(what: string, kind: NoReply['kind']): NoReply {
  return { what, kind, isTemporary: true };
}
