import { describe, expect, test, vi } from 'vitest';
import { TOKEN } from './oauth-provider.ts';
import { balance, invalidGrant, refresh, server, start } from './parallel-client.ts';

describe('a fault of the local Parallel', () => {
  test('drops the connection before acting', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'refresh', answer: 'cut' });
    await expect(refresh(login)).rejects.toThrow();
    expect(server.requests.at(-1)).toMatchObject({ path: TOKEN, status: 0 });
    expect((await refresh(login)).status).toBe(200);
  });

  test('drops the connection after acting: the token is spent, its successor lost', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'refresh', acts: true, answer: 'cut' });
    await expect(refresh(login)).rejects.toThrow();
    expect(server.requests.at(-1)).toMatchObject({ path: TOKEN, status: 200 });
    expect(server.issued).toHaveLength(5);
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  test('answers in its place, as often as it is told', async () => {
    await start();
    const login = await server.login();
    const later = { status: 429, body: { detail: 'later' }, headers: { 'retry-after': '7' } };
    server.faults.add({ on: 'refresh', answer: later, times: 2 });
    server.faults.add({ on: 'any', answer: { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } } });
    for (const _ of [1, 2]) {
      const { status, body, headers } = await refresh(login);
      expect([status, body, headers.get('retry-after')]).toEqual([429, { detail: 'later' }, '7']);
    }
    const body = new URLSearchParams();
    const html = await fetch(server.platformUrl + TOKEN, { method: 'POST', body });
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([502, 'text/html', '<html>']);
    expect((await refresh(login)).status).toBe(200);
  });

  test('acts late, even for a client that has left', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'refresh', delayMs: 300 });
    const client = new AbortController();
    const left = expect(refresh(login, undefined, client.signal)).rejects.toThrow();
    await vi.waitFor(() => expect(server.requests.at(-1)?.form).toMatchObject({ grant_type: 'refresh_token' }));
    client.abort();
    await left;
    expect(server.requests.at(-1)?.status).toBe(0);
    await vi.waitFor(() => expect(server.requests.at(-1)?.status).toBe(200));
    expect(await refresh(login)).toMatchObject(invalidGrant);
  });

  test('acts at once and answers late', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'refresh', answerDelayMs: 300 });
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

  test('never answers, and does not hold up close', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'refresh', answer: 'never' });
    await expect(refresh(login, undefined, AbortSignal.timeout(50))).rejects.toThrow();
    expect((await refresh(login)).status).toBe(200);
    server.faults.add({ on: ['poll', 'refresh'], answer: 'never' });
    const never = expect(refresh(login)).rejects.toThrow();
    await vi.waitFor(() => expect(server.requests.at(-1)?.status).toBe(0));
    await server.close();
    await never;
  });

  test('strikes only what matches, until cleared', async () => {
    await start();
    const login = await server.login();
    server.faults.add({ on: 'balance', answer: { status: 503 }, times: 99 });
    expect((await refresh(login)).status).toBe(200);
    expect((await balance(login.access_token)).status).toBe(503);
    server.faults.clear();
    expect((await balance(login.access_token)).status).toBe(200);
  });
});
