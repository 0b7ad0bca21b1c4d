import { describe, expect, test } from 'vitest';
import { readLoginInputs } from '../src/credentials/login-inputs.ts';
import { readInputs } from '../src/inputs.ts';
import { KEY, KEY_BYTES, OTHER_KEY, REPOSITORY, REPOSITORY_ID, RUNNER } from './support/fixtures.ts';
import { read } from './support/inputs.ts';
import { toInputVariables } from './support/run-action.ts';

const TOKEN = 'aaaa.bbbb.cccc';

describe('the inputs of a stored login', () => {
  const given = { 'state-key': KEY, 'github-token': 'ghs_secret' };

  test('are read, with their secrets masked', () => {
    const { credentials, problems, masked } = read({ ...given, 'state-ref': 'refs/acme/parallel/login' });
    expect(problems).toEqual([]);
    expect(credentials).toEqual({
      kind: 'stored',
      location: {
        key: KEY_BYTES,
        ref: 'refs/acme/parallel/login',
        githubToken: 'ghs_secret',
        platformUrl: 'https://platform.parallel.ai',
        repository: {
          apiUrl: 'https://api.github.com',
          name: REPOSITORY,
          id: REPOSITORY_ID,
          runId: '7',
          runAttempt: '2',
        },
      },
    });
    expect(masked).toEqual([KEY, 'ghs_secret']);
  });

  test.each([
    ['token beside it', { token: TOKEN }, 'give token or state-key, not both'],
    ['a short key', { 'state-key': 'c2hvcnQ=' }, 'state-key is not a key: it must be 32 random bytes in base64'],
    ['a key in hex', { 'state-key': '07'.repeat(32) }, 'openssl rand -base64 32'],
    ['an empty github-token', { 'github-token': '' }, 'github-token is empty'],
    ['an empty min-cents', { 'min-cents': '' }, 'min-cents is empty'],
    ['too little time', { 'timeout-seconds': '29' }, 'must be at least 30 with state-key'],
    [
      'a branch',
      { 'state-ref': 'refs/heads/main' },
      'state-ref is “refs/heads/main”, but must be refs/<namespace>/<name>',
    ],
    ['a tag', { 'state-ref': 'refs/tags/v1' }, 'state-ref is'],
    ['notes', { 'state-ref': 'refs/notes/x' }, 'state-ref is'],
    ['a pull request', { 'state-ref': 'refs/pull/1/head' }, 'state-ref is'],
    ['a remote', { 'state-ref': 'refs/remotes/origin/x' }, 'state-ref is'],
    ['a branch in other case', { 'state-ref': 'refs/Heads/main' }, 'state-ref is'],
    ['refs in other case', { 'state-ref': 'REFS/a/b' }, 'state-ref is'],
    ['a github-token of two lines', { 'github-token': 'a\nb' }, 'github-token has white space'],
    ['no namespace', { 'state-ref': 'refs/state' }, 'state-ref is'],
    ['dots', { 'state-ref': 'refs/a/../heads/main' }, 'state-ref is'],
    ['no refs', { 'state-ref': 'parallel/balance/state' }, 'state-ref is'],
    ['a wrong platform', { 'platform-url': 'http://example.com' }, 'platform-url is “http://example.com”'],
  ])('are refused with %s', (_, inputs, problem) => {
    const { problems, masked } = read({ ...given, ...inputs });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    for (const secret of masked) expect(problems.join()).not.toContain(secret);
  });

  test('do not guess the API of GitHub: the token of a server must not go to github.com', () => {
    const env = { ...RUNNER, GITHUB_API_URL: 'http://ghes.example/api/v3', ...toInputVariables(given) };
    expect(readInputs(env, () => {})).toMatchObject({
      problems: [],
      environmentProblems: [expect.stringMatching(/^GITHUB_API_URL is not an https URL /)],
    });
  });

  test('need of the environment what runners set: no input can mend that', () => {
    expect(readInputs(toInputVariables(given), () => {})).toMatchObject({
      problems: [],
      environmentProblems: [
        'GITHUB_API_URL is missing',
        'GITHUB_REPOSITORY is missing',
        'GITHUB_REPOSITORY_ID is missing',
        'GITHUB_RUN_ID is missing',
      ],
    });
  });
});

describe('the inputs of the login action', () => {
  const readLogin = (inputs: Record<string, string>) =>
    readLoginInputs({ ...RUNNER, ...toInputVariables({ 'github-token': 'ghs_secret', ...inputs }) }, (secret) =>
      masked.push(secret),
    );
  const masked: string[] = [];

  test('are read', () => {
    const previous = OTHER_KEY;
    expect(readLogin({ 'state-key': KEY, 'previous-state-key': previous, 'expected-org-id': 'org_abc' })).toMatchObject(
      {
        previousKey: Buffer.from(OTHER_KEY, 'base64'),
        expectedOrgId: 'org_abc',
        problems: [],
      },
    );
    expect(masked).toEqual([KEY, previous, 'ghs_secret']);
  });

  test.each([
    ['no key', {}, 'state-key is empty (is there a secret of that name?), but must be 32 random bytes in base64'],
    ['a wrong key', { 'state-key': 'x' }, 'state-key is not a key'],
    ['a wrong previous key', { 'state-key': KEY, 'previous-state-key': 'x' }, 'previous-state-key is not a key'],
    ['a wrong organization', { 'state-key': KEY, 'expected-org-id': 'a b' }, 'expected-org-id is “a b”'],
  ])('are refused with %s', (_, inputs, problem) => {
    expect(readLogin(inputs).problems).toEqual([expect.stringContaining(problem)]);
  });
});
