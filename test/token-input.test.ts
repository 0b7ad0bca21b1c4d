import { describe, expect, test } from 'vitest';
import { readInputs } from '../src/inputs.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction } from './support/run-action.ts';

// What is no access token of Parallel is never sent to Parallel.

function problemsOf(token: string) {
  const masked: string[] = [];
  const { problems } = readInputs({ INPUT_TOKEN: token }, (secret) => masked.push(secret));
  return { problems, masked };
}

const WRONG = 'has white space, quotes or other characters that no token has';
const JSON_ANSWER = '{"access_token":"aaaa.bbbb.cccc","refresh_token":"r-1","expires_in":600}';

test.each([
  ['"aaaa.bbbb.cccc"', WRONG],
  ["'aaaa.bbbb.cccc'", WRONG],
  ['token=aaaa.bbbb.cccc', WRONG],
  ['<aaaa.bbbb.cccc>', WRONG],
  ['aaaa.bbbb.cccc,', WRONG],
  ['aaaa=bbbb', WRONG],
  [JSON_ANSWER, WRONG],
  ['ghs_0123456789abcdef', 'is a token of GitHub'],
  ['ghs_12345_aaaa.bbbb.cccc', 'is a token of GitHub'],
  ['Bearer ghp_0123456789abcdef', 'is a token of GitHub'],
  ['gho_0123456789abcdef', 'is a token of GitHub'],
  ['ghu_0123456789abcdef', 'is a token of GitHub'],
  ['ghr_0123456789abcdef', 'is a token of GitHub'],
  ['github_pat_0123456789abcdef', 'is a token of GitHub'],
  [Buffer.alloc(32, 7).toString('base64'), 'has the form of a sealing key (see state-key)'],
])('%s is wrong, masked and not echoed', (text, what) => {
  const { problems, masked } = problemsOf(text);
  expect(problems).toEqual([`token ${what}, but must be an access token of Parallel, alone`]);
  expect(masked).toEqual([text.replace('Bearer ', '')]);
});

// Masked, these words would drop every output of the job that holds them.
test('the word false, which an expression without a secret gives, is no token, and true a wrong one', () => {
  expect(problemsOf('false')).toEqual({ problems: [], masked: [] });
  expect(readInputs({ INPUT_TOKEN: 'false' }, () => {}).credentials).toEqual({ kind: 'none' });
  expect(readInputs({ 'INPUT_STATE-KEY': 'false' }, () => {}).credentials).toEqual({ kind: 'none' });
  const what = 'is the word true, which an expression gave in place of the secret';
  expect(problemsOf('true')).toEqual({
    problems: [`token ${what}, but must be an access token of Parallel, alone`],
    masked: [],
  });
});

test.each(['aaaa.bbbb.cccc', 'pk_live-0123', 'a~b+c/d.e_f-g==', 'ghx_0123', 'x'.repeat(600)])(
  '%s may be one',
  (text) => {
    expect(problemsOf(text).problems).toEqual([]);
  },
);

describe('the built action', () => {
  test.each([[JSON_ANSWER], ['ghs_12345_aaaa.bbbb.cccc'], [Buffer.alloc(32, 7).toString('base64')]])(
    'sends no %s',
    async (token) => {
      await using api = await startLocalApi([{}]);
      const step = await runAction({ token, 'api-url': api.url });
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error' } });
      expect(api.requests).toEqual([]);
    },
  );
});
