import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBalance } from '../src/balance.ts';
import { digitsOf, parseJson } from '../src/json.ts';
import { formatCents, parseCents } from '../src/money.ts';
import { judge } from '../src/verdict.ts';

// Amounts are those that the answer holds, digit by digit, not those of the double that they are read into.

function read(credit: string, pending = '0') {
  return parseBalance(
    parseJson(`{"org_id":"o","credit_balance_cents":${credit},"pending_debit_balance_cents":${pending}}`),
    0,
  );
}

describe('an amount', () => {
  test.each([
    ['999.99999999999999999', '999.99999999999999999'],
    ['9007199254740993', '9007199254740993'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['2500.00', '2500'],
    ['1.5E+2', '150'],
    ['1e400', `1${'0'.repeat(400)}`],
    ['-1e-400', `-0.${'0'.repeat(399)}1`],
    ['-0.0', '0'],
    ['1'.repeat(64), '1'.repeat(64)],
  ])('sent as %s is read as %s', (source, cents) => {
    expect(formatCents(read(source).credit)).toBe(cents);
    expect(formatCents(read('0', source).pendingDebit)).toBe(cents);
  });

  test.each(['1'.repeat(65), '1e401', '1e-401', '1e300000000', '-1E+999999999', `0.${'0'.repeat(63)}1`])(
    'sent as %s is a malformed answer',
    (source) => {
      expect(() => read(source)).toThrow(expect.objectContaining({ word: 'unknown' }));
      expect(() => read('0', source)).toThrow(expect.objectContaining({ word: 'unknown' }));
    },
  );

  test('just below the minimum is low, although the double is the minimum', () => {
    const minCents = parseCents('1000');
    expect(judge(read('999.99999999999999999'), { minCents, deductPending: false }).word).toBe('low');
    expect(judge(read('1000.00000000000000001', '0.00000000000000002'), { minCents, deductPending: true }).word).toBe(
      'low',
    );
  });

  test('is that of the double where nobody knows the source, as on Node 20', () => {
    expect(digitsOf({ a: 1.5 }, 'a')).toBe('1.5');
    expect(digitsOf({ a: '1.5' }, 'a')).toBeUndefined();
    expect(digitsOf({}, 'a')).toBeUndefined();
  });

  test('holds every digit that was sent', () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
    fc.assert(
      fc.property(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 30n }), digits(30), (isNegative, whole, fraction) => {
        const source = `${isNegative ? '-' : ''}${whole}.${fraction}`;
        const { digits, scale } = read(source).credit;
        expect(scale).toBe(fraction.length);
        expect(digits).toBe(BigInt(source.replace('.', '')));
      }),
    );
  });
});

describe('a negative pending debit', () => {
  test.each([
    ['999', '-100', 'low', '999'],
    ['1000', '-0.01', 'ok', '1000'],
    ['1000', '0.01', 'low', '999.99'],
  ])('%s less %s is %s', (credit, pending, word, compared) => {
    const verdict = judge(read(credit, pending), { minCents: parseCents('1000'), deductPending: true });
    expect(verdict.word).toBe(word);
    expect('compared' in verdict && formatCents(verdict.compared)).toBe(compared);
  });
});

test('formats many zeros in time that grows with their number', () => {
  expect(formatCents({ digits: 10n ** 5000n + 1n, scale: 5001 })).toBe(`0.1${'0'.repeat(4999)}1`);
});

test('JSON is parsed as ever', () => {
  expect(parseJson('{"a":[1,2.50,{"b":null}],"__proto__":1e2}')).toEqual(
    JSON.parse('{"a":[1,2.5,{"b":null}],"__proto__":100}'),
  );
  expect(parseJson('{')).toBeUndefined();
});
