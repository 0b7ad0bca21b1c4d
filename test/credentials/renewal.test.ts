import { describe, expect, test } from 'vitest';
import { OAuth } from '../../src/credentials/oauth.ts';
import { obtainAccess } from '../../src/credentials/renewal.ts';
import { seal } from '../../src/credentials/seal.ts';
import { begin, type State, type Status } from '../../src/credentials/state.ts';
import { Store } from '../../src/credentials/store.ts';
import { type Broken, type Clock, Http, type Reply, type Request } from '../../src/http.ts';

// One run against a GitHub and a Parallel of a few lines, on a clock that moves only where a test or a wait moves it.

const KEY = Buffer.alloc(32, 1);
const BINDING = { repositoryId: '42', ref: 'refs/parallel-balance/state' };
const START = Date.UTC(2026, 10, 23);
const GRANT = { accessToken: 'access-1', accessTokenSeconds: 600, refreshToken: 'refresh-1', orgId: 'org_abc' };
const LOGIN = begin(
  { ...GRANT, refreshTokenSeconds: 1e6, authorizationSeconds: 1e7, orgName: undefined, scopes: undefined },
  'client-1',
  START,
);
/** Its access token is about to end. */
const OLD: State = { ...LOGIN, status: { kind: 'usable', accessToken: 'access-1', expiresAt: START } };
const OTHERS: Status = { kind: 'lease', nonce: 'other', until: START + 30_000, run: '77', attempt: '1' };

interface World {
  ms: number;
  /** Puts a state on the ref, as another run would. */
  put(state: State): void;
  /** Seen before each request is answered; a result is answered instead. */
  meet: (name: 'read' | 'commit' | 'move' | 'refresh', count: number) => Reply | Broken | undefined;
  /** When each exchange was asked for. */
  readonly exchanges: number[];
  readonly counts: Record<string, number>;
  head(): string;
  obtain(timeoutMs?: number): Promise<unknown>;
}

function startWorld(state: State = OLD): World {
  const commits: { message: string; parent: string | undefined }[] = [];
  let head = '';
  const add = (message: string, parent?: string) =>
    (commits.push({ message, parent }) + 0xa0).toString(16).padStart(40, '0');
  const find = (sha: string) => commits[Number.parseInt(sha, 16) - 0xa1];
  const reply = (status: number, json: unknown): Reply => ({
    status,
    json,
    headers: { date: new Date(START + world.ms).toUTCString() },
  });
  const clock: Clock = {
    now: () => world.ms,
    sleep: async (ms) => {
      world.ms += ms;
    },
    random: () => 0,
  };

  async function send({ method, url, body = '{}' }: Request): Promise<Reply | Broken> {
    const name = url.endsWith('/token')
      ? 'refresh'
      : method === 'PATCH'
        ? 'move'
        : method === 'POST'
          ? 'commit'
          : 'read';
    world.counts[name] = (world.counts[name] ?? 0) + 1;
    if (name === 'refresh') world.exchanges.push(world.ms);
    const met = world.meet(name, world.counts[name]);
    if (met) return met;
    if (name === 'refresh')
      return reply(200, { access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 600 });
    if (url.includes('/git/ref/')) return reply(200, { object: { sha: head } });
    if (name === 'read') {
      const { message } = find(url.slice(-40)) ?? {};
      return reply(200, { message, tree: { sha: '4b825dc642cb6eb9a060e54bf8d69288fbee4904' } });
    }
    const { message, parents, sha } = JSON.parse(body);
    if (name === 'commit') return reply(201, { sha: add(message, parents[0]) });
    if (find(sha)?.parent !== head) return reply(422, { message: 'Update is not a fast forward' });
    head = sha;
    return reply(200, { object: { sha } });
  }

  const world: World = {
    ms: 0,
    put: (next) => {
      head = add(seal(JSON.stringify(next), KEY, BINDING), head);
    },
    meet: () => {},
    exchanges: [],
    counts: {},
    head: () => head,
    obtain: (timeoutMs = 120_000) => {
      const http = (limit: number) => new Http(limit, { clock, send });
      const mask = () => {};
      const store = new Store({
        apiUrl: 'https://api',
        repository: 'o/r',
        token: 't',
        key: KEY,
        binding: BINDING,
        mask,
      });
      const oauth = new OAuth('https://platform', mask);
      const interrupts = { hold: () => ({ received: () => false, release: () => {} }) };
      const run = { id: '1', attempt: '1' };
      const startStoring = () => http(120_000);
      const options = { http: http(timeoutMs), store, oauth, interrupts, run, debug: () => {}, startStoring };
      return obtainAccess(options, new Set()).catch((error) => error);
    },
  };
  world.put(state);
  return world;
}

