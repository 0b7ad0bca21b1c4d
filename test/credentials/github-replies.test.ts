import { describe, expect, test } from 'vitest';
import { GitHub } from '../../src/credentials/github.ts';
import { parseState, type State } from '../../src/credentials/state.ts';
import { Store } from '../../src/credentials/store.ts';
import { Http } from '../../src/http.ts';
import type { NoReply, Reply, Request } from '../../src/reply.ts';
import { BINDING, EMPTY_TREE, KEY_BYTES, NOWHERE, REF } from '../support/fixtures.ts';
import { broken, reply } from '../support/outcomes.ts';

// What GitHub's replies mean before anything is spent, on a clock whose waits take no time.

const DATE = new Date(Date.now() - 7_200_000).toUTCString();
const words = (status: number, message: string, headers: Reply['headers'] = {}) =>
  reply(status, { message }, { date: DATE, ...headers });
const MISSING = words(404, 'Not Found');
const found = reply(200, { object: { sha: NOWHERE, type: 'commit' } }, { date: DATE });

/** `answer` is asked for each request, with how many came before it. */
function make(answer: (request: Request, before: number) => Reply | NoReply, apiUrl = 'https://api.github.test') {
  let now = 7_000_000;
  const [requests, waits]: [string[], number[]] = [[], []];
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      waits.push(ms);
      now += ms;
    },
    random: () => 1,
  };
  const send = async (request: Request) => {
    const { pathname } = new URL(request.url);
    return answer(request, requests.push(`${request.method} ${pathname}`) - 1);
  };
  const http = new Http(60_000, { clock, send });
  const github = new GitHub({ apiUrl, repository: 'octo/evals', repositoryId: '42', token: 't' });
  const store = new Store({ github, key: KEY_BYTES, binding: BINDING, mask: () => {} });
  const read = () => store.read(http).catch((error: unknown) => error);
  return { http, github, store, read, requests, waits };
}

describe('the time', () => {
  const isBelieved = async (answer: Reply) => {
    const { http, github } = make(() => answer);
    await github.once(http, { method: 'GET', path: '/git/ref/x' });
    return github.now(http) === Date.parse(DATE);
  };

  test.each([
    ['JSON', MISSING],
    ['a 304', reply(304, undefined, { date: DATE })],
  ])("is that of GitHub's reply: %s", async (_, answer) => {
    expect(await isBelieved(answer)).toBe(true);
  });

  test.each([
    ['HTML, as a firewall answers', reply(403, undefined, { date: DATE })],
    ['no Date', reply(200, {})],
    ['a Date that is none', reply(200, {}, { date: 'today' })],
    ['a Date ten years ago', reply(200, {}, { date: 'Mon, 04 Jan 2010 00:00:00 GMT' })],
    ['a Date in a hundred years', reply(200, {}, { date: 'Mon, 04 Jan 2126 00:00:00 GMT' })],
  ])('is not known from %s, and that is a verdict', async (_, answer) => {
    await expect(isBelieved(answer)).rejects.toMatchObject({
      name: 'Failure',
      word: 'unknown',
      message: 'api.github.test answers without the time of day (the header Date), by which the login is renewed.',
    });
  });
});

describe('a renamed repository', () => {
  const GHES = 'https://ghes.test/api/v3';
  const moved = (url: string, status: number) => (request: Request, before: number) =>
    before === 0
      ? reply(status, { message: 'Moved' }, { location: url })
      : request.method === 'GET'
        ? MISSING
        : words(201, '');

  test.each([
    ['https://api.github.test', 'GET', 301, ''],
    ['https://api.github.test', 'POST', 307, ''],
    [GHES, 'GET', 301, '/api/v3'],
    [GHES, 'PATCH', 307, '/api/v3'],
  ] as const)('is followed to its own id, and kept: %s %s', async (apiUrl, method, status, prefix) => {
    const { http, github, requests } = make(moved(`${apiUrl}/repositories/42/git/refs/x`, status), apiUrl);
    await github.once(http, { method, path: '/git/refs/x' });
    await github.once(http, { method: 'GET', path: '/git/ref/x' });
    expect(requests).toEqual([
      `${method} ${prefix}/repos/octo/evals/git/refs/x`,
      `${method} ${prefix}/repositories/42/git/refs/x`,
      `GET ${prefix}/repositories/42/git/ref/x`,
    ]);
  });

  test.each([
    'https://api.github.test/repositories/43/git/refs/x',
    'https://api.github.test/repositories/42/git/refs/y',
    'https://elsewhere.test/repositories/42/git/refs/x',
    'http://api.github.test/repositories/42/git/refs/x',
    '/repositories/42/git/refs/x',
  ])('is followed nowhere else: %s', async (location) => {
    const { http, github, requests } = make(moved(location, 301));
    expect(await github.once(http, { method: 'GET', path: '/git/refs/x' })).toMatchObject({ status: 301 });
    expect(requests).toHaveLength(1);
  });

  test('is followed once: a redirect there is none', async () => {
    const location = 'https://api.github.test/repositories/42/git/refs/x';
    const { http, github, requests } = make(() => reply(301, {}, { location }));
    expect(await github.once(http, { method: 'GET', path: '/git/refs/x' })).toMatchObject({ status: 301 });
    expect(requests).toHaveLength(2);
  });
});

