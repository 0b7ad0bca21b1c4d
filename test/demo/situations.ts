import { formatSnapshot } from '../../src/snapshot.ts';
import type { Answer } from '../support/faults.ts';
import { balanceBody, jwt, snapshot } from '../support/fixtures.ts';

export interface Situation {
  readonly title: string;
  readonly answer: Answer;
  readonly inputs?: Record<string, string>;
}

/** What a gate meets, by the word that names it in a URL of serve.ts. All but one of them ask for $20.00. */
export const SITUATIONS: Record<string, Situation> = {
  enough: { title: 'Enough credit', answer: {} },
  low: { title: 'Too little credit', answer: { body: balanceBody({ credit_balance_cents: 1234 }) } },
  'running-low': {
    title: 'Enough for this run of 800 cases, but running low',
    answer: {},
    inputs: { 'min-cents': '800 * 2.5', 'warn-cents': '5000', 'cents-per-run': '2.5' },
  },
  'after-a-run': {
    title: 'What the credit fell by while an evaluation ran',
    answer: { body: balanceBody({ credit_balance_cents: 2180 }) },
    inputs: { 'min-cents': 'none', since: formatSnapshot(snapshot('2500')) },
  },
  simulated: { title: 'A trial of the workflow', answer: {}, inputs: { simulate: 'low' } },
  invoiced: {
    title: 'Billed by invoice',
    answer: { body: balanceBody({ credit_balance_cents: 0, will_invoice: true }) },
  },
  expired: { title: 'The token has expired', answer: { status: 401 }, inputs: { token: jwt({ exp: 1_790_000_000 }) } },
  down: { title: 'The API is down', answer: { status: 503 }, inputs: { 'timeout-seconds': '2' } },
  outage: {
    title: 'The API is down, and on-unknown is warn',
    answer: { status: 503 },
    inputs: { 'timeout-seconds': '1', 'on-unknown': 'warn' },
  },
};
