import { describe, expect, test, vi } from 'vitest';
import { DEVICE_CODE, TOKEN } from './oauth-provider.ts';
import { balance, invalidGrant, post, refresh, server, start } from './parallel-client.ts';

describe('a refresh at the local Parallel', () => {
  test('replaces both tokens at every use', async () => {
    await start();
    const first = await server.login();
    const second = await refresh(first);
    expect(second).toMatchObject({ status: 200, body: { org_id: 'org_local', scope: 'balance:read' } });
    const third = await refresh(first, second.body.refresh_token);
    expect(third.status).toBe(200);
    const tokens = [first, second.body, third.body].flatMap((body) => [body.access_token, body.refresh_token]);
    expect(new Set(tokens).size).toBe(6);
    expect(server.issued).toEqual(expect.arrayContaining(tokens));
    expect(server.requests.filter(({ form }) => form?.['grant_type'] === 'refresh_token')).toMatchObject([
      { method: 'POST', path: TOKEN, form: { refresh_token: first.refresh_token }, status: 200 },
      { method: 'POST', path: TOKEN, form: { refresh_token: second.body.refresh_token }, status: 200 },
    ]);
  });

  test('revokes the whole grant when a spent refresh token comes again', async () => {
    await start();
    const login = await server.login();
    const { body } = await refresh(login);
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect(await refresh(login, body.refresh_token)).toMatchObject(invalidGrant);
    expect((await balance(body.access_token)).status).toBe(200);
  });

  test('lets one of several simultaneous refreshes with one token succeed, in vain', async () => {
    await start();
    const login = await server.login();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(login)));
    const [winner, ...losers] = replies.sort((a, b) => a.status - b.status);
    expect(winner).toMatchObject({ status: 200, body: { org_id: 'org_local' } });
    for (const loser of losers) expect(loser).toMatchObject(invalidGrant);
    expect(await refresh(login, winner?.body.refresh_token)).toMatchObject(invalidGrant);
  });

  test('counts the three lifetimes separately', async () => {
    await start({ accessTokenSeconds: 100, refreshTokenSeconds: 1000, authorizationSeconds: 2000 });
    const began = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: began });
    const login = await server.login();
    expect(login).toMatchObject({
      expires_in: 100,
      refresh_token_expires_in: 1000,
      authorization_expires_in: 2000,
    });
    vi.setSystemTime(began + 900_000);
    expect((await balance(login.access_token)).status).toBe(401);
    const second = await refresh(login);
    expect(second.body).toMatchObject({ refresh_token_expires_in: 1000, authorization_expires_in: 1100 });
    vi.setSystemTime(began + 1_800_000);
    const third = await refresh(login, second.body.refresh_token);
    expect(third.body).toMatchObject({ refresh_token_expires_in: 1000, authorization_expires_in: 200 });
    vi.setSystemTime(began + 2_001_000);
    expect(await refresh(login, third.body.refresh_token)).toMatchObject(invalidGrant);
  });

  test('refuses a refresh token past its life', async () => {
    await start({ refreshTokenSeconds: 1000 });
    const login = await server.login();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_001_000 });
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  test('can keep the old refresh token in force', async () => {
    await start({ rotate: false });
    const login = await server.login();
    for (const _ of [1, 2]) {
      const { status, body } = await refresh(login);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
      expect((await balance(body.access_token)).status).toBe(200);
    }
  });

  test('ends with the authorization, and leaves access tokens alive', async () => {
    await start();
    const login = await server.login();
    server.endAuthorization();
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect((await balance(login.access_token)).status).toBe(200);
    expect((await refresh(await server.login())).status).toBe(200);
  });

  test('names a client it does not know, without spending the token', async () => {
    await start();
    const login = await server.login();
    expect(await refresh({ ...login, client_id: 'stranger' })).toMatchObject({
      body: { error: 'invalid_client', error_description: 'Unknown client_id stranger' },
    });
    expect((await refresh(login)).status).toBe(200);
    server.forgetClients();
    for (const reply of [
      await refresh(login),
      await post(DEVICE_CODE, { client_id: login.client_id, scope: 'balance:read' }),
    ]) {
      expect(reply).toMatchObject({
        status: 401,
        body: { error: 'invalid_client', error_description: `Unknown client_id ${login.client_id}` },
      });
    }
    expect((await refresh(await server.login())).status).toBe(200);
  });

  test("refuses another client's refresh token", async () => {
    await start();
    const [mine, theirs] = [await server.login(), await server.login()];
    expect(await refresh(mine, theirs.refresh_token)).toMatchObject(invalidGrant);
  });
});