test('renews a login whose access token is about to end', async () => {
  const world = startWorld();
  expect(await world.obtain()).toMatchObject({ accessToken: 'access-2', isFresh: true });
  expect(world.counts).toMatchObject({ refresh: 1, commit: 2, move: 2 });
});

describe('the refresh token is not spent', () => {
  test('on a lease of which less than 20 s are left: it lapses first', async () => {
    const world = startWorld();
    world.meet = (name, count) => {
      if (name === 'move' && count === 1) world.ms += 11_000;
    };
    expect(await world.obtain()).toMatchObject({ accessToken: 'access-2' });
    expect(world.exchanges).toEqual([expect.any(Number)]);
    expect(world.exchanges[0]).toBeGreaterThanOrEqual(35_000);
    expect(world.exchanges[0]).toBeLessThan(38_000);
  });

  test('on the lease of another run that came first', async () => {
    const world = startWorld();
    world.meet = (name, count) => {
      if (name === 'move' && count === 1) world.put({ ...OLD, status: OTHERS });
    };
    expect(await world.obtain(30_000)).toMatchObject({
      message: expect.stringContaining('Run 77 (attempt 1) holds the lease'),
    });
    expect(world.exchanges).toEqual([]);
  });

  test('and no lease taken, with less than 20 s left', async () => {
    const world = startWorld();
    expect(await world.obtain(19_000)).toMatchObject({ message: expect.stringContaining('too little of') });
    expect(world.counts).not.toHaveProperty('commit');
  });

  test('with less than 15 s left once the lease is taken', async () => {
    const world = startWorld();
    world.meet = (name) => {
      if (name === 'move') world.ms += 7_000;
    };
    expect(await world.obtain(21_000)).toMatchObject({ message: expect.stringContaining('too little of') });
    expect(world.exchanges).toEqual([]);
  });

  test.each([
    [10_000, 2],
    [10_001, 1],
  ])('again where the connection broke after %d ms: %d exchanges', async (ms, exchanges) => {
    const world = startWorld();
    world.meet = (name, count) => {
      if (name !== 'refresh' || count > 1) return;
      world.ms += ms;
      return { kind: 'broken', what: 'broke', nextStep: '', isTemporary: true };
    };
    await world.obtain();
    expect(world.exchanges).toHaveLength(exchanges);
  });
});

test('a newer state of the same login, come while this run exchanged, is used and not overwritten', async () => {
  const world = startWorld();
  const newer: State = {
    ...LOGIN,
    refreshToken: 'refresh-9',
    status: { kind: 'usable', accessToken: 'access-9', expiresAt: START + 900_000 },
  };
  let theirs = '';
  world.meet = (name) => {
    if (name !== 'refresh') return;
    world.put(newer);
    theirs = world.head();
  };
  expect(await world.obtain()).toMatchObject({ accessToken: 'access-9', isFresh: false });
  expect(world.head()).toBe(theirs);
});

test('a head that reads show 34 s late is waited for', async () => {
  const world = startWorld();
  const old = world.head();
  const date = () => new Date(START + world.ms).toUTCString();
  let lostAt = Number.POSITIVE_INFINITY;
  world.meet = (name, count) => {
    if (name === 'move' && count === 1) {
      world.put({ ...LOGIN, status: { kind: 'usable', accessToken: 'access-9', expiresAt: START + 900_000 } });
      lostAt = world.ms;
    }
    if (name === 'read' && world.ms >= lostAt && world.ms < lostAt + 34_000) {
      return { status: 200, json: { object: { sha: old } }, headers: { date: date() } };
    }
    return;
  };
  expect(await world.obtain()).toMatchObject({ accessToken: 'access-9' });
});
