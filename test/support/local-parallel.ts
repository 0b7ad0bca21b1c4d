// A stand-in for Parallel's platform and Account API: the certified OAuth server `oidc-provider` decides about clients,
// codes, tokens and grants; this file gives it Parallel's fields, the balance, and what a human or a test can do to it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults, Kind, ParallelKind, Reply } from './faults.ts';
import { type FaultyServer, type Seen, startFaultyServer } from './faulty-server.ts';
import { createOidcProvider, DEVICE_CODE, DEVICE_GRANT, REGISTER, RESOURCE, REVOKE, TOKEN } from './oauth-provider.ts';

export interface TokenResponse {
  access_token: string;
  refresh_token?: string;
  token_type: 'Bearer';
  expires_in: number;
  refresh_token_expires_in: number;
  authorization_expires_in: number;
  org_id: string;
  org_name: string | null;
  scope: string;
}

export interface Login extends TokenResponse {
  refresh_token: string;
  client_id: string;
}

export interface Balance {
  credit_balance_cents: number;
  pending_debit_balance_cents: number;
  will_invoice: boolean;
}

/** Lifetimes are whole seconds. */
export interface LocalParallelOptions {
  accessTokenSeconds?: number;
  refreshTokenSeconds?: number;
  authorizationSeconds?: number;
  deviceCodeSeconds?: number;
  /** Seconds between polls; polling faster while pending gets `slow_down`, and 5 s more from then on. */
  interval?: number;
  /** `false`: a refresh answers without a refresh token and the old one stays in force. */
  rotate?: boolean;
  orgId?: string;
  orgName?: string | null;
  balance?: Balance;
  decided?: Set<Kind>;
}

export interface LocalParallel {
  platformUrl: string;
  apiUrl: string;
  /** The human approves, for the default organization or another. */
  approve(userCode: string, as?: { orgId?: string; orgName?: string | null }): Promise<void>;
  deny(userCode: string): Promise<void>;
  /** Every access token, refresh token and device code ever issued, lost answers included. */
  issued: string[];
  requests: FaultyServer['requests'];
  /** Refresh tokens presented to revoke. */
  revoked: string[];
  /** Register, device code, approve, token, over the server's own endpoints. */
  login(scope?: string): Promise<Login>;
  expireAccessTokens(): void;
  expireDeviceCodes(): void;
  forgetClients(): void;
  endAuthorization(): void;
  balance: Balance;
  faults: Faults<ParallelKind>;
  close(): Promise<void>;
}

const now = () => Math.floor(Date.now() / 1000);
const claims = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

