import fc from 'fast-check';
import type { Fault } from '../support/faults.ts';
import type { Protocol, Request } from './protocol.ts';
import { Login, Run, type RunPlan } from './runs.ts';
import { type Actor, type Fate, GOOD, World } from './world.ts';

// What fast-check chooses: who runs when, who dies, and how bad the weather is. The noise in it comes from one seed.

const GENERATION_MS = 600_000;
/** Close to the expiry of an access token, where runs get in each other's way. */
const moment = fc.tuple(fc.nat(2), fc.nat(60_000)).map(([generation, ms]) => generation * GENERATION_MS + 545_000 + ms);
const rarely = <T>(value: fc.Arbitrary<T>, weight = 4) =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const run = fc.record({
  at: moment,
  timeoutMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant(60_000) },
    { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 600_000 }) },
  ),
  /** The seventh step is the exchange of a run that meets nobody. */
  crashIn: rarely(fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 5, max: 9 }))),
  cancelMs: rarely(fc.nat(30_000), 15),
  rejects: fc.nat(15).map((n) => n === 0),
});
const runs = (minLength: number, maxLength: number) => fc.array(run, { minLength, maxLength, size: 'max' });
const odds = (...values: number[]) => fc.constantFrom(...values);

const weather = fc.record({
  lag: odds(0, 0.2, 0.7),
  slow: odds(0, 0, 0.05, 0.3),
  lost: odds(0, 0, 0.05, 0.2),
  refused: odds(0, 0, 0.05, 0.2),
  parallel: odds(0, 0, 0.1, 0.4),
});
type Weather = typeof weather extends fc.Arbitrary<infer T> ? T : never;
const FAIR: Weather = { lag: 0, slow: 0, lost: 0, refused: 0, parallel: 0 };

const stretch = fc.record({
  what: fc.constantFrom(
    'github-down',
    'github-slow',
    'github-limit',
    'store-hindered',
    'few-requests-left',
    'parallel-down',
    'parallel-slow',
  ),
  at: moment,
  ms: fc.integer({ min: 5_000, max: 180_000 }),
});

const login = fc.record({ at: moment, crashIn: rarely(fc.integer({ min: 1, max: 8 })) });

