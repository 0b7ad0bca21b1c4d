import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCents, isLess, subtract } from '../src/money.ts';
import { formatSnapshot, measureSpent, parseSnapshot, type Snapshot } from '../src/snapshot.ts';
import { snapshot } from './support/fixtures.ts';

// A balance that one job hands on to a later one, and what the credit fell by in between.

const WRITTEN = formatSnapshot(snapshot('2500.5', '12'));

describe('a snapshot', () => {
  test('is one line of JSON, and reads back as the same balance', () => {
    expect(WRITTEN).toBe(
      '{"version":1,"org-id":"org_abc","credit-balance-cents":"2500.5","pending-debit-balance-cents":"12","read-at":"2025-01-02T02:00:07.000Z"}',
    );
    const cents = fc.record({ digits: fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), scale: fc.nat(20) });
    const orgId = fc.stringMatching(/^\w[\w.-]{0,127}$/);
    const readAt = fc.integer({ min: 0, max: 8e12 });
    fc.assert(
      fc.property(orgId, cents, cents, readAt, (orgId, credit, pendingDebit, readAt) => {
        const text = formatSnapshot({ orgId, credit, pendingDebit, readAt });
        const read = parseSnapshot(text);
        expect(read).toMatchObject({ orgId, readAt });
        expect(read && formatSnapshot(read)).toBe(text);
        expect(text).toMatch(/^[\x20-\x7e]{1,1000}$/);
      }),
    );
  });

  test.each([
    ['another version', WRITTEN.replace('1', '2')],
    ['a version as text', WRITTEN.replace('1', '"1"')],
    ['no version', WRITTEN.replace('"version":1,', '')],
    ['more than 4 kB', `${WRITTEN}${' '.repeat(4000)}`],
    ['a field more', WRITTEN.replace('}', ',"x":1}')],
    ['another organization, one that a shell would run', WRITTEN.replace('org_abc', '$(id)')],
    ['no organization', WRITTEN.replace('"org-id":"org_abc",', '')],
    ['a credit that is none', WRITTEN.replace('2500.5', 'NaN')],
    ['a credit that is huge', WRITTEN.replace('2500.5', '1e999999')],
    ['a credit of two lines', WRITTEN.replace('2500.5', '2500\\n')],
    ['a number for text', WRITTEN.replace('"2500.5"', '2500.5')],
    ['no pending debits', WRITTEN.replace(/"pending.*?,/, '')],
    ['a day that is none', WRITTEN.replace('01-02', '02-31')],
    ['no time', WRITTEN.replace('2025-01-02T02:00:07.000Z', 'now')],
    ['an array', `[${WRITTEN}]`],
    ['a cut end', WRITTEN.slice(0, -1)],
    ['null', 'null'],
    ['no JSON', 'org_abc'],
  ])('is none with %s', (_, text) => {
    expect(parseSnapshot(text)).toBeUndefined();
  });

  test('comes out of no other text than those that are written, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.string().map((text) => WRITTEN.replace('2500.5', text)),
        ),
        (text) => {
          const read = parseSnapshot(text);
          expect(read === undefined || formatSnapshot(read) === text).toBe(true);
        },
      ),
    );
  });
});

describe('what was spent', () => {
  test.each([
    ['settled where pending debits are where they were', ['2500', '12'], ['2180', '12'], ['320', '320', true]],
    ['nothing', ['2500', '12'], ['2500', '12'], ['0', '0', true]],
    ['a range while charges are pending', ['2500', '0'], ['2180', '80'], ['320', '400', false]],
    ['a range where charges of before have settled', ['2500', '80'], ['2100', '0'], ['320', '400', false]],
    ['a range from nothing', ['2500', '0'], ['2500', '80'], ['0', '80', false]],
    ['unknown where credit came in', ['2500', '0'], ['2501', '0'], undefined],
    ['unknown where credit came in, whatever is pending', ['2500', '0'], ['2501', '80'], undefined],
    ['unknown where only the other reading rises', ['2500', '80'], ['2450', '0'], undefined],
    ['exact', ['2500.1', '0'], ['2500', '0'], ['0.1', '0.1', true]],
  ] as const)('is %s', (_, [credit, pending], [laterCredit, laterPending], expected) => {
    const spent = measureSpent(snapshot(credit, pending), snapshot(laterCredit, laterPending));
    const told =
      spent.kind === 'fell' ? [formatCents(spent.least), formatCents(spent.most), spent.isSettled] : undefined;
    expect(told).toEqual(expected);
  });

  test('lies between two readings that agree exactly where pending is at its baseline, and never is negative', () => {
    const cents = fc.record({ digits: fc.bigInt({ min: -1000n, max: 1000n }), scale: fc.nat(2) });
    const balance = fc
      .record({ credit: cents, pendingDebit: cents })
      .map((amounts) => ({ ...snapshot('0'), ...amounts }));
    fc.assert(
      fc.property(balance, balance, (before, now) => {
        const net = ({ credit, pendingDebit }: Snapshot) => subtract(credit, pendingDebit);
        const readings = [subtract(before.credit, now.credit), subtract(net(before), net(now))];
        const spent = measureSpent(before, now);
        const [byCredit] = readings;
        const isUnknown = readings.some(({ digits }) => digits < 0n);
        expect(spent.kind).toBe(byCredit && byCredit.digits < 0n ? 'rose' : isUnknown ? 'released' : 'fell');
        if (spent.kind !== 'fell') return;
        expect([spent.least, spent.most].map(formatCents).sort()).toEqual(readings.map(formatCents).sort());
        expect(isLess(spent.most, spent.least)).toBe(false);
        expect(spent.isSettled).toBe(formatCents(now.pendingDebit) === formatCents(before.pendingDebit));
      }),
      { numRuns: 1000 },
    );
  });
});
