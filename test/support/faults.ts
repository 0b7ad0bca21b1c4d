// The one vocabulary for what a server does to a request: the servers on loopback and the simulation both speak it.

/** What a request to GitHub asks for: `create` makes a commit, `first` makes the ref, `move` moves it. */
export const GITHUB_KINDS = ['repo', 'ref', 'commit', 'create', 'first', 'move'] as const;
export const PARALLEL_KINDS = ['register', 'device', 'poll', 'refresh', 'revoke', 'balance'] as const;
export type GithubKind = (typeof GITHUB_KINDS)[number];
export type ParallelKind = (typeof PARALLEL_KINDS)[number];
export type Kind = GithubKind | ParallelKind;

/** What was asked, as far as an answer may depend on it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export type HeaderFields = Readonly<Record<string, string | undefined>>;

/** Left out, the status is 200 and the body `{}`. A text is sent as it is, all else as JSON. */
export interface Reply {
  readonly status?: number;
  /** One that is `undefined` is not sent, not even where the server always sends it (`date`). */
  readonly headers?: HeaderFields;
  readonly body?: unknown;
}

/** What the client gets to see. */
export type Answer =
  | Reply
  /** These bytes in place of HTTP; then the connection ends, or stays open in silence. */
  | { readonly raw: string; readonly staysOpen?: boolean }
  /** The connection ends, by FIN or by RST. */
  | 'cut'
  | 'reset'
  /** An answer begins and never ends. */
  | 'drip'
  | 'never';

/** What happens to one request. `{}`: nothing out of the ordinary. */
export interface Fault {
  /** Left out: what the server itself says. A function is handed that, if the server has acted. */
  readonly answer?: Answer | ((asked: Asked, own: Reply | undefined) => Answer);
  /** Whether the server does what it was asked to; by default only where no answer is given. `late`: after its answer. */
  readonly acts?: boolean | 'late';
  /** Before it acts, or answers without acting. It acts even if the client has left by then. */
  readonly delayMs?: number;
  /** Between acting and answering. */
  readonly answerDelayMs?: number;
}

/** A fault, and the requests that meet it. */
export interface Rule<K extends Kind = Kind> extends Fault {
  readonly on: K | readonly K[] | 'any' | ((asked: Asked) => boolean);
  /** Nothing is met before a request of this kind has been decided, at any server of the same world. */
  readonly after?: Kind;
  /** So many are let pass first. */
  readonly skip?: number;
  /** So many then meet the fault; 1 if left out. */
  readonly times?: number;
}

/** The rules of one server, oldest first: the first that is due strikes, and the younger do not count that request. */
export class Faults<K extends Kind = Kind, R extends Rule<K> = Rule<K>> {
  readonly #decided: Set<Kind>;
  readonly #rules: { readonly rule: R; met: number }[] = [];

  /** `decided`: the kinds that any server of the same world has decided; handed in, it is shared. */
  constructor(decided = new Set<Kind>()) {
    this.#decided = decided;
  }

  add(...rules: readonly R[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, met: 0 })));
  }

  /** Forgets every rule. */
  clear(): void {
    this.#rules.length = 0;
  }

  /** The rule that this request meets. Each call counts as one request. */
  strike(asked: Asked): R | undefined {
    for (const entry of this.#rules) {
      const { skip = 0, times = 1, after } = entry.rule;
      if (entry.met >= skip + times || (after !== undefined && !this.#decided.has(after))) continue;
      if (!isMeant(entry.rule, asked)) continue;
      entry.met += 1;
      if (entry.met > skip) return entry.rule;
    }
    return undefined;
  }

  /** Rules that wait for this kind are due from now on. */
  note(kind: Kind | undefined): void {
    if (kind !== undefined) this.#decided.add(kind);
  }
}

/** Whether the server does what it was asked to before it answers. */
export function actsFirst({ answer, acts = answer === undefined }: Fault): boolean {
  return acts === true;
}

/** What the client gets to see; `own` is the server's own answer, if it has acted. */
export function answerOf<A>({ answer }: Fault, asked: Asked, own: A | undefined): Answer | A {
  if (typeof answer === 'function') return answer(asked, isReply(own) ? own : undefined);
  return answer ?? own ?? {};
}

export function isReply(answer: unknown): answer is Reply {
  return typeof answer === 'object' && answer !== null && !('raw' in answer);
}

/** The server's own reply, with these fields in its body in the place of its own. */
export function withFields(fields: object) {
  return (_: Asked, own: Reply | undefined): Reply => ({ ...own, body: { ...Object(own?.body), ...fields } });
}

/** What a request asks for, by its method, path and form. */
export function kindOf({ method, path, body }: Asked): Kind | undefined {
  const call = `${method} ${path}`;
  if (!call.endsWith('/getServiceKeys/token')) return CALLS.find(([, pattern]) => pattern.test(call))?.[0];
  const form = new URLSearchParams(body);
  if (form.has('device_code')) return 'poll';
  return form.get('grant_type') === 'refresh_token' ? 'refresh' : undefined;
}

const CALLS: readonly [Kind, RegExp][] = [
  ['repo', /^GET \/(repos\/[^/]+\/[^/]+|repositories\/\d+)$/],
  ['ref', /^GET .*\/git\/ref\/./],
  ['commit', /^GET .*\/git\/commits\/./],
  ['create', /^POST .*\/git\/commits$/],
  ['first', /^POST .*\/git\/refs$/],
  ['move', /^PATCH .*\/git\/refs\/./],
  ['register', /^POST \/getServiceKeys\/register$/],
  ['device', /^POST \/getServiceKeys\/device\/code$/],
  ['revoke', /^POST \/getServiceKeys\/token\/revoke$/],
  ['balance', /^GET .*\/service\/v1\/balance$/],
];

function isMeant({ on }: Rule, asked: Asked): boolean {
  if (typeof on === 'function') return on(asked);
  if (on === 'any') return true;
  const kind = kindOf(asked);
  return kind !== undefined && [on].flat().includes(kind);
}