const plan = fc.record({
  seed: fc.nat(),
  runs: fc.oneof({ weight: 24, arbitrary: runs(2, 8) }, { weight: 1, arbitrary: runs(20, 50) }),
  isCalm: fc.nat(9).map((n) => n === 0),
  weather,
  stretches: fc.array(stretch, { maxLength: 4 }),
  logins: fc.oneof(
    { weight: 3, arbitrary: fc.array(login, { maxLength: 0 }) },
    { weight: 2, arbitrary: fc.array(login, { maxLength: 3 }) },
  ),
  /** Two logins within seconds of each other. */
  rivals: rarely(moment, 9),
  tamper: rarely(fc.record({ at: moment, deletes: fc.boolean() }), 30),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

export type Total = Record<keyof World['count'] | 'interleavings' | 'runs' | 'tokens' | 'failures', number>;

/** The whole of one interleaving. Throws where an invariant does not hold. */
export async function play(
  protocol: Protocol,
  { weather, stretches, isCalm, ...plan }: Plan,
  total: Total,
): Promise<void> {
  const world = new World(plan.seed);
  const started: Run[] = [];
  // Two repositories share the login, and their runs have the same id.
  const repositories = ['octo/evals', 'octo/agents'];
  const start = (name: string, plan: RunPlan) => {
    const repository = repositories[started.length % 2] ?? '';
    started.push(new Run(world, protocol, name, { ...plan, repository }));
  };
  const login = (name: string, crashIn?: number) => new Login(world, protocol, name, crashIn);
  login('login 0');
  await world.drain();

  const calm = { ...FAIR, lag: weather.lag };
  world.decide = (actor, request) => decide(world, isCalm ? calm : weather, isCalm ? [] : stretches, actor, request);
  world.isCalm = isCalm;
  const isScarce = () =>
    !isCalm && stretches.some(({ what, at, ms }) => what === 'few-requests-left' && isNow(world, at, ms));
  world.quota = () => (isScarce() ? 15 : 900);
  const later = (at: number, act: () => void) => world.after(Math.max(0, at - world.now), act);
  plan.runs.forEach(({ at, ...each }, index) => {
    const { timeoutMs, rejects } = each;
    later(at, () => start(`run ${index + 1}`, isCalm ? { timeoutMs: Math.max(60_000, timeoutMs), rejects } : each));
  });
  if (!isCalm) {
    for (const [index, { at, crashIn }] of plan.logins.entries()) later(at, () => login(`login ${index + 1}`, crashIn));
    const { rivals, tamper } = plan;
    for (const name of rivals === undefined ? [] : ['login A', 'login B']) {
      later((rivals ?? 0) + world.between(0, 3000), () => login(name));
    }
    if (tamper) later(tamper.at, () => world.github.tamper(tamper.deletes ? undefined : world.github.history[1]?.sha));
  }
  await world.drain();

  for (const { name, outcome, diedAt } of started) {
    if (diedAt !== undefined) continue;
    if (outcome === undefined) world.violate(`c: ${name} hangs`);
    else if (isCalm && !('token' in outcome)) world.violate(`d: ${name} has no token, and nothing was wrong`);
  }
  const verdicts = started.map(({ outcome }) => outcome);
  await probe(world, protocol);

  total.interleavings++;
  total.runs += started.length;
  total.tokens += verdicts.filter((outcome) => outcome && 'token' in outcome).length;
  total.failures += verdicts.filter((outcome) => outcome && 'failure' in outcome).length;
  for (const [name, count] of Object.entries(world.count)) total[name as keyof World['count']] += count;
}

/** Once all faults are over, a run gets a token, or says rightly that a login is needed: then one is enough. */
async function probe(world: World, protocol: Protocol): Promise<void> {
  world.decide = () => GOOD;
  world.quota = () => 900;
  for (const name of ['probe 1', 'probe 2']) {
    const { state } = world.github.head;
    const run = await world.play(700_000, () => new Run(world, protocol, name, { timeoutMs: 60_000 }));
    if (run.outcome && 'token' in run.outcome) continue;
    const mayEnd = !state || state.status.kind === 'ended' || !world.isAlive(state);
    if (!mayEnd || run.outcome?.word !== 'login-required') world.violate(`d: ${name} gets no token`);
    await world.play(1000, () => new Login(world, protocol, 'login Z'));
    const last = await world.play(1000, () => new Run(world, protocol, 'probe 3', { timeoutMs: 60_000 }));
    if (!last.outcome || !('token' in last.outcome)) world.violate('d: no token after a new login');
    return;
  }
}

function isNow(world: World, at: number, ms: number): boolean {
  return world.now >= at && world.now < at + ms;
}

const UNSENT = { isUnsent: true };
const DROPPED: Fault = { answer: 'cut' };
const DOWN: Fault = { answer: { status: 503 } };
/** The server has acted, and nobody gets to know. */
const LOST: Fault = { acts: true, answer: 'cut' };
const BAD_GATEWAY: Fault = { acts: true, answer: (_, own) => ({ ...own, status: 502 }) };

function decide(
  world: World,
  weather: Weather,
  stretches: Plan['stretches'],
  actor: Actor,
  { method, url }: Request,
): Fate {
  const isParallel = url.includes('/getServiceKeys/');
  const is = (what: Plan['stretches'][number]['what']) =>
    stretches.some((each) => each.what === what && isNow(world, each.at, each.ms));
  const isSlow =
    world.chance(weather.slow) ||
    (!isParallel && is('github-slow')) ||
    (isParallel && (is('parallel-slow') || world.chance(weather.parallel / 3)));
  // The server of a token acts within 20 s or not at all: a lease lasts so much longer than the 15 s of an exchange.
  const out = isSlow
    ? world.between(
        isParallel && world.chance(0.5) ? 15_000 : 100,
        isParallel ? 20_000 : world.chance(0.1) ? 60_000 : 12_000,
      )
    : world.between(20, 300);
  const back = isSlow ? world.between(100, 8_000) : world.between(20, 300);
  // What a write refers to is seen sooner: a run repeats it until it is.
  const lag = world.chance(weather.lag) ? world.between(0, method === 'GET' ? 30_000 : 5_000) : 0;
  const fate = (fault: Partial<Fate> = {}): Fate => ({ ...fault, out, back, lag });
  const limited: Fault = { answer: () => world.github.limit(isParallel) };

  if (isParallel ? is('parallel-down') : is('github-down')) {
    const what = world.random();
    return fate(what < 0.4 ? UNSENT : what < 0.7 ? DROPPED : what < 0.9 ? DOWN : LOST);
  }
  if (!isParallel && is('github-limit') && world.chance(0.9)) return fate(limited);
  if (!isParallel && actor.storingSince !== undefined && is('store-hindered'))
    return fate(world.chance(0.5) ? DROPPED : limited);
  const worse = isParallel ? weather.parallel : 0;
  if (world.chance(weather.lost + worse / 3)) return fate(world.chance(0.7) ? LOST : BAD_GATEWAY);
  if (world.chance(weather.refused + worse / 3)) {
    const what = world.random();
    return fate(what < 0.3 ? UNSENT : what < 0.6 ? DROPPED : what < 0.8 ? DOWN : limited);
  }
  return fate();
}

/** Plays `interleavings` plans; `failure` tells of the first that broke an invariant, made small. */
export async function explore(protocol: Protocol, interleavings: number, seed?: number) {
  const names = [
    'interleavings',
    'runs',
    'tokens',
    'failures',
    'refreshes',
    'takeovers',
    'relogins',
    'crashes',
    'lost',
    'ended',
    'killed',
    'hindered',
  ];
  const total = Object.fromEntries(names.map((name) => [name, 0])) as Total;
  const property = fc.asyncProperty(plan, (each) => play(protocol, each, total));
  const details = await fc.check(property, {
    numRuns: interleavings,
    ...(seed !== undefined && { seed }),
    endOnFailure: process.env['SHRINK'] === undefined,
  });
  if (!details.failed) return { total, failure: undefined };
  const failure = `seed ${details.seed}, path ${details.counterexamplePath}, after ${details.numRuns} interleavings\n${JSON.stringify(details.counterexample?.[0])}\n${String(details.errorInstance instanceof Error ? details.errorInstance.message : details.errorInstance)}`;
  return { total, failure };
}
