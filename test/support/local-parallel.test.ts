import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LocalParallel, type LocalParallelOptions, type Login, startLocalParallel } from './local-parallel.ts';

const REGISTER = '/getServiceKeys/register';
const DEVICE_CODE = '/getServiceKeys/device/code';
const TOKEN = '/getServiceKeys/token';
const REVOKE = '/getServiceKeys/token/revoke';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

let server: LocalParallel;

async function start(options?: LocalParallelOptions) {
  server = await startLocalParallel(options);
}

async function read(reply: Response) {
  const raw = await reply.text();
  return { status: reply.status, body: raw === '' ? undefined : JSON.parse(raw), headers: reply.headers };
}

async function post(path: string, form: Record<string, string>, signal: AbortSignal | null = null) {
  const body = new URLSearchParams(form);
  return read(await fetch(server.platformUrl + path, { method: 'POST', body, signal }));
}

async function register() {
  const body = JSON.stringify({ client_name: 'test', platform: { system: 'Linux', machine: 'x86_64' } });
  const headers = { 'content-type': 'application/json' };
  return read(await fetch(server.platformUrl + REGISTER, { method: 'POST', body, headers }));
}

async function askForCode(scope = 'balance:read') {
  const { client_id } = (await register()).body;
  const { body } = await post(DEVICE_CODE, { client_id, scope });
  const poll = () => post(TOKEN, { grant_type: DEVICE_GRANT, client_id, device_code: body.device_code });
  return { client_id, userCode: body.user_code, body, poll };
}

const refresh = (login: Login, refresh_token = login.refresh_token, signal: AbortSignal | null = null) =>
  post(TOKEN, { grant_type: 'refresh_token', client_id: login.client_id, refresh_token }, signal);

async function balance(accessToken?: string) {
  const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  return read(await fetch(`${server.apiUrl}/service/v1/balance`, { headers }));
}

const isToken = (_method: string, path: string) => path === TOKEN;
const isRefresh = (_method: string, _path: string, form: Record<string, string>) =>
  form['grant_type'] === 'refresh_token';
const invalidGrant = { status: 400, body: { error: 'invalid_grant' } };

const prints = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  for (const print of prints) expect(print).not.toHaveBeenCalled();
});

