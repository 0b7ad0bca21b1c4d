import type { Balance } from './balance.ts';
import { type FailedWord, type Failure, failureOf, otherThanExpected } from './failure.ts';
import type { Inputs, Minimum } from './inputs.ts';
import { type Amount, type Cents, countAffordable, isLess, NOTHING, subtract } from './money.ts';
import { findMismatch, measureSpent, type Since, type Spent } from './snapshot.ts';

/** The answer of a run. `word` is the output `verdict`, stable within a major version. */
export type Verdict = { readonly simulated?: boolean } & (
  | ({ readonly word: 'ok' } & Held)
  | ({ readonly word: 'low'; readonly minimum: Amount; readonly shortfall: Cents } & Held)
  | { readonly word: 'invoiced'; readonly balance: Balance }
  | { readonly word: 'no-credentials' }
  | { readonly word: FailedWord; readonly failure: Failure }
);

/** A balance, and what of it is held against the minimum. */
export interface Held {
  readonly balance: Balance;
  readonly compared: Cents;
  /** Whether pending debits were subtracted. */
  readonly deducted: boolean;
  readonly minimum: Minimum;
  /** Undefined without a line. */
  readonly warning: Warning | undefined;
  /** Undefined without a price. */
  readonly affordable: Affordable | undefined;
  /** Undefined where nobody asked. */
  readonly spent: Spent | undefined;
}

/** The second line, and whether the balance lies below it or below the minimum. */
interface Warning {
  readonly line: Amount;
  readonly runsLow: boolean;
}

/** How many runs at this price the balance is good for. */
export interface Affordable {
  readonly runs: bigint;
  readonly price: Amount;
}

type Criteria = Pick<Inputs, 'minCents' | 'deductPending'> &
  Partial<Pick<Inputs, 'warnCents' | 'centsPerRun' | 'expectedOrgId' | 'since'>>;

/**
 * Holds a balance against the minimum. One of another organization than expected is an error, as is a snapshot of
 * another. Exact, and total: it never throws.
 */
export function judge(balance: Balance, criteria: Criteria): Verdict {
  const {
    minCents: minimum,
    warnCents: line = 'none',
    centsPerRun: price = 'none',
    expectedOrgId,
    since = 'none',
  } = criteria;
  if (expectedOrgId !== undefined && balance.orgId !== expectedOrgId) {
    return verdictOf(otherThanExpected('The balance', balance.orgId, expectedOrgId));
  }
  const mismatch = typeof since === 'string' ? undefined : findMismatch(since, balance);
  if (mismatch !== undefined) return verdictOf(mismatch);
  if (balance.willInvoice) return { word: 'invoiced', balance };
  // A negative debit would raise what is compared above the credit that there is.
  const deducted = criteria.deductPending && !isLess(balance.pendingDebit, NOTHING);
  const compared = deducted ? subtract(balance.credit, balance.pendingDebit) : balance.credit;
  const isLow = minimum !== 'none' && isLess(compared, minimum);
  const warning = line === 'none' ? undefined : { line, runsLow: isLow || isLess(compared, line) };
  const affordable = price === 'none' ? undefined : { runs: countAffordable(compared, price), price };
  const held = { balance, compared, deducted, warning, affordable, spent: findSpent(since, balance) };
  if (!isLow) return { word: 'ok', ...held, minimum };
  return { word: 'low', ...held, minimum, shortfall: subtract(minimum, compared) };
}

function findSpent(since: Since, balance: Balance): Spent | undefined {
  if (since === 'none') return undefined;
  return since === 'empty' ? { kind: 'no-snapshot' } : measureSpent(since, balance);
}

/** The verdict of a run that threw `error`. */
export function verdictOf(error: unknown): Verdict {
  const failure = failureOf(error);
  return { word: failure.word, failure };
}
