import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GITHUB_KINDS, PARALLEL_KINDS } from '../support/faults.ts';
import { loadProtocol } from './protocol.ts';
import { ODD, playUnkind, unkindCase } from './unkind.ts';

const CASES = Number(process.env['CASES'] ?? 4000);
const SEED = Number(process.env['SEED'] ?? 1);
const protocol = await loadProtocol();

// What must hold stands in judge-unkind.ts: no login is lost, no gate opened, no cause named that nobody said.

test('no odd answers, up to three in a row at every request, do harm', { timeout: 600_000 }, async () => {
  const endings: Record<string, number> = {};
  const property = fc.asyncProperty(unkindCase, async (each) => {
    const { ending } = await playUnkind(protocol, each);
    endings[ending] = (endings[ending] ?? 0) + 1;
  });
  const { failed, counterexample, errorInstance, numRuns } = await fc.check(property, {
    numRuns: CASES,
    seed: SEED,
    endOnFailure: process.env['SHRINK'] === undefined,
  });
  console.log(endings);
  const words = failed ? `case ${numRuns}: ${JSON.stringify(counterexample)}\n${Object(errorInstance).message}` : '';
  expect(words).toBe('');
});

describe.each([...GITHUB_KINDS, ...PARALLEL_KINDS])('a request of the kind %s', (on) => {
  test.each(ODD)('may be answered three times by: %s', async (word) => {
    const kinds = new Set<string>();
    for (const [run, isFresh] of [
      ['gate', false],
      ['login', true],
      ['login', false],
    ] as const) {
      for (const skip of [0, 1]) {
        const { met } = await playUnkind(protocol, { seed: 1, run, isFresh, graceMs: 0, answers: { on, skip, word } });
        for (const each of met) kinds.add(each);
      }
    }
    expect(kinds).toContain(`${on}: ${word}`);
  });
});
