import { describe, expect, test } from 'vitest';
import { leaseHeld } from '../../src/credentials/failures.ts';
import type { Grant } from '../../src/credentials/oauth.ts';
import {
  begin,
  chooseMove,
  LEASE_GRACE_MS,
  LEASE_MS,
  parseState,
  renew,
  type State,
  type Status,
} from '../../src/credentials/state.ts';

const NOW = Date.UTC(2026, 10, 23);
const GRANT: Grant & { refreshToken: string; orgId: string } = {
  accessToken: 'access-1',
  accessTokenSeconds: 600,
  refreshToken: 'refresh-1',
  refreshTokenSeconds: 604_800,
  authorizationSeconds: 7_776_000,
  orgId: 'org_abc',
  orgName: 'Acme',
  scopes: ['balance:read'],
};
const RUN = { repository: 'octo/evals', id: '77', attempt: '1' };
const STATE = begin(GRANT, { clientId: 'client-1', platform: 'https://platform.parallel.ai' }, NOW);

function withStatus(status: Status): State {
  return { ...STATE, status };
}

test('a login begins with everything that the grant says', () => {
  expect(STATE).toEqual({
    version: 1,
    loginId: expect.stringMatching(/^[\w-]{22}$/),
    platform: 'https://platform.parallel.ai',
    clientId: 'client-1',
    orgId: 'org_abc',
    orgName: 'Acme',
    scopes: ['balance:read'],
    refreshToken: 'refresh-1',
    refreshTokenExpiresAt: NOW + 604_800_000,
    authorizationExpiresAt: NOW + 7_776_000_000,
    status: { kind: 'usable', accessToken: 'access-1', expiresAt: NOW + 600_000 },
  });
  expect(begin(GRANT, { clientId: 'client-1', platform: 'https://platform.parallel.ai' }, NOW).loginId).not.toBe(
    STATE.loginId,
  );
});

test('a renewed state keeps what the answer left out, the refresh token above all', () => {
  const bare = {
    ...GRANT,
    accessToken: 'access-2',
    accessTokenSeconds: 300,
    refreshToken: undefined,
    orgId: undefined,
  };
  const grant = {
    ...bare,
    refreshTokenSeconds: undefined,
    authorizationSeconds: undefined,
    orgName: undefined,
    scopes: undefined,
  };
  const status = { kind: 'lease', nonce: 'n', until: NOW, run: RUN } as const;
  expect(renew(withStatus(status), grant, NOW + 1000)).toEqual({
    ...STATE,
    status: { kind: 'usable', accessToken: 'access-2', expiresAt: NOW + 301_000 },
  });
});

describe('the next move of a run', () => {
  const usable = (seconds: number) => withStatus({ kind: 'usable', accessToken: 'a', expiresAt: NOW + seconds * 1000 });
  const leased = (seconds: number) => withStatus({ kind: 'lease', nonce: 'n', until: NOW + seconds * 1000, run: RUN });

  test.each([
    ['a token for 61 s more', usable(61), { kind: 'use', accessToken: 'a' }],
    ['a token for 60 s more', usable(60), { kind: 'renew' }],
    ['a token that is past', usable(-1), { kind: 'renew' }],
    ['a live lease', leased(30), { kind: 'wait', run: RUN }],
    ['a lease lapsed 4 s ago', leased(-4), { kind: 'wait', run: RUN }],
    ['a lease lapsed 5 s ago', leased(-5), { kind: 'renew' }],
    ['an end', withStatus({ kind: 'ended', at: NOW }), { kind: 'stop', at: NOW }],
  ])('depends on what it finds: %s', (_, state, move) => {
    expect(chooseMove(state, NOW, new Set())).toEqual(move);
  });

  test('is to renew where Parallel has rejected a good token', () => {
    expect(chooseMove(usable(600), NOW, new Set(['a']))).toEqual({ kind: 'renew' });
    expect(chooseMove(usable(600), NOW, new Set(['b']))).toEqual({ kind: 'use', accessToken: 'a' });
  });
});

test('a document of another version is not read', () => {
  expect(parseState(JSON.stringify(STATE))).toEqual(STATE);
  expect(parseState(JSON.stringify({ ...STATE, version: 2 }))).toBeUndefined();
});

test('a lease lapses when the message says', () => {
  expect(leaseHeld(RUN).nextStep).toContain(`lapses by itself after ${(LEASE_MS + LEASE_GRACE_MS) / 1000} s`);
});

test('an access token without a lifetime is not kept for another run', () => {
  const { status } = renew(STATE, { ...GRANT, accessTokenSeconds: undefined }, NOW);
  expect(status).toEqual({ kind: 'usable', accessToken: 'access-1', expiresAt: NOW });
  expect(chooseMove(withStatus(status), NOW, new Set())).toEqual({ kind: 'renew' });
});
