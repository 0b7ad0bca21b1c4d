import { describe, expect, test } from 'vitest';
import { type Asked, Faults, type Kind, kindOf } from './faults.ts';

const MOVE: Asked = { method: 'PATCH', path: '/repos/o/r/git/refs/a/b', body: '{}' };
const READ: Asked = { method: 'GET', path: '/repos/o/r/git/ref/a/b', body: '' };
const later = { status: 503 };
const sooner = { status: 502 };

describe('a rule', () => {
  test('strikes once what it is about, and nothing else', () => {
    const faults = new Faults();
    faults.add({ on: 'move', answer: later });
    expect([READ, MOVE, MOVE].map((asked) => faults.strike(asked)?.answer)).toEqual([undefined, later, undefined]);
  });

  test('lets pass and strikes as many as it says', () => {
    const faults = new Faults();
    faults.add({ on: ['move', 'create'], skip: 1, times: 2, answer: later });
    const struck = Array.from({ length: 4 }, () => faults.strike(MOVE) !== undefined);
    expect(struck).toEqual([false, true, true, false]);
  });

  test('waits for another kind of request, at whatever server of the same world', () => {
    const decided = new Set<Kind>();
    const [github, parallel] = [new Faults(decided), new Faults(decided)];
    github.add({ on: 'any', after: 'refresh', answer: later });
    expect(github.strike(MOVE)).toBeUndefined();
    parallel.note('refresh');
    expect(github.strike(MOVE)?.answer).toBe(later);
  });

  test('does not count what an older one has struck', () => {
    const faults = new Faults();
    faults.add({ on: 'move', answer: sooner }, { on: 'any', answer: later });
    expect([MOVE, MOVE].map((asked) => faults.strike(asked)?.answer)).toEqual([sooner, later]);
  });
});

test.each([
  ['repo', 'GET', '/repos/octo/evals', ''],
  ['repo', 'GET', '/repositories/42', ''],
  ['ref', 'GET', '/repos/octo/evals/git/ref/parallel-balance/state', ''],
  ['commit', 'GET', '/repositories/42/git/commits/eeed', ''],
  ['create', 'POST', '/repos/octo/evals/git/commits', '{}'],
  ['first', 'POST', '/repos/octo/evals/git/refs', '{}'],
  ['move', 'PATCH', '/repos/octo/evals/git/refs/parallel-balance/state', '{}'],
  ['register', 'POST', '/getServiceKeys/register', '{}'],
  ['device', 'POST', '/getServiceKeys/device/code', 'client_id=c'],
  ['poll', 'POST', '/getServiceKeys/token', 'grant_type=urn%3Aietf&device_code=d'],
  ['refresh', 'POST', '/getServiceKeys/token', 'grant_type=refresh_token&refresh_token=r'],
  [undefined, 'POST', '/getServiceKeys/token', ''],
  ['revoke', 'POST', '/getServiceKeys/token/revoke', 'refresh_token=r'],
  ['balance', 'GET', '/account/service/v1/balance', ''],
  [undefined, 'GET', '/elsewhere', ''],
])('a request is known as %s by %s %s', (kind, method, path, body) => {
  expect(kindOf({ method, path, body })).toBe(kind);
});
