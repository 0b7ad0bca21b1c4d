import { describe, expect, test } from 'vitest';
import type { RunPlan } from '../simulation/runs.ts';
import { EXPIRED, type SceneRule, scene } from '../simulation/scene.ts';
import { EPOCH, type World } from '../simulation/world.ts';
import { withFields } from '../support/faults.ts';
import { NOWHERE } from '../support/fixtures.ts';

// One run in the simulated world, where the code's own jitter is none and only a rule makes anything late.

type Scene = Awaited<ReturnType<typeof scene>>;

/** What comes of the run called `run`; `prepare` may add rules and others who are about. */
async function renew(
  rules: readonly Omit<SceneRule, 'who'>[] = [],
  timeoutMs = 120_000,
  prepare = (_: Scene) => {},
  plan: Partial<RunPlan> = {},
) {
  const made = await scene(
    rules.map((rule) => ({ who: 'run', ...rule })),
    { random: () => 0 },
  );
  const run = made.run('run', EXPIRED, { timeoutMs, ...plan });
  prepare(made);
  await made.world.drain();
  return { ...made, outcome: run.outcome(), exchanges: made.times('run', 'refresh') };
}

/** Puts a newer state of the same login on the ref, as another run would; hands back its access token. */
function putNewer({ github, parallel, now }: World): string {
  const { state } = github.head;
  if (state === undefined) throw new Error('there is no state to be newer than');
  const { accessToken, refreshToken } = parallel.renew(state);
  github.put({
    ...state,
    refreshToken,
    status: { kind: 'usable', accessToken, expiresAt: EPOCH + now + 900_000 },
  });
  return accessToken;
}

test('a run renews a login whose access token is about to end', async () => {
  const { outcome, exchanges, head, times } = await renew();
  expect(outcome).toEqual({ token: head().accessToken, isFresh: true });
  expect(head()).toMatchObject({ by: 'run', generation: 1, status: 'usable' });
  expect([exchanges, times('run', 'create'), times('run', 'move')].map(({ length }) => length)).toEqual([1, 2, 2]);
});

test('the life of an access token counts from when it was asked for, not from when it came', async () => {
  const { world } = await renew([{ on: 'refresh', back: 14_000 }]);
  const { status } = world.github.head.state ?? {};
  const lifeMs = status?.kind === 'usable' ? status.expiresAt - EPOCH - EXPIRED : 0;
  // Ten minutes from the request, which was made within the first second; GitHub tells whole seconds.
  expect(lifeMs).toBeGreaterThan(595_000);
  expect(lifeMs).toBeLessThan(605_000);
});

describe('the refresh token', () => {
  test('is not spent on a lease of which less than 20 s are left: it lapses first', async () => {
    const { outcome, exchanges, head } = await renew([{ on: ['create', 'move'], times: 2, out: 5_500 }]);
    expect(outcome).toMatchObject({ token: head().accessToken });
    expect(exchanges).toEqual([expect.any(Number)]);
    expect(exchanges[0]).toBeGreaterThanOrEqual(35_000);
    expect(exchanges[0]).toBeLessThan(38_000);
  });

  test('is not spent on the lease of another run that came first', async () => {
    const { outcome, exchanges, times } = await renew([{ on: 'create', out: 5_000 }], 30_000, ({ add, run }) => {
      add({ who: 'other', on: 'refresh', times: 2, answer: 'never' });
      run('other', EXPIRED, { id: '77' });
    });
    expect(outcome).toMatchObject({
      failure: expect.stringContaining('Run 77 (attempt 1) of octo/evals holds the lease'),
    });
    expect(times('run', 'move')).toHaveLength(1);
    expect(exchanges).toEqual([]);
  });

  test('is not spent, and no lease taken, with less than 20 s left', async () => {
    const { outcome, times } = await renew([], 19_000);
    expect(outcome).toMatchObject({ failure: expect.stringContaining('too little of') });
    expect(times('run', 'create')).toEqual([]);
  });

  test('is not spent with less than 15 s left once the lease is taken', async () => {
    const { outcome, exchanges, head } = await renew([{ on: 'move', out: 7_000 }], 21_000);
    expect(outcome).toMatchObject({ failure: expect.stringContaining('too little of') });
    expect(head()).toMatchObject({ by: 'run', status: 'lease' });
    expect(exchanges).toEqual([]);
  });

  // The lease is taken in 80 ms for each of its two requests, if they are not delayed.
  test.each([
    ['breaks after 14.9 s', { out: 14_900, answer: 'cut' }, 0, 2],
    ['never comes, and is cut off after 15 s', { answer: 'never' }, 0, 2],
    ['never comes, and 9 s of the lease are left', { answer: 'never' }, 6_000, 2],
    ['never comes, and less than 9 s of the lease are left', { answer: 'never' }, 6_001, 1],
  ] as const)('is spent once more, and only while the lease lasts: the answer %s', async (_, fault, leaseMs, count) => {
    const { exchanges, outcome } = await renew([
      { on: ['create', 'move'], times: 2, out: leaseMs / 2, back: 0 },
      { on: 'refresh', times: 2, ...fault },
    ]);
    expect(exchanges).toHaveLength(count);
    expect(outcome).toMatchObject({ failure: expect.stringContaining('The login could not be renewed') });
  });

  test.each([
    [2_000, 2],
    [2_001, 1],
  ])(
    'is spent again where nothing was sent, with 20 s of the lease left: %d ms of 22 s, %d tries',
    async (ms, count) => {
      const { exchanges } = await renew([
        { on: ['create', 'move'], times: 2, out: 4_000, back: 0 },
        { on: 'refresh', times: 2, isUnsent: true, out: ms },
      ]);
      expect(exchanges).toHaveLength(count);
    },
  );

  test('is not spent again where the run was cancelled while it waited for that', async () => {
    const limit = { status: 429, headers: { 'retry-after': '2' } };
    const { exchanges } = await renew([{ on: 'refresh', answer: limit }], 120_000, undefined, { cancelMs: 2_000 });
    expect(exchanges).toHaveLength(1);
  });

  test('is not spent on a lease that lapsed while the machine slept: its clock stood still, the time of GitHub went on', async () => {
    const { outcome, exchanges, head } = await renew([
      {
        on: 'move',
        acts: true,
        answer: (_, own) => ({ ...own, headers: { date: new Date(EPOCH + EXPIRED + 60_000).toUTCString() } }),
      },
    ]);
    expect(outcome).toMatchObject({ token: head().accessToken });
    expect(exchanges).toEqual([expect.any(Number)]);
    expect(exchanges[0]).toBeGreaterThanOrEqual(35_000);
  });

  test('is not spent twice where the answer is merely slow', async () => {
    const { outcome, exchanges } = await renew([{ on: 'refresh', back: 14_900 }]);
    expect(outcome).toMatchObject({ isFresh: true });
    expect(exchanges).toHaveLength(1);
  });
});

