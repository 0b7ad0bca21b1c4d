import { describe, expect, test } from 'vitest';
import { judgeReply, judgeRequest } from './descriptions.ts';
import type { Asked } from './faults.ts';
import { balanceBody, EMPTY_TREE, NOWHERE, REF } from './fixtures.ts';
import { exampleRepository } from './github-api.ts';

const NAME = REF.slice('refs/'.length);
const HEADERS = { authorization: 'Bearer ghs_x', 'content-type': 'application/json' };
const MOVE = `/repos/octo/evals/git/refs/${NAME}`;

function ask(method: string, path: string, body?: unknown): Asked {
  return { method, path, body: body === undefined ? '' : JSON.stringify(body) };
}

describe('a request', () => {
  const judge = (asked: Asked, headers = {}) => judgeRequest({ ...asked, headers: { ...HEADERS, ...headers } });

  test.each<[string, Asked]>([
    ['a read', ask('GET', `/repos/octo/evals/git/ref/${NAME}`)],
    ['a read of a renamed repository', ask('GET', `/repositories/42/git/ref/${NAME}`)],
    ['a move', ask('PATCH', MOVE, { sha: NOWHERE, force: false })],
    ['a move in a renamed repository', ask('PATCH', `/repositories/42/git/refs/${NAME}`, { sha: NOWHERE })],
    ['a new commit', ask('POST', '/repos/octo/evals/git/commits', { message: 'm', tree: EMPTY_TREE, parents: [] })],
    ['a balance', ask('GET', '/account/service/v1/balance')],
    ['what nothing describes', ask('POST', '/getServiceKeys/token')],
  ])('is in order: %s', (_, asked) => {
    expect(judge(asked)).toEqual([]);
  });

  test.each<[string, Asked, string]>([
    ['force is text', ask('PATCH', MOVE, { sha: NOWHERE, force: 'no' }), '/force must be boolean'],
    ['the sha is missing', ask('PATCH', MOVE, {}), "the body must have required property 'sha'"],
    ['a field is misspelt', ask('PATCH', MOVE, { sha: NOWHERE, forced: true }), '/forced is not described'],
    [
      'parents are text',
      ask('POST', '/repos/octo/evals/git/commits', { message: 'm', tree: EMPTY_TREE, parents: NOWHERE }),
      '/parents must be array',
    ],
    ['a read has a body', ask('GET', '/repos/octo/evals', {}), 'it has a body'],
    ['GitHub has no such call', ask('GET', `/repos/octo/evals/git/refs/${NAME}`), 'no description knows it'],
    ['GitHub has no such verb', ask('POST', MOVE, { sha: NOWHERE }), 'no description knows it'],
  ])('is wrong where %s', (_, asked, what) => {
    expect(judge(asked)).toEqual([what]);
  });

  test('is wrong without a token, or with a body that is not called JSON', () => {
    expect(judge(ask('GET', '/x/service/v1/balance'), { authorization: '' })).toEqual(['it has no bearer token']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(judge(ask('PATCH', MOVE, { sha: NOWHERE }), form)).toEqual(['its body is not called JSON']);
  });
});

describe('a reply', () => {
  const commits = ask('POST', '/repos/octo/evals/git/commits', {});
  const balance = ask('GET', '/account/service/v1/balance');

  test('is in order where it is as described', () => {
    expect(judgeReply(ask('GET', '/repos/octo/evals'), { body: exampleRepository })).toEqual([]);
    expect(judgeReply(ask('GET', '/repositories/42'), { status: 404, body: { message: 'Not Found' } })).toEqual([]);
    expect(judgeReply(balance, { body: balanceBody() })).toEqual([]);
    expect(judgeReply(balance, { status: 401, body: { detail: 'no' } })).toEqual([]);
    expect(judgeReply(ask('GET', `/repos/octo/evals/git/ref/${NAME}`), { status: 304 })).toEqual([]);
  });

  test('is wrong where a field or a header is missing, or of another type', () => {
    expect(judgeReply(balance, { body: balanceBody({ will_invoice: null }) })).toEqual([
      '/will_invoice must be boolean',
    ]);
    expect(judgeReply(balance, { status: 403, body: { message: 'no' } })).toHaveLength(1);
    const wrong = judgeReply(commits, { status: 201, body: { sha: NOWHERE, url: 'no url' } });
    expect(wrong).toEqual(
      expect.arrayContaining([
        'the header Location is missing',
        "the body must have required property 'verification'",
        '/url must match format "uri"',
      ]),
    );
    expect(judgeReply(commits, { status: 422, body: { message: 'no' } })).toEqual([
      "the body must have required property 'documentation_url'",
    ]);
  });

  test('is wrong at a status that no description has', () => {
    expect(judgeReply(commits, { status: 200, body: {} })).toEqual(['HTTP 200 is not described']);
    expect(judgeReply(commits, { status: 500, body: { message: 'no' } })).toEqual(['HTTP 500 is not described']);
  });
});
