// The APIs, in a process of their own so that a client never waits for the benchmark's event loop. Sends its port to
// the parent, then answers every message with the number of requests since the last one.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { seal } from '../../src/credentials/seal.ts';
import { begin } from '../../src/credentials/state.ts';
import { BINDING, EMPTY_TREE, KEY_BYTES, REF } from '../support/fixtures.ts';
import { tlsPair } from '../support/tls.ts';

const BALANCE = { org_id: 'org_bench', credit_balance_cents: 123456, pending_debit_balance_cents: 0 };
const TOKENS = { access_token: 'access', refresh_token: 'refresh', expires_in: 600 };
const SHA = '0123456789012345678901234567890123456789';

/** By method and path; two repositories keep a login each, one with a good access token and one with an expired. */
const ROUTES: Record<string, object> = {
  'GET /account/service/v1/balance': BALANCE,
  'POST /getServiceKeys/token': TOKENS,
  ...keepLogin('octo/fresh', 600),
  ...keepLogin('octo/expired', 0),
};

function keepLogin(repository: string, accessTokenSeconds: number): Record<string, object> {
  const lifetimes = { accessTokenSeconds, refreshTokenSeconds: 604_800, authorizationSeconds: 7_776_000 };
  const organization = { orgId: 'org_bench', orgName: undefined, scopes: ['balance:read'] };
  const grant = {
    accessToken: 'stored-access-token',
    refreshToken: 'stored-refresh-token',
    ...lifetimes,
    ...organization,
  };
  // A benchmark takes minutes: the good token must be good to its end.
  const state = begin(
    grant,
    { clientId: 'client', platform: 'https://platform.parallel.ai' },
    Date.now() + accessTokenSeconds * 1000,
  );
  const message = seal(JSON.stringify(state), KEY_BYTES, BINDING);
  const git = `/repos/${repository}/git`;
  return {
    [`GET ${git}/ref/${REF.slice('refs/'.length)}`]: { object: { sha: SHA } },
    [`GET ${git}/commits/${SHA}`]: { message, tree: { sha: EMPTY_TREE } },
    [`POST ${git}/commits`]: { sha: SHA.replaceAll('0', 'a') },
    [`PATCH ${git}/refs/${REF.slice('refs/'.length)}`]: { object: { sha: SHA.replaceAll('0', 'a') } },
  };
}

let requests = 0;

const server = createServer(tlsPair, ({ method, url, headers }, response) => {
  requests++;
  const isAllowed = headers.authorization !== undefined || url?.startsWith('/getServiceKeys/');
  const body = isAllowed ? ROUTES[`${method} ${url}`] : undefined;
  const status = body === undefined ? 404 : url?.endsWith('/commits') ? 201 : 200;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  process.send?.(requests);
  requests = 0;
});
process.on('disconnect', () => process.exit());
