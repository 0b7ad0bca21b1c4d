import { backOffMs, type Http, MAX_ATTEMPTS } from '../http.ts';
import type { Interrupts } from './interrupts.ts';
import * as failures from './login-failures.ts';
import type { DeviceCode, Grant, OAuth } from './oauth.ts';
import type { Outcome } from './outcome.ts';
import { SCOPE } from './scopes.ts';

/** How often the link and the code are printed again: people open a log in its middle. */
const REPEAT_MS = 30_000;
/** A server that asks for an interval of 0 is not to be hammered. */
const MIN_INTERVAL_MS = 200;

/** A grant of the device flow, complete, with signals still held back: it exists only in this process. */
export interface Authorization {
  readonly grant: Grant & { readonly refreshToken: string; readonly orgId: string };
  readonly clientId: string;
  /** When the successful poll was sent, on the clock of the flow's `http`. */
  readonly sentAt: number;
  readonly hold: ReturnType<Interrupts['hold']>;
}

interface DeviceFlow {
  readonly http: Http;
  readonly oauth: OAuth;
  readonly interrupts: Interrupts;
  /** Shows the human where to go; called again and again until they have been there. */
  readonly show: (code: DeviceCode) => void;
}

/** Registers a client and lets a human approve it (RFC 8628). Throws a Failure; until then nothing has changed. */
export async function authorize(flow: DeviceFlow): Promise<Authorization> {
  const { http, oauth } = flow;
  // A client may be forgotten as soon as it is registered: then once more from the start.
  for (let registration = 1; registration <= 2; registration++) {
    const client = await insist(http, () => oauth.register(http));
    if (client.kind !== 'granted') throw failures.notStarted(client.what, client.advice);
    const code = await insist(http, () => oauth.requestDeviceCode(http, client.value, SCOPE));
    if (code.kind === 'denied' && code.error === 'invalid_client') continue;
    if (code.kind !== 'granted') throw failures.notStarted(code.what, code.advice);
    const authorization = await pollUntilApproved(flow, client.value, code.value);
    if (authorization !== undefined) return authorization;
  }
  throw failures.notStarted('it does not know the client that it has just registered');
}

/** Polls as RFC 8628, 3.5 says. Undefined where the client is unknown (`invalid_client`). Throws a Failure. */
async function pollUntilApproved(
  { http: starting, oauth, interrupts, show }: DeviceFlow,
  clientId: string,
  code: DeviceCode,
): Promise<Authorization | undefined> {
  const http = starting.startAnew(code.expiresInSeconds * 1000);
  const { now, sleep } = http.clock;
  let intervalMs = Math.max(code.intervalSeconds * 1000, MIN_INTERVAL_MS);
  let shownAt = Number.NEGATIVE_INFINITY;
  /** Why the newest poll brought no answer. */
  let unanswered: { readonly what: string; readonly advice?: string | undefined } | undefined;
  const over = () => (unanswered ? failures.notAnswered(unanswered.what, unanswered.advice) : failures.codeExpired());
  for (;;) {
    if (now() - shownAt >= REPEAT_MS) {
      show(code);
      shownAt = now();
    }
    if (intervalMs >= http.remainingMs()) throw over();
    await sleep(intervalMs);
    // Held back during the poll only: while it waits, a cancelled login ends at once.
    const hold = interrupts.hold();
    const sentAt = now();
    const outcome = await oauth.pollDeviceCode(http, clientId, code.deviceCode);
    if (outcome.kind === 'granted') {
      const { accessToken, refreshToken, orgId } = outcome.value;
      if (accessToken !== undefined && refreshToken !== undefined && orgId !== undefined) {
        return { grant: { ...outcome.value, refreshToken, orgId }, clientId, sentAt, hold };
      }
      if (refreshToken !== undefined) await oauth.revoke(http, refreshToken);
    }
    hold.release();
    if (hold.received()) throw failures.loginCancelled();
    switch (outcome.kind) {
      case 'granted':
        throw failures.answerLost('it lacks an organization, an access token or a refresh token');
      case 'denied':
        switch (outcome.error) {
          case 'authorization_pending':
          case 'slow_down':
            unanswered = undefined;
            if (outcome.error === 'slow_down') intervalMs += 5000;
            break;
          case 'access_denied':
            throw failures.accessDenied();
          case 'expired_token':
            throw over();
          case 'invalid_grant':
            // The code is spent: by the poll whose answer did not come.
            throw unanswered
              ? failures.answerLost(unanswered.what)
              : failures.loginRefused(outcome.what, outcome.advice);
          case 'invalid_client':
            return undefined;
          default:
            throw failures.loginRefused(outcome.what, outcome.advice);
        }
        break;
      default:
        unanswered = outcome;
        // RFC 8628 asks for an exponential back-off when connections fail.
        intervalMs = Math.max(intervalMs, Math.min(intervalMs * 2, 60_000));
    }
  }
}

/** Repeats a request that did not get an answer: nothing is at stake yet, a second client or code does no harm. */
async function insist<T>(http: Http, request: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await request();
    if (outcome.kind === 'granted' || outcome.kind === 'denied' || attempt === MAX_ATTEMPTS) return outcome;
    const askedMs = outcome.kind === 'never-sent' ? outcome.retryAfterMs : 0;
    const waitMs = Math.max(askedMs, backOffMs(http.clock, attempt));
    if (waitMs >= http.remainingMs()) return outcome;
    await http.clock.sleep(waitMs);
  }
}
