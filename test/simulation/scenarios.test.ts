import { expect, test } from 'vitest';
import { Login, loadProtocol, Run, type RunPlan } from './runs.ts';
import { type Fate, World } from './world.ts';

// The situations that the protocol was made for, one by one, with nothing left to chance but the jitter of the code.

const protocol = await loadProtocol();
const GOOD: Fate = { what: 'ok', out: 40, back: 40, lag: 0 };
/** The access token of the first login is about to expire. */
const EXPIRED = 560_000;

interface Rule {
  readonly who: string;
  /** Method and path, as in "PATCH git/refs" or "POST token". */
  readonly what: RegExp;
  /** Requests of this kind to let pass, and then to spoil. */
  readonly skip?: number;
  readonly times?: number;
  readonly fate: Partial<Fate>;
  /** Killed when it has sent the request. */
  readonly dies?: boolean;
}

function isDue({ skip = 0, times = 1 }: Rule, met: number): boolean {
  return met > skip && met <= skip + times;
}

/** A world with a login that needs renewal, and the rules by which requests go wrong. */
async function scene(rules: Rule[] = []) {
  const world = new World(1);
  new Login(world, protocol, 'first login');
  await world.drain();
  world.isCalm = false;
  const met = new Map<Rule, number>();
  world.decide = (actor, { method, url }) => {
    const label = `${method} ${url.replace(/^.*\/(?=git\/|token)/, '')}`;
    const matching = rules.filter(({ who, what }) => who === actor.name && what.test(label));
    for (const rule of matching) met.set(rule, (met.get(rule) ?? 0) + 1);
    const rule = matching.find((each) => isDue(each, met.get(each) ?? 0));
    if (rule?.dies) actor.diedAt = world.now;
    return { ...GOOD, ...rule?.fate };
  };
  const at = <T>(ms: number, make: () => T): T[] => {
    const made: T[] = [];
    world.after(ms - world.now, () => made.push(make()));
    return made;
  };
  const run = (name: string, ms: number, plan: Partial<RunPlan> = {}) => {
    const made = at(ms, () => new Run(world, protocol, name, { timeoutMs: 60_000, ...plan }));
    return {
      outcome: () => made[0]?.outcome,
      token: () => (made[0]?.outcome as { token?: string } | undefined)?.token,
    };
  };
  const login = (name: string, ms: number) => {
    const made = at(ms, () => new Login(world, protocol, name, undefined, 0));
    return () => made[0]?.outcome;
  };
  /** The newest state, and how often the ref has moved since the first login. */
  const head = () => ({ ...world.describeHead(), moves: world.history.length - 2 });
  return { world, run, login, head };
}

test('A login that lands during a lease replaces it, and the holder of the lease uses the new login.', async () => {
  const { world, run, login, head } = await scene([{ who: 'run', what: /POST token$/, fate: { out: 9_000 } }]);
  const gate = run('run', EXPIRED);
  const outcome = login('login', EXPIRED + 4_000);
  await world.drain();
  expect(outcome()).toBe('stored');
  expect(head()).toMatchObject({ by: 'login', status: 'usable' });
  expect(gate.token()).toBe(head().accessToken);
  expect(world.count).toMatchObject({ refreshes: 0, ended: 0 });
});

test('A login that lands during an exchange wins, and what was exchanged is revoked.', async () => {
  const { world, run, login, head } = await scene([{ who: 'run', what: /POST token$/, fate: { back: 9_000 } }]);
  const gate = run('run', EXPIRED);
  login('login', EXPIRED + 4_000);
  await world.drain();
  expect(world.trace.some(([, who, what]) => who === 'parallel' && /revoked by run$/.test(what))).toBe(true);
  expect(head()).toMatchObject({ by: 'login', status: 'usable' });
  expect(gate.token()).toBe(head().accessToken);
  expect(world.count).toMatchObject({ refreshes: 1, ended: 0 });
});

