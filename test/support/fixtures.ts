import { parseCents } from '../../src/money.ts';
import type { Snapshot } from '../../src/snapshot.ts';

// What more than one test needs to be the same: the key, the ref and the repository of a stored login, and a balance.

export const KEY_BYTES = Buffer.alloc(32, 1);
/** The key of every stored login, as the secret holds it. */
export const KEY = KEY_BYTES.toString('base64');
export const OTHER_KEY = Buffer.alloc(32, 2).toString('base64');

export const REF = 'refs/parallel-balance/state';
export const REPOSITORY = 'octo/evals';
export const REPOSITORY_ID = '42';
/** What a state of these tests is sealed to. */
export const BINDING = { repositoryId: REPOSITORY_ID, ref: REF };

/** What every runner sets. */
export const RUNNER = {
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_REPOSITORY_ID: REPOSITORY_ID,
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
};

/** The tree without entries: the same in every git repository. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** A sha of nothing. */
export const NOWHERE = 'eeed0456ca0e8d129a91bd4826732ab95a3edbb6';

/** A token of the form of an Account API access token; nobody here verifies signatures. */
export function jwt(claims: Record<string, unknown> = {}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [encode({ alg: 'RS256' }), encode(claims), 'c2lnbmF0dXJl'].join('.');
}

/** An access token that is good for long. */
export const TOKEN = jwt({ exp: 4_000_000_000, sub: 'user_1' });

/** A balance as the API sends it. */
export function balanceBody(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    org_id: 'org_abc',
    credit_balance_cents: 2500,
    pending_debit_balance_cents: 0,
    will_invoice: false,
    ...fields,
  };
}

/** A balance as an earlier gate read it. */
export function snapshot(credit: string, pending = '0', at = '2025-01-02T02:00:07.000Z'): Snapshot {
  const amounts = { credit: parseCents(credit), pendingDebit: parseCents(pending) };
  return { orgId: 'org_abc', ...amounts, readAt: Date.parse(at) };
}
