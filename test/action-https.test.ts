import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../src/version.ts';
import { TOKEN } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { startRawServer } from './support/raw-server.ts';
import { runAction } from './support/run-action.ts';
import { certificateFile, tlsPair } from './support/tls.ts';

// The built dist as a process, by HTTPS.

const expiredFile = fileURLToPath(new URL('support/tls/expired.pem', import.meta.url));
const trusting = { NODE_EXTRA_CA_CERTS: certificateFile };
// Loopback addresses always bypass a proxy, so this asks for a name that only the proxy knows.
const somewhere = { token: TOKEN, 'api-url': 'https://localhost.example/account', 'timeout-seconds': '2' };

describe('HTTPS', () => {
  test('works with a private CA in NODE_EXTRA_CA_CERTS', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    const inputs = { token: TOKEN, 'api-url': api.url, 'min-cents': '2000' };
    expect(await runAction(inputs, { env: { NODE_EXTRA_CA_CERTS: certificateFile } })).toMatchObject({ exitCode: 0 });
    const step = await runAction(inputs);
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.annotations[0]?.text).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('ends where something accepts the connection and speaks no TLS', async () => {
    await using server = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const url = `https://127.0.0.1:${server.port}`;
    const step = await runAction({ ...somewhere, 'api-url': url, 'timeout-seconds': '1' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
  });
});

describe('certificates', () => {
  test('are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says, and the message says so', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    const waived = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const direct = { token: TOKEN, 'api-url': api.url };
    for (const [inputs, env] of [
      [direct, waived],
      [somewhere, { ...waived, https_proxy: proxy.url }],
    ] as const) {
      const step = await runAction(inputs, { env });
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown', sufficient: 'false' } });
      expect(step.outputs['message']).toContain('has a certificate that this runner does not trust');
      expect(step.annotations[0]?.text).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 is not obeyed');
      expect(step.printed).not.toContain('Warning');
    }
    expect(api.requests).toEqual([]);
    expect(await runAction(direct, { env: { ...waived, ...trusting } })).toMatchObject({ exitCode: 0 });
  });

  test('that have expired are told as such, with who has to renew them', async () => {
    await using server = await startRawServer((socket) => socket.end(), {
      cert: await readFile(expiredFile),
      key: tlsPair.key,
    });
    const step = await runAction(
      { token: TOKEN, 'api-url': server.url },
      { env: { NODE_EXTRA_CA_CERTS: expiredFile } },
    );
    expect(step.outputs['message']).toContain('has a certificate that is not valid today (CERT_HAS_EXPIRED)');
    expect(step.annotations[0]?.text).toContain('renewed');
    expect(step.annotations[0]?.text).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  test('for another host are told as such', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    const inputs = { ...somewhere, 'api-url': 'https://elsewhere.example' };
    const step = await runAction(inputs, { env: { ...trusting, https_proxy: proxy.url } });
    expect(step.outputs['message']).toContain('has a certificate for another host (ERR_TLS_CERT_ALTNAME_INVALID)');
    expect(step.annotations[0]?.text).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  // Windows may lose an alert that comes after the handshake.
  test.skipIf(process.platform === 'win32').each([
    ['TLSv1.3', 'wants a client certificate'],
    ['TLSv1.2', 'refused the TLS handshake'],
  ] as const)(
    'that the server wants of the client are told as what this action has not (%s)',
    async (version, what) => {
      const options = { ...tlsPair, requestCert: true, minVersion: version, maxVersion: version };
      await using server = await startRawServer((socket) => socket.end(), options);
      const step = await runAction({ token: TOKEN, 'api-url': server.url }, { env: trusting });
      expect(step.outputs['message']).toContain(what);
      expect(step.outputs['message']).not.toContain('attempt');
      expect(step.annotations[0]?.text).toMatch(/client certificate/);
      expect(step.annotations[0]?.text).not.toContain('NODE_EXTRA_CA_CERTS');
    },
  );

  test.each([
    [
      'that is not there',
      '/nowhere/ca.pem',
      'cannot be read here: in a container job its path must be that of the container',
    ],
    ['that is no PEM file', fileURLToPath(import.meta.url), 'holds no certificate in PEM form'],
    ['of another CA', expiredFile, 'does not hold the CA that signs it'],
  ])('of a private CA are told with what is wrong about a NODE_EXTRA_CA_CERTS %s', async (_, file, advice) => {
    await using api = await startLocalApi([{}], { tls: true });
    const step = await runAction({ token: TOKEN, 'api-url': api.url }, { env: { NODE_EXTRA_CA_CERTS: file } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.annotations[0]?.text).toContain(`The file in NODE_EXTRA_CA_CERTS ${advice}`);
  });
});

test('the id of the run is told to nobody', async () => {
  await using api = await startLocalApi([{}]);
  await runAction({ token: TOKEN, 'api-url': api.url }, { env: { ACTIONS_ORCHESTRATION_ID: 'run.42' } });
  expect(api.requests[0]?.headers['user-agent']).toBe(`parallel-balance-action/${VERSION}`);
});
