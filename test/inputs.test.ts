import { describe, expect, test } from 'vitest';
import { readInputs, readLoginInputs } from '../src/inputs.ts';
import { formatCents } from '../src/money.ts';
import { KEY, KEY_BYTES, OTHER_KEY, REPOSITORY, REPOSITORY_ID } from './support/fixtures.ts';
import { toInputVariables } from './support/run-action.ts';

const TOKEN = 'aaaa.bbbb.cccc';
const RUNNER = {
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_REPOSITORY_ID: REPOSITORY_ID,
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
};

function read(inputs: Record<string, string>) {
  const masked: string[] = [];
  return { ...readInputs({ ...RUNNER, ...toInputVariables(inputs) }, (secret) => masked.push(secret)), masked };
}

describe('the token', () => {
  test.each([
    ['as it is', TOKEN],
    ['with white space around it', `\n ${TOKEN}\t\n`],
    ['with a leading Bearer', `Bearer ${TOKEN}`],
    ['with a leading bearer', ` bearer  ${TOKEN} `],
  ])('is read and masked %s', (_, text) => {
    expect(read({ token: text })).toMatchObject({
      credentials: { kind: 'token', token: TOKEN },
      masked: [TOKEN],
      problems: [],
    });
  });

  test.each(['', '  \n', 'Bearer', 'Bearer '])('is not given by %j', (text) => {
    expect(read({ token: text })).toMatchObject({ credentials: { kind: 'none' }, masked: [], problems: [] });
  });

  test.each(['aaaa bbbb', 'aaaa\nbbbb', 'aaaa\u0000bbbb', 'aaaa…bbbb'])(
    'is refused, masked and not echoed as %j',
    (text) => {
      const { problems, masked } = read({ token: text });
      expect(problems).toEqual([
        'token has white space, control or non-ASCII characters inside, but must be one access token',
      ]);
      expect(masked).toEqual([text]);
    },
  );
});

describe('the input min-cents', () => {
  test.each([
    ['0', '0'],
    ['2000', '2000'],
    [' 2000 ', '2000'],
    ['12.5', '12.5'],
    ['000000000000010', '10'],
    ['999999999999999.999999', '999999999999999.999999'],
  ])('reads %j as %s', (text, cents) => {
    const { minCents, problems } = read({ 'min-cents': text });
    expect(minCents && formatCents(minCents)).toBe(cents);
    expect(problems).toEqual([]);
  });

  test('reads none as no minimum', () => {
    expect(read({ token: TOKEN, 'min-cents': 'none' })).toMatchObject({ minCents: undefined, problems: [] });
  });

  test.each(['-1', '+1', '1e3', '1,000', '1_000', '$20', '20.', '.5', '1.1234567', '1000000000000000', 'None', '٣'])(
    'refuses %j',
    (text) => {
      expect(read({ token: TOKEN, 'min-cents': text }).problems).toEqual([
        `min-cents is "${text}", but must be a number of cents such as 2000 or 12.5, or none`,
      ]);
    },
  );

  test('is wrong where it is explicitly empty, because an empty variable must not disarm the gate', () => {
    for (const text of ['', ' ']) {
      expect(read({ token: TOKEN, 'min-cents': text }).problems).toEqual([
        'min-cents is empty, but must be a number of cents such as 2000 or 12.5, or none',
      ]);
    }
  });

  test('is not judged where it is explicitly empty without credentials, because forks get no variables either', () => {
    expect(read({ 'min-cents': '' }).problems).toEqual([]);
  });

  test.each(['INPUT_MIN_CENTS', 'INPUT_MINCENTS', 'INPUT_MIN CENTS', 'INPUT_Min-Cents', 'input_min_cents'])(
    'is misspelt as %s',
    (name) => {
      const { problems } = readInputs({ [name]: '2000' }, () => {});
      expect(problems).toEqual([`the input "${name.slice(6).toLowerCase()}" must be spelled min-cents`]);
    },
  );

  test('names every misspelling of it', () => {
    const { problems } = readInputs({ INPUT_MIN_CENTS: '1', INPUT_MINCENTS: '1' }, () => {});
    expect(problems).toHaveLength(2);
  });

  test.each(['INPUT_MIN-CENTS', 'INPUT_MIN-CENTS-X', 'MIN_CENTS'])('is not misspelt as %s', (name) => {
    expect(readInputs({ [name]: '2000' }, () => {}).problems).toEqual([]);
  });
});

