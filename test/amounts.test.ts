import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, formatCents, isLess, parseAmount, parseCents } from '../src/money.ts';
import { judge } from '../src/verdict.ts';
import { snapshot } from './support/fixtures.ts';
import { read } from './support/inputs.ts';

// What inputs say in cents: the minimum, the second line and the price of a run, each of them perhaps a product.

const TOKEN = 'aaaa.bbbb.cccc';
const NAMES = ['min-cents', 'warn-cents', 'cents-per-run'] as const;

describe('an amount', () => {
  test.each([
    ['250 * 2.5', '625', '$6.25 = 250 × 2.5 cents'],
    ['8 * 250 * 0.5', '1000', '$10.00 = 8 × 250 × 0.5 cents'],
    ['3*0.000001', '0.000003', '$0.00000003 = 3 × 0.000001 cents'],
    ['0.1 * 0.2', '0.02', '$0.0002 = 0.1 × 0.2 cents'],
    [
      '999999999999999.999999 * 1',
      '999999999999999.999999',
      '$9999999999999.99999999 = 999999999999999.999999 × 1 cents',
    ],
    ['2000', '2000', '$20.00'],
    ['0', '0', '$0.00'],
  ])('may be a product: %s is %s cents, told as %s', (text, cents, told) => {
    const amount = parseAmount(text);
    expect(amount && [formatCents(amount), formatAmount(amount)]).toEqual([cents, told]);
  });

  test.each([
    ['an empty factor', ['* 2.5', '2.5 *', '2 ** 2', '*', '2 *  * 3', '']],
    ['a factor of 0', ['0 * 2.5', '2.5 * 0.000', '00 * 0']],
    ['another sign', ['-2 * -2', '2 x 3', '2 × 3', '2 * none', '2 * 1e3', '2 + 3', '(2) * 3', '2\n* 3', '2 3']],
    ['more than ten factors', [Array(11).fill('1').join(' * ')]],
  ])('has not %s', (_, texts) => {
    for (const text of texts) expect(parseAmount(text), text).toBeUndefined();
    expect(parseAmount(Array(10).fill('1').join(' * '))).toBeDefined();
  });

  test('is the exact product of factors above 0, or is refused, whatever the text: it never disarms', () => {
    const factor = fc.oneof(
      fc.tuple(fc.nat(999_999), fc.nat(999_999)).map(([whole, part]) => `${whole}.${part}`),
      fc.nat().map(String),
      fc.constantFrom('0', '0.0', '', ' ', '-1', 'none', '1e3', '5'),
    );
    const spaces = fc.constantFrom('', ' ', '  ');
    const product = fc
      .array(fc.tuple(spaces, factor, spaces), { minLength: 2, maxLength: 12 })
      .map((factors) => factors.map((parts) => parts.join('')).join('*'));
    fc.assert(
      fc.property(product, (text) => {
        const factors = text.split('*').map((part) => part.trim());
        const isRight = factors.length <= 10 && factors.every((part) => /^[\d.]+$/.test(part) && Number(part) > 0);
        const millionths = (part: string) => BigInt(part.split('.')[0] + (part.split('.')[1] ?? '').padEnd(6, '0'));
        const exact = () => ({ digits: factors.map(millionths).reduce((a, b) => a * b), scale: 6 * factors.length });
        const amount = parseAmount(text);
        expect(amount && formatCents(amount)).toBe(isRight ? formatCents(exact()) : undefined);
        if (amount !== undefined) expect(isLess(parseCents('0'), amount)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(NAMES)('the input %s', (name) => {
  const readOne = (text: string) => {
    const inputs = read({ token: TOKEN, [name]: text });
    const value = { 'min-cents': inputs.minCents, 'warn-cents': inputs.warnCents, 'cents-per-run': inputs.centsPerRun };
    return { amount: value[name], problems: inputs.problems };
  };

  test('takes a product', () => {
    const { amount, problems } = readOne(' 250 * 2.5 ');
    expect([amount === 'none' ? amount : formatAmount(amount), problems]).toEqual(['$6.25 = 250 × 2.5 cents', []]);
  });

  test('refuses a product without one of its factors, and shows no asterisk that a shell would replace', () => {
    for (const [text, shown] of [
      ['* 2.5', '× 2.5'],
      ['0 * 2.5', '0 × 2.5'],
    ] as const) {
      expect(readOne(text)).toEqual({
        amount: 'none',
        problems: [expect.stringMatching(`^${name} is “${shown}”, but must`)],
      });
    }
  });

  test('is not judged without credentials where a factor is empty: forks get no variables', () => {
    expect(read({ [name]: '* 2.5' }).problems).toEqual([]);
    expect(read({ [name]: '0 * 2.5' }).problems).toHaveLength(1);
  });
});

test('an empty warn-cents is wrong, as an empty min-cents is, but not without credentials', () => {
  expect(read({ token: TOKEN, 'warn-cents': '' }).problems).toEqual([
    expect.stringMatching(/^warn-cents is empty, but/),
  ]);
  expect(read({ 'warn-cents': '' }).problems).toEqual([]);
});

test('the second line and the runs go by what is compared, with pending debits deducted', () => {
  const inputs = read({ 'min-cents': '1000', 'warn-cents': '2000', 'cents-per-run': '100', 'deduct-pending': 'true' });
  const balance = { ...snapshot('2500', '600'), willInvoice: false };
  expect(judge(balance, inputs)).toMatchObject({ word: 'ok', warning: { runsLow: true }, affordable: { runs: 19n } });
  const undeducted = judge(balance, { ...inputs, deductPending: false });
  expect(undeducted).toMatchObject({ warning: { runsLow: false }, affordable: { runs: 25n } });
});

test('a price is above 0', () => {
  for (const text of ['0', '0.00', 'none']) expect(read({ 'cents-per-run': text }).problems, text).toHaveLength(1);
});
