import { describe, expect, test } from 'vitest';
import { EXPIRED, type SceneRule, scene } from '../simulation/scene.ts';
import type { World } from '../simulation/world.ts';
import { GITHUB_KINDS, type Reply } from '../support/faults.ts';
import { EMPTY_TREE, NOWHERE } from '../support/fixtures.ts';

// What happens between the exchange and the end of the store, request by request, in the simulated world.

const FORBIDDEN: Reply = { status: 403, body: { message: 'Resource not accessible by integration' } };
const GONE: Reply = { status: 422, body: { message: 'Reference does not exist' } };
const NOT_FOUND: Reply = { status: 404, body: { message: 'Not Found' } };

/** A run whose store meets `rules`; its requests in seconds since the exchange was answered. */
async function store(...rules: readonly Omit<SceneRule, 'who'>[]) {
  return storeIn(() => {}, ...rules);
}

/** The same, where somebody does this to GitHub while the token is spent. */
async function storeIn(meddle: (github: World['github']) => void, ...rules: readonly Omit<SceneRule, 'who'>[]) {
  const made = await scene(
    rules.map((rule) => ({ who: 'run', after: 'refresh', ...rule })),
    { random: () => 0 },
  );
  made.add({ who: 'run', on: 'refresh', meets: () => meddle(made.world.github) });
  const run = made.run('run', EXPIRED);
  await made.world.drain();
  const [exchange = Number.NaN] = made.times('run', 'refresh');
  const seconds = (kind: 'create' | 'move') =>
    made
      .times('run', kind)
      .filter((ms) => ms > exchange)
      .map((ms) => Math.round((ms - exchange) / 100) / 10);
  const wasRevoked = made.world.trace.some(([, , what]) => / revoked by run$/.test(what));
  return { ...made, outcome: run.outcome(), create: seconds('create'), move: seconds('move'), wasRevoked };
}

const steps = (times: number[]) => times.slice(1).map((at, index) => Math.round((at - (times[index] ?? 0)) * 10) / 10);

test('the store is tried after 1, 2, 4 and then 5 s, anew once the commit is created', async () => {
  const { outcome, create, move } = await store(
    { on: 'create', times: 5, answer: FORBIDDEN },
    { on: 'move', times: 2, answer: FORBIDDEN },
  );
  expect(outcome).toMatchObject({ isFresh: true });
  // A request takes 80 ms, and a move that failed is followed by a look.
  expect(steps(create).map(Math.floor)).toEqual([1, 2, 4, 5, 5]);
  expect(steps(move).map(Math.floor)).toEqual([1, 2]);
});

test.each([
  { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } },
  { status: 429, headers: { 'retry-after': '600' } },
])('a limit is honoured for 10 s at a time: $status', async (answer) => {
  const { outcome, create } = await store({ on: 'create', times: 3, answer });
  expect(outcome).toMatchObject({ isFresh: true });
  expect(steps(create).map(Math.floor)).toEqual([10, 10, 10]);
});

test('nothing that GitHub answers ends the store before its two minutes are over', async () => {
  const { outcome, move } = await store({ on: 'move', times: 99, answer: FORBIDDEN });
  const failure = expect.stringMatching(/did not take .* lacks the permission contents: write/);
  expect(outcome).toMatchObject({ word: 'login-required', failure });
  expect(move.at(-1)).toBeGreaterThan(113);
});

describe('a log-out', () => {
  test('is a write and a read that agree, three times, over 10 s', async () => {
    const { outcome, move, wasRevoked } = await storeIn((github) => github.tamper(undefined));
    expect(outcome).toMatchObject({ word: 'login-required', failure: expect.stringContaining('that is a log-out') });
    expect(wasRevoked).toBe(true);
    expect(move.length).toBeGreaterThanOrEqual(3);
    expect((move.at(-1) ?? 0) - (move[0] ?? 0)).toBeGreaterThanOrEqual(10);
    expect((move.at(-1) ?? 0) - (move[0] ?? 0)).toBeLessThan(16);
  });

  test('is not believed after two times, however far apart', async () => {
    const limit: Reply = { status: 429, headers: { 'retry-after': '10' } };
    const { outcome, wasRevoked } = await store(
      ...[GONE, limit, GONE].map((answer) => ({ on: 'move', answer }) as const),
      { on: 'ref', times: 3, answer: NOT_FOUND },
    );
    expect(outcome).toMatchObject({ isFresh: true });
    expect(wasRevoked).toBe(false);
  });

  test.each([
    [
      'a head is seen between',
      [{ on: 'ref', times: 2, answer: NOT_FOUND }, { on: 'ref' }, { on: 'ref', times: 2, answer: NOT_FOUND }],
    ],
    ['the write says something else', [{ on: 'ref', times: 9, answer: NOT_FOUND }]],
  ] as const)('is not believed where %s', async (_, reads) => {
    const refuse = reads.length === 1 ? NOT_FOUND : GONE;
    const { outcome, wasRevoked } = await store({ on: 'move', times: 5, answer: refuse }, ...reads);
    expect(outcome).toMatchObject({ isFresh: true });
    expect(wasRevoked).toBe(false);
  });
});

test.each([
  ["somebody else's state", EMPTY_TREE],
  ['a commit with files', NOWHERE],
])('%s on the ref is believed after 10 s, and this chain is ended', async (_, tree) => {
  const { outcome, move, wasRevoked } = await storeIn(
    (github) => github.tamper(NOWHERE),
    { on: 'move', times: 99, answer: { status: 422, body: { message: 'Update is not a fast forward' } } },
    { on: 'ref', times: 99, answer: { body: { object: { sha: NOWHERE, type: 'commit' } } } },
    { on: 'commit', times: 99, answer: { body: { sha: NOWHERE, message: 'not ours', tree: { sha: tree } } } },
  );
  expect(outcome).toMatchObject({ word: 'login-required', failure: expect.stringContaining('put something else on') });
  expect(wasRevoked).toBe(true);
  expect((move.at(-1) ?? 0) - (move[0] ?? 0)).toBeGreaterThanOrEqual(10);
});

test('a created commit counts only where the reply repeats its message', async () => {
  const { outcome, head } = await store({
    on: 'create',
    answer: ({ body }) => ({ status: 201, body: { sha: JSON.parse(body).parents[0] } }),
  });
  expect(outcome).toMatchObject({ isFresh: true });
  expect(head()).toMatchObject({ by: 'run', generation: 1, status: 'usable' });
});

test('a 422 while the head has not moved is the same move again', async () => {
  const { outcome, create, move } = await store({
    on: 'move',
    times: 2,
    answer: { status: 422, body: { message: 'Reference cannot be updated' } },
  });
  expect(outcome).toMatchObject({ isFresh: true });
  expect([create.length, move.length]).toEqual([1, 3]);
});

test('the store needs fewer requests than must be left when the token is spent', async () => {
  const { world } = await store({ on: GITHUB_KINDS, times: 200, answer: { status: 422, body: { message: 'no' } } });
  const asked = world.trace.filter(
    ([, who, what]) => who === 'run' && what.startsWith('-> ') && !what.includes('token'),
  );
  expect(asked.length).toBeLessThan(100);
});
