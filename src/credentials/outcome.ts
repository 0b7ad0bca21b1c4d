import { type Fields, fieldsOf, hostOf } from '../foreign.ts';
import { isTemporaryStatus, type NoReply, parseRetryAfter, type Reply } from '../reply.ts';

/**
 * What came of a request to an OAuth endpoint that changes something. `advice` is what a human can do before another try,
 * where that is more than to wait.
 */
export type Outcome<T> =
  | { readonly kind: 'granted'; readonly value: T }
  /** An OAuth error code, whatever its status. */
  | { readonly kind: 'denied'; readonly error: string; readonly what: string; readonly advice: string }
  /** The server certainly did not act; for 429, with the wait it asks for. */
  | {
      readonly kind: 'never-sent';
      readonly what: string;
      readonly advice?: string | undefined;
      readonly retryAfterMs: number;
    }
  /** The server may have acted, and nobody knows: a broken connection, an answer that makes no sense. */
  | { readonly kind: 'no-answer'; readonly what: string; readonly advice?: string | undefined };

/** Sorts a reply by what it says of the server: whether it granted, refused, did not act, or may have acted unseen. */
export function readOutcome<T>(url: string, reply: Reply | NoReply, read: (body: Fields) => T | undefined): Outcome<T> {
  const host = hostOf(url);
  if (reply.kind !== 'reply') {
    const what = `${host} ${reply.what}`;
    const { kind, nextStep: advice } = reply;
    return kind === 'never-sent' ? { kind, what, advice, retryAfterMs: 0 } : { kind, what, advice };
  }
  const { status, headers, json } = reply;
  const what = `${host} answered HTTP ${status}`;
  if (status === 429) return { kind: 'never-sent', what, retryAfterMs: parseRetryAfter(headers) ?? 1000 };
  const isTemporary = isTemporaryStatus(status);
  if (typeof json !== 'object' || json === null) {
    return { kind: 'no-answer', what: `${what} without JSON`, advice: isTemporary ? undefined : CHECK_THE_WAY };
  }
  const fields = fieldsOf(json);
  const value = status >= 200 && status < 300 ? read(fields) : undefined;
  if (value !== undefined) return { kind: 'granted', value };
  const { error } = fields;
  // The word decides, not the status: other servers send errors at 200 and 403. At a temporary status it is a gateway's.
  const isPassing = isTemporary || error === 'server_error' || error === 'temporarily_unavailable';
  if (!isPassing && typeof error === 'string' && /^[a-z_]{1,40}$/.test(error)) {
    return { kind: 'denied', error, what: `${what} (${error})`, advice: UPDATE };
  }
  const advice = isPassing ? undefined : `${CHECK_THE_WAY} ${UPDATE}`;
  return { kind: 'no-answer', what: isPassing ? what : `${what}, which this action does not understand`, advice };
}

const CHECK_THE_WAY = 'Check what stands between the runner and that host, and the input platform-url if you set it.';
const UPDATE = 'Look for a newer version of this action: Parallel may want to be asked otherwise now.';
