import { randomUUID } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { Http } from '../http.ts';
import { EXCHANGE_MS, exchange, MIN_LEASE_MS } from './exchange.ts';
import * as failures from './failures.ts';
import { limited } from './github-failures.ts';
import type { Interrupts } from './interrupts.ts';
import { keep, type Place } from './keep.ts';
import type { Grant, OAuth } from './oauth.ts';
import { chooseMove, LEASE_MS, type RunName, renew, type State } from './state.ts';
import type { Head, Store } from './store.ts';

// How many runs keep one login alive: a run takes a lease (compare-and-swap) before it spends the refresh token, and
// stores what it got before it does anything else. docs/security.md tells the protocol; test/simulation shows that it
// holds.

/** When the refresh token is spent GitHub's limits must leave room to store what comes back. */
const MIN_REQUESTS_LEFT = 100;

/** An access token of the stored login, and the state that it came with. `isFresh`: exchanged by this very run. */
export interface Access {
  readonly accessToken: string;
  readonly state: State;
  readonly isFresh: boolean;
}

export interface RenewalOptions {
  readonly http: Http;
  readonly store: Store;
  readonly oauth: OAuth;
  readonly interrupts: Interrupts;
  /** For messages only. */
  readonly run: RunName;
  readonly debug: (text: string) => void;
  /** Asked about each state that is read, before a token of it is used or spent; may throw. */
  readonly approve?: (state: State) => void;
}

/** Gets an access token that is good for a minute at least and not among `rejected`. Throws a Failure. */
export async function obtainAccess(options: RenewalOptions, rejected: ReadonlySet<string>): Promise<Access> {
  const { http, store } = options;
  /** Heads that this run has built on, won or lost: a read that shows one of them is an old one. */
  const builtOn = new Set<string>();
  let head = await readState(options);
  for (;;) {
    const move = builtOn.has(head.sha) ? OLD_READ : chooseMove(head.state, store.github.now(http), rejected);
    switch (move.kind) {
      case 'use':
        return { accessToken: move.accessToken, state: head.state, isFresh: false };
      case 'stop':
        throw failures.loginEnded(head.state.orgId, move.at);
      case 'old-read':
        await pause(http, 1000, failures.tooLate());
        break;
      case 'wait':
        options.debug(`Run ${move.run.id} of ${move.run.repository} is renewing the login: waiting for it.`);
        await pause(http, 1000 + http.clock.random() * 500, failures.leaseHeld(move.run));
        break;
      case 'renew': {
        // Runs that wake together should not all reach for the lease at once.
        await pause(http, http.clock.random() * 1500, failures.tooLate());
        const { sha } = head;
        head = await readState(options);
        // Decided anew: one reply with a wrong `Date` must not make a lease that is in use look lapsed.
        if (head.sha !== sha || chooseMove(head.state, store.github.now(http), rejected).kind !== 'renew') continue;
        builtOn.add(sha);
        const access = await renewUnderLease(options, head);
        if (access !== undefined) return access;
      }
    }
    head = await readState(options);
  }
}

const OLD_READ = { kind: 'old-read' } as const;

type OpenHead = Head & { readonly state: State };

async function readState({ http, store, approve }: RenewalOptions): Promise<OpenHead> {
  const head = await store.read(http);
  if (head === undefined) throw failures.noLogin(store.ref, store.github.shared);
  const open = opened(store, head);
  approve?.(open.state);
  return open;
}

function opened(store: Store, { sha, state }: Head): OpenHead {
  if (state === undefined) throw failures.sealedElsewhere(store.ref);
  return { sha, state };
}

/** Takes the lease on `head`, exchanges, stores. Undefined where somebody else was first: the caller starts again. */
async function renewUnderLease(options: RenewalOptions, head: OpenHead): Promise<Access | undefined> {
  const { http, store, run } = options;
  if (http.remainingMs() < MIN_LEASE_MS) throw failures.tooLate();
  const sentAt = http.clock.now();
  const nonce = randomUUID();
  const until = store.github.now(http) + LEASE_MS;
  const leased: State = {
    ...head.state,
    status: { kind: 'lease', nonce, until, run },
  };
  const swap = await store.swap(http, head, leased);
  // Not whose commit it is decides, but what it says: our own may have landed although its reply was lost.
  const lease = opened(store, swap.head);
  if (!holdsLease(lease.state, nonce)) return undefined;

  // By whichever clock it is over first: others go by GitHub's, of which this run may know too little (a read that was slow
  // on its way back) or which went on while this machine was suspended.
  const leaseLeftMs = () => Math.min(sentAt + LEASE_MS - http.clock.now(), until - store.github.now(http));
  if (leaseLeftMs() < MIN_LEASE_MS) return undefined;
  if (store.github.requestsLeft < MIN_REQUESTS_LEFT) throw limited(undefined);
  if (http.remainingMs() < EXCHANGE_MS) throw failures.tooLate();
  const interrupts = options.interrupts.hold();
  try {
    // From the exchange on nothing stops this run before GitHub has the outcome: not the deadline, and no signal.
    const mayStart = (leaseMs: number, runMs: number) =>
      !interrupts.received() && leaseLeftMs() >= leaseMs && http.remainingMs() >= runMs;
    const access = await exchangeAndStore(options, lease, nonce, mayStart);
    if (interrupts.received()) throw failures.cancelled();
    return access;
  } finally {
    interrupts.release();
  }
}

