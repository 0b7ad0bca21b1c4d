// The APIs, in a process of their own so that a client never waits for the benchmark's event loop. Sends the ports of
// GitHub and of Parallel to the parent, then answers every message with the number of requests since the last one. The
// argument is the round trip in ms.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { seal } from '../../src/credentials/seal.ts';
import { begin } from '../../src/credentials/state.ts';
import { BINDING, EMPTY_TREE, KEY_BYTES, REF } from '../support/fixtures.ts';
import { tlsPair } from '../support/tls.ts';
import { startRelay } from './relay.ts';

const BALANCE = { org_id: 'org_bench', credit_balance_cents: 123456, pending_debit_balance_cents: 0 };
const TOKENS = { access_token: 'renewed-access-token', refresh_token: 'renewed-refresh-token', expires_in: 600 };
const SHA = '0123456789012345678901234567890123456789';

/** By method and path. */
const routes: Record<string, object> = {
  'GET /account/service/v1/balance': BALANCE,
  'POST /getServiceKeys/token': TOKENS,
};

/** The routes of a repository that keeps a login of `platform`. */
function keepLogin(repository: string, platform: string, accessTokenSeconds: number): Record<string, object> {
  const lifetimes = { accessTokenSeconds, refreshTokenSeconds: 604_800, authorizationSeconds: 7_776_000 };
  const organization = { orgId: 'org_bench', orgName: undefined, scopes: ['balance:read'] };
  const grant = {
    accessToken: 'stored-access-token',
    refreshToken: 'stored-refresh-token',
    ...lifetimes,
    ...organization,
  };
  // A benchmark takes minutes: the good token must be good to its end.
  const state = begin(grant, { clientId: 'client', platform }, Date.now() + accessTokenSeconds * 1000);
  const message = seal(JSON.stringify(state), KEY_BYTES, BINDING);
  const git = `/repos/${repository}/git`;
  return {
    [`GET ${git}/ref/${REF.slice('refs/'.length)}`]: { object: { sha: SHA } },
    [`GET ${git}/commits/${SHA}`]: { sha: SHA, message, tree: { sha: EMPTY_TREE } },
    [`POST ${git}/commits`]: { sha: SHA.replaceAll('0', 'a') },
    [`PATCH ${git}/refs/${REF.slice('refs/'.length)}`]: { object: { sha: SHA.replaceAll('0', 'a') } },
  };
}

let requests = 0;

const server = createServer(tlsPair, async (request, response) => {
  const { method, url, headers } = request;
  requests++;
  const isAllowed = headers.authorization !== undefined || url?.startsWith('/getServiceKeys/');
  const body = isAllowed ? routes[`${method} ${url}`] : undefined;
  const isCommit = method === 'POST' && url?.endsWith('/commits');
  const status = body === undefined ? 404 : isCommit ? 201 : 200;
  // GitHub repeats the message of a commit that it has created.
  const sent = isCommit ? JSON.parse(await text(request)) : {};
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ...sent, ...body }));
});

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo;
  const roundTripMs = Number(process.argv[2]);
  const startOne = () => (roundTripMs > 0 ? startRelay(port, roundTripMs) : port);
  const [github, parallel] = [await startOne(), await startOne()];
  const platform = `https://127.0.0.1:${parallel}`;
  // One has a good access token, the other an expired one.
  Object.assign(routes, keepLogin('octo/fresh', platform, 600), keepLogin('octo/expired', platform, 0));
  process.send?.([github, parallel]);
});
process.on('message', () => {
  process.send?.(requests);
  requests = 0;
});
process.on('disconnect', () => process.exit());