describe('device flow', () => {
  it('registers, hands out a code, waits for the human and issues tokens', async () => {
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

  it('answers slow_down to a hasty client, and asks for 5 s more from then on', async () => {
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

  it('says access_denied and expired_token', async () => {
    await start({ interval: 0 });
    const denied = await askForCode();
    await server.deny(denied.userCode);
    expect(await denied.poll()).toMatchObject({ status: 400, body: { error: 'access_denied' } });

    const lapsed = await askForCode();
    server.expireDeviceCodes();
    expect(await lapsed.poll()).toMatchObject({ status: 400, body: { error: 'expired_token' } });
    await expect(server.approve(lapsed.userCode)).rejects.toThrow('no live device code');
  });

  it('lets a code lapse by itself', async () => {
    await start({ deviceCodeSeconds: 60 });
    const { body, poll } = await askForCode();
    expect(body.expires_in).toBe(60);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await poll()).body.error).toBe('expired_token');
  });

  it('lets somebody of another organization approve', async () => {
    await start({ orgId: 'org_mine' });
    const { poll, userCode } = await askForCode();
    await server.approve(userCode.toLowerCase(), { orgId: 'org_stranger', orgName: null });
    const { body } = await poll();
    expect(body).toMatchObject({ org_id: 'org_stranger', org_name: null });
    expect((await balance(body.access_token)).body.org_id).toBe('org_stranger');
  });
});

describe('refresh', () => {
  it('replaces both tokens at every use', async () => {
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

  it('revokes the whole grant when a spent refresh token comes again', async () => {
    await start();
    const login = await server.login();
    const { body } = await refresh(login);
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect(await refresh(login, body.refresh_token)).toMatchObject(invalidGrant);
    expect((await balance(body.access_token)).status).toBe(200);
  });

  it('lets one of several simultaneous refreshes with one token succeed, in vain', async () => {
    await start();
    const login = await server.login();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(login)));
    const [winner, ...losers] = replies.sort((a, b) => a.status - b.status);
    expect(winner).toMatchObject({ status: 200, body: { org_id: 'org_local' } });
    for (const loser of losers) expect(loser).toMatchObject(invalidGrant);
    expect(await refresh(login, winner?.body.refresh_token)).toMatchObject(invalidGrant);
  });

  it('counts the three lifetimes separately', async () => {
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

  it('refuses a refresh token past its life', async () => {
    await start({ refreshTokenSeconds: 1000 });
    const login = await server.login();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_001_000 });
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  it('can keep the old refresh token in force', async () => {
    await start({ rotate: false });
    const login = await server.login();
    for (const _ of [1, 2]) {
      const { status, body } = await refresh(login);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
      expect((await balance(body.access_token)).status).toBe(200);
    }
  });

  it('ends with the authorization, and leaves access tokens alive', async () => {
    await start();
    const login = await server.login();
    server.endAuthorization();
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect((await balance(login.access_token)).status).toBe(200);
    expect((await refresh(await server.login())).status).toBe(200);
  });

  it('names a client it does not know, without spending the token', async () => {
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

  it("refuses another client's refresh token", async () => {
    await start();
    const [mine, theirs] = [await server.login(), await server.login()];
    expect(await refresh(mine, theirs.refresh_token)).toMatchObject(invalidGrant);
  });
});

describe('revoke', () => {
  it('ends the login, wants no client and leaves access tokens alive', async () => {
    await start();
    const login = await server.login();
    expect((await post(REVOKE, { refresh_token: login.refresh_token })).status).toBe(200);
    expect(server.revoked).toEqual([login.refresh_token]);
    expect(await refresh(login)).toMatchObject(invalidGrant);
    expect((await balance(login.access_token)).status).toBe(200);
  });

  it('is content with a token it does not know, not with none', async () => {
    await start();
    expect((await post(REVOKE, { refresh_token: 'nonsense' })).status).toBe(200);
    expect((await post(REVOKE, {})).status).toBe(400);
  });
});

describe('balance', () => {
  it('reads what the test sets', async () => {
    await start({ balance: { credit_balance_cents: 1234.5, pending_debit_balance_cents: 7, will_invoice: false } });
    const { access_token } = await server.login();
    expect((await balance(access_token)).body).toEqual({
      org_id: 'org_local',
      credit_balance_cents: 1234.5,
      pending_debit_balance_cents: 7,
      will_invoice: false,
    });
    server.balance = { credit_balance_cents: -1 };
    expect((await balance(access_token)).body).toEqual({ org_id: 'org_local', credit_balance_cents: -1 });
  });

  it('wants a live access token with balance:read', async () => {
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

  it('serves 20 readers at once', async () => {
    await start();
    const { access_token } = await server.login();
    const replies = await Promise.all(Array.from({ length: 20 }, () => balance(access_token)));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(server.requests.filter(({ path }) => path.endsWith('/balance'))).toHaveLength(20);
  });
});

describe('faults', () => {
  it('drops the connection before acting', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isRefresh, 'drop-before');
    await expect(refresh(login)).rejects.toThrow();
    expect(server.requests.at(-1)).toMatchObject({ path: TOKEN, status: 0 });
    expect((await refresh(login)).status).toBe(200);
  });

  it('drops the connection after acting: the token is spent, its successor lost', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isRefresh, 'drop-after');
    await expect(refresh(login)).rejects.toThrow();
    expect(server.requests.at(-1)).toMatchObject({ path: TOKEN, status: 200 });
    expect(server.issued).toHaveLength(5);
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  it('answers what it is told, as often as it is told', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isToken, { status: 429, body: { detail: 'later' }, headers: { 'retry-after': '7' } }, 2);
    server.faults.next(isToken, { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } });
    for (const _ of [1, 2]) {
      const { status, body, headers } = await refresh(login);
      expect([status, body, headers.get('retry-after')]).toEqual([429, { detail: 'later' }, '7']);
    }
    const body = new URLSearchParams();
    const html = await fetch(server.platformUrl + TOKEN, { method: 'POST', body });
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([502, 'text/html', '<html>']);
    expect((await refresh(login)).status).toBe(200);
  });

  it('acts late, even for a client that has left', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isRefresh, { delayMs: 300 });
    const client = new AbortController();
    const left = expect(refresh(login, undefined, client.signal)).rejects.toThrow();
    await vi.waitFor(() => expect(server.requests.at(-1)?.form).toMatchObject({ grant_type: 'refresh_token' }));
    client.abort();
    await left;
    expect(server.requests.at(-1)?.status).toBe(0);
    await vi.waitFor(() => expect(server.requests.at(-1)?.status).toBe(200));
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  it('acts at once and answers late', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isRefresh, { delayReplyMs: 300 });
    const began = performance.now();
    let answered = false;
    const reply = refresh(login).finally(() => {
      answered = true;
    });
    const acted = () =>
      expect(server.requests.at(-1)).toMatchObject({ form: { grant_type: 'refresh_token' }, status: 200 });
    await vi.waitFor(acted, { interval: 5 });
    expect(answered).toBe(false);
    expect((await reply).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  it('hangs, and closes all the same', async () => {
    await start();
    const login = await server.login();
    server.faults.next(isRefresh, 'hang');
    await expect(refresh(login, undefined, AbortSignal.timeout(50))).rejects.toThrow();
    expect((await refresh(login)).status).toBe(200);
    server.faults.next(isToken, 'hang');
    const never = expect(refresh(login)).rejects.toThrow();
    await vi.waitFor(() => expect(server.requests.at(-1)?.status).toBe(0));
    await server.close();
    await never;
  });

  it('strikes only what matches, until cleared', async () => {
    await start();
    const login = await server.login();
    server.faults.next((method, path) => method === 'GET' && path.endsWith('/balance'), { status: 503 }, 99);
    expect((await refresh(login)).status).toBe(200);
    expect((await balance(login.access_token)).status).toBe(503);
    server.faults.clear();
    expect((await balance(login.access_token)).status).toBe(200);
  });
});

it('knows no other paths', async () => {
  await start();
  expect(await read(await fetch(`${server.platformUrl}/elsewhere`))).toMatchObject({ status: 404 });
});
