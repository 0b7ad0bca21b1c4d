import {
  type Fields,
  hostOf,
  isOrgId,
  isSafeOrigin,
  isSecret,
  isWord,
  MIN_SECRET_LENGTH,
  readName,
} from '../foreign.ts';
import type { Http } from '../http.ts';
import type { NoReply, Reply } from '../reply.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import { readScopes } from './scopes.ts';

/** A token response; what the server left out is undefined. Lifetimes in seconds. */
export interface Grant {
  /** Undefined also where it is none that could be sent. */
  readonly accessToken: string | undefined;
  readonly accessTokenSeconds: number | undefined;
  readonly refreshToken: string | undefined;
  readonly refreshTokenSeconds: number | undefined;
  readonly authorizationSeconds: number | undefined;
  readonly orgId: string | undefined;
  readonly orgName: string | undefined;
  /** Plain words, see scopes.ts. */
  readonly scopes: readonly string[] | undefined;
}

/** A device authorization (RFC 8628, 3.2). */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  /** The host of a link that leads elsewhere than to `platform-url`. */
  readonly otherHost: string | undefined;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** How long one request to these endpoints may take, but for an exchange. */
const MAX_REQUEST_MS = 15_000;

/** The errors of a token endpoint that is in order: RFC 6749, 5.2, and RFC 8628, 3.5. */
const TOKEN_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
]);

/** Parallel's OAuth endpoints. Every method is one request, never repeated here. */
export class OAuth {
  readonly #base: string;
  readonly #platform: URL;
  readonly #mask: (secret: string) => void;

  /** `mask` is handed every token and code in the moment it exists. */
  constructor(platformUrl: string, mask: (secret: string) => void) {
    this.#base = `${platformUrl}/getServiceKeys`;
    this.#platform = new URL(platformUrl);
    this.#mask = mask;
  }

  /** Registers this installation; the client id is no secret. */
  async register(http: Http): Promise<Outcome<string>> {
    const body = JSON.stringify({
      client_name: 'parallel-balance-action',
      platform: { system: process.platform, machine: process.arch },
    });
    const reply = await this.#post(http, '/register', 'application/json', body);
    return readOutcome(this.#base, reply, ({ client_id }) => (isWord(client_id) ? client_id : undefined));
  }

  /** Asks for a code that a human approves (RFC 8628, 3.1). */
  async requestDeviceCode(http: Http, clientId: string, scope: string): Promise<Outcome<DeviceCode>> {
    const reply = await this.#postForm(http, '/device/code', { client_id: clientId, scope });
    return readOutcome(this.#base, reply, (body) => this.#readDeviceCode(body));
  }

  /** One poll with a device code (RFC 8628, 3.4). */
  async pollDeviceCode(http: Http, clientId: string, deviceCode: string): Promise<Outcome<Grant>> {
    return this.#requestToken(http, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: clientId,
      device_code: deviceCode,
    });
  }

  /**
   * Spends `refreshToken`: afterwards only the grant that comes back is good for anything. An error that no standard knows
   * is a gateway's, perhaps after the server has acted: no answer.
   */
  async refresh(http: Http, clientId: string, refreshToken: string, maxMs: number): Promise<Outcome<Grant>> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
    const outcome = await this.#requestToken(http, form, maxMs);
    if (outcome.kind !== 'denied' || TOKEN_ERRORS.has(outcome.error)) return outcome;
    return { kind: 'no-answer', what: outcome.what };
  }

  /**
   * Ends the chain of `refreshToken`, under a deadline of its own: what is left over is revoked whatever time is left.
   * Resolves to whether the server confirmed it.
   */
  async revoke(http: Http, refreshToken: string): Promise<boolean> {
    const reply = await this.#postForm(http.startAnew(MAX_REQUEST_MS), '/token/revoke', {
      refresh_token: refreshToken,
    });
    return reply.kind === 'reply' && reply.status >= 200 && reply.status < 300;
  }

  async #requestToken(http: Http, form: Record<string, string>, maxMs?: number): Promise<Outcome<Grant>> {
    const reply = await this.#postForm(http, '/token', form, maxMs);
    return readOutcome(this.#base, reply, (body) => this.#readGrant(body));
  }

  #postForm(http: Http, path: string, form: Record<string, string>, maxMs?: number): Promise<Reply | NoReply> {
    return this.#post(http, path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), maxMs);
  }

  #post(http: Http, path: string, contentType: string, body: string, maxMs = MAX_REQUEST_MS): Promise<Reply | NoReply> {
    const headers = { 'content-type': contentType };
    return http.once({ method: 'POST', url: this.#base + path, headers, body }, maxMs);
  }

  /** Lenient: a refresh token that came with an odd field must not be lost for it. */
  #readGrant(body: Fields): Grant | undefined {
    const { access_token, refresh_token, org_id, org_name, scope } = body;
    const accessToken = isSecret(access_token) ? access_token : undefined;
    if (accessToken !== undefined) this.#mask(accessToken);
    const refreshToken = refresh_token ?? undefined;
    // It travels in a form, so it may hold anything; but one that is no text is an answer that nobody understands.
    if (refreshToken !== undefined && (typeof refreshToken !== 'string' || refreshToken === '')) return undefined;
    if (refreshToken !== undefined && refreshToken.length >= MIN_SECRET_LENGTH) this.#mask(refreshToken);
    if (accessToken === undefined && refreshToken === undefined) return undefined;
    return {
      accessToken,
      accessTokenSeconds: readSeconds(body['expires_in']),
      refreshToken,
      refreshTokenSeconds: readSeconds(body['refresh_token_expires_in']),
      authorizationSeconds: readSeconds(body['authorization_expires_in']),
      orgId: isOrgId(org_id) ? org_id : undefined,
      orgName: readName(org_name),
      scopes: typeof scope === 'string' ? readScopes(scope) : undefined,
    };
  }

  #readDeviceCode(body: Fields): DeviceCode | undefined {
    const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = body;
    if (!isSecret(device_code)) return undefined;
    this.#mask(device_code);
    const uri = readLink(verification_uri, this.#platform);
    if (uri === undefined || typeof user_code !== 'string' || !/^[\w-]{4,64}$/.test(user_code)) return undefined;
    const complete = readLink(verification_uri_complete, this.#platform);
    const shown = new URL(complete ?? uri);
    return {
      deviceCode: device_code,
      userCode: user_code,
      verificationUri: uri,
      verificationUriComplete: complete,
      otherHost: shown.hostname === this.#platform.hostname ? undefined : hostOf(shown.href),
      expiresInSeconds: Math.min(readSeconds(expires_in) ?? 600, MAX_CODE_SECONDS),
      intervalSeconds: readSeconds(interval) ?? 5,
    };
  }
}

/** How long a human is waited for at the most. */
const MAX_CODE_SECONDS = 1800;
/** Ten years: beyond, a lifetime is no lifetime, and would overflow a date. */
const MAX_SECONDS = 315_360_000;

/** Some servers send lifetimes as text. */
function readSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS ? seconds : undefined;
}

/** A link fit to be shown to a human who will open it: https, or http on loopback where the platform is there, too. */
function readLink(value: unknown, platform: URL): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const isThere = url.protocol === 'https:' || (platform.protocol === 'http:' && isSafeOrigin(url));
  const isPlain = url.username === '' && url.password === '' && url.hash === '' && url.href.length <= 500;
  return isThere && isPlain ? url.href : undefined;
}
