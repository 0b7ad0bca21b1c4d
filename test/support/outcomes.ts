import type { NoReply, Reply } from '../../src/reply.ts';

// What a `Send` comes back with, made by hand.

/** A reply; `json` is undefined where the body was none. */
export function reply(status: number, json: unknown, headers: Reply['headers'] = {}): Reply {
  return { kind: 'reply', status, json, headers };
}

/** No usable answer. */
export function broken(kind: NoReply['kind'], what = 'broke'): NoReply {
  return { kind, what, isTemporary: true };
}

export function isReply(outcome: Reply | NoReply): outcome is Reply {
  return outcome.kind === 'reply';
}
