import { describe, expect, test } from 'vitest';
import { EMPTY_TREE, NOWHERE, REF } from './fixtures.ts';
import {
  type Answer,
  call,
  chain,
  commit,
  getRef,
  git,
  github,
  NAME,
  patchRef,
  postCommit,
  postRef,
  refused,
} from './github-client.ts';

describe('a ref of the local GitHub', () => {
  test('is created and read', async () => {
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

  test('is not created twice, nor on nothing, nor under a bad name', async () => {
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

  test('moves forward only', async () => {
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

  test('takes no word for a boolean', async () => {
    const docs = '/git/refs#update-a-reference';
    const [first, second] = await chain(2);
    for (const force of ['no', 'false', 0, null]) {
      const shown = force === null ? 'nil' : JSON.stringify(force);
      const message = `Invalid request.\n\nFor 'properties/force', ${shown} is not a boolean.`;
      const body = { sha: second, force };
      expect(await call('PATCH', `/git/refs/${NAME}`, { body })).toMatchObject(refused(422, message, docs));
    }
    expect(github.head(REF)).toBe(first);
  });

  test('is not updated when missing, nor to nothing, nor to a tree', async () => {
    const docs = '/git/refs#update-a-reference';
    const [sha] = await chain(1);
    const missing = refused(422, 'Reference does not exist', docs);
    expect(await patchRef(sha, false, 'parallel-balance/other')).toMatchObject(missing);
    expect(await patchRef(NOWHERE)).toMatchObject(refused(422, 'Object does not exist', docs));
    expect(await patchRef(EMPTY_TREE)).toMatchObject(refused(422, 'Object is not a commit', docs));
  });

  test('answers 304 while it is unchanged, for the same token only', async () => {
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

  test('lets exactly one of many updates from one parent win', async () => {
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

  test('lets both of two byte-identical commits win', async () => {
    const [parent = ''] = await chain(1);
    let pair: Answer[];
    do pair = await Promise.all([postCommit([parent], 'same'), postCommit([parent], 'same')]);
    while (pair[0]?.body.sha !== pair[1]?.body.sha); // the second may have changed in between
    for (const { body } of pair) expect((await patchRef(body.sha, false)).status).toBe(200);
  });
});
