import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBalance, readDetail } from '../src/balance.ts';
import { Failure } from '../src/failure.ts';
import { formatCents } from '../src/money.ts';
import { judge } from '../src/verdict.ts';
import { balanceBody } from './support/local-api.ts';

describe('a balance', () => {
  test('is read as documented', () => {
    const { orgId, credit, pendingDebit, willInvoice } = parseBalance(
      balanceBody({ credit_balance_cents: 1234.5, pending_debit_balance_cents: -1e-7, added_later: {} }),
    );
    expect([orgId, formatCents(credit), formatCents(pendingDebit), willInvoice]).toEqual([
      'org_abc',
      '1234.5',
      '-0.0000001',
      false,
    ]);
  });

  test.each([[{}], [{ pending_debit_balance_cents: null, will_invoice: null }]])(
    'may lack what the official CLI tolerates to be missing: %j',
    (fields) => {
      const balance = parseBalance({ org_id: 'o', credit_balance_cents: 1, ...fields });
      expect(formatCents(balance.pendingDebit)).toBe('0');
      expect(balance.willInvoice).toBe(false);
    },
  );

  test.each([
    [null],
    [[]],
    ['balance'],
    [7],
    [{}],
    [balanceBody({ org_id: undefined })],
    [balanceBody({ org_id: '' })],
    [balanceBody({ org_id: 7 })],
    [balanceBody({ org_id: 'x'.repeat(129) })],
    [balanceBody({ org_id: 'a; rm -rf /' })],
    [balanceBody({ org_id: 'a\nb' })],
    [balanceBody({ org_id: 'a\n' })],
    [balanceBody({ credit_balance_cents: undefined })],
    [balanceBody({ credit_balance_cents: null })],
    [balanceBody({ credit_balance_cents: '2500' })],
    [balanceBody({ credit_balance_cents: Number.POSITIVE_INFINITY })],
    [balanceBody({ pending_debit_balance_cents: '0' })],
    [balanceBody({ pending_debit_balance_cents: false })],
    [balanceBody({ will_invoice: 'true' })],
    [balanceBody({ will_invoice: 1 })],
    [balanceBody({ will_invoice: true, credit_balance_cents: undefined })],
  ])('is not %j', (body) => {
    expect(() => parseBalance(body)).toThrow(expect.objectContaining({ name: 'Failure', word: 'unknown' }));
  });

  test('comes out of any JSON or a Failure does, never anything else', () => {
    const field = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom('org_abc', true, false, null));
    const nearly = fc.record(
      { org_id: field, credit_balance_cents: field, pending_debit_balance_cents: field, will_invoice: field },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (body) => {
        try {
          expect(parseBalance(body).orgId).toMatch(/^[\w.-]{1,128}$/);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('below the minimum is never ok, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(3), fc.boolean(), (units, decimals, deductPending) => {
        const minCents = { digits: BigInt(units), scale: decimals };
        const creditCents = (units - 1) / 10 ** decimals;
        const body = JSON.parse(JSON.stringify(balanceBody({ credit_balance_cents: creditCents })));
        expect(judge(parseBalance(body), { minCents, deductPending }).word).toBe('low');
      }),
    );
  });
});

describe('the detail of an error', () => {
  test.each([
    [{ detail: 'Not authenticated' }, 'Not authenticated'],
    [{ detail: 'two\r\nlines\u0007and\u2028more' }, 'two lines and more'],
    [{ detail: `bad token SECRET` }, 'bad token ***'],
    [{ detail: 'x'.repeat(500) }, 'x'.repeat(200)],
    [{ detail: [{ msg: 'field required' }] }, undefined],
    [{ message: 'no detail' }, undefined],
    ['detail', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('of %j is %j', (json, detail) => {
    expect(readDetail(json, 'SECRET')).toBe(detail);
  });
});
