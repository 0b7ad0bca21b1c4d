import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalGithub, startLocalGithub } from './local-github.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const NOWHERE = 'eeed0456ca0e8d129a91bd4826732ab95a3edbb6';
const NAME = 'parallel-balance/state';
const REF = `refs/${NAME}`;

let github: LocalGithub;
beforeEach(async () => {
  github = await startLocalGithub();
});
afterEach(() => github.close());

// biome-ignore lint/suspicious/noExplicitAny: replies are whatever JSON the server sends
type Answer = { status: number; headers: IncomingHttpHeaders; body: any };

/** One request on a connection of its own; a header given as `undefined` is not sent. */
function call(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string | undefined>; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { body, headers = {}, signal } = options;
  const all = {
    authorization: `Bearer ${github.token}`,
    'user-agent': 'test',
    'x-github-api-version': '2022-11-28',
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const url = path.startsWith('/repos/') ? `${github.url}${path}` : `${github.url}/repos/octo/evals${path}`;
    const outgoing = request(url, { method, headers: sent, agent: false, ...(signal && { signal }) }, (response) => {
      text(response).then((raw) => {
        const isJson = response.headers['content-type']?.startsWith('application/json') && raw !== '';
        const parsed = isJson ? JSON.parse(raw) : raw;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}

const getRef = (headers = {}) => call('GET', `/git/ref/${NAME}`, { headers });
const getCommit = (sha: string) => call('GET', `/git/commits/${sha}`);
const postCommit = (parents: string[], message = `state ${Math.random()}`, tree = EMPTY_TREE) =>
  call('POST', '/git/commits', { body: { message, tree, parents } });
const commit = async (...parents: string[]): Promise<string> => (await postCommit(parents)).body.sha;
const postRef = (sha: unknown, ref: unknown = REF) => call('POST', '/git/refs', { body: { ref, sha } });
const patchRef = (sha: unknown, force?: boolean, name = NAME) =>
  call('PATCH', `/git/refs/${name}`, { body: { sha, force } });
const isPatch = (method: string) => method === 'PATCH';
const isAny = () => true;

/** Real git on the bare repository. */
const git = (...args: string[]) =>
  execFileSync('git', ['--git-dir', github.gitDir, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

/** A ref at the first of `count` commits in a row. */
async function chain(count: number): Promise<string[]> {
  const shas = [await commit()];
  while (shas.length < count) shas.push(await commit(...shas.slice(-1)));
  await postRef(shas[0]);
  return shas;
}

const refused = (status: number, message: string, docs: string) => ({
  status,
  body: { message, documentation_url: `https://docs.github.com/rest${docs}`, status: String(status) },
});

describe('requests', () => {
  test('the repository', async () => {
    const { status, body } = await call('GET', '');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.any(Number),
      full_name: 'octo/evals',
      private: true,
      default_branch: 'main',
    });
  });

  test('another name, id and visibility', async () => {
    await using other = await startLocalGithub({ repository: 'acme/site', id: 7, private: false });
    const headers = { authorization: `Bearer ${other.token}` };
    const body = await (await fetch(`${other.url}/repos/acme/site`, { headers })).json();
    expect(body).toMatchObject({ id: 7, full_name: 'acme/site', private: false });
  });

  test('what is unknown is not found', async () => {
    for (const path of ['/repos/octo/other', '/repos/octo/evals2', '/repos/octo/other/git/refs', '/git/tags/x'])
      expect(await call('GET', path)).toMatchObject(refused(404, 'Not Found', ''));
    expect((await call('PATCH', `/git/ref/${NAME}`, { body: { sha: NOWHERE } })).status).toBe(404);
  });

  test('only the two tokens are let in', async () => {
    for (const authorization of [undefined, 'Bearer ghs_wrong', `Basic ${github.token}`])
      expect(await getRef({ authorization })).toMatchObject(refused(401, 'Bad credentials', ''));
  });

  test('a user agent is required', async () => {
    const reply = await getRef({ 'user-agent': undefined });
    expect(reply.status).toBe(403);
    expect(reply.headers['content-type']).toContain('text/html');
    expect(reply.body).toContain('make sure your request has a User-Agent header');
  });

  test('the read-only token reads but does not write', async () => {
    const [sha = ''] = await chain(1);
    const headers = { authorization: `Bearer ${github.readOnlyToken}` };
    expect((await getRef(headers)).status).toBe(200);
    const body = { message: 'm', tree: EMPTY_TREE, parents: [sha] };
    const reply = await call('POST', '/git/commits', { headers, body });
    expect(reply).toMatchObject(refused(403, 'Resource not accessible by integration', '/git/commits#create-a-commit'));
    expect(reply.headers).toMatchObject({
      'x-accepted-github-permissions': 'contents=write',
      'x-ratelimit-remaining': '999',
    });
    for (const [method, path] of [
      ['POST', '/git/refs'],
      ['PATCH', `/git/refs/${NAME}`],
    ] as const)
      expect((await call(method, path, { headers, body: { ref: 'refs/a/b', sha } })).status).toBe(403);
    expect(github.head('refs/a/b')).toBeUndefined();
  });

  test('a body that is not JSON', async () => {
    const reply = await call('POST', '/git/refs', { body: '{"ref":' });
    expect(reply).toMatchObject(refused(400, 'Problems parsing JSON', '/git/refs#create-a-reference'));
  });

  test('every reply tells the time and the limit', async () => {
    for (const reply of [await call('GET', ''), await getRef(), await getRef({ authorization: undefined })]) {
      expect(Math.abs(Date.parse(reply.headers.date ?? '') - Date.now())).toBeLessThan(2000);
      expect(reply.headers).toMatchObject({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999' });
      expect(Number(reply.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
    }
  });

  test('all of them are recorded in order', async () => {
    await getRef();
    await postCommit([]);
    expect(github.requests).toEqual([
      { method: 'GET', path: `/repos/octo/evals/git/ref/${NAME}`, status: 404 },
      { method: 'POST', path: '/repos/octo/evals/git/commits', status: 201 },
    ]);
  });
});

describe('commits', () => {
  test('are created, read and real', async () => {
    const root = await commit();
    const message = 'eyJhbGciOiJkaXIifQ..\n\nline ü\n';
    const created = await postCommit([root], message);
    expect(created.status).toBe(201);
    const { sha } = created.body;
    const read = await getCommit(sha);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(created.body);
    expect(read.body).toMatchObject({ sha, message, tree: { sha: EMPTY_TREE }, parents: [{ sha: root }] });
    expect(git('cat-file', 'commit', sha).split('\n\n').slice(1).join('\n\n')).toBe(message);
    expect(Math.abs(Number(git('show', '-s', '--format=%ct', sha)) - Date.now() / 1000)).toBeLessThan(3);
  });

  test('a large message survives', async () => {
    const message = 'x'.repeat(300_000);
    const { sha } = (await postCommit([], message)).body;
    expect((await getCommit(sha)).body.message).toBe(message);
  });

  test('need what they name', async () => {
    const docs = '/git/commits#create-a-commit';
    const main = github.head('refs/heads/main') ?? '';
    const parent = 'Parent SHA does not exist or is not a commit object';
    expect(await postCommit([], 'm', NOWHERE)).toMatchObject(refused(422, 'Tree SHA does not exist', docs));
    expect(await postCommit([], 'm', main)).toMatchObject(refused(422, 'Tree SHA is not a tree object', docs));
    for (const parents of [[NOWHERE], [main, NOWHERE], [EMPTY_TREE], ['main']])
      expect(await postCommit(parents)).toMatchObject(refused(422, parent, docs));
    const rule = 'The tree parameter must be exactly 40 characters and contain only [0-9a-f].';
    expect(await postCommit([], 'm', 'main')).toMatchObject(refused(422, rule, docs));
    const bare = await call('POST', '/git/commits', { body: { message: 'm' } });
    expect(bare).toMatchObject(refused(422, 'Invalid request.\n\n"tree" wasn\'t supplied.', docs));
  });

  test('are not found when missing, short or something else', async () => {
    const notFound = refused(404, 'Not Found', '/git/commits#get-a-commit-object');
    expect(await getCommit(NOWHERE)).toMatchObject(notFound);
    expect(await getCommit(EMPTY_TREE)).toMatchObject(notFound);
    expect((await getCommit((await commit()).slice(0, 7))).status).toBe(404);
  });
});

describe('refs', () => {
  test('are created and read', async () => {
    const sha = await commit();
    expect(await getRef()).toMatchObject(refused(404, 'Not Found', '/git/refs#get-a-reference'));
    const created = await postRef(sha);
    const url = `${github.url}/repos/octo/evals/git`;
    const body = {
      ref: REF,
      node_id: expect.any(String),
      url: `${url}/${REF}`,
      object: { sha, type: 'commit', url: `${url}/commits/${sha}` },
    };
    expect(created).toMatchObject({ status: 201, body, headers: { location: `${url}/${REF}` } });
    expect(await getRef()).toMatchObject({ status: 200, body });
    expect(await call('GET', `/git/ref/${encodeURIComponent(NAME)}`)).toMatchObject({ status: 200, body });
    expect((await call('GET', '/git/ref/parallel-balance')).status).toBe(404);
    expect((await call('GET', '/git/ref/parallel-balance/*')).status).toBe(404);
    expect(git('rev-parse', REF).trim()).toBe(sha);
  });

  test('are not created twice, nor on nothing, nor under a bad name', async () => {
    const docs = '/git/refs#create-a-reference';
    const [sha] = await chain(1);
    expect(await postRef(sha)).toMatchObject(refused(422, 'Reference already exists', docs));
    expect(await postRef(NOWHERE, 'refs/a/b')).toMatchObject(refused(422, 'Object does not exist', docs));
    const short = 'Reference name must contain at least three slash-separated components.';
    expect(await postRef(sha, 'refs/state')).toMatchObject(refused(422, short, docs));
    const outside = "Reference name must start with 'refs/'.";
    expect(await postRef(sha, NAME)).toMatchObject(refused(422, outside, docs));
    const failed = refused(422, 'Reference update failed', docs);
    for (const ref of [`${REF}/below`, 'refs/a/b..c']) expect(await postRef(sha, ref)).toMatchObject(failed);
    expect((await postRef(undefined)).body.message).toBe('Invalid request.\n\n"sha" wasn\'t supplied.');
  });

  test('move forward only', async () => {
    const docs = '/git/refs#update-a-reference';
    const [first = '', second = '', third = ''] = await chain(3);
    expect(await patchRef(first, false)).toMatchObject({ status: 200, body: { object: { sha: first } } });
    expect(await patchRef(third)).toMatchObject({ status: 200, body: { ref: REF, object: { sha: third } } });
    const backward = refused(422, 'Update is not a fast forward', docs);
    for (const sha of [second, await commit(second), await commit()])
      expect(await patchRef(sha, false)).toMatchObject(backward);
    expect(github.head(REF)).toBe(third);
    expect((await patchRef(second, true)).status).toBe(200);
    expect(github.head(REF)).toBe(second);
    const merge = await commit(await commit(), await commit(third));
    expect(() => git('merge-base', '--is-ancestor', second, merge)).not.toThrow();
    expect((await patchRef(merge, false)).status).toBe(200);
  });

  test('are not updated when missing, nor to nothing, nor to a tree', async () => {
    const docs = '/git/refs#update-a-reference';
    const [sha] = await chain(1);
    const missing = refused(422, 'Reference does not exist', docs);
    expect(await patchRef(sha, false, 'parallel-balance/other')).toMatchObject(missing);
    expect(await patchRef(NOWHERE)).toMatchObject(refused(422, 'Object does not exist', docs));
    expect(await patchRef(EMPTY_TREE)).toMatchObject(refused(422, 'Object is not a commit', docs));
  });

  test('an unchanged one is 304, for the same token only', async () => {
    const [first = '', second] = await chain(2);
    const { etag = '' } = (await getRef()).headers;
    expect(etag).toMatch(/^W\/"[0-9a-f]{64}"$/);
    const again = await getRef({ 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, body: '', headers: { etag, 'x-ratelimit-limit': '1000' } });
    expect(again.headers.date).toBeDefined();
    const other = await getRef({ 'if-none-match': etag, authorization: `Bearer ${github.readOnlyToken}` });
    expect(other.status).toBe(200);
    await patchRef(second);
    const changed = await getRef({ 'if-none-match': etag });
    expect(changed).toMatchObject({ status: 200, body: { object: { sha: second } } });
    await github.setRef(REF, first);
    expect((await getRef({ 'if-none-match': etag })).status).toBe(304);
  });

  test('of many updates from one parent exactly one wins', async () => {
    const [parent = ''] = await chain(1);
    const shas = await Promise.all(Array.from({ length: 20 }, () => commit(parent)));
    const replies = await Promise.all(shas.map((sha) => patchRef(sha, false)));
    const won = replies.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 422)).toHaveLength(19);
    expect(github.head(REF)).toBe(won[0]?.body.object.sha);
    const created = await Promise.all(shas.map((sha) => postRef(sha, 'refs/race/first')));
    expect(created.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('two byte-identical commits both win', async () => {
    const [parent = ''] = await chain(1);
    let pair: Answer[];
    do pair = await Promise.all([postCommit([parent], 'same'), postCommit([parent], 'same')]);
    while (pair[0]?.body.sha !== pair[1]?.body.sha); // the second may have changed in between
    for (const { body } of pair) expect((await patchRef(body.sha, false)).status).toBe(200);
  });
});

describe('the repository behind it', () => {
  test('is real to git', async () => {
    const shas = await chain(3);
    await patchRef(shas[2]);
    expect(git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
    expect(git('log', '--format=%H', REF).trim().split('\n')).toEqual(shas.toReversed());
    expect(git('ls-tree', REF)).toBe('');
    expect(git('ls-tree', '--name-only', 'main')).toBe('README\n');
  });

  test('can be read and changed by hand', async () => {
    const [first = '', second = ''] = await chain(2);
    await patchRef(second);
    expect(await github.commits(REF)).toMatchObject([
      { sha: second, parents: [first], tree: EMPTY_TREE, message: expect.stringMatching(/^state 0\.\d+$/) },
      { sha: first, parents: [], tree: EMPTY_TREE },
    ]);
    await github.setRef(REF, first);
    expect(github.head(REF)).toBe(first);
    await github.deleteRef(REF);
    expect(github.head(REF)).toBeUndefined();
    expect(await github.commits(REF)).toEqual([]);
    expect((await getRef()).status).toBe(404);
    await github.setRef(REF, second);
    expect((await getRef()).body.object.sha).toBe(second);
    await expect(github.setRef(REF, NOWHERE)).rejects.toThrow();
  });

  test('is gone after close', async () => {
    const other = await startLocalGithub();
    await other.close();
    expect(existsSync(other.gitDir)).toBe(false);
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('faults', () => {
  test('reads lag behind writes', async () => {
    const [first = '', second = '', third = ''] = await chain(3);
    github.faults.readLagMs = 1500;
    await postRef(first, 'refs/a/new');
    await patchRef(second);
    await patchRef(third);
    expect(github.head(REF)).toBe(third);
    expect((await getRef()).body.object.sha).toBe(first);
    for (const sha of [second, third]) expect((await getCommit(sha)).status).toBe(404);
    expect((await call('GET', '/git/ref/a/new')).status).toBe(404);
    expect((await postCommit([third])).status).toBe(201); // writes see the truth
    expect((await patchRef(second)).status).toBe(422);
    await sleep(1500);
    expect((await getRef()).body.object.sha).toBe(third);
    for (const sha of [second, third]) expect((await getCommit(sha)).status).toBe(200);
    expect((await call('GET', '/git/ref/a/new')).status).toBe(200);
  });

  test('a rollback lags too, but hides no old commit', async () => {
    const [first = '', second = ''] = await chain(2);
    await patchRef(second);
    github.faults.readLagMs = 1000;
    await github.setRef(REF, first);
    github.faults.readLagMs = 0;
    expect((await getRef()).body.object.sha).toBe(second);
    expect((await getCommit(first)).status).toBe(200);
    await sleep(1000);
    expect((await getRef()).body.object.sha).toBe(first);
  });

  test('a request dropped before anything was done', async () => {
    const [first, second] = await chain(2);
    github.faults.next(isPatch, 'drop-before');
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(first);
    expect(github.requests.at(-1)).toMatchObject({ method: 'PATCH', status: 0 });
    expect((await patchRef(second)).status).toBe(200);
  });

  test('a lost reply', async () => {
    const [, second] = await chain(2);
    github.faults.next(isPatch, 'drop-after');
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(second);
    expect(github.requests.at(-1)?.status).toBe(0);
    expect((await patchRef(second)).status).toBe(200);
  });

  test('a scripted answer, as often as asked for', async () => {
    const [first, second] = await chain(2);
    github.faults.next(isPatch, { status: 502, body: '<html>Unicorn!</html>' }, 2);
    github.faults.next(isPatch, { status: 429, headers: { 'Retry-After': '60' } });
    for (const _ of [1, 2])
      expect(await patchRef(second)).toMatchObject({ status: 502, body: '<html>Unicorn!</html>' });
    expect(await getRef()).toMatchObject({ status: 200 });
    expect(await patchRef(second)).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(github.head(REF)).toBe(first);
    expect(await patchRef(second)).toMatchObject({ status: 200 });
  });

  test('a scripted limit, with headers changed and left out', async () => {
    const body = { message: 'You have exceeded a secondary rate limit.' };
    const bare = { 'retry-after': '60', 'X-RateLimit-Remaining': undefined, Date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
    github.faults.next(isAny, { status: 403, body, headers: bare });
    github.faults.next(isAny, { status: 403, headers: { 'x-ratelimit-remaining': '0' } });
    const { headers, ...rest } = await getRef();
    expect(rest).toEqual({ status: 403, body });
    expect(headers).toMatchObject({ 'retry-after': '60', date: 'Thu, 01 Jan 2026 00:00:00 GMT' });
    expect(headers).not.toHaveProperty('x-ratelimit-remaining');
    expect((await getRef()).headers['x-ratelimit-remaining']).toBe('0');
  });

  test('a late answer', async () => {
    const [, second] = await chain(2);
    github.faults.next(isPatch, { delayMs: 100 });
    const start = performance.now();
    expect((await patchRef(second)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(95);
  });

  test('a write that lands late, without an answer', async () => {
    const [first, second] = await chain(2);
    github.faults.next(isPatch, { delayMs: 200, drop: true });
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(first);
    await expect.poll(() => github.head(REF), { timeout: 2000 }).toBe(second);
    expect(github.requests.at(-1)).toMatchObject({ method: 'PATCH', status: 0 });
  });

  test('a write that lands too late is refused like any other', async () => {
    const [first = '', second] = await chain(2);
    const rival = await commit(first);
    github.faults.next(isPatch, { delayMs: 100, drop: true });
    await expect(patchRef(second)).rejects.toThrow();
    await patchRef(rival);
    await sleep(250);
    expect(github.head(REF)).toBe(rival);
  });

  test('a request that never gets an answer', async () => {
    const [first, second] = await chain(2);
    github.faults.next(isPatch, 'hang');
    const body = { sha: second };
    const hung = call('PATCH', `/git/refs/${NAME}`, { body, signal: AbortSignal.timeout(100) });
    await expect(hung).rejects.toMatchObject({ name: 'AbortError' });
    expect(github.head(REF)).toBe(first);
  });

  test('close does not wait for what hangs or is late', async () => {
    const other = await startLocalGithub();
    other.faults.next(isAny, 'hang');
    other.faults.next(isAny, { delayMs: 60_000 });
    const lost = [fetch(other.url), fetch(other.url)].map((reply) => expect(reply).rejects.toThrow());
    await expect.poll(() => other.requests.length).toBe(2);
    await other.close();
    await Promise.all(lost);
  });

  test('what is queued can be forgotten', async () => {
    github.faults.next(isAny, { status: 500 }, Number.POSITIVE_INFINITY);
    expect((await getRef()).status).toBe(500);
    expect((await getRef()).status).toBe(500);
    github.faults.clear();
    expect((await getRef()).status).toBe(404);
  });

  test('another clock', async () => {
    github.faults.clockOffsetMs = 3_600_000;
    const { headers, body } = await postCommit([]);
    expect(Date.parse(headers.date ?? '') - Date.now()).toBeGreaterThan(3_590_000);
    expect(Number(headers['x-ratelimit-reset']) * 1000 - Date.now()).toBeGreaterThan(7_100_000);
    expect(Number(git('show', '-s', '--format=%ct', body.sha)) * 1000 - Date.now()).toBeGreaterThan(3_590_000);
  });

  test('a limit that runs out', async () => {
    await chain(1);
    github.faults.rateLimitRemaining = 2;
    const { headers } = await getRef();
    expect(headers['x-ratelimit-remaining']).toBe('1');
    const free = await getRef({ 'if-none-match': headers.etag });
    expect(free).toMatchObject({ status: 304, headers: { 'x-ratelimit-remaining': '1' } });
    expect((await getRef()).headers['x-ratelimit-remaining']).toBe('0');
    for (const reply of [await getRef(), await postCommit([])]) {
      expect(reply.status).toBe(403);
      expect(reply.headers['x-ratelimit-remaining']).toBe('0');
      expect(reply.body.message).toContain('API rate limit exceeded');
    }
    github.faults.rateLimitRemaining = undefined;
    expect((await getRef()).status).toBe(200);
  });
});