describe('every other input', () => {
  test('has its default where it is absent or empty', () => {
    const empty = {
      token: '',
      'deduct-pending': '',
      'on-low': '',
      'on-unknown': ' ',
      'on-no-credentials': '',
      summary: '',
      'timeout-seconds': '',
      'api-url': '',
    };
    const expected = {
      deductPending: false,
      onLow: 'fail',
      onUnknown: 'fail',
      onNoCredentials: 'fail',
      summary: true,
      timeoutMs: 60_000,
      apiUrl: 'https://api.parallel.ai/account',
      problems: [],
    };
    expect(read({})).toMatchObject(expected);
    expect(read(empty)).toMatchObject(expected);
  });

  test.each([
    ['on-low', 'onLow', 'notice', 'notice'],
    ['on-unknown', 'onUnknown', 'warn', 'warn'],
    ['on-no-credentials', 'onNoCredentials', 'warn', 'warn'],
    ['deduct-pending', 'deductPending', 'true', true],
    ['deduct-pending', 'deductPending', 'True', true],
    ['summary', 'summary', 'FALSE', false],
    ['timeout-seconds', 'timeoutMs', '1', 1000],
    ['timeout-seconds', 'timeoutMs', '600', 600_000],
    ['api-url', 'apiUrl', 'https://example.com/a/b//', 'https://example.com/a/b'],
    ['api-url', 'apiUrl', 'https://example.com', 'https://example.com'],
    ['api-url', 'apiUrl', 'http://127.0.0.1:8787/account', 'http://127.0.0.1:8787/account'],
    ['api-url', 'apiUrl', 'http://localhost:8787', 'http://localhost:8787'],
    ['api-url', 'apiUrl', 'http://[::1]:8787/x', 'http://[::1]:8787/x'],
  ])('is read: %s gives %s from %j', (name, key, text, value) => {
    expect(read({ [name]: text })).toMatchObject({ [key]: value, problems: [] });
  });

  test.each([
    ['on-low', 'stop', '"stop", but must be fail, warn or notice'],
    ['on-unknown', 'Warn', '"Warn", but must be fail, warn or notice'],
    ['on-no-credentials', 'ok', '"ok", but must be fail, warn or notice'],
    ['deduct-pending', 'yes', '"yes", but must be true or false'],
    ['summary', '1', '"1", but must be true or false'],
    ['timeout-seconds', '0', '"0", but must be a whole number from 1 to 600'],
    ['timeout-seconds', '601', '"601", but must be a whole number from 1 to 600'],
    ['timeout-seconds', '1.5', '"1.5", but must be a whole number from 1 to 600'],
    ['timeout-seconds', '1e2', '"1e2", but must be a whole number from 1 to 600'],
    ['api-url', 'api.parallel.ai', '"api.parallel.ai", but must be an https URL'],
    ['api-url', 'http://api.parallel.ai', '"http://api.parallel.ai", but must be an https URL'],
    ['api-url', 'http://127.0.0.1.example.com', '"http://127.0.0.1.example.com", but must be an https URL'],
    ['api-url', 'file:///etc/passwd', '"file:///etc/passwd", but must be an https URL'],
  ])('refuses what it does not accept: %s as %j', (name, text, problem) => {
    const { problems } = read({ [name]: text });
    expect(problems).toEqual([expect.stringContaining(`${name} is ${problem}`)]);
  });

  test.each(['https://user:hunter2@example.com', 'https://example.com/?key=hunter2', 'https://example.com/#hunter2'])(
    'is refused and not echoed where it is an api-url with a place for secrets: %s',
    (text) => {
      const { problems } = read({ 'api-url': text });
      expect(problems).toHaveLength(1);
      expect(problems[0]).not.toContain('hunter2');
    },
  );

  test('is not echoed where it is long and wrong: it may be a token in the wrong place', () => {
    expect(read({ 'min-cents': `ghp_${'x'.repeat(36)}` }).problems[0]).toMatch(
      /^min-cents is a text of 40 characters, but /,
    );
    expect(read({ 'min-cents': 'a b '.repeat(16) }).problems[0]).toMatch(/^min-cents is a text of 63 characters, but /);
  });

  test('is listed at once with all that are wrong', () => {
    const wrong = {
      token: 'a b',
      'min-cents': '',
      'on-low': 'x',
      summary: 'x',
      'timeout-seconds': 'x',
      'api-url': 'x',
    };
    expect(
      read(wrong)
        .problems.map((problem) => problem.split(' ')[0])
        .sort(),
    ).toEqual(Object.keys(wrong).sort());
  });
});

describe('the inputs of a stored login', () => {
  const given = { 'state-key': KEY, 'github-token': 'ghs_secret' };

  test('are read, with their secrets masked', () => {
    const { credentials, problems, masked } = read({ ...given, 'state-ref': 'refs/acme/parallel/login' });
    expect(problems).toEqual([]);
    expect(credentials).toEqual({
      kind: 'stored',
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
      'state-ref is "refs/heads/main", but must be refs/<namespace>/<name>',
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
    ['a wrong platform', { 'platform-url': 'http://example.com' }, 'platform-url is "http://example.com"'],
  ])('are refused with %s', (_, inputs, problem) => {
    const { problems, masked } = read({ ...given, ...inputs });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    for (const secret of masked) expect(problems.join()).not.toContain(secret);
  });

  test('do not guess the API of GitHub: the token of a server must not go to github.com', () => {
    const env = { ...RUNNER, GITHUB_API_URL: 'http://ghes.example/api/v3', ...toInputVariables(given) };
    expect(readInputs(env, () => {}).problems).toEqual([expect.stringContaining('GITHUB_API_URL,')]);
  });

  test('need what every runner sets', () => {
    expect(readInputs(toInputVariables(given), () => {}).problems).toEqual([
      expect.stringContaining('GITHUB_API_URL,'),
      expect.stringContaining('GITHUB_REPOSITORY,'),
      expect.stringContaining('GITHUB_REPOSITORY_ID,'),
      expect.stringContaining('GITHUB_RUN_ID,'),
    ]);
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
    ['no key', {}, 'state-key is empty, but must be 32 random bytes in base64, made by: openssl rand -base64 32'],
    ['a wrong key', { 'state-key': 'x' }, 'state-key is not a key'],
    ['a wrong previous key', { 'state-key': KEY, 'previous-state-key': 'x' }, 'previous-state-key is not a key'],
    ['a wrong organization', { 'state-key': KEY, 'expected-org-id': 'a b' }, 'expected-org-id is "a b"'],
  ])('are refused with %s', (_, inputs, problem) => {
    expect(readLogin(inputs).problems).toEqual([expect.stringContaining(problem)]);
  });
});
