// A stand-in for Parallel's platform and Account API: the certified OAuth server `oidc-provider` decides about clients,
// codes, tokens and grants; this file gives it Parallel's paths and fields, the balance, and faults on demand.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
// @ts-expect-error: the package ships no types; OidcProvider below is all that is used of it.
import { Provider } from 'oidc-provider';

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
  pending_debit_balance_cents?: number | null;
  will_invoice?: boolean | null;
}

export type Form = Record<string, string>;

export interface SeenRequest {
  method: string;
  path: string;
  form?: Form;
  /** What the server decided, even if that answer was then dropped; 0 if it never acted. */
  status: number;
}

export type Fault =
  | 'drop-before' // the connection breaks, nothing was done
  | 'drop-after' // done, but the answer is lost
  | 'hang' // nothing is done, no answer ever comes
  | {
      delayMs?: number; // before acting, which happens even if the client has left by then
      delayReplyMs?: number; // after acting
      status?: number; // answered instead of acting
      body?: unknown; // a string is sent as it is, anything else as JSON
      headers?: Record<string, string>;
    };

export interface Faults {
  next(match: (method: string, path: string, form: Form) => boolean, fault: Fault, times?: number): void;
  clear(): void;
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
}

export interface LocalParallel {
  platformUrl: string;
  apiUrl: string;
  /** The human approves, for the default organization or another. */
  approve(userCode: string, as?: { orgId?: string; orgName?: string | null }): Promise<void>;
  deny(userCode: string): Promise<void>;
  /** Every access token, refresh token and device code ever issued, lost answers included. */
  issued: string[];
  requests: SeenRequest[];
  /** Refresh tokens presented to revoke. */
  revoked: string[];
  /** Register, device code, approve, token, over the server's own endpoints. */
  login(scope?: string): Promise<Login>;
  expireAccessTokens(): void;
  expireDeviceCodes(): void;
  forgetClients(): void;
  endAuthorization(): void;
  balance: Balance;
  faults: Faults;
  close(): Promise<void>;
}

interface OidcProvider {
  callback(): RequestListener;
  on(event: 'server_error', listener: (context: unknown, error: unknown) => void): void;
  DeviceCode: { findByUserCode(code: string): Promise<DeviceCode | undefined> };
  Grant: {
    new (of: { accountId: string; clientId: string }): Grant;
    find(id: string): Promise<Grant | undefined>;
  };
  RefreshToken: { find(token: string): Promise<RefreshToken | undefined> };
}
type DeviceCode = { clientId: string; params: { scope?: string }; save(): Promise<string> };
type Grant = { exp: number; addResourceScope(resource: string, scope: string): void; save(): Promise<string> };
type RefreshToken = { exp: number; accountId: string; clientId: string; grantId: string };

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const REGISTER = '/getServiceKeys/register';
const DEVICE_CODE = '/getServiceKeys/device/code';
const TOKEN = '/getServiceKeys/token';
const REVOKE = '/getServiceKeys/token/revoke';
const BALANCE = '/account/service/v1/balance';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const RESOURCE = 'urn:parallel:account';
const SCOPES = 'balance:read balance:add keys:create keys:delete apps:read apps:write';

const now = () => Math.floor(Date.now() / 1000);
const claims = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

