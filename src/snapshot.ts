import type { Balance } from './balance.ts';
import { Failure } from './failure.ts';
import { fieldsOf, isOrgId } from './foreign.ts';
import type { InputReader } from './input-reader.ts';
import { parseJson } from './json.ts';
import { type Cents, formatCents, isLess, NOTHING, parseCents, subtract } from './money.ts';

/** A balance as the output `snapshot` keeps it, for a later job to hold its own against. */
export type Snapshot = Omit<Balance, 'willInvoice'>;

/** The input `since`; `empty` is what a gate leaves behind that failed or was skipped. */
export type Since = Snapshot | 'none' | 'empty';

/** What the organization's credit fell by since a snapshot. */
export type Spent =
  | { readonly kind: 'no-snapshot' }
  /** Credit came in; or pending debits fell by more than the credit, so that some were released, or credit came in. */
  | { readonly kind: 'rose' | 'released'; readonly isSettled: false }
  /** `isSettled`: pending debits are where they were, so that `least` is `most`. */
  | { readonly kind: 'fell'; readonly least: Cents; readonly most: Cents; readonly isSettled: boolean };

const MAX_LENGTH = 4000;
/** The clocks of two servers may differ. */
const MAX_AHEAD_MS = 5 * 60_000;

/** The output `snapshot`: one line of JSON, without any secret. */
export function formatSnapshot({ orgId, credit, pendingDebit, readAt }: Snapshot): string {
  return JSON.stringify({
    version: 1,
    'org-id': orgId,
    'credit-balance-cents': formatCents(credit),
    'pending-debit-balance-cents': formatCents(pendingDebit),
    'read-at': new Date(readAt).toISOString(),
  });
}

/** Reads what `formatSnapshot` wrote. Undefined for every other text: it comes from another job, and may be anybody's. */
export function parseSnapshot(text: string): Snapshot | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const fields = fieldsOf(parseJson(text));
  const orgId = fields['org-id'];
  if (!isOrgId(orgId)) return undefined;
  try {
    const amount = (name: string) => parseCents(String(fields[name]));
    const [credit, pendingDebit] = [amount('credit-balance-cents'), amount('pending-debit-balance-cents')];
    const snapshot = { orgId, credit, pendingDebit, readAt: Date.parse(String(fields['read-at'])) };
    // The rest of the form, the version included.
    return formatSnapshot(snapshot) === text ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `since`. The problem of a wrong one shows nothing of it. */
export function readSince(reader: Pick<InputReader<'since'>, 'given' | 'text' | 'problems'>): Since {
  if (reader.given('since') === '') return 'empty';
  const text = reader.text('since');
  const snapshot = text === 'none' ? text : parseSnapshot(text);
  if (snapshot === undefined) {
    reader.problems.push(
      'since is no snapshot of this version, but must be the output snapshot of an earlier gate, or none',
    );
  }
  return snapshot ?? 'none';
}

/** Why a balance cannot be held against a snapshot: undefined where it can. */
export function findMismatch({ orgId, readAt }: Snapshot, balance: Balance): Failure | undefined {
  const nextStep = 'Pass the output snapshot of an earlier gate of the same run, with the same credentials.';
  if (orgId !== balance.orgId) {
    const message = `The snapshot in since is of another organization than the balance, which is of ${balance.orgId}.`;
    return new Failure('error', message, nextStep);
  }
  if (readAt <= balance.readAt + MAX_AHEAD_MS) return undefined;
  return new Failure('error', 'The snapshot in since is of a later time than the balance.', nextStep);
}

/**
 * What was spent between two balances. Whether credit is net of pending debits is not documented, so there are two
 * readings: what the credit fell by, and what credit less pending fell by.
 */
export function measureSpent(before: Snapshot, now: Snapshot): Spent {
  const byCredit = subtract(before.credit, now.credit);
  const byBoth = subtract(byCredit, subtract(before.pendingDebit, now.pendingDebit));
  const [least, most] = isLess(byBoth, byCredit) ? [byBoth, byCredit] : [byCredit, byBoth];
  if (isLess(least, NOTHING)) return { kind: isLess(byCredit, NOTHING) ? 'rose' : 'released', isSettled: false };
  return { kind: 'fell', least, most, isSettled: !isLess(least, most) };
}
