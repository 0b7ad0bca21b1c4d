import { createHash } from 'node:crypto';
import { type Asked, kindOf, type Reply } from '../support/faults.ts';
import { BINDING, EMPTY_TREE, KEY_BYTES } from '../support/fixtures.ts';
import { judgeMove } from './judge.ts';
import { open, type State, seal } from './protocol.ts';
import { type Actor, EPOCH, type World } from './world.ts';

interface Commit {
  readonly message: string;
  readonly parent: string | undefined;
  readonly at: number;
  readonly by: Actor | undefined;
  readonly state: State | undefined;
}

/** Where the ref stood from `at` on, and who has put it there: nobody of the protocol where it is `undefined`. */
export interface Move {
  readonly at: number;
  readonly sha: string | undefined;
  readonly state: State | undefined;
  readonly by: Actor | undefined;
}

export class SimulatedGithub {
  /** The ref, from its first state to its head. */
  readonly history: Move[] = [{ at: -Infinity, sha: undefined, state: undefined, by: undefined }];
  /** Ids of logins that another has replaced. */
  readonly retired = new Set<string>();
  readonly #world: World;
  readonly #commits = new Map<string, Commit>();

  constructor(world: World) {
    this.#world = world;
  }

  get head(): Move {
    return this.history.at(-1) as Move;
  }

  /** Somebody with push access forces the ref. */
  tamper(sha: string | undefined): void {
    const { now } = this.#world;
    this.#world.isTampered = true;
    this.#world.note('human', sha === undefined ? 'deletes the ref' : `forces the ref to ${sha.slice(0, 7)}`);
    this.history.push({ at: now, sha, state: sha && this.#commits.get(sha)?.state, by: undefined } as Move);
  }

  /** Somebody with push access and the key puts a state on the ref. */
  put(state: State): void {
    this.tamper(this.#add(seal(JSON.stringify(state), KEY_BYTES, BINDING), this.head.sha, undefined));
  }

  /** The commit on which somebody's lease stands, where there is one. */
  leaseOf(holder: Actor): Move | undefined {
    return this.history.findLast(({ by, state }) => by === holder && state?.status.kind === 'lease');
  }

  /** The three forms of GitHub's limits; Parallel has one of them. */
  limit(isParallel: boolean): Reply {
    const world = this.#world;
    const seconds = String(Math.ceil(world.between(1, 90)));
    if (isParallel || world.chance(0.3)) return { status: 429, headers: { 'retry-after': seconds } };
    if (world.chance(0.5)) return { status: 403, headers: { 'retry-after': seconds } };
    const reset = String(Math.ceil((world.now + EPOCH) / 1000) + Number(seconds));
    const body = { message: 'API rate limit exceeded' };
    return { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, body };
  }

  /** Does what was asked. A read is `lag` milliseconds behind. */
  answer(actor: Actor, { method, path, body }: Asked, etag: string | undefined, lag: number): Reply {
    const { now } = this.#world;
    const has = (sha: string) => (this.#commits.get(sha)?.at ?? Infinity) <= now - lag;
    const sent = JSON.parse(body || '{}');
    if (method === 'GET' && path.includes('/git/ref/')) {
      const sha = this.history.findLast(({ at }) => at <= now - lag)?.sha;
      if (sha === undefined) return { status: 404, body: { message: 'Not Found' } };
      if (etag === `"${sha}"`) return { status: 304 };
      return { status: 200, body: { object: { sha, type: 'commit' } }, headers: { etag: `"${sha}"` } };
    }
    if (kindOf({ method, path, body }) === 'repo') return { status: 200, body: { private: true } };
    if (method === 'GET') {
      const sha = path.slice(-40);
      if (!has(sha)) return { status: 404, body: { message: 'Not Found' } };
      return { status: 200, body: { sha, message: this.#commits.get(sha)?.message, tree: { sha: EMPTY_TREE } } };
    }
    if (path.endsWith('/git/commits')) {
      const [parent] = sent.parents;
      if (parent !== undefined && !has(parent)) return unprocessable('Parent SHA does not exist');
      return { status: 201, body: { sha: this.#add(sent.message, parent, actor), message: sent.message } };
    }
    if (!has(sent.sha)) return unprocessable('Object does not exist');
    const old = this.head.sha;
    if (method === 'POST') {
      if (old !== undefined) return unprocessable('Reference already exists');
    } else {
      if (old === undefined) return unprocessable('Reference does not exist');
      if (!sent.force && !this.#descends(sent.sha, old)) return unprocessable('Update is not a fast forward');
    }
    if (sent.sha !== old) this.#move(sent.sha);
    return { status: method === 'POST' ? 201 : 200, body: { object: { sha: sent.sha } } };
  }

  #add(message: string, parent: string | undefined, by: Actor | undefined): string {
    const { now } = this.#world;
    const second = Math.floor((now + EPOCH) / 1000);
    const sha = createHash('sha1').update(`${second} ${parent} ${message}`).digest('hex');
    const text = open(message, KEY_BYTES, BINDING);
    const state: State | undefined = text === undefined ? undefined : JSON.parse(text);
    if (!this.#commits.has(sha)) this.#commits.set(sha, { message, parent, at: now, by, state });
    return sha;
  }

  #descends(sha: string, ancestor: string): boolean {
    let each: string | undefined = sha;
    while (each !== undefined && each !== ancestor) each = this.#commits.get(each)?.parent;
    return each !== undefined;
  }

  /** The ref moves: the place where a newer state could be lost. */
  #move(sha: string): void {
    const { state, by } = this.#commits.get(sha) as Commit;
    const before = this.head;
    const move = { at: this.#world.now, sha, state, by };
    this.history.push(move);
    judgeMove(this.#world, before, move);
  }
}

function unprocessable(message: string): Reply {
  return { status: 422, body: { message } };
}
