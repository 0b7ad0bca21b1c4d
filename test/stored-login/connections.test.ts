import { expect, test } from 'vitest';
import { balanceBody } from '../support/fixtures.ts';
import { startLocalApi } from '../support/local-api.ts';
import type { LocalGithub } from '../support/local-github.ts';
import { gate, github, logIn, parallel } from '../support/stored-session.ts';
import { certificateFile } from '../support/tls.ts';

const env = { NODE_EXTRA_CA_CERTS: certificateFile };

/** What has been asked of `server` since the given request, each with the connection that it came by. */
function trace(server: Pick<LocalGithub, 'requests'>, since: number) {
  const asked = server.requests.slice(since);
  const ports = [...new Set(asked.map(({ port }) => port))];
  return asked.map(({ method, port }) => `${method} ${ports.indexOf(port)}`);
}

test('a fresh login costs one connection to GitHub and one to Parallel', async () => {
  const { outputs } = await logIn();
  const body = balanceBody({ org_id: outputs['org-id'] });
  await using api = await startLocalApi([{ body }], { tls: true });
  const [requests, connections] = [github.requests.length, github.connections.length];
  expect(await gate({ 'api-url': api.url }, { env })).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(trace(github, requests)).toEqual(['GET 0', 'GET 0']);
  expect(github.connections).toHaveLength(connections + 1);
  expect(api.connections).toEqual([api.requests[0]?.port]);
});

test('each write has a connection of its own', async () => {
  await logIn();
  parallel.expireAccessTokens();
  const since = { github: github.requests.length, parallel: parallel.requests.length };
  expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  const asked = trace(github, since.github);
  const gets = asked.filter((line) => line.startsWith('GET'));
  const writes = asked.filter((line) => !line.startsWith('GET'));
  expect(gets.length).toBeGreaterThan(2);
  expect(new Set(gets)).toEqual(new Set(['GET 0']));
  expect(writes).toEqual(['POST 1', 'PATCH 2', 'POST 3', 'PATCH 4']);
  // A balance that was refused, the exchange, a balance.
  expect(trace(parallel, since.parallel)).toEqual(['GET 0', 'POST 1', 'GET 0']);
});

test('a run that never asks for the balance leaves nothing open that it would wait for', async () => {
  // It ends no connection by itself.
  await using api = await startLocalApi([{}], { tls: true });
  expect(await gate({ 'api-url': api.url }, { env })).toMatchObject({ outputs: { verdict: 'login-required' } });
  expect(api.connections).toHaveLength(1);
  expect(api.requests).toEqual([]);
});
