import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { explain } from '../src/network-errors.ts';
import type { Request } from '../src/reply.ts';
import { sendRequest } from '../src/send.ts';
import type { Answer } from './support/faults.ts';
import { oversized, startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { startRawServer } from './support/raw-server.ts';
import { trustCertificate } from './support/tls.ts';

afterEach(() => void vi.restoreAllMocks());

/** Lets every name stand for these addresses. */
function resolveTo(addresses: string[], onLookup = () => {}): void {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, callback: (...result: unknown[]) => void) => {
    callback(null, all);
    onLookup();
  }) as never);
}

describe('what a server can have had of a request is known', () => {
  const post = (url: string) => sendRequest({ method: 'POST', url, body: 'x' }, 300);

  test('nothing, where all its addresses refuse', async () => {
    await using server = await startRawServer(() => {});
    const port = server.port;
    await server[Symbol.asyncDispose]();
    resolveTo(['127.0.0.1', '::1']);
    expect(await sendRequest({ method: 'POST', url: `http://far.example:${port}`, body: 'x' }, 10_000)).toMatchObject({
      kind: 'never-sent',
      what: 'refused the connection (ECONNREFUSED)',
    });
  });

  test('nothing, where it is not found', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, callback: (error: Error) => void) => {
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    }) as never);
    expect(await post('http://far.example')).toMatchObject({ kind: 'never-sent', isTemporary: true });
  });

  test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES'])(
    'nothing, where the connect ends in %s',
    async (code) => {
      vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, callback: (error: Error) => void) => {
        callback(Object.assign(new Error(`connect ${code}`), { code, syscall: 'connect' }));
      }) as never);
      expect(await post('http://far.example')).toMatchObject({
        kind: 'never-sent',
        what: `could not be reached (${code})`,
      });
    },
  );

  test.runIf(process.platform === 'linux')('nothing, where the time is up before it took the connection', async () => {
    await using busy = await startBusyServer();
    expect(await post(`http://127.0.0.1:${busy.port}`)).toMatchObject({
      kind: 'never-sent',
      what: 'did not answer within 0.3 s',
    });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => {}],
    ['breaks the connection', (socket) => socket.destroy()],
    ['speaks no TLS', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('nothing, where it %s before TLS stands', async (_, act) => {
    await using server = await startRawServer(act);
    expect(await post(`https://127.0.0.1:${server.port}`)).toMatchObject({ kind: 'never-sent', isTemporary: true });
  });

  test.each<['hang' | { status: number }, string]>([
    ['hang', 'did not answer within 0.3 s'],
    [{ status: 502 }, 'was not reached: the proxy answered HTTP 502'],
  ])('nothing, where the proxy lets nothing through: %j', async (answer, what) => {
    await using proxy = await startLocalProxy(answer);
    vi.stubEnv('https_proxy', proxy.url);
    // The environment is read once.
    vi.resetModules();
    const fresh = await import('../src/send.ts');
    const sent = await fresh.sendRequest({ method: 'POST', url: 'https://far.example', body: 'x' }, 300);
    expect(sent).toMatchObject({ kind: 'never-sent', what, isTemporary: true });
    expect(proxy.connects).toEqual(['far.example:443']);
    vi.unstubAllEnvs();
  });

  test.each<[string, (socket: Socket) => void, string]>([
    ['says nothing', () => {}, 'did not answer within 0.3 s'],
    ['breaks the connection', (socket) => socket.destroy(), 'broke the connection (ECONNRESET)'],
    ['resets it', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'broke the connection (ECONNRESET)'],
    ['sends no HTTP', (socket) => socket.end('hello\r\n\r\n'), 'answered with what is not HTTP (HPE_INVALID_CONSTANT)'],
    [
      'sends two lengths',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'),
      'answered with what is not HTTP (HPE_UNEXPECTED_CONTENT_LENGTH)',
    ],
    [
      'sends headers without end',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`),
      'answered with more than 16 KiB of headers (HPE_HEADER_OVERFLOW)',
    ],
    [
      'ends in the middle',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
      'broke the connection',
    ],
  ])('perhaps all, where it %s once connected', async (_, act, what) => {
    await using server = await startRawServer(act);
    expect(await post(server.url)).toMatchObject({
      kind: 'no-answer',
      isTemporary: true,
      what: expect.stringContaining(what),
    });
  });
});

test('a server that speaks no TLS is told as one', async () => {
  await using server = await startRawServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
  );
  const url = server.url.replace('http:', 'https:');
  expect(await sendRequest({ method: 'GET', url }, 5000)).toMatchObject({
    isTemporary: true,
    what: expect.stringMatching(/^answered with what is not TLS, or none that Node speaks \(EPROTO\)$/),
  });
});

describe('an answer whose JSON is whole', () => {
  const body = '{"access_token":"x"}';
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;

  test.each<[string, (socket: Socket) => void]>([
    ['is cut short of its length', (socket) => socket.end(`content-length: ${body.length + 2}\r\n\r\n${body}`)],
    ['lacks its last chunk', (socket) => socket.end(`transfer-encoding: chunked\r\n\r\n${chunk}`)],
    [
      'is reset before its last chunk',
      (socket) =>
        socket.write(`transfer-encoding: chunked\r\n\r\n${chunk}`, () =>
          setTimeout(() => socket.resetAndDestroy(), 50),
        ),
    ],
    ['never ends', (socket) => socket.write(`\r\n${body}`)],
  ])('counts, though it %s', async (_, act) => {
    await using server = await startRawServer((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        act(socket);
      }),
    );
    const outcome = await sendRequest({ method: 'POST', url: server.url, body: 'x' }, 500);
    expect(outcome).toMatchObject({ kind: 'reply', status: 200, json: { access_token: 'x' } });
  });

  test('is never one that was cut', async () => {
    for (let length = 0; length < body.length; length++) {
      await using server = await startRawServer((socket) =>
        socket.once('data', () =>
          socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, length)}`),
        ),
      );
      expect((await sendRequest({ method: 'POST', url: server.url, body: 'x' }, 500)).kind).toBe('no-answer');
    }
  });
});

