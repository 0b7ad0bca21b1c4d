import { describe, expect, test } from 'vitest';
import { readLoginInputs } from '../src/credentials/login-inputs.ts';
import { readInputs } from '../src/inputs.ts';
import { runAction, toInputVariables } from './support/run-action.ts';

// A dash or ash shell in the place of docker drops every environment name with a dash: the token arrives, the minimum
// does not. https://github.com/docker/cli knows no shell; podman-docker and docker's snap do.

const RUNNER = { GITHUB_ACTIONS: 'true' };
const DROPPED = /^no input with a dash in its name has arrived/;

function read(env: Record<string, string>) {
  return readInputs({ ...RUNNER, ...toInputVariables({ token: 'aaaa.bbbb.cccc' }), ...env }, () => {});
}

test('under a runner, inputs of which no name has a dash are not all that were passed', () => {
  expect(read({}).environmentProblems).toEqual([expect.stringMatching(DROPPED)]);
  const login = readLoginInputs(RUNNER, () => {});
  expect(login.environmentProblems).toContainEqual(expect.stringMatching(DROPPED));
});

test.each(['min-cents', 'on-low', 'state-key'])(
  'one of them, %s, is enough: some wrappers leave empty ones out',
  (name) => {
    expect(read(toInputVariables({ [name]: '' })).environmentProblems).toEqual([]);
  },
);

test('without a runner, what is missing is at its default', () => {
  expect(readInputs({ INPUT_TOKEN: 'aaaa.bbbb.cccc' }, () => {}).environmentProblems).toEqual([]);
});

describe('the built action', () => {
  test('stops without a request, and says that no with: block mends it', async () => {
    const names = ['min-cents', 'on-low', 'api-url', 'state-key', 'on-unknown', 'on-no-credentials', 'state-ref'];
    const more = [
      'warn-cents',
      'cents-per-run',
      'expected-org-id',
      'deduct-pending',
      'timeout-seconds',
      'github-token',
      'platform-url',
    ];
    const dropped = [...names, ...more].map((name) => [`INPUT_${name.toUpperCase()}`, undefined]);
    const env = { ...RUNNER, ...Object.fromEntries(dropped) };
    const step = await runAction({ token: 'aaaa.bbbb.cccc', 'min-cents': '2000' }, { env });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error', sufficient: 'false' } });
    expect(step.annotations[0]?.text).toMatch(/^Wrong environment: no input with a dash .* No request was made\.$/);
  });

  test('tells what the environment lacks as what it is', async () => {
    const inputs = {
      'state-key': Buffer.alloc(32).toString('base64'),
      'github-token': 'ghs_0123456789',
      'on-low': '!',
    };
    const env = {
      GITHUB_API_URL: 'http://forge.example/api/v1',
      GITHUB_REPOSITORY: 'octo/evals',
      GITHUB_RUN_ID: '1',
    };
    const { outputs, annotations } = await runAction(inputs, { env });
    expect(outputs['verdict']).toBe('error');
    expect(annotations[0]?.text).toBe(
      'Wrong environment: GITHUB_API_URL is not an https URL (http on loopback) without user name, query or fragment; ' +
        'GITHUB_REPOSITORY_ID is missing. Wrong inputs: on-low is “…”, but must be fail, warn or notice. ' +
        'Correct what runs this step: its with: block cannot mend it. Correct the inputs of this step (its with: block). ' +
        'No request was made.',
    );
  });
});
