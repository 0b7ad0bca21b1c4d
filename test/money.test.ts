import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cents, formatCents, formatDollars, isLess, parseCents, subtract } from '../src/money.ts';

describe('cents of a JSON number', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [2500, '2500'],
    [1234.5, '1234.5'],
    [-320, '-320'],
    [-0.01, '-0.01'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [1e-7, '0.0000001'],
    [123e-20, '0.00000000000000000123'],
    [0.1 + 0.2, '0.30000000000000004'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('are the plain decimal: %s is %s', (value, text) => {
    expect(formatCents(parseCents(String(value)))).toBe(text);
  });

  test('read back as the same number, whatever the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatCents(parseCents(String(value)));
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('dollars', () => {
  test.each([
    ['0', '$0.00'],
    ['5', '$0.05'],
    ['1234', '$12.34'],
    ['1230', '$12.30'],
    ['1999.6', '$19.996'],
    ['-320', '-$3.20'],
    ['-0.5', '-$0.005'],
    ['100000000000', '$1000000000.00'],
    ['1e21', '$10000000000000000000.00'],
  ])('show every digit: %s cents are %s', (cents, dollars) => {
    expect(formatDollars(parseCents(cents))).toBe(dollars);
  });

  test('are never rounded: times 100 they are the cents again', () => {
    fc.assert(
      fc.property(decimals(), (cents) => {
        const dollars = formatDollars(cents);
        expect(dollars).toMatch(/^-?\$\d+\.\d{2,}$/);
        expect(toUnits(parseCents(dollars.replace('$', ''))) * 100n).toBe(toUnits(cents));
      }),
    );
  });
});

describe('arithmetic', () => {
  test('subtracts exactly: 1000 − 999.99 is 0.01', () => {
    expect(formatCents(subtract(parseCents('1000'), parseCents('999.99')))).toBe('0.01');
  });

  test('tells apart what doubles cannot', () => {
    expect(isLess(parseCents('999999999999999.999999'), parseCents('1000000000000000'))).toBe(true);
  });

  test('is exact, as integers of a small enough unit are', () => {
    fc.assert(
      fc.property(decimals(), decimals(), (a, b) => {
        expect(toUnits(subtract(a, b))).toBe(toUnits(a) - toUnits(b));
        expect(isLess(a, b)).toBe(toUnits(a) < toUnits(b));
      }),
    );
  });
});

test.each(['', ' 1', '1,000', '0x10', 'NaN', 'Infinity', '1.', '.5', '--1'])('%j is no decimal', (text) => {
  expect(() => parseCents(text)).toThrow(SyntaxError);
});

function decimals(): fc.Arbitrary<Cents> {
  return fc.record({ digits: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), scale: fc.nat(6) });
}

function toUnits({ digits, scale }: Cents): bigint {
  return digits * 10n ** BigInt(12 - scale);
}