test('an answer leaves no timer behind, which would keep the process alive', async () => {
  await using api = await startLocalApi([{}]);
  using set = vi.spyOn(globalThis, 'setTimeout');
  using clear = vi.spyOn(globalThis, 'clearTimeout');
  await sendRequest({ method: 'POST', url: api.url, body: 'x' }, 4321);
  const timer = set.mock.results[set.mock.calls.findIndex(([, ms]) => ms === 4321)]?.value;
  expect(timer).toBeDefined();
  expect(clear.mock.calls).toContainEqual([timer]);
});

describe('a connection', () => {
  /** Requests to a server on loopback, and for each the number of the connection that it came by. */
  async function record(answers: readonly Answer[], methods: readonly Request['method'][]) {
    await using api = await startLocalApi(answers);
    const outcomes = [];
    for (const method of methods) {
      const body = method === 'GET' ? {} : { body: 'x' };
      outcomes.push(await sendRequest({ method, url: api.url, ...body }, 5000));
    }
    const by = api.requests.map(({ method, port }) => `${method} ${api.connections.indexOf(port)}`);
    return { by, outcomes, connections: api.connections.length };
  }

  test('is kept between GETs, and never serves a POST or PATCH', async () => {
    const { by } = await record([{}], ['GET', 'GET', 'POST', 'GET', 'PATCH', 'POST', 'GET']);
    expect(by).toEqual(['GET 0', 'GET 0', 'POST 1', 'GET 0', 'PATCH 2', 'POST 3', 'GET 0']);
  });

  test.each(['cut', 'reset', { raw: 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r' }] as const)(
    'that ends when the next GET comes costs that GET nothing: %j',
    async (end) => {
      const { by, outcomes } = await record([{}, end, {}], ['GET', 'GET']);
      expect(by).toEqual(['GET 0', 'GET 0', 'GET 1']);
      expect(outcomes).toMatchObject([{ kind: 'reply' }, { kind: 'reply' }]);
    },
  );

  test('that ends twice is told as an answer that did not come', async () => {
    const { by, outcomes } = await record([{}, 'cut'], ['GET', 'GET']);
    expect(by).toEqual(['GET 0', 'GET 0', 'GET 1']);
    expect(outcomes[1]).toMatchObject({ kind: 'no-answer', what: 'broke the connection (ECONNRESET)' });
  });

  test('that ended between two GETs is not tried, and a new one is made once', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    await using server = await startRawServer((socket, count) => {
      if (count > 1) socket.destroy();
      else
        socket
          .resume()
          .on('close', () => end())
          .end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    const { url } = server;
    expect(await sendRequest({ method: 'GET', url }, 5000)).toMatchObject({ status: 200 });
    await ended;
    expect(await sendRequest({ method: 'GET', url }, 5000)).toMatchObject({ kind: 'no-answer' });
    expect(server.sockets).toHaveLength(2);
  });

  test('to a server in trouble is given up for a new one', async () => {
    expect((await record([{ status: 503 }], ['GET', 'GET'])).by).toEqual(['GET 0', 'GET 1']);
  });

  test('through a proxy is kept, too', async () => {
    trustCertificate();
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    vi.stubEnv('https_proxy', proxy.url);
    vi.resetModules();
    const fresh = await import('../src/send.ts');
    for (const _ of [1, 2]) {
      const sent = await fresh.sendRequest({ method: 'GET', url: 'https://localhost.example' }, 5000);
      expect(sent).toMatchObject({ kind: 'reply', status: 200 });
    }
    expect(proxy.connects).toHaveLength(1);
    vi.unstubAllEnvs();
  });
});

test.runIf(process.platform === 'linux')('a far host with several addresses is given time to connect', async () => {
  await using busy = await startBusyServer();
  // Its first address takes the connection when Linux asks again, after a second; nobody is at the second one.
  resolveTo(['127.0.0.1', '::1'], () => setImmediate(busy.release));
  expect(await sendRequest({ method: 'GET', url: `http://far.example:${busy.port}` }, 10_000)).toMatchObject({
    kind: 'reply',
    json: { here: true },
  });
});

describe('a body', () => {
  const get = async (answer: Answer) => {
    await using api = await startLocalApi([answer]);
    return await sendRequest({ method: 'GET', url: api.url }, 5000);
  };

  test('of more than 1 MiB is told from one that is not JSON', async () => {
    expect(await get(oversized)).toMatchObject({ kind: 'reply', status: 200, json: undefined, isTooLarge: true });
    expect(await get({ body: '<html>' })).toMatchObject({ kind: 'reply', json: undefined, isTooLarge: false });
  });
});

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'that this runner does not trust', 'set NODE_EXTRA_CA_CERTS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'that this runner does not trust', 'set NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'that this runner does not trust', 'set NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'that this runner does not trust', 'set NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'that this runner does not trust', 'set NODE_EXTRA_CA_CERTS'],
  ['CERT_NOT_YET_VALID', 'that is not valid today', 'set the clock of the runner right'],
  ['HOSTNAME_MISMATCH', 'for another host', 'Check the address of the API'],
  ['INVALID_CA', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
  ['INVALID_PURPOSE', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
  ['PATH_LENGTH_EXCEEDED', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
  ['CERT_REVOKED', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
  ['CERT_SIGNATURE_FAILURE', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
  ['CRL_HAS_EXPIRED', 'that is made wrong or revoked', 'no setting of the runner makes it valid'],
])('a certificate with %s is one %s, and not asked for again', (code, what, nextStep) => {
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '');
  const told = explain(Object.assign(new Error('any'), { code }), 'never-sent', false);
  expect(told).toMatchObject({ kind: 'never-sent', isTemporary: false });
  expect(told.what).toContain(what);
  expect(told.nextStep).toContain(nextStep);
  vi.unstubAllEnvs();
});

test.each([new TypeError('Invalid URL'), new Error('no code'), 'text'])(
  'a bug is no trouble of the network: %s',
  (bug) => {
    expect(() => explain(bug, 'never-sent', false)).toThrow(bug as Error);
  },
);

/** A server that takes no connection until `release`: its queue is full, and Linux drops what else comes. */
async function startBusyServer() {
  const script = `
    const server = require('node:http').createServer((_, response) => response.end('{"here":true}'));
    server.listen(0, '127.0.0.1', 1, () => {
      const fs = require('node:fs');
      fs.writeSync(1, String(server.address().port));
      fs.readSync(0, Buffer.alloc(1));
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  // Linux queues one more than it is told.
  const queued = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  await Promise.all(queued.map((socket) => once(socket, 'connect')));
  return {
    port,
    release: () => void child.stdin.write('x'),
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
