import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { jwt } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { runAction } from './support/run-action.ts';
import { gate, logIn, parallel, refreshes } from './support/stored-session.ts';
import { certificateFile } from './support/tls.ts';

// Runners on 32-bit ARM start node24 actions with Node 20.

const node = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
  .find(isNode20);

test('Node 20 logs in, renews, and reads a balance through a proxy', async (context) => {
  // .github/workflows/ci.yml installs one for the job that runs everything.
  if (node === undefined) return context.skip('there is no Node 20 on PATH');
  const env = { NODE_OPTIONS: '--throw-deprecation', NODE_EXTRA_CA_CERTS: certificateFile };
  const options = { node, env };
  expect(await logIn({}, undefined, options)).toMatchObject({ exitCode: 0 });
  parallel.expireAccessTokens();
  expect(await gate({}, options)).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(refreshes()).toBe(1);

  await using api = await startLocalApi([{}], { tls: true });
  await using proxy = await startLocalProxy(api);
  const inputs = { token: jwt(), 'api-url': 'https://localhost.example/account', 'min-cents': '2000' };
  const https_proxy = proxy.url.replace('//', '//user:password@');
  const step = await runAction(inputs, { ...options, env: { ...env, https_proxy } });
  expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(step.log).toEqual(['Parallel credit of org_abc, $25.00, covers the minimum $20.00.']);

  // By the connection that is made early.
  const direct = { ...inputs, 'api-url': api.url };
  expect(await runAction(direct, { ...options, env })).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(api.connections).toHaveLength(2);
});

function isNode20(file: string): boolean {
  try {
    return execFileSync(file, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).startsWith('v20.');
  } catch {
    return false;
  }
}
