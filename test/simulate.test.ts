import { describe, expect, test } from 'vitest';
import { readInputs } from '../src/inputs.ts';
import { KEY } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction, toInputVariables } from './support/run-action.ts';

// A verdict asked for by name, to try the wiring of a workflow: the built action, with credentials that it must not use.

const TOKEN = 'aaaa.bbbb.cccc';
const WORDS = ['low', 'unknown', 'login-required', 'no-credentials', 'error'] as const;

async function simulate(word: string, inputs: Record<string, string> = {}) {
  await using api = await startLocalApi([{}]);
  const given = { simulate: word, 'min-cents': '2000', token: TOKEN, 'api-url': api.url, ...inputs };
  return { ...(await runAction(given)), requests: api.requests };
}

describe.each(WORDS)('the simulated verdict %s', (word) => {
  test('stops, asks nobody, and says everywhere that it is simulated', async () => {
    const step = await simulate(word, { 'cents-per-run': '2.5' });
    expect(step).toMatchObject({ exitCode: 1, requests: [], masks: [TOKEN] });
    expect(step.outputs).toMatchObject({
      verdict: word,
      sufficient: 'false',
      simulated: 'true',
      'minimum-cents': '2000',
      message: expect.stringMatching(/^Simulated: .*\.$/),
    });
    expect(step.annotations).toEqual([
      {
        level: 'error',
        title: expect.stringMatching(/^Parallel .* \(simulated\)$/),
        text: expect.stringMatching(
          /^Simulated: .* No request was made: remove the input simulate for a real answer\.$/,
        ),
      },
    ]);
    expect(step.summary).toMatch(/^### ❌ Parallel .* \(simulated\)\n/);
    expect(step.summary).toContain(`| Verdict | ${word} (simulated) |`);
    expect(step.summary).toMatch(/\| Simulated at \| \d/);
    expect(step.log).toContain(`Verdict:         ${word} (simulated)`);
    expect([...step.log, step.summary].join('\n')).not.toMatch(/(?<!Simulated: )Enough for/);
  });

  test('needs no credentials, and believes none that are given', async () => {
    const without = await simulate(word, { token: '' });
    const wrong = await simulate(word, { token: 'a token', 'state-key': 'no key', 'github-token': '' });
    for (const { outputs } of [without, wrong]) expect(outputs).toMatchObject({ verdict: word, simulated: 'true' });
    expect(wrong.masks).toEqual(['a token', 'no key']);
    const both = await simulate(word, { 'state-key': KEY });
    expect(both).toMatchObject({ outputs: { verdict: word }, requests: [] });
  });
});

test('too little credit says what to do with a stored login', async () => {
  expect((await simulate('low')).annotations[0]?.text).toContain(
    'parallel.ai, then re-run the failed jobs. No request',
  );
});

test.each([
  ['low', 'on-low', 0],
  ['unknown', 'on-unknown', 0],
  ['no-credentials', 'on-no-credentials', 0],
  ['login-required', 'on-low', 1],
  ['error', 'on-unknown', 1],
])('%s follows its policy, %s', async (word, policy, exitCode) => {
  const step = await simulate(word, { [policy]: 'warn' });
  expect(step).toMatchObject({ exitCode, outputs: { verdict: word, sufficient: 'false' } });
  expect(step.annotations).toMatchObject([{ level: exitCode === 0 ? 'warning' : 'error' }]);
});

test('too little credit has plausible amounts below the minimum, and what follows from them', async () => {
  const inputs = {
    'min-cents': '8 * 250',
    'warn-cents': '3000',
    'cents-per-run': '2.5',
    'expected-org-id': 'org_mine',
  };
  expect((await simulate('low', inputs)).outputs).toMatchObject({
    message:
      'Simulated: Parallel credit of org_mine, $10.00, is below the minimum $20.00 = 8 × 250 cents (short by $10.00).',
    'org-id': 'org_mine',
    'credit-balance-cents': '1000',
    'compared-cents': '1000',
    'shortfall-cents': '1000',
    'running-low': 'true',
    'runs-affordable': '400',
  });
  expect((await simulate('low', { 'min-cents': '0' })).outputs).toMatchObject({
    'compared-cents': '-1',
    'shortfall-cents': '1',
    'org-id': 'org_simulated',
  });
});

describe('an input that is wrong is a real error:', () => {
  const read = (inputs: Record<string, string>) => readInputs(toInputVariables(inputs), () => {}).problems;
  const NO_MINIMUM = 'simulate is low, but min-cents holds no minimum that credit could be below';

  test.each(['ok', 'invoiced', 'true', 'none', 'Low'])('simulate: %s', async (word) => {
    const step = await simulate(word);
    expect(step).toMatchObject({ exitCode: 1, requests: [], outputs: { verdict: 'error', simulated: 'false' } });
    expect(step.outputs['message']).toBe(
      `Wrong inputs: simulate is “${word}”, but must be low, unknown, login-required, no-credentials or error.`,
    );
  });

  test('low without a minimum', () => {
    expect(read({ simulate: 'low' })).toEqual([NO_MINIMUM]);
    expect(read({ simulate: 'low', 'min-cents': '* 2.5' })).toEqual([NO_MINIMUM]);
    for (const word of ['', 'unknown', 'no-credentials']) expect(read({ simulate: word })).toEqual([]);
  });

  test('any other', async () => {
    const step = await simulate('unknown', { 'on-low': 'stop' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error', simulated: 'false' } });
  });
});

test('an empty simulate is an ordinary run', async () => {
  expect(await simulate('')).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok', simulated: 'false' } });
});
