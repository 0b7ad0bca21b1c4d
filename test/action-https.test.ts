import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { jwt } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { runAction } from './support/run-action.ts';
import { certificateFile } from './support/tls.ts';

// The built dist as a process, by HTTPS and through proxies.

const TOKEN = jwt({ exp: 4_000_000_000, sub: 'user_1' });

describe('HTTPS', () => {
  // Loopback addresses always bypass a proxy, so these ask for a name that only the proxy knows.
  const somewhere = { token: TOKEN, 'api-url': 'https://localhost.example/account', 'timeout-seconds': '2' };

  test('works with a private CA in NODE_EXTRA_CA_CERTS', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    const inputs = { token: TOKEN, 'api-url': api.url, 'min-cents': '2000' };
    expect(await runAction(inputs, { env: { NODE_EXTRA_CA_CERTS: certificateFile } })).toMatchObject({ exitCode: 0 });
    const step = await runAction(inputs);
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.annotations[0]?.text).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('works through https_proxy', async () => {
    await using api = await startLocalApi([{}], { tls: true, host: '127.0.0.1' });
    await using proxy = await startLocalProxy(api);
    const env = { https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: certificateFile };
    expect(await runAction(somewhere, { env })).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(proxy.connects).toEqual(['localhost.example:443']);
    expect(api.requests).toHaveLength(1);
  });

  test('says so where the proxy refuses, without its password', async () => {
    await using proxy = await startLocalProxy({ status: 407 });
    const url = proxy.url.replace('//', '//user:hunter2@');
    const step = await runAction(somewhere, { env: { https_proxy: url } });
    expect(step.outputs['message']).toContain('the proxy answered HTTP 407');
    expect(step.printed + step.summary).not.toContain('hunter2');
  });

  test('ends at the deadline where the proxy never answers', async () => {
    await using proxy = await startLocalProxy('hang');
    const step = await runAction(somewhere, { env: { https_proxy: proxy.url } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.outputs['message']).toContain('did not answer within 2 s');
  });

  test('ends where something accepts the connection and speaks no TLS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const step = await runAction({ ...somewhere, 'api-url': url, 'timeout-seconds': '1' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    server.close();
  });
});
