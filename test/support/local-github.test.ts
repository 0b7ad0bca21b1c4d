import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EMPTY_TREE, NOWHERE, REF } from './fixtures.ts';
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
  refused,
} from './github-client.ts';
import { startLocalGithub } from './local-github.ts';

describe('the local GitHub', () => {
  test('tells of its repository', async () => {
    const { status, body } = await call('GET', '');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.any(Number),
      full_name: 'octo/evals',
      private: true,
      default_branch: 'main',
    });
  });

  test('takes another name, id and visibility', async () => {
    await using other = await startLocalGithub({ repository: 'acme/site', id: '7', private: false });
    const headers = { authorization: `Bearer ${other.token}` };
    const body = await (await fetch(`${other.url}/repos/acme/site`, { headers })).json();
    expect(body).toMatchObject({ id: 7, full_name: 'acme/site', private: false });
  });

  test('does not find what it does not know', async () => {
    for (const path of ['/repos/octo/other', '/repos/octo/evals2', '/repos/octo/other/git/refs', '/git/tags/x'])
      expect(await call('GET', path)).toMatchObject(refused(404, 'Not Found', ''));
    expect((await call('PATCH', `/git/ref/${NAME}`, { body: { sha: NOWHERE } })).status).toBe(404);
  });

  test('lets in only its two tokens', async () => {
    for (const authorization of [undefined, 'Bearer ghs_wrong', `Basic ${github.token}`])
      expect(await getRef({ authorization })).toMatchObject(refused(401, 'Bad credentials', ''));
  });

  test('requires a user agent', async () => {
    const reply = await getRef({ 'user-agent': undefined });
    expect(reply.status).toBe(403);
    expect(reply.headers['content-type']).toContain('text/html');
    expect(reply.body).toContain('make sure your request has a User-Agent header');
  });

  test('lets the read-only token read but not write', async () => {
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

  test('refuses a body that is not JSON', async () => {
    const reply = await call('POST', '/git/refs', { body: '{"ref":' });
    expect(reply).toMatchObject(refused(400, 'Problems parsing JSON', '/git/refs#create-a-reference'));
  });

  test('tells the time and the limit in every reply', async () => {
    for (const reply of [await call('GET', ''), await getRef(), await getRef({ authorization: undefined })]) {
      expect(Math.abs(Date.parse(reply.headers.date ?? '') - Date.now())).toBeLessThan(2000);
      expect(reply.headers).toMatchObject({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999' });
      expect(Number(reply.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
    }
  });

  test('records every request in order', async () => {
    await getRef();
    await postCommit([]);
    expect(github.requests).toMatchObject([
      { kind: 'ref', method: 'GET', path: `/repos/octo/evals/git/ref/${NAME}`, status: 404, isAnswered: true },
      { kind: 'create', method: 'POST', path: '/repos/octo/evals/git/commits', status: 201, isAnswered: true },
    ]);
    expect(github.requests).toHaveLength(2);
  });
});

describe('a commit of the local GitHub', () => {
  test('is created, read and real', async () => {
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

  test('keeps a large message', async () => {
    const message = 'x'.repeat(300_000);
    const { sha } = (await postCommit([], message)).body;
    expect((await getCommit(sha)).body.message).toBe(message);
  });

  test('needs what it names', async () => {
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

  test('takes no text for a list, and no number for a text', async () => {
    const docs = '/git/commits#create-a-commit';
    const post = (fields: object) =>
      call('POST', '/git/commits', { body: { message: 'm', tree: EMPTY_TREE, parents: [], ...fields } });
    const says = (what: string) => refused(422, `Invalid request.\n\nFor ${what}.`, docs);
    expect(await post({ parents: NOWHERE })).toMatchObject(says(`'properties/parents', "${NOWHERE}" is not an array`));
    expect(await post({ parents: null })).toMatchObject(says("'properties/parents', nil is not an array"));
    expect(await post({ parents: [7] })).toMatchObject(says("'items', 7 is not a string"));
    expect(await post({ message: 7 })).toMatchObject(says("'properties/message', 7 is not a string"));
    expect((await post({ parents: undefined })).status).toBe(201);
  });

  test('names where it is, and who made it when', async () => {
    const { status, headers, body } = await postCommit([]);
    expect(status).toBe(201);
    expect(headers.location).toBe(body.url);
    expect(body.author).toEqual({
      name: 'github-actions[bot]',
      email: 'bot@example.com',
      date: new Date(Number(git('show', '-s', '--format=%at', body.sha)) * 1000).toISOString().replace('.000Z', 'Z'),
    });
  });

  test('is not found when missing, short or something else', async () => {
    const notFound = refused(404, 'Not Found', '/git/commits#get-a-commit-object');
    expect(await getCommit(NOWHERE)).toMatchObject(notFound);
    expect(await getCommit(EMPTY_TREE)).toMatchObject(notFound);
    expect((await getCommit((await commit()).slice(0, 7))).status).toBe(404);
  });
});

describe('the repository behind the local GitHub', () => {
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
