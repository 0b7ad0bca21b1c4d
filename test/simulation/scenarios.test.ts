import { expect, test } from 'vitest';
import { GITHUB_KINDS, type Reply } from '../support/faults.ts';
import { EXPIRED, type SceneRule, scene } from './scene.ts';

// The situations that the protocol was made for, one by one, with nothing left to chance but the jitter of the code.

const limits: Reply[] = [
  { status: 429, headers: { 'retry-after': '20' } },
  { status: 403, headers: { 'retry-after': '90' } },
  {
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4000000000' },
    body: { message: 'API rate limit exceeded' },
  },
];

test('a login that lands during a lease replaces it, and the holder of the lease uses the new login', async () => {
  const { world, run, login, head } = await scene([{ who: 'run', on: 'refresh', out: 9_000 }]);
  const gate = run('run', EXPIRED);
  const outcome = login('login', EXPIRED + 4_000);
  await world.drain();
  expect(outcome()).toBe('stored');
  expect(head()).toMatchObject({ by: 'login', status: 'usable' });
  expect(gate.token()).toBe(head().accessToken);
  expect(world.count).toMatchObject({ refreshes: 0, ended: 0 });
});

test('a login that lands during an exchange wins, and what was exchanged is revoked', async () => {
  const { world, run, login, head } = await scene([{ who: 'run', on: 'refresh', back: 9_000 }]);
  const gate = run('run', EXPIRED);
  login('login', EXPIRED + 4_000);
  await world.drain();
  expect(world.trace.some(([, who, what]) => who === 'parallel' && /revoked by run$/.test(what))).toBe(true);
  expect(head()).toMatchObject({ by: 'login', status: 'usable' });
  expect(gate.token()).toBe(head().accessToken);
  expect(world.count).toMatchObject({ refreshes: 1, ended: 0 });
});

test('of two logins at once one is stored, and the other gives way and revokes its own chain', async () => {
  const { world, run, login, head } = await scene();
  const outcomes = [login('login A', EXPIRED), login('login B', EXPIRED)];
  const gate = run('run', EXPIRED + 5_000);
  await world.drain();
  expect(outcomes.map((outcome) => outcome()).sort()).toEqual(['stored', 'yielded']);
  expect(gate.token()).toBe(head().accessToken);
  expect(head()).toMatchObject({ isAlive: true, moves: 1 });
});

test('a login whose reply was lost is not written over the login that came on top of it', async () => {
  const { world, login, head } = await scene([
    { who: 'login A', on: 'move', acts: true, answer: 'cut' },
    { who: 'login A', on: 'move', out: 8_000 },
  ]);
  login('login A', EXPIRED);
  login('login B', EXPIRED + 2_000);
  await world.drain();
  expect(head()).toMatchObject({ by: 'login B', isAlive: true, moves: 2 });
});

// A run looks for what it has stored once more when its two minutes are over, a login once again before it revokes.
test.each([
  ['run', 1, 121_000],
  ['login', 0, 124_000],
])('what a %s has stored counts, though GitHub was silent for two minutes from its reply on', async (who, skip, ms) => {
  const { world, add, run, login, head } = await scene([{ who, on: 'move', skip, acts: true, answer: 'cut' }]);
  const isSilent = () => head().by === who && head().status === 'usable' && world.now < EXPIRED + ms;
  add({ who, on: isSilent, times: 99, answer: 'never' });
  const outcome = who === 'run' ? run(who, EXPIRED).outcome : login(who, EXPIRED);
  await world.drain();
  expect(outcome()).toEqual(who === 'run' ? { token: head().accessToken, isFresh: true } : 'stored');
  expect(head()).toMatchObject({ by: who, isAlive: true });
});

test('a store whose reply was lost, and whose commit was built upon, is done and not written again', async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', on: 'move', skip: 1, acts: true, answer: 'cut' },
    { who: 'run 1', on: 'move', skip: 1, out: 9_000 },
    { who: 'run 1', on: 'ref', after: 'refresh', answer: 'cut' },
    // While its lease stands on what the first has stored.
    { who: 'run 2', on: 'refresh', back: 12_000 },
  ]);
  const first = run('run 1', EXPIRED);
  const second = run('run 2', EXPIRED + 4_000, { rejects: true });
  await world.drain();
  expect(head()).toMatchObject({ by: 'run 2', generation: 2, status: 'usable', moves: 4 });
  expect(second.token()).toBe(head().accessToken);
  expect(first.outcome()).toMatchObject({ isFresh: true });
});

test('an outage of GitHub across the lapse of the lease does not lose the renewed login', async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', on: GITHUB_KINDS, skip: 5, times: 15, answer: 'cut' },
    // It takes the lapsed lease and dies before it has presented the spent token.
    { who: 'run 2', on: 'refresh', answer: 'cut', dies: true },
  ]);
  const first = run('run 1', EXPIRED);
  run('run 2', EXPIRED + 40_000);
  const third = run('run 3', EXPIRED + 100_000);
  await world.drain();
  expect(head()).toMatchObject({ by: 'run 1', generation: 1, status: 'usable', isAlive: true });
  expect(first.token()).toBe(head().accessToken);
  expect(third.token()).toBe(head().accessToken);
  expect(world.count).toMatchObject({ refreshes: 1, takeovers: 1 });
});