describe('a lease', () => {
  test.each([
    [99, 0],
    [100, 1],
  ])('with %d requests left in the hour leads to %d exchanges: storing may take them', async (left, count) => {
    const { outcome, exchanges } = await renew([], 120_000, ({ world }) => {
      world.quota = () => left;
    });
    expect(exchanges).toHaveLength(count);
    expect(outcome).toMatchObject(
      count === 1 ? { isFresh: true } : { failure: expect.stringContaining('leaves no room to keep the login') },
    );
  });
});

test('a commit that comes in the place of another is not believed: it may hold a spent token', async () => {
  const { outcome, times } = await renew([{ on: 'commit', acts: true, answer: withFields({ sha: NOWHERE }) }]);
  expect(outcome).toMatchObject({ isFresh: true });
  expect(times('run', 'commit')).toHaveLength(2);
});

test('a lease that one reply with a wrong Date makes look lapsed is left alone', async () => {
  const date = new Date(EPOCH + EXPIRED + 3_600_000).toUTCString();
  const { outcome, exchanges } = await renew(
    [
      { on: 'ref', out: 3_000 },
      { on: 'commit', acts: true, answer: (_, own) => ({ ...own, headers: { date } }) },
    ],
    120_000,
    ({ add, run }) => {
      add({ who: 'other', on: 'refresh', back: 10_000 });
      run('other', EXPIRED);
    },
  );
  expect(outcome).toMatchObject({ isFresh: false });
  expect(exchanges).toEqual([]);
});

test('a login that keeps its refresh token is written once, although the reply to that is lost', async () => {
  const { outcome, times } = await renew(
    [
      { on: 'refresh', acts: true, answer: withFields({ refresh_token: undefined }) },
      { on: 'move', skip: 1, acts: true, answer: 'cut' },
    ],
    120_000,
    // The judges know only servers that give a new one.
    ({ world }) => (world.isTampered = true),
  );
  expect(outcome).toMatchObject({ isFresh: true });
  expect(times('run', 'move')).toHaveLength(2);
});

describe('the write that takes the lease', () => {
  test.each([{ status: 500 }, 'cut'] as const)(
    'is asked for up to the deadline where its reply is lost: %j',
    async (answer) => {
      const { outcome } = await renew([{ on: 'move', times: 12, answer }]);
      expect(outcome).toMatchObject({ isFresh: true });
    },
  );

  test('finds that somebody has logged out', async () => {
    const { outcome, exchanges } = await renew([], 120_000, ({ add, world }) =>
      add({ who: 'run', on: 'create', meets: () => world.github.tamper(undefined) }),
    );
    expect(outcome).toMatchObject({ word: 'login-required', failure: expect.stringContaining('that is a log-out') });
    expect(exchanges).toEqual([]);
  });

  test('takes one word of it for no log-out, where the ref is there', async () => {
    const gone = { status: 422, body: { message: 'Reference does not exist' } };
    const { outcome } = await renew([{ on: 'move', answer: gone }]);
    expect(outcome).toMatchObject({ isFresh: true });
  });
});

test('a newer state of the same login, come while a run exchanges, is used and not overwritten', async () => {
  let theirs: { token: string; sha: string | undefined } | undefined;
  const { outcome, world, head } = await renew([], 120_000, ({ add, world }) =>
    add({
      who: 'run',
      on: 'refresh',
      meets: () => (theirs = { token: putNewer(world), sha: world.github.head.sha }),
    }),
  );
  expect(outcome).toEqual({ token: theirs?.token, isFresh: false });
  expect(world.github.head.sha).toBe(theirs?.sha);
  expect(head()).toMatchObject({ isAlive: true });
});

test('a head that reads show 34 s late is waited for', async () => {
  let theirs: string | undefined;
  const { outcome } = await renew(
    [{ on: ['ref', 'commit'], after: 'move', times: 99, lag: 34_000 }],
    120_000,
    ({ add, world }) => add({ who: 'run', on: 'move', meets: () => (theirs = putNewer(world)) }),
  );
  expect(outcome).toEqual({ token: theirs, isFresh: false });
});

test('a run that lost the lease, and is shown the old head once more, asks for no other on it', async () => {
  const { outcome, times } = await renew(
    [
      { on: 'create', out: 5_000 },
      // Once it has seen the newer head.
      { on: ['ref', 'commit'], after: 'refresh', skip: 2, times: 3, lag: 9_000 },
    ],
    120_000,
    ({ run }) => run('other', EXPIRED),
  );
  expect(outcome).toMatchObject({ isFresh: false });
  expect(times('run', 'create')).toHaveLength(1);
});
