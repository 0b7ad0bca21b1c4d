import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectEarly } from '../src/early.ts';
import { sendRequest, useEarly } from '../src/send.ts';
import { KEY, RUNNER, TOKEN } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { startRawServer } from './support/raw-server.ts';
import { HURRY, runAction } from './support/run-action.ts';
import { certificateFile, tlsPair, trustCertificate } from './support/tls.ts';

beforeAll(trustCertificate);

const opened: { destroy(): void }[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

/** As a gate does it. */
async function begin(url: string): Promise<void> {
  const early = await connectEarly(url);
  if (early === undefined) throw new Error('no early connection');
  opened.push(early.socket);
  useEarly(early, url);
}

const get = (url: string) => sendRequest({ method: 'GET', url }, 5000);

describe('an early connection', () => {
  test('serves the first GET of its URL, and nothing else', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    await begin(api.url);
    await sendRequest({ method: 'POST', url: api.url, body: 'x' }, 5000);
    await get(`${api.url}/other`);
    await get(api.url);
    await get(api.url);
    const by = api.requests.map(({ method, port }) => `${method} ${api.connections.indexOf(port)}`);
    expect(by.slice(0, 3)).toEqual(['POST 1', 'GET 2', 'GET 0']);
    expect(by[3]).not.toBe('GET 0');
  });

  test.each<[string, (socket: Socket) => void]>([
    ['ended while it was idle', (socket) => socket.end()],
    ['broke while it was idle', (socket) => socket.destroy()],
    ['was told that it has waited too long', (socket) => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n')],
    ['was answered before it had asked', (socket) => socket.write('HTTP/1.1 403 Forbidden\r\n\r\n')],
  ])('that %s is made again', async (_, act) => {
    await using server = await startRawServer((socket, count) => (count === 1 ? act(socket) : answer(socket)), tlsPair);
    await begin(server.url);
    await vi.waitFor(() => expect(server.sockets).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await get(server.url)).toMatchObject({ kind: 'reply', status: 200 });
    expect(server.sockets).toHaveLength(2);
  });

  test('that breaks when its GET comes is made again', async () => {
    await using server = await startRawServer((socket, count) => {
      if (count === 1) socket.once('data', () => socket.destroy());
      else answer(socket);
    }, tlsPair);
    await begin(server.url);
    expect(await get(server.url)).toMatchObject({ kind: 'reply', status: 200 });
    expect(server.sockets).toHaveLength(2);
  });

  test.each(['https_proxy', 'HTTPS_PROXY'])('is not begun where there is a proxy (%s)', async (name) => {
    vi.stubEnv(name, 'http://proxy.example:3128');
    // What the environment says is taken once.
    vi.resetModules();
    const fresh = await import('../src/early.ts');
    expect(await fresh.connectEarly('https://127.0.0.1:1')).toBeUndefined();
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  test('that fails is no error before the GET, which tells it as ever', async () => {
    const server = await startRawServer(answer, tlsPair);
    await server[Symbol.asyncDispose]();
    await begin(server.url);
    expect(await get(server.url)).toMatchObject({ isTemporary: true, what: 'refused the connection (ECONNREFUSED)' });
    await begin('https://nowhere.invalid');
    expect(await get('https://nowhere.invalid')).toMatchObject({ isTemporary: true });
  });
});

// The built dist as a process.

const trusting = { NODE_EXTRA_CA_CERTS: certificateFile };

describe('a gate with a token', () => {
  test('makes one request by one connection, its first packet out before its TLS is loaded', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    const preload = fileURLToPath(new URL('support/first-packet.cjs', import.meta.url));
    // A name, which takes a while to be looked up.
    const url = api.url.replace('127.0.0.1', 'localhost');
    const env = { ...trusting, NODE_OPTIONS: `--require=${JSON.stringify(preload)}` };
    const step = await runAction({ token: TOKEN, 'api-url': url }, { env });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(step.log).toContain('first packet, loaded: none');
    expect(api.requests).toHaveLength(1);
    expect(api.connections).toEqual([api.requests[0]?.port]);
  });

  test('obeys no NODE_TLS_REJECT_UNAUTHORIZED on it either', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    const step = await runAction({ token: TOKEN, 'api-url': api.url }, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(api.requests).toEqual([]);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['a wrong input', { token: TOKEN, 'on-low': 'shout' }, {}],
    ['a wrong token', { token: 'ghp_0123456789' }, {}],
    ['no credentials', {}, {}],
    ['simulate', { token: TOKEN, simulate: 'unknown' }, {}],
    ['a proxy that nobody could go through', { token: TOKEN }, { https_proxy: 'socks5://proxy.example' }],
  ])('makes none with %s', async (_, inputs, env) => {
    await using api = await startLocalApi([{}], { tls: true });
    const step = await runAction({ ...inputs, 'api-url': api.url }, { env: { ...trusting, ...env } });
    expect(step.exitCode).toBe(1);
    // Connections arrive in order: one that was made before would be there when this one is.
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    await vi.waitFor(() => expect(api.connections).not.toHaveLength(0));
    expect(api.connections).toEqual([socket.localPort]);
    socket.destroy();
  });

  test('ends without it, though the server would hold it open', { timeout: 30_000 }, async () => {
    await using parallel = await startRawServer(() => {}, tlsPair);
    await using github = await startLocalApi([{ status: 404, body: {} }]);
    const inputs = { 'state-key': KEY, 'github-token': 'ghs_0123456789abcdef', 'api-url': parallel.url };
    const env = { ...trusting, ...RUNNER, ...HURRY, GITHUB_API_URL: github.url };
    expect((await runAction(inputs, { env })).outputs['verdict']).not.toBe('ok');
    expect(parallel.sockets).toHaveLength(1);
  });

  test('makes none beside a proxy', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    const inputs = { token: TOKEN, 'api-url': 'https://localhost.example/account' };
    const step = await runAction(inputs, { env: { ...trusting, https_proxy: proxy.url } });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(proxy.connects).toHaveLength(1);
    expect(api.connections).toHaveLength(1);
  });
});

function answer(socket: Socket): void {
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
}
