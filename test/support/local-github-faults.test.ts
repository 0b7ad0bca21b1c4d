import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { REF } from './fixtures.ts';
import {
  call,
  chain,
  commit,
  getCommit,
  getRef,
  git,
  github,
  NAME,
  patchRef,
  postCommit,
  postRef,
} from './github-client.ts';
import { startLocalGithub } from './local-github.ts';

describe('a fault of the local GitHub', () => {
  test('makes reads lag behind writes', async () => {
    const [first = '', second = '', third = ''] = await chain(3);
    github.weather.readLagMs = 1500;
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

  test('makes a rollback lag too, but hides no old commit', async () => {
    const [first = '', second = ''] = await chain(2);
    await patchRef(second);
    github.weather.readLagMs = 1000;
    await github.setRef(REF, first);
    github.weather.readLagMs = 0;
    expect((await getRef()).body.object.sha).toBe(second);
    expect((await getCommit(first)).status).toBe(200);
    await sleep(1000);
    expect((await getRef()).body.object.sha).toBe(first);
  });

  test('sends a renamed repository on to its id, from when on a test likes', async () => {
    const [first] = await chain(1);
    github.faults.add({
      on: ({ path }) => path.startsWith('/repos/'),
      after: 'move',
      times: Number.POSITIVE_INFINITY,
      answer: ({ method, path }) => {
        const location = github.url + path.replace('/repos/octo/evals', '/repositories/42');
        return { status: method === 'GET' ? 301 : 307, headers: { location }, body: { message: 'Moved Permanently' } };
      },
    });
    expect((await getRef()).status).toBe(200);
    await patchRef(first);
    const { status, headers, body } = await getRef();
    expect([status, body.message]).toEqual([301, 'Moved Permanently']);
    const renamed = await call('GET', new URL(headers.location ?? '').pathname);
    expect(renamed).toMatchObject({ status: 200, body: { object: { sha: first } } });
    expect((await patchRef(first)).status).toBe(307);
  });

  test('cuts a request before anything is done', async () => {
    const [first, second] = await chain(2);
    github.faults.add({ on: 'move', answer: 'cut' });
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(first);
    expect(github.requests.at(-1)).toMatchObject({ method: 'PATCH', status: 0, isAnswered: false });
    expect((await patchRef(second)).status).toBe(200);
  });

  test('loses a reply', async () => {
    const [, second] = await chain(2);
    github.faults.add({ on: 'move', acts: true, answer: 'cut' });
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(second);
    expect(github.requests.at(-1)).toMatchObject({ status: 200, isAnswered: false });
    expect((await patchRef(second)).status).toBe(200);
  });

  test('answers in its place, as often as asked for', async () => {
    const [first, second] = await chain(2);
    github.faults.add({ on: 'move', answer: { status: 502, body: '<html>Unicorn!</html>' }, times: 2 });
    github.faults.add({ on: 'move', answer: { status: 429, headers: { 'Retry-After': '60' } } });
    for (const _ of [1, 2])
      expect(await patchRef(second)).toMatchObject({ status: 502, body: '<html>Unicorn!</html>' });
    expect(await getRef()).toMatchObject({ status: 200 });
    expect(await patchRef(second)).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(github.head(REF)).toBe(first);
    expect(await patchRef(second)).toMatchObject({ status: 200 });
  });

  test('changes and leaves out headers', async () => {
    const body = { message: 'You have exceeded a secondary rate limit.' };
    const bare = { 'retry-after': '60', 'X-RateLimit-Remaining': undefined, Date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
    github.faults.add({ on: 'any', answer: { status: 403, body, headers: bare } });
    github.faults.add({ on: 'any', answer: { status: 403, headers: { 'x-ratelimit-remaining': '0' } } });
    const { headers, ...rest } = await getRef();
    expect(rest).toEqual({ status: 403, body });
    expect(headers).toMatchObject({ 'retry-after': '60', date: 'Thu, 01 Jan 2026 00:00:00 GMT' });
    expect(headers).not.toHaveProperty('x-ratelimit-remaining');
    expect((await getRef()).headers['x-ratelimit-remaining']).toBe('0');
  });

  test('makes an answer late', async () => {
    const [, second] = await chain(2);
    github.faults.add({ on: 'move', delayMs: 100 });
    const start = performance.now();
    expect((await patchRef(second)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(95);
  });

  test('lets a write land late, without an answer', async () => {
    const [first, second] = await chain(2);
    github.faults.add({ on: 'move', acts: 'late', delayMs: 200, answer: 'cut' });
    await expect(patchRef(second)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(github.head(REF)).toBe(first);
    await expect.poll(() => github.head(REF), { timeout: 2000 }).toBe(second);
    expect(github.requests.at(-1)).toMatchObject({ method: 'PATCH', isAnswered: false });
  });

  test('lets a write land too late, which is refused like any other', async () => {
    const [first = '', second] = await chain(2);
    const rival = await commit(first);
    github.faults.add({ on: 'move', acts: 'late', delayMs: 100, answer: 'cut' });
    await expect(patchRef(second)).rejects.toThrow();
    await patchRef(rival);
    await sleep(250);
    expect(github.head(REF)).toBe(rival);
  });

  test('never answers', async () => {
    const [first, second] = await chain(2);
    github.faults.add({ on: 'move', answer: 'never' });
    const body = { sha: second };
    const hung = call('PATCH', `/git/refs/${NAME}`, { body, signal: AbortSignal.timeout(100) });
    await expect(hung).rejects.toMatchObject({ name: 'AbortError' });
    expect(github.head(REF)).toBe(first);
  });

  test('does not hold up close, be it silent or late', async () => {
    const other = await startLocalGithub();
    other.faults.add({ on: 'any', answer: 'never' });
    other.faults.add({ on: 'any', delayMs: 60_000 });
    const lost = [fetch(other.url), fetch(other.url)].map((reply) => expect(reply).rejects.toThrow());
    await expect.poll(() => other.requests.length).toBe(2);
    await other.close();
    await Promise.all(lost);
  });

  test('is forgotten on demand', async () => {
    github.faults.add({ on: 'any', answer: { status: 500 }, times: Number.POSITIVE_INFINITY });
    expect((await getRef()).status).toBe(500);
    expect((await getRef()).status).toBe(500);
    github.faults.clear();
    expect((await getRef()).status).toBe(404);
  });

  test('sets its clock wrong', async () => {
    github.weather.clockOffsetMs = 3_600_000;
    const { headers, body } = await postCommit([]);
    expect(Date.parse(headers.date ?? '') - Date.now()).toBeGreaterThan(3_590_000);
    expect(Number(headers['x-ratelimit-reset']) * 1000 - Date.now()).toBeGreaterThan(7_100_000);
    expect(Number(git('show', '-s', '--format=%ct', body.sha)) * 1000 - Date.now()).toBeGreaterThan(3_590_000);
  });

  test('lets its limit run out', async () => {
    await chain(1);
    github.weather.rateLimitRemaining = 2;
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
    github.weather.rateLimitRemaining = undefined;
    expect((await getRef()).status).toBe(200);
  });
});
