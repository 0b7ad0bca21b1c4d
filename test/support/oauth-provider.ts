import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
// @ts-expect-error: the package ships no types; OidcProvider below is all that is used of it.
import { Provider } from 'oidc-provider';

export const REGISTER = '/getServiceKeys/register';
export const DEVICE_CODE = '/getServiceKeys/device/code';
export const TOKEN = '/getServiceKeys/token';
export const REVOKE = '/getServiceKeys/token/revoke';
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const RESOURCE = 'urn:parallel:account';
const SCOPES = 'balance:read balance:add keys:create keys:delete apps:read apps:write';

/** What is used of `oidc-provider`. */
export interface OidcProvider {
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

/** Lifetimes in whole seconds. */
interface Options {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly authorizationSeconds: number;
  readonly deviceCodeSeconds: number;
  readonly rotate: boolean;
}

/** The certified OAuth server `oidc-provider` at Parallel's paths, and its storage by the name of a model. */
export function createOidcProvider(issuer: string, options: Options) {
  const stores: Record<string, Store> = {};
  const store = (model: string) => {
    stores[model] ??= new Store();
    return stores[model];
  };
  const provider: OidcProvider = new Provider(issuer, {
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
    rotateRefreshToken: options.rotate,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: options.accessTokenSeconds,
      RefreshToken: options.refreshTokenSeconds,
      Grant: options.authorizationSeconds,
      DeviceCode: options.deviceCodeSeconds,
    },
  });
  provider.on('server_error', (_context, error) => console.error(error));
  return { provider, store };
}

/** Nothing is dropped at its expiry, so that the provider itself can say "expired". */
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
    if (entry) entry['consumed'] = Math.floor(Date.now() / 1000);
  }
  async destroy(id: string) {
    this.entries.delete(id);
  }
  async revokeByGrantId(grantId: string) {
    for (const [id, entry] of this.entries) if (entry['grantId'] === grantId) this.entries.delete(id);
  }
}