async function listen(listener?: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { server, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The provider's storage. Nothing is dropped at its expiry, so that the provider itself can say "expired". */
class Store {
  readonly entries = new Map<string, Record<string, unknown>>();
  async upsert(id: string, entry: Record<string, unknown>) {
    this.entries.set(id, entry);
  }
  async find(id: string) {
    return this.entries.get(id);
  }
  async findByUserCode(userCode: string) {
    return [...this.entries.values()].find((entry) => entry['userCode'] === userCode);
  }
  async consume(id: string) {
    const entry = this.entries.get(id);
    if (entry) entry['consumed'] = now();
  }
  async destroy(id: string) {
    this.entries.delete(id);
  }
  async revokeByGrantId(grantId: string) {
    for (const [id, entry] of this.entries) if (entry['grantId'] === grantId) this.entries.delete(id);
  }
}

export async function startLocalParallel(options: LocalParallelOptions = {}): Promise<LocalParallel> {
  const { accessTokenSeconds = 600, refreshTokenSeconds = 604_800, authorizationSeconds = 7_776_000 } = options;
  const { deviceCodeSeconds = 600, interval = 5, rotate = true } = options;
  const { orgId = 'org_local', orgName = 'Local Org' } = options;
  const stores: Record<string, Store> = {};
  const store = (model: string) => {
    stores[model] ??= new Store();
    return stores[model];
  };

  const outer = await listen();
  const provider: OidcProvider = new Provider(outer.url, {
    adapter: store,
    jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] },
    clientDefaults: {
      grant_types: [DEVICE_GRANT, 'refresh_token'],
      response_types: [],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    },
    routes: { registration: REGISTER, device_authorization: DEVICE_CODE, token: TOKEN, revocation: REVOKE },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      deviceFlow: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      // JWT access tokens, which is why revoking a login leaves them alive, as at Parallel.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: SCOPES, accessTokenFormat: 'jwt' }),
      },
    },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({}) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: rotate,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: accessTokenSeconds,
      RefreshToken: refreshTokenSeconds,
      Grant: authorizationSeconds,
      DeviceCode: deviceCodeSeconds,
    },
  });
  provider.on('server_error', (_context, error) => console.error(error));
  const inner = await listen(provider.callback());

  const orgNames = new Map<string, string | null>();
  const liveAccessTokens = new Set<string>();
  const polls = new Map<string, { last: number; seconds: number }>();
  const planned: { match: Parameters<Faults['next']>[0]; fault: Fault; times: number }[] = [];

  async function forward(request: IncomingMessage, path: string, body: string, form: Form = {}) {
    const headers = new Headers();
    for (const name of ['content-type', 'authorization'] as const) {
      if (request.headers[name]) headers.set(name, request.headers[name]);
    }
    const answer = await fetch(inner.url + path, { method: 'POST', headers, body });
    const raw = (await answer.text()).replaceAll(inner.url, outer.url);
    const reply = { status: answer.status, body: raw === '' ? {} : JSON.parse(raw) };
    if (reply.body.error === 'invalid_client') reply.body.error_description = `Unknown client_id ${form['client_id']}`;
    return reply;
  }

  async function token(request: IncomingMessage, raw: string, form: Form): Promise<Reply> {
    const reply = await forward(request, TOKEN, raw, form);
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

  async function revoke(request: IncomingMessage, form: Form): Promise<Reply> {
    const refreshToken = form['refresh_token'] ?? '';
    if (refreshToken === '') return { status: 400, body: { error: 'invalid_request' } };
    local.revoked.push(refreshToken);
    // The provider wants the client named; Parallel's callers do not name it.
    const { clientId } = (await provider.RefreshToken.find(refreshToken)) ?? {};
    if (!clientId) return { status: 200, body: {} };
    const standard = { token: refreshToken, token_type_hint: 'refresh_token', client_id: clientId };
    return forward(request, REVOKE, `${new URLSearchParams(standard)}`, standard);
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

  async function act(request: IncomingMessage, path: string, raw: string, form: Form): Promise<Reply> {
    switch (`${request.method} ${path}`) {
      case `POST ${REGISTER}`: {
        const { status, body } = await forward(request, REGISTER, raw);
        return status === 201 ? { status: 200, body: { client_id: body.client_id } } : { status, body };
      }
      case `POST ${DEVICE_CODE}`: {
        const { status, body } = await forward(request, DEVICE_CODE, raw, form);
        if (status !== 200) return { status, body };
        local.issued.push(body.device_code);
        return { status, body: { ...body, interval } };
      }
      case `POST ${TOKEN}`:
        return inTurn(() => token(request, raw, form));
      case `POST ${REVOKE}`:
        return inTurn(() => revoke(request, form));
      case `GET ${BALANCE}`:
        return balance(request.headers.authorization);
      default:
        return { status: 404, body: { detail: 'Not Found' } };
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const raw = await text(request);
    const path = new URL(request.url ?? '/', outer.url).pathname;
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const form: Form = isForm ? Object.fromEntries(new URLSearchParams(raw)) : {};
    const method = request.method ?? '';
    const seen: SeenRequest = { method, path, ...(isForm && { form }), status: 0 };
    local.requests.push(seen);

    const plan = planned.find(({ match, times }) => times > 0 && match(method, path, form));
    if (plan) plan.times -= 1;
    const fault = plan?.fault;
    if (fault === 'hang') return;
    if (fault === 'drop-before') return request.socket.destroy();
    const { delayMs = 0, delayReplyMs = 0, status, ...rest } = typeof fault === 'object' ? fault : {};
    if (delayMs) await sleep(delayMs, undefined, { ref: false });
    const reply: Reply = status ? { status, ...rest } : await act(request, path, raw, form);
    seen.status = reply.status;
    if (fault === 'drop-after') return request.socket.destroy();
    if (delayReplyMs) await sleep(delayReplyMs, undefined, { ref: false });
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  }

  outer.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error) => {
      if (!response.destroyed) response.writeHead(500).end(String(error)); // a mistake in this file or its use
    });
  });

  async function pending(userCode: string) {
    const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, '').toUpperCase());
    if (!code) throw new Error(`no live device code with user code ${userCode}`);
    return code;
  }

  async function post<T>(path: string, body: string | URLSearchParams, headers = {}) {
    const reply = await fetch(outer.url + path, { method: 'POST', body, headers });
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  }

  const local: LocalParallel = {
    platformUrl: outer.url,
    apiUrl: `${outer.url}/account`,
    issued: [],
    requests: [],
    revoked: [],
    balance: options.balance ?? { credit_balance_cents: 5000, pending_debit_balance_cents: 0, will_invoice: false },
    faults: {
      next: (match, fault, times = 1) => void planned.push({ match, fault, times }),
      clear: () => void planned.splice(0),
    },
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
      await outer.close();
      await inner.close();
    },
  };
  return local;
}
