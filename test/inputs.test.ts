import { describe, expect, test } from 'vitest';
import { formatCents } from '../src/money.ts';
import { read } from './support/inputs.ts';

const TOKEN = 'aaaa.bbbb.cccc';
const CENTS = 'a number of cents such as 2000 or 12.5, up to ten of them above 0 joined by an asterisk, or none';

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
        'token has white space, quotes or other characters that no token has, but must be an access token of Parallel, alone',
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
    expect(minCents === 'none' ? minCents : formatCents(minCents)).toBe(cents);
    expect(problems).toEqual([]);
  });

  test('reads none as no minimum', () => {
    expect(read({ token: TOKEN, 'min-cents': 'none' })).toMatchObject({ minCents: 'none', problems: [] });
  });

  test.each([
    ...['-1', '+1', '1e3', '1,000', '1_000', '20.', '.5', '1.1234567', '1000000000000000', 'None'].map((text) => [
      text,
    ]),
    ['$20', '…20'],
    ['٣', '…'],
  ])('refuses %j', (text = '', shown = text) => {
    expect(read({ token: TOKEN, 'min-cents': text }).problems).toEqual([
      `min-cents is “${shown}”, but must be ${CENTS}`,
    ]);
  });

  test('is wrong where it is explicitly empty, because an empty variable must not disarm the gate', () => {
    for (const text of ['', ' ']) {
      expect(read({ token: TOKEN, 'min-cents': text }).problems).toEqual([`min-cents is empty, but must be ${CENTS}`]);
    }
  });

  test('is not judged where it is explicitly empty without credentials, because forks get no variables either', () => {
    expect(read({ 'min-cents': '' }).problems).toEqual([]);
  });
});

describe('every other input', () => {
  test('has its default where it is absent or empty', () => {
    const empty = {
      token: '',
      'cents-per-run': '',
      'deduct-pending': '',
      'on-low': '',
      'on-unknown': ' ',
      'on-no-credentials': '',
      summary: '',
      'timeout-seconds': '',
      'api-url': '',
    };
    const expected = {
      warnCents: 'none',
      centsPerRun: 'none',
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
    ['on-low', 'stop', '“stop”, but must be fail, warn or notice'],
    ['on-unknown', 'Warn', '“Warn”, but must be fail, warn or notice'],
    ['on-no-credentials', 'ok', '“ok”, but must be fail, warn or notice'],
    ['deduct-pending', 'yes', '“yes”, but must be true or false'],
    ['summary', '1', '“1”, but must be true or false'],
    ['timeout-seconds', '0', '“0”, but must be a whole number from 1 to 600'],
    ['timeout-seconds', '601', '“601”, but must be a whole number from 1 to 600'],
    ['timeout-seconds', '1.5', '“1.5”, but must be a whole number from 1 to 600'],
    ['timeout-seconds', '1e2', '“1e2”, but must be a whole number from 1 to 600'],
    ['api-url', 'api.parallel.ai', '“api.parallel.ai”, but must be an https URL'],
    ['api-url', 'http://api.parallel.ai', '“http://api.parallel.ai”, but must be an https URL'],
    ['api-url', 'http://127.0.0.1.example.com', '“http://127.0.0.1.example.com”, but must be an https URL'],
    ['api-url', 'file:///etc/passwd', '“file:///etc/passwd”, but must be an https URL'],
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