test('Of two logins at once one is stored, and the other gives way and revokes its own chain.', async () => {
  const { world, run, login, head } = await scene();
  const outcomes = [login('login A', EXPIRED), login('login B', EXPIRED)];
  const gate = run('run', EXPIRED + 5_000);
  await world.drain();
  expect(outcomes.map((outcome) => outcome()).sort()).toEqual(['stored', 'yielded']);
  expect(gate.token()).toBe(head().accessToken);
  expect(head()).toMatchObject({ isAlive: true, moves: 1 });
});

test('A login whose reply was lost is not written over the login that came on top of it.', async () => {
  const { world, login, head } = await scene([
    { who: 'login A', what: /PATCH/, fate: { what: 'acted-lost' } },
    { who: 'login A', what: /PATCH/, skip: 1, fate: { out: 8_000 } },
  ]);
  login('login A', EXPIRED);
  login('login B', EXPIRED + 2_000);
  await world.drain();
  expect(head()).toMatchObject({ by: 'login B', isAlive: true, moves: 2 });
});

test('A store whose reply was lost, and whose commit was built upon, is not written again.', async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', what: /PATCH/, skip: 1, fate: { what: 'acted-lost' } },
    { who: 'run 1', what: /PATCH/, skip: 2, fate: { out: 9_000 } },
  ]);
  const first = run('run 1', EXPIRED);
  const second = run('run 2', EXPIRED + 4_000, { rejects: true });
  await world.drain();
  expect(head()).toMatchObject({ by: 'run 2', generation: 2, status: 'usable', moves: 4 });
  expect(second.token()).toBe(head().accessToken);
  expect(first.token()).toBe(head().accessToken);
});

test('An outage of GitHub across the lapse of the lease does not lose the renewed login.', async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', what: /git\//, skip: 5, times: 60, fate: { what: 'dropped' } },
    // It takes the lapsed lease and dies before it has presented the spent token.
    { who: 'run 2', what: /POST token/, fate: { what: 'dropped' }, dies: true },
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

test("A limit of GitHub's on the store is waited out.", async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', what: /git\//, skip: 5, times: 6, fate: { what: 'limited' } },
  ]);
  const first = run('run 1', EXPIRED);
  await world.drain();
  expect(head()).toMatchObject({ by: 'run 1', generation: 1, status: 'usable' });
  expect(first.token()).toBe(head().accessToken);
});

test('A PATCH that lands late changes nothing.', async () => {
  const { world, run, head } = await scene([{ who: 'run 1', what: /PATCH/, fate: { out: 45_000 } }]);
  const first = run('run 1', EXPIRED, { timeoutMs: 120_000 });
  await world.drain();
  expect(world.now).toBeGreaterThan(EXPIRED + 45_000);
  expect(head()).toMatchObject({ by: 'run 1', generation: 1, status: 'usable' });
  expect(first.token()).toBe(head().accessToken);
});

test('A run killed before its exchange arrived leaves the next run a token.', async () => {
  const { world, run, head } = await scene([
    { who: 'run 1', what: /POST token/, fate: { what: 'dropped' }, dies: true },
  ]);
  run('run 1', EXPIRED);
  const second = run('run 2', EXPIRED + 1_000);
  await world.drain();
  expect(second.token()).toBe(head().accessToken);
  expect(head()).toMatchObject({ by: 'run 2', generation: 1 });
});

test('A run killed while its exchange was answered ends the login: the next run says so, once for all.', async () => {
  const { world, run, head } = await scene([{ who: 'run 1', what: /POST token/, fate: {}, dies: true }]);
  run('run 1', EXPIRED);
  const next = [run('run 2', EXPIRED + 1_000), run('run 3', EXPIRED + 2_000)];
  await world.drain();
  for (const { outcome } of next) expect(outcome()).toMatchObject({ word: 'login-required' });
  expect(head()).toMatchObject({ by: expect.stringMatching(/run [23]/), status: 'ended' });
  expect(world.count).toMatchObject({ refreshes: 1, killed: 1, ended: 1 });
});

test('50 runs on an expired token make one refresh.', async () => {
  const { world, run, head } = await scene();
  const all = Array.from({ length: 50 }, (_, index) => run(`run ${index}`, EXPIRED));
  await world.drain();
  for (const { token } of all) expect(token()).toBe(head().accessToken);
  expect(world.count.refreshes).toBe(1);
});
