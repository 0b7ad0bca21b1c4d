import type { Broken, Reply } from '../../src/http.ts';

// What a `Send` comes back with, made by hand.

/** A reply; `json` is undefined where the body was none. */
export function reply(status: number, json: unknown, headers: Reply['headers'] = {}): Reply {
  return { status, json, headers };
}

/** No usable answer. */
export function broken(kind: Broken['kind'], what = 'broke'): Broken {
  return { kind, what, nextStep: 'Wait.', isTemporary: true };
}

export function isReply(outcome: Reply | Broken): outcome is Reply {
  return 'status' in outcome;
}
