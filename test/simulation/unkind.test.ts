import { describe, expect, test } from 'vitest';
import { GITHUB_KINDS, PARALLEL_KINDS } from '../support/faults.ts';
import { loadProtocol } from './protocol.ts';
import { checkUnkind, ODD, playUnkind } from './unkind.ts';

const CASES = Number(process.env['CASES'] ?? 4000);
const SEED = Number(process.env['SEED'] ?? 1);
const KIND = { seed: 1, graceMs: 0, denialStatus: 400 } as const;
const protocol = await loadProtocol();

// What must hold stands in judge-unkind.ts: no login is lost, no gate opened, no cause named that nobody said.

test('no odd answers, up to three in a row at every request, do harm', { timeout: 600_000 }, async () => {
  const { endings, broken } = await checkUnkind(protocol, CASES, SEED);
  console.log(endings);
  expect(broken).toBe(undefined);
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
        const { met } = await playUnkind(protocol, { ...KIND, run, isFresh, answers: { on, skip, word } });
        for (const each of met) kinds.add(each);
      }
    }
    expect(kinds).toContain(`${on}: ${word}`);
  });
});
