import type { Balance } from './balance.ts';
import { type FailedWord, type Failure, failureOf } from './failure.ts';
import type { Inputs, Minimum } from './inputs.ts';
import { type Cents, isLess, subtract } from './money.ts';

/** The answer of a run. `word` is the output `verdict`, stable within a major version. */
export type Verdict =
  | ({ readonly word: 'ok' } & Held)
  | ({ readonly word: 'low'; readonly minimum: Cents; readonly shortfall: Cents } & Held)
  | { readonly word: 'invoiced'; readonly balance: Balance }
  | { readonly word: 'no-credentials' }
  | { readonly word: FailedWord; readonly failure: Failure };

/** A balance, and what of it is held against the minimum. */
export interface Held {
  readonly balance: Balance;
  readonly compared: Cents;
  readonly deducted: boolean;
  readonly minimum: Minimum;
}

/** Holds a balance against the minimum. Exact, and total: it never throws. */
export function judge(balance: Balance, policy: Pick<Inputs, 'minCents' | 'deductPending'>): Verdict {
  if (balance.willInvoice) return { word: 'invoiced', balance };
  const { minCents: minimum, deductPending: deducted } = policy;
  const compared = deducted ? subtract(balance.credit, balance.pendingDebit) : balance.credit;
  if (minimum === 'none' || !isLess(compared, minimum)) return { word: 'ok', balance, compared, deducted, minimum };
  return { word: 'low', balance, compared, deducted, minimum, shortfall: subtract(minimum, compared) };
}

/** The verdict of a run that threw `error`. */
export function verdictOf(error: unknown): Verdict {
  const failure = failureOf(error);
  return { word: failure.word, failure };
}
