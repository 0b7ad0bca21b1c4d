import { describe, expect, test } from 'vitest';
import { readInputs } from '../src/inputs.ts';
import { formatSnapshot } from '../src/snapshot.ts';
import type { Reply } from './support/faults.ts';
import { balanceBody, jwt, snapshot } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction, toInputVariables } from './support/run-action.ts';

// What the credit fell by between two jobs: the first hands its snapshot on, the second holds its own balance against it.

const TOKEN = jwt({ exp: 4_000_000_000 });
const WRITTEN = formatSnapshot(snapshot('2500.5', '12'));

type Fields = Record<string, unknown>;

async function gate(fields: Fields, inputs: Record<string, string>, more: Reply = {}) {
  await using api = await startLocalApi([{ body: balanceBody(fields), ...more }]);
  const step = await runAction({ token: TOKEN, 'api-url': api.url, ...inputs });
  return { ...step, requests: api.requests };
}

describe('the input since', () => {
  test('takes what an earlier gate left, with the time of the server, and tells what the credit fell by', async () => {
    const headers = { date: 'Thu, 02 Jan 2025 02:00:07 GMT' };
    const first = await gate({ pending_debit_balance_cents: 12 }, { 'min-cents': '2000' }, { headers });
    const since = first.outputs['snapshot'] ?? '';
    expect(JSON.parse(since)).toMatchObject({ 'credit-balance-cents': '2500', 'read-at': '2025-01-02T02:00:07.000Z' });
    const step = await gate({ credit_balance_cents: 2180, pending_debit_balance_cents: 12 }, { since });
    expect(step).toMatchObject({
      exitCode: 0,
      annotations: [],
      outputs: {
        verdict: 'ok',
        'spent-cents': '320',
        'spent-settled': 'true',
        snapshot: expect.stringContaining('2180'),
      },
    });
    const message = "Parallel credit of org_abc is $21.80. The organization's credit fell by $3.20 while this ran.";
    expect(step.outputs['message']).toBe(message);
    expect(step.log).toEqual([`${message} No minimum set: reporting only.`]);
    expect(step.summary).toContain(message);
    expect(step.requests).toHaveLength(1);
  });

  test.each<[string, Fields, string, string, string]>([
    [
      'a range',
      { credit_balance_cents: 2180, pending_debit_balance_cents: 80 },
      '400',
      'false',
      "The organization's credit fell by $3.20 to $4.00 while this ran (pending debits are not settled).",
    ],
    [
      'that credit came in',
      { credit_balance_cents: 9000 },
      '',
      'false',
      'Credit came in while this ran, so what was spent is not known.',
    ],
    [
      'that pending debits were released',
      { credit_balance_cents: 2450 },
      '',
      'false',
      'Pending debits fell by more than the credit while this ran (released, or credit came in)',
    ],
    [
      'nothing where the organization is invoiced',
      { will_invoice: true, credit_balance_cents: 0 },
      '',
      '',
      'by invoice',
    ],
  ])('tells %s', async (_, fields, spent, isSettled, told) => {
    const pending = told.startsWith('Pending') ? '80' : '0';
    const { outputs, exitCode } = await gate(fields, { since: formatSnapshot(snapshot('2500', pending)) });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ 'spent-cents': spent, 'spent-settled': isSettled });
    expect(outputs['message']).toContain(told);
    expect(outputs['message']).not.toMatch(/cost/);
  });

  test('never fails on credit without a minimum, and does with one', async () => {
    const since = formatSnapshot(snapshot('2500'));
    expect(await gate({ credit_balance_cents: -100 }, { since })).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'ok', 'spent-cents': '2600' },
    });
    const low = await gate({ credit_balance_cents: 100 }, { since, 'min-cents': '2000' });
    expect(low).toMatchObject({ exitCode: 1, outputs: { verdict: 'low', 'spent-cents': '2400' } });
    expect(low.outputs['message']).toMatch(/\(short by \$19\.00\)\. The organization's credit fell by \$24\.00 /);
  });

  test('is an ordinary run that says so where it is empty: the earlier gate failed or was skipped', async () => {
    const step = await gate({}, { since: '' });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok', 'spent-cents': '', 'spent-settled': '' } });
    for (const text of [step.log.join(), step.summary]) expect(text).toContain('The input since is empty');
    expect((await gate({}, { since: 'none' })).printed).not.toContain('since');
  });

  test('is an error where it is no snapshot, before any request, and shows nothing of it', async () => {
    const step = await gate({}, { since: 'rm -rf; $(id)' });
    expect(step).toMatchObject({ exitCode: 1, requests: [], outputs: { verdict: 'error', snapshot: '' } });
    expect(step.outputs['message']).toBe(
      'Wrong inputs: since is no snapshot of this version, but must be the output snapshot of an earlier gate, or none.',
    );
    expect(step.printed + step.summary).not.toMatch(/rm -rf|\(id\)/);
    expect(readInputs(toInputVariables({ since: `${WRITTEN} ` }), () => {})).toMatchObject({ problems: [] });
  });

  test.each([{}, { will_invoice: true, credit_balance_cents: 0 }])(
    'is an error where it is of another organization, which is not shown: %j',
    async (fields) => {
      const since = WRITTEN.replace('org_abc', 'org_other');
      const step = await gate(fields, { since });
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error', sufficient: 'false', snapshot: '' } });
      expect(step.outputs['message']).toBe(
        'The snapshot in since is of another organization than the balance, which is of org_abc.',
      );
    },
  );

  test.each([
    ['02:05:08', 'error'],
    ['02:05:07', 'ok'],
  ])('may be of a time at most 5 minutes ahead of the server: %s is %s', async (time, verdict) => {
    const headers = { date: 'Thu, 02 Jan 2025 02:00:07 GMT' };
    const since = formatSnapshot(snapshot('2500', '0', `2025-01-02T${time}.000Z`));
    expect((await gate({}, { since }, { headers })).outputs['verdict']).toBe(verdict);
  });

  test('counts for nothing in a simulated run, which leaves no snapshot', async () => {
    const inputs = { since: WRITTEN.replace('org_abc', 'org_other'), simulate: 'low', 'min-cents': '2000' };
    const { outputs } = await gate({}, inputs);
    expect(outputs).toMatchObject({ verdict: 'low', snapshot: '', 'spent-cents': '', 'spent-settled': '' });
  });

  test.each(['', 'none'])('a run without a balance leaves no snapshot: since %j', async (since) => {
    const step = await gate({}, { since, 'timeout-seconds': '1' }, { status: 503 });
    expect(step.outputs).toMatchObject({ verdict: 'unknown', snapshot: '', 'spent-cents': '' });
  });
});