async function exchangeAndStore(
  options: RenewalOptions,
  lease: OpenHead,
  nonce: string,
  mayStart: (leaseMs: number, runMs: number) => boolean,
): Promise<Access | undefined> {
  const { http, store, oauth } = options;
  const exchangedAt = store.github.now(http);
  const outcome = await exchange(http, oauth, lease.state, mayStart);
  switch (outcome.kind) {
    case 'granted':
      return storeGrant(options, lease, outcome.value, exchangedAt);
    case 'denied':
      if (outcome.error === 'invalid_grant') return storeEnd(options, lease, nonce);
      if (outcome.error === 'invalid_client') throw failures.clientUnknown();
      throw failures.notRenewed(outcome.what, outcome.advice);
    default:
      // The lease is left to lapse: whoever comes next tries the same refresh token once.
      throw failures.notRenewed(outcome.what, outcome.advice);
  }
}

/**
 * Stores a renewed state on the lease, or on whatever has come on top of it while the spent token still stands there.
 * Undefined where another login or a newer state has taken its place: the caller starts again. Throws a Failure.
 */
async function storeGrant(
  { http, store, oauth, debug }: RenewalOptions,
  lease: OpenHead,
  grant: Grant,
  exchangedAt: number,
): Promise<Access | undefined> {
  const { loginId, orgId, refreshToken: spent } = lease.state;
  const state = renew(lease.state, grant, exchangedAt);
  const placeOf = (head: Head | undefined): Place => {
    if (head === undefined) return 'gone';
    if (head.state === undefined) return 'sealed';
    const { loginId: other, refreshToken } = head.state;
    if (other !== loginId) return 'other';
    if (refreshToken === spent) return 'below';
    return refreshToken === state.refreshToken ? 'mine' : 'other';
  };
  const kept = await keep({ http, store, state, parent: lease, placeOf });
  switch (kept.kind) {
    case 'stored':
      if (grant.orgId !== undefined && grant.orgId !== orgId) throw failures.organizationChanged(orgId, grant.orgId);
      if (grant.accessToken === undefined) throw failures.noAccessToken();
      return { accessToken: grant.accessToken, state, isFresh: true };
    case 'other':
      if (kept.head?.state?.loginId === loginId) return undefined;
      debug('Somebody logged in meanwhile: the login that this run renewed is revoked.');
      await oauth.revoke(http, state.refreshToken);
      return undefined;
    case 'late':
      throw failures.notStored(kept.why);
    default:
      // A log-out, or the like: this chain ends with it.
      await oauth.revoke(http, state.refreshToken);
      throw kept.kind === 'gone' ? failures.loggedOut(store.ref) : failures.displaced(store.ref);
  }
}

/**
 * Writes down that Parallel ended the login, so that no other run asks again, and throws the Failure that says so.
 * Undefined where the lease is no longer there: somebody has logged in meanwhile, and the caller starts again.
 */
async function storeEnd({ http, store, debug }: RenewalOptions, lease: OpenHead, nonce: string): Promise<undefined> {
  const at = store.github.now(http);
  const ended: State = { ...lease.state, status: { kind: 'ended', at } };
  try {
    for (let parent = lease; ; ) {
      const swap = await store.swap(http, parent, ended);
      if (swap.kind === 'won') break;
      parent = opened(store, swap.head);
      if (!holdsLease(parent.state, nonce)) return undefined;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    debug(`The end of the login could not be written down: ${error.message}`);
  }
  throw failures.loginEnded(lease.state.orgId, at);
}

function holdsLease({ status }: State, nonce: string): boolean {
  return status.kind === 'lease' && status.nonce === nonce;
}

async function pause(http: Http, ms: number, tooLate: Failure): Promise<void> {
  if (ms >= http.remainingMs()) throw tooLate;
  await http.clock.sleep(ms);
}