test("a limit of GitHub's on the store is waited out", async () => {
  const { world, run, head } = await scene(
    limits.map((answer): SceneRule => ({ who: 'run 1', on: GITHUB_KINDS, after: 'refresh', times: 2, answer })),
  );
  const first = run('run 1', EXPIRED);
  await world.drain();
  expect(head()).toMatchObject({ by: 'run 1', generation: 1, status: 'usable' });
  expect(first.token()).toBe(head().accessToken);
});

test('a limit that asks for no wait gets a second of it', async () => {
  const answer = { status: 429, headers: { 'retry-after': '0' } };
  const { world, run, times } = await scene([
    { who: 'run', after: 'refresh', on: ['create', 'move'], times: 100_000, answer },
  ]);
  run('run', EXPIRED);
  await world.drain();
  expect(times('run', 'create').length).toBeLessThan(130);
});

test('a write that lands although its connection was cut is known by what it says', async () => {
  const { world, run, head, times } = await scene([
    { who: 'run', on: 'move', times: 4, acts: 'late', delayMs: 2_000, answer: 'cut' },
    { who: 'run', on: 'refresh', delayMs: 3_000, answerDelayMs: 6_000 },
  ]);
  const gate = run('run', EXPIRED);
  await world.drain();
  const [firstMove = Number.NaN] = times('run', 'move');
  expect(world.github.history[2]).toMatchObject({
    at: EXPIRED + firstMove + 2_040,
    state: { status: { kind: 'lease' } },
  });
  expect(head()).toMatchObject({ by: 'run', generation: 1, status: 'usable', moves: 2 });
  expect(gate.token()).toBe(head().accessToken);
  const [, , , , , stored = Number.NaN] = times('run', 'move');
  expect(stored - (times('run', 'refresh')[0] ?? Number.NaN)).toBe(9_160);
});

test('an older login that a lagging read shows takes the place of none', async () => {
  const { world, run, login, head } = await scene([
    { who: 'run', on: 'move', skip: 1, answer: 'cut' },
    { who: 'run', on: 'ref', after: 'refresh', lag: 8_000 },
  ]);
  login('login', EXPIRED);
  const gate = run('run', EXPIRED + 3_000, { rejects: true });
  await world.drain();
  expect(gate.outcome()).toEqual({ token: head().accessToken, isFresh: true });
  expect(head()).toMatchObject({ by: 'run', status: 'usable', isAlive: true });
});

test('a PATCH that lands late changes nothing', async () => {
  const { world, run, head } = await scene([{ who: 'run 1', on: 'move', out: 45_000 }]);
  const first = run('run 1', EXPIRED, { timeoutMs: 120_000 });
  await world.drain();
  expect(world.now).toBeGreaterThan(EXPIRED + 45_000);
  expect(head()).toMatchObject({ by: 'run 1', generation: 1, status: 'usable' });
  expect(first.token()).toBe(head().accessToken);
});

test('a run killed before its exchange arrived leaves the next run a token', async () => {
  const { world, run, head } = await scene([{ who: 'run 1', on: 'refresh', answer: 'cut', dies: true }]);
  run('run 1', EXPIRED);
  const second = run('run 2', EXPIRED + 1_000);
  await world.drain();
  expect(second.token()).toBe(head().accessToken);
  expect(head()).toMatchObject({ by: 'run 2', generation: 1 });
});

test('a run killed while its exchange was answered ends the login: the next run says so, once for all', async () => {
  const { world, run, head } = await scene([{ who: 'run 1', on: 'refresh', dies: true }]);
  run('run 1', EXPIRED);
  const next = [run('run 2', EXPIRED + 1_000), run('run 3', EXPIRED + 2_000)];
  await world.drain();
  for (const { outcome } of next) expect(outcome()).toMatchObject({ word: 'login-required' });
  expect(head()).toMatchObject({ by: expect.stringMatching(/run [23]/), status: 'ended' });
  expect(world.count).toMatchObject({ refreshes: 1, killed: 1, ended: 1 });
});

test('50 runs on an expired token make one refresh', async () => {
  const { world, run, head } = await scene();
  const all = Array.from({ length: 50 }, (_, index) => run(`run ${index}`, EXPIRED));
  await world.drain();
  for (const { token } of all) expect(token()).toBe(head().accessToken);
  expect(world.count.refreshes).toBe(1);
});

test('a lease that others see lapse, because its holder knew the time of GitHub too late, is not exchanged under', async () => {
  const slow: SceneRule[] = [
    { who: 'A', on: 'ref', times: 1 },
    { who: 'A', on: 'commit', times: 1 },
    { who: 'A', on: 'ref', times: 1, back: 9540 },
    { who: 'A', on: 'create', times: 1, back: 4500 },
    { who: 'A', on: 'move', times: 1, back: 4500 },
    { who: 'A', on: 'refresh', back: 14_500 },
    { who: 'A', on: 'create', times: 1, out: 2500 },
  ];
  const { world, run, head } = await scene(slow, { random: () => 0 });
  run('A', EXPIRED);
  run('B', EXPIRED + 15_000);
  await world.drain();
  expect(head()).toMatchObject({ isAlive: true });
});