export async function startLocalParallel(options: LocalParallelOptions = {}): Promise<LocalParallel> {
  const { accessTokenSeconds = 600, refreshTokenSeconds = 604_800, authorizationSeconds = 7_776_000 } = options;
  const { deviceCodeSeconds = 600, interval = 5, rotate = true } = options;
  const { orgId = 'org_local', orgName = 'Local Org' } = options;

  const server = await startFaultyServer<ParallelKind>({ act, decided: options.decided, isFaithful: true });
  const lifetimes = { accessTokenSeconds, refreshTokenSeconds, authorizationSeconds, deviceCodeSeconds };
  const { provider, store } = createOidcProvider(server.url, { ...lifetimes, rotate });
  const inner = createServer(provider.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => inner.once('listening', resolve));
  const innerUrl = `http://127.0.0.1:${(inner.address() as AddressInfo).port}`;

  const orgNames = new Map<string, string | null>();
  const liveAccessTokens = new Set<string>();
  const polls = new Map<string, { last: number; seconds: number }>();

  async function forward(request: Seen, path: string, body: string, clientId?: string) {
    const headers = new Headers();
    for (const name of ['content-type', 'authorization'] as const) {
      if (request.headers[name]) headers.set(name, request.headers[name]);
    }
    const answer = await fetch(innerUrl + path, { method: 'POST', headers, body });
    const raw = (await answer.text()).replaceAll(innerUrl, server.url);
    const reply = { status: answer.status, body: raw === '' ? {} : JSON.parse(raw) };
    if (reply.body.error === 'invalid_client') reply.body.error_description = `Unknown client_id ${clientId}`;
    return reply;
  }

  async function register(request: Seen): Promise<Reply> {
    const { status, body } = await forward(request, REGISTER, request.body);
    return status === 201 ? { status: 200, body: { client_id: body.client_id } } : { status, body };
  }

  async function device(request: Seen): Promise<Reply> {
    const { status, body } = await forward(request, DEVICE_CODE, request.body, request.form['client_id']);
    if (status !== 200) return { status, body };
    local.issued.push(body.device_code);
    return { status, body: { ...body, interval } };
  }

  async function token(request: Seen): Promise<Reply> {
    const { form } = request;
    const reply = await forward(request, TOKEN, request.body, form['client_id']);
    if (reply.body.error === 'authorization_pending') {
      // The provider counts no polls. A tenth of leeway, because timers may fire early.
      const poll = polls.get(form['device_code'] ?? '') ?? { last: Number.NEGATIVE_INFINITY, seconds: interval };
      const early = performance.now() - poll.last < poll.seconds * 900;
      if (early) reply.body = { error: 'slow_down', error_description: 'polling too quickly' };
      polls.set(form['device_code'] ?? '', { last: performance.now(), seconds: poll.seconds + (early ? 5 : 0) });
    }
    if (reply.status !== 200) return reply;
    const refreshToken = await provider.RefreshToken.find(reply.body.refresh_token);
    const grant = refreshToken && (await provider.Grant.find(refreshToken.grantId));
    if (!grant) throw new Error('the provider issued a refresh token without a grant');
    liveAccessTokens.add(reply.body.access_token);
    local.issued.push(reply.body.access_token);
    if (!local.issued.includes(reply.body.refresh_token)) local.issued.push(reply.body.refresh_token);
    if (!rotate && form['grant_type'] === 'refresh_token') delete reply.body.refresh_token;
    Object.assign(reply.body, {
      refresh_token_expires_in: refreshToken.exp - now(),
      authorization_expires_in: grant.exp - now(),
      org_id: refreshToken.accountId,
      org_name: orgNames.get(refreshToken.accountId) ?? null,
    });
    return reply;
  }

  async function revoke(request: Seen): Promise<Reply> {
    const refreshToken = request.form['refresh_token'] ?? '';
    if (refreshToken === '') return { status: 400, body: { error: 'invalid_request' } };
    local.revoked.push(refreshToken);
    // The provider wants the client named; Parallel's callers do not name it.
    const { clientId } = (await provider.RefreshToken.find(refreshToken)) ?? {};
    if (!clientId) return { status: 200, body: {} };
    const standard = { token: refreshToken, token_type_hint: 'refresh_token', client_id: clientId };
    return forward(request, REVOKE, `${new URLSearchParams(standard)}`, clientId);
  }

  function balance(authorization = ''): Reply {
    const [, accessToken = ''] = /^Bearer (.+)$/i.exec(authorization) ?? [];
    if (!liveAccessTokens.has(accessToken)) return { status: 401, body: { detail: 'Invalid or missing access token' } };
    const { exp, scope = '', sub } = claims(accessToken);
    if (exp <= now()) return { status: 401, body: { detail: 'Access token has expired' } };
    if (!scope.split(' ').includes('balance:read')) return { status: 403, body: { detail: 'Missing balance:read' } };
    return { status: 200, body: { org_id: sub, ...local.balance } };
  }

  // One token request at a time: of two that present the same refresh token, the second must not revoke the grant while
  // the first one's answer is still being put together.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn(act: () => Promise<Reply>): Promise<Reply> {
    const mine = turn.then(act);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function act(request: Seen): Promise<Reply> {
    if (request.kind === 'register') return register(request);
    if (request.kind === 'device') return device(request);
    if (request.path === TOKEN) return inTurn(() => token(request));
    if (request.kind === 'revoke') return inTurn(() => revoke(request));
    if (request.kind === 'balance') return balance(request.headers.authorization);
    return { status: 404, body: { detail: 'Not Found' } };
  }

  async function pending(userCode: string) {
    const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, '').toUpperCase());
    if (!code) throw new Error(`no live device code with user code ${userCode}`);
    return code;
  }

  async function post<T>(path: string, body: string | URLSearchParams, headers = {}) {
    const reply = await fetch(server.url + path, { method: 'POST', body, headers });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  }

  const local: LocalParallel = {
    platformUrl: server.url,
    apiUrl: `${server.url}/account`,
    issued: [],
    requests: server.requests,
    revoked: [],
    balance: options.balance ?? { credit_balance_cents: 5000, pending_debit_balance_cents: 0, will_invoice: false },
    faults: server.faults,
    async approve(userCode, as = {}) {
      const code = await pending(userCode);
      const accountId = as.orgId ?? orgId;
      const scope = code.params.scope ?? '';
      orgNames.set(accountId, as.orgName === undefined ? orgName : as.orgName);
      const grant = new provider.Grant({ accountId, clientId: code.clientId });
      grant.addResourceScope(RESOURCE, scope);
      await Object.assign(code, { accountId, grantId: await grant.save(), scope, resource: RESOURCE }).save();
    },
    async deny(userCode) {
      await Object.assign(await pending(userCode), { error: 'access_denied' }).save();
    },
    async login(scope = 'balance:read') {
      const registration = JSON.stringify({ client_name: 'test', platform: { system: 'test', machine: 'test' } });
      const json = { 'content-type': 'application/json' };
      const { client_id } = await post<{ client_id: string }>(REGISTER, registration, json);
      const asked = new URLSearchParams({ client_id, scope });
      const { device_code, user_code } = await post<{ device_code: string; user_code: string }>(DEVICE_CODE, asked);
      await local.approve(user_code);
      const exchange = new URLSearchParams({ grant_type: DEVICE_GRANT, client_id, device_code });
      return { ...(await post<Login>(TOKEN, exchange)), client_id };
    },
    expireAccessTokens: () => liveAccessTokens.clear(),
    expireDeviceCodes() {
      for (const code of store('DeviceCode').entries.values()) code['exp'] = 0;
    },
    forgetClients: () => store('Client').entries.clear(),
    endAuthorization: () => store('Grant').entries.clear(),
    async close() {
      await server.close();
      const closed = new Promise((resolve) => inner.close(resolve));
      inner.closeAllConnections();
      await closed;
    },
  };
  return local;
}
