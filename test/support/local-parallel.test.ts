import { describe, expect, test, vi } from 'vitest';
import { REVOKE } from './oauth-provider.ts';
import { askForCode, balance, invalidGrant, post, read, refresh, register, server, start } from './parallel-client.ts';

describe('the device flow of the local Parallel', () => {
  test('registers, hands out a code, waits for the human and issues tokens', async () => {
    await start();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }); // or a second may tick between approval and exchange
    const registration = await register();
    expect(registration).toMatchObject({ status: 200, body: { client_id: expect.any(String) } });
    expect(Object.keys(registration.body)).toEqual(['client_id']);

    const { body: code, userCode, poll } = await askForCode();
    expect(code).toEqual({
      device_code: expect.any(String),
      user_code: expect.any(String),
      verification_uri: expect.stringContaining(server.platformUrl),
      verification_uri_complete: expect.stringContaining(userCode),
      expires_in: 600,
      interval: 5,
    });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
    await server.approve(userCode);

    const { status, body } = await poll();
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token_expires_in: 604_800,
      authorization_expires_in: 7_776_000,
      org_id: 'org_local',
      org_name: 'Local Org',
      scope: 'balance:read',
    });
    const { exp } = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
    expect(Math.abs(exp - Date.now() / 1000 - 600)).toBeLessThan(5);
    expect(server.issued).toEqual([code.device_code, body.access_token, body.refresh_token]);
    expect(await balance(body.access_token)).toMatchObject({ status: 200, body: { org_id: 'org_local' } });
    expect(await poll()).toMatchObject(invalidGrant); // a code is good once
  });

  test('answers slow_down to a hasty client, and asks for 5 s more from then on', async () => {
    await start({ interval: 0.2 });
    const { poll, userCode } = await askForCode();
    expect((await poll()).body.error).toBe('authorization_pending');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await poll()).body.error).toBe('authorization_pending');
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'slow_down' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await poll()).body.error).toBe('slow_down');
    await server.approve(userCode);
    expect((await poll()).status).toBe(200);
  });

  test('says access_denied and expired_token', async () => {
    await start({ interval: 0 });
    const denied = await askForCode();
    await server.deny(denied.userCode);
    expect(await denied.poll()).toMatchObject({ status: 400, body: { error: 'access_denied' } });

    const lapsed = await askForCode();
    server.expireDeviceCodes();
    expect(await lapsed.poll()).toMatchObject({ status: 400, body: { error: 'expired_token' } });
    await expect(server.approve(lapsed.userCode)).rejects.toThrow('no live device code');
  });

  test('lets a code lapse by itself', async () => {
    await start({ deviceCodeSeconds: 60 });
    const { body, poll } = await askForCode();
    expect(body.expires_in).toBe(60);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await poll()).body.error).toBe('expired_token');
  });

  test('lets somebody of another organization approve', async () => {
    await start({ orgId: 'org_mine' });
    const { poll, userCode } = await askForCode();
    await server.approve(userCode.toLowerCase(), { orgId: 'org_stranger', orgName: null });
    const { body } = await poll();
    expect(body).toMatchObject({ org_id: 'org_stranger', org_name: null });
    expect((await balance(body.access_token)).body.org_id).toBe('org_stranger');
  });
});

describe('a revocation at the local Parallel', () => {
  test('ends the login, wants no client and leaves access tokens alive', async () => {
    await start();
    const login = await server.login();
    expect((await post(REVOKE, { refresh_token: login.refresh_token })).status).toBe(200);
    expect(server.revoked).toEqual([login.refresh_token]);
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect((await balance(login.access_token)).status).toBe(200);
  });

  test('is content with a token it does not know, not with none', async () => {
    await start();
    expect((await post(REVOKE, { refresh_token: 'nonsense' })).status).toBe(200);
    expect((await post(REVOKE, {})).status).toBe(400);
  });
});

describe('the balance of the local Parallel', () => {
  test('reads what the test sets', async () => {
    await start({ balance: { credit_balance_cents: 1234.5, pending_debit_balance_cents: 7, will_invoice: false } });
    const { access_token } = await server.login();
    expect((await balance(access_token)).body).toEqual({
      org_id: 'org_local',
      credit_balance_cents: 1234.5,
      pending_debit_balance_cents: 7,
      will_invoice: false,
    });
    server.balance.credit_balance_cents = -1;
    expect((await balance(access_token)).body).toMatchObject({ org_id: 'org_local', credit_balance_cents: -1 });
  });

  test('wants a live access token with balance:read', async () => {
    await start();
    const login = await server.login('balance:read keys:create');
    expect(login.scope).toBe('balance:read keys:create');
    const [header, payload] = login.access_token.split('.');
    const forged = `${header}.${payload}.${'A'.repeat(86)}`;
    for (const bad of [undefined, 'an-api-key', login.refresh_token, forged]) {
      expect(await balance(bad)).toMatchObject({ status: 401, body: { detail: expect.any(String) } });
    }
    const other = await server.login('keys:create');
    expect(await balance(other.access_token)).toMatchObject({ status: 403, body: { detail: expect.any(String) } });

    server.expireAccessTokens();
    expect((await balance(login.access_token)).status).toBe(401);
    const { body } = await refresh(login);
    expect((await balance(body.access_token)).status).toBe(200);
  });

  test('serves 20 readers at once', async () => {
    await start();
    const { access_token } = await server.login();
    const replies = await Promise.all(Array.from({ length: 20 }, () => balance(access_token)));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(server.requests.filter(({ path }) => path.endsWith('/balance'))).toHaveLength(20);
  });
});

test('the local Parallel knows no other paths', async () => {
  await start();
  expect(await read(await fetch(`${server.platformUrl}/elsewhere`))).toMatchObject({ status: 404 });
});