describe('a ref that is not found', () => {
  test('is asked for four times over some seconds, and there is no login where the repository is to be seen', async () => {
    const { read, requests, waits } = make(({ url }) => (url.endsWith('/evals') ? words(200, '') : MISSING));
    expect(await read()).toBe(undefined);
    expect(waits).toEqual([1000, 1000, 2000]);
    expect(requests.map((each) => each.split('/evals')[1])).toEqual([...Array(4).fill(`/git/ref/${REF.slice(5)}`), '']);
  });

  test('is hidden where the repository is not to be seen either', async () => {
    expect(await make(() => MISSING).read()).toMatchObject({
      word: 'error',
      message: expect.stringContaining('lacks the permission contents: write, or is not for this repository'),
    });
  });

  test('is there if one look of four shows it', async () => {
    const message = 'not ours';
    const { read } = make(({ url }, before) => {
      if (url.includes('/commits/'))
        return reply(200, { sha: NOWHERE, message, tree: { sha: EMPTY_TREE } }, { date: DATE });
      return before < 3 ? MISSING : found;
    });
    expect(await read()).toMatchObject({ sha: NOWHERE, state: undefined });
  });
});

test('a commit that a ref has named may be unseen for 35 s', async () => {
  const { read, waits } = make(({ url }) => (url.includes('/commits/') ? MISSING : found));
  expect(await read()).toMatchObject({ word: 'unknown', message: expect.stringContaining('GitHub still shows') });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(35_000);
});

test.each(['tag', 'tree', 'blob'])('a %s that a ref names is of somebody else', async (type) => {
  const { read, requests } = make(() => reply(200, { object: { sha: NOWHERE, type } }, { date: DATE }));
  expect(await read()).toMatchObject({
    word: 'error',
    message: expect.stringContaining('holds something that this action did not put there'),
  });
  expect(requests).toHaveLength(1);
});

test('a commit with more than 1 MiB is of somebody else', async () => {
  const big: Reply = { ...reply(200, undefined, { date: DATE }), isTooLarge: true };
  expect(await make(({ url }) => (url.includes('/commits/') ? big : found)).read()).toMatchObject({
    word: 'error',
    message: expect.stringContaining('holds something that this action did not put there'),
  });
});

describe('a swap that is refused', () => {
  const state = parseState('{"version":1}') as State;
  /** The head stays where it is. */
  async function swap(message: string) {
    const { http, store, requests, waits } = make(({ method, url, body = '' }) => {
      if (method === 'PATCH') return words(422, message);
      if (method === 'POST') return reply(201, { sha: EMPTY_TREE, message: JSON.parse(body).message });
      return url.includes('/commits/') ? reply(200, { sha: NOWHERE, message, tree: { sha: EMPTY_TREE } }) : found;
    });
    const outcome: unknown = await store.swap(http, { sha: NOWHERE, state }, state).catch((error) => error);
    const moves = requests.filter((each) => each.startsWith('PATCH')).length;
    return { outcome, moves, seconds: waits.reduce((sum, ms) => sum + ms, 0) / 1000 };
  }

  test.each(['Reference update failed', 'Reference cannot be updated', 'A rule of the repository forbids it'])(
    'is tried again for some seconds, fewer than a lease lives: %s',
    async (message) => {
      const { outcome, moves, seconds } = await swap(message);
      expect(outcome).toMatchObject({ word: 'error', message: expect.stringContaining('refuses to update the ref') });
      // Three seconds of looks between two writes.
      expect(moves).toBe(4);
      expect(seconds).toBeGreaterThanOrEqual(10);
      expect(seconds).toBeLessThan(20);
    },
  );

  test.each([
    ['Update is not a fast forward', 10],
    ['Object does not exist', 36],
  ])('may be lag, for 35 s: %s, in %d writes', async (message, count) => {
    const { outcome, moves, seconds } = await swap(message);
    expect(outcome).toMatchObject({ name: 'Failure' });
    expect(moves).toBe(count);
    expect(seconds).toBeGreaterThanOrEqual(35);
  });
});

describe('a limit on a read', () => {
  test.each([
    [403, { 'retry-after': '7' }],
    [429, { 'retry-after': '7' }],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse(DATE) / 1000 + 7) }],
  ])('is waited out where the deadline allows: %d %j', async (status, headers) => {
    const { read, waits } = make((_, before) =>
      before === 0 ? words(status, 'Slow down', headers) : broken('no-answer'),
    );
    await read();
    expect(waits[0]).toBe(7000);
  });

  test('is told at once where it does not', async () => {
    const { read, waits } = make(() => words(403, 'Slow down', { 'retry-after': '61' }));
    expect(await read()).toMatchObject({ word: 'unknown', message: expect.stringContaining('for another 61 s') });
    expect(waits).toEqual([]);
  });
});

test.each<[string, Reply | NoReply, string, RegExp]>([
  ['401', words(401, 'Bad credentials'), 'error', /does not know the input github-token/],
  ['403', words(403, 'Resource not accessible by integration'), 'error', /lacks the permission contents: write/],
  ['403 of another kind', words(403, 'IP allow list'), 'error', /not about the permissions of the job/],
  ['410', words(410, 'gone'), 'error', /which this action does not understand/],
  ['400', words(400, 'no'), 'error', /which this action does not understand/],
  ['403 in HTML', reply(403, undefined), 'error', /without JSON: that was not GitHub's API/],
  ['200 in HTML', reply(200, undefined), 'unknown', /not as GitHub does/],
  ['302', reply(302, undefined, { location: 'https://portal.test' }), 'unknown', /a redirect, which is never followed/],
  ['502', reply(502, undefined), 'unknown', /so the stored login is out of reach/],
  ['silence', broken('no-answer', 'did not answer'), 'unknown', /did not answer, so the stored login is out of reach/],
])('what goes on for four tries is told by its own words: %s', async (_, answer, word, message) => {
  const { read, requests } = make(() => answer);
  expect(await read()).toMatchObject({ word, message: expect.stringMatching(message) });
  expect(requests).toHaveLength(4);
});
