import fc from 'fast-check';
import { type Kind, kindOf } from '../support/faults.ts';
import { ODD_ANSWERS, type OddAnswer } from '../support/odd-answers.ts';
import { judgeGate, judgeLogin, judgeRepeat } from './judge-unkind.ts';
import type { Protocol } from './protocol.ts';
import { Login } from './runs.ts';
import { EXPIRED } from './scene.ts';
import { Gate, URLS, WholeLogin } from './unkind-runs.ts';
import { GOOD, World } from './world.ts';

// A gate or a login in a world that may answer any of its requests with any word of the alphabet.

export const ODD = (Object.keys(ODD_ANSWERS) as OddAnswer[]).filter((word) => word !== 'right');
/** So many odd answers in a row and no more: beyond, giving up is right. */
const MOST_IN_A_ROW = 3;

const odd = fc.constantFrom(...ODD);
/** Up to three odd answers to the requests from one on: every word at every request. */
const bursts = fc
  .array(fc.record({ at: fc.nat(26), words: fc.array(odd, { minLength: 1, maxLength: MOST_IN_A_ROW }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => {
    const words: OddAnswer[] = Array(32).fill('right');
    for (const burst of all) words.splice(burst.at, burst.words.length, ...burst.words);
    return words;
  });
/** The same odd answers again and again, one to every other request. */
const any = fc.oneof(odd, fc.constantFrom<OddAnswer>('404', '422 that does not exist', 'right, without a Date'));
const stubborn = fc
  .tuple(any, any, fc.nat(20))
  .map(([one, other, at]): OddAnswer[] => [...Array(at).fill('right'), ...Array(30).fill([one, other]).flat()]);
const anything = fc.array(
  fc.oneof({ weight: 1, arbitrary: fc.constant<OddAnswer>('right') }, { weight: 2, arbitrary: odd }),
  {
    minLength: 30,
    maxLength: 60,
    size: 'max',
  },
);

/** `answers`: to the requests of the run, one by one; after that all is right. */
export const unkindCase = fc.record({
  seed: fc.nat(),
  run: fc.constantFrom('gate', 'gate', 'login'),
  /** A gate finds a login whose access token is good, or about to expire; a login finds another, or none. */
  isFresh: fc.boolean(),
  graceMs: fc.constantFrom(0, 10_000, 60_000),
  denialStatus: fc.constantFrom(400, 401, 403, 200),
  answers: fc.oneof(bursts, stubborn, anything).map(limitRows),
});
type Chosen = typeof unkindCase extends fc.Arbitrary<infer T> ? T : never;

/** Instead of all answers, one word to three requests of a kind, `skip` of which get a right answer first. */
export type UnkindCase = Omit<Chosen, 'answers'> & {
  readonly answers: readonly OddAnswer[] | { readonly on: Kind; readonly skip: number; readonly word: OddAnswer };
};

function limitRows(words: readonly OddAnswer[]): OddAnswer[] {
  let row = 0;
  return words.map((word) => {
    row = word === 'right' || row === MOST_IN_A_ROW ? 0 : row + 1;
    return row === 0 ? 'right' : word;
  });
}

/** What was said to a run, by whom. */
export interface Said {
  readonly github: OddAnswer[];
  readonly oauth: OddAnswer[];
  readonly balance: OddAnswer[];
}

/** Plays one case and judges it; resolves to how it ended, and what was said to which request. */
export async function playUnkind(protocol: Protocol, each: UnkindCase): Promise<{ ending: string; met: Set<string> }> {
  const { seed, run, isFresh, graceMs, denialStatus, answers } = each;
  const world = new World(seed);
  world.parallel.graceMs = graceMs;
  world.parallel.denialStatus = denialStatus;
  if (run === 'gate' || isFresh) new Login(world, protocol, 'first login', undefined, 0);
  await world.drain();
  world.isCalm = false;
  const said: Said = { github: [], oauth: [], balance: [] };
  const met = new Set<string>();
  const presented = new Map<string, OddAnswer[]>();
  const asked: (Kind | undefined)[] = [];
  const choose = (kind: Kind | undefined): OddAnswer | undefined => {
    asked.push(kind);
    if (!('on' in answers)) return answers[asked.length - 1];
    const before = asked.filter((each) => each === kind).length - answers.skip;
    return kind === answers.on && before >= 1 && before <= MOST_IN_A_ROW ? answers.word : undefined;
  };
  world.decide = ({ name }, { method, url, body = '' }) => {
    const kind = kindOf({ method, path: new URL(url).pathname, body });
    const word = (name === run && choose(kind)) || 'right';
    if (name === run) {
      met.add(`${kind}: ${word}`);
      const isNeeded = !isFresh || said.balance.at(-1) === '401';
      if (kind === 'refresh' && !isNeeded) world.violate('d: a refresh that nobody needed');
      if (kind === 'refresh') judgeRepeat(world, presented, body, word);
      said[kind === 'balance' ? 'balance' : url.startsWith(URLS.platform) ? 'oauth' : 'github'].push(word);
      world.note(run, `is answered: ${word}`);
    }
    return { ...GOOD, ...ODD_ANSWERS[word] };
  };
  const at = isFresh ? 10_000 : EXPIRED;
  if (run === 'gate') {
    const gate = await world.play(at - world.now, () => new Gate(world, protocol, run));
    const next = await world.play(100_000, () => new Gate(world, protocol, 'next'));
    return { ending: judgeGate(world, gate, next, said), met };
  }
  world.parallel.approvesAt = at + 8_000;
  const { state: replaced } = world.github.head;
  const login = await world.play(at - world.now, () => new WholeLogin(world, protocol, run));
  const isLeftOver = login.outcome?.word === 'stored' && replaced !== undefined && world.isAlive(replaced);
  if (isLeftOver && said.oauth.at(-1)?.startsWith('right')) world.violate('b: the replaced login lives on');
  const next = await world.play(100_000, () => new Gate(world, protocol, 'next'));
  return { ending: judgeLogin(world, login, next, said), met };
}

/** Plays so many cases; `broken` tells what did not hold, with what happened. */
export async function checkUnkind(protocol: Protocol, cases: number, seed: number) {
  const endings: Record<string, number> = {};
  const property = fc.asyncProperty(unkindCase, async (each) => {
    const { ending } = await playUnkind(protocol, each);
    endings[ending] = (endings[ending] ?? 0) + 1;
  });
  const endOnFailure = process.env['SHRINK'] === undefined;
  const details = await fc.check(property, { numRuns: cases, seed, endOnFailure });
  const { failed, counterexample, errorInstance, numRuns } = details;
  const words = `${Object(errorInstance).message ?? errorInstance}\ncase ${numRuns}: ${JSON.stringify(counterexample)}`;
  return { endings, broken: failed ? words : undefined };
}
