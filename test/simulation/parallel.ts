import { type Asked, kindOf, type Reply } from '../support/faults.ts';
import { judgeNeed, judgeReuse } from './judge.ts';
import type { Grant, State } from './protocol.ts';
import type { Actor, World } from './world.ts';

export const ACCESS_MS = 600_000;
const CODE = {
  device_code: 'device-code-00001',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://platform.test/device',
};

export interface Chain {
  isAlive: boolean;
  current: string;
  /** Its refresh tokens and their generations. */
  readonly generations: Map<string, number>;
}

/** A refresh token was presented. */
export interface Presentation {
  readonly by: Actor;
  readonly at: number;
  readonly lease: Lease | undefined;
  /** When its sender learned that there is no answer. */
  lostAt?: number;
}

export type Lease = Extract<State['status'], { kind: 'lease' }>;

export class SimulatedParallel {
  readonly access = new Map<string, { expiresAt: number; chain: Chain }>();
  /** For so long after its first use a spent refresh token is taken again. */
  graceMs = 0;
  /** The status of an OAuth error. */
  denialStatus = 400;
  /** When the human of the device flow approves. */
  approvesAt = 0;
  readonly #world: World;
  readonly #chains = new Map<string, Chain>();
  readonly #spent = new Map<string, Presentation>();
  #tokens = 0;
  #isCodeUsed = false;

  constructor(world: World) {
    this.#world = world;
  }

  chainOf({ refreshToken }: State): Chain {
    return this.#chains.get(refreshToken) as Chain;
  }

  generation(state: State): number {
    return (
      this.chainOf(state)?.generations.get(state.refreshToken) ?? this.#world.violate('a refresh token never issued')
    );
  }

  /** A human approved: the grant of a new login. */
  approve(): Grant & { refreshToken: string; orgId: string } {
    const chain: Chain = { isAlive: true, current: '', generations: new Map() };
    const { access_token: accessToken, refresh_token: refreshToken } = this.#issue(chain);
    const unknown = {
      refreshTokenSeconds: undefined,
      authorizationSeconds: undefined,
      orgName: undefined,
      scopes: undefined,
    };
    return { ...unknown, accessToken, refreshToken, accessTokenSeconds: ACCESS_MS / 1000, orgId: 'org_a' };
  }

  /** The tokens that come after those of `state`, whoever has asked for them. */
  renew(state: State): { accessToken: string; refreshToken: string } {
    const { access_token: accessToken, refresh_token: refreshToken } = this.#issue(this.chainOf(state));
    return { accessToken, refreshToken };
  }

  /** The balance of whoever shows a token that lives. */
  balance(authorization = ''): Reply {
    const { expiresAt = 0, chain } = this.access.get(authorization.replace('Bearer ', '')) ?? {};
    if (!chain?.isAlive || expiresAt <= this.#world.now) return { status: 401, body: { detail: 'Invalid token' } };
    return { body: { org_id: 'org_a', credit_balance_cents: 2500 } };
  }

  #poll(): Reply {
    if (this.#world.now < this.approvesAt) return { status: 400, body: { error: 'authorization_pending' } };
    if (this.#isCodeUsed) return { status: 400, body: { error: 'invalid_grant' } };
    this.#isCodeUsed = true;
    return { body: this.#issue({ isAlive: true, current: '', generations: new Map() }) };
  }

  #issue(chain: Chain) {
    const number = String(++this.#tokens);
    const refresh_token = `r${number}`;
    // Shorter than 16 characters it would be no token.
    const access_token = `a${number.padStart(15, '0')}`;
    chain.current = refresh_token;
    chain.generations.set(refresh_token, chain.generations.size);
    this.#chains.set(refresh_token, chain);
    this.access.set(access_token, { expiresAt: this.#world.now + ACCESS_MS, chain });
    return { access_token, refresh_token, token_type: 'Bearer', expires_in: ACCESS_MS / 1000, org_id: 'org_a' };
  }

  /** Does what was asked; `present` is told where that spends a refresh token. */
  answer(by: Actor, asked: Asked, sentAt: number, present: (by: Presentation) => void): Reply {
    const { path, body } = asked;
    const world = this.#world;
    const kind = kindOf(asked);
    if (kind === 'register') return { body: { client_id: 'client' } };
    if (kind === 'device') return { body: CODE };
    if (kind === 'poll') return this.#poll();
    const token = new URLSearchParams(body).get('refresh_token') ?? '';
    const chain = this.#chains.get(token) as Chain;
    if (path.endsWith('/revoke')) {
      world.note('parallel', `chain of ${token} revoked by ${by.name}`);
      const { state } = world.github.head;
      const isInUse = chain.isAlive && state && this.chainOf(state) === chain;
      if (isInUse && !by.gaveUp && !world.isTampered) world.violate(`b: ${by.name} revokes the login in use`);
      chain.isAlive = false;
      return { status: 200 };
    }
    const denial = { status: this.denialStatus, body: { error: 'invalid_grant' } };
    if (!chain.isAlive) return denial;
    const spender = this.#spent.get(token);
    if (spender !== undefined) {
      judgeReuse(world, token, spender, by, sentAt);
      if (world.now - spender.at < this.graceMs) return { body: this.#issue(chain) };
      chain.isAlive = false;
      world.count.killed++;
      return denial;
    }
    const presentation = { by, at: world.now, lease: world.github.leaseOf(by)?.state?.status as Lease | undefined };
    this.#spent.set(token, presentation);
    present(presentation);
    world.count.refreshes++;
    judgeNeed(world, by);
    return { status: 200, body: this.#issue(chain) };
  }
}
