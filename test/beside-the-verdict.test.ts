import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderGate } from '../src/gate-report.ts';
import { type Amount, countAffordable, isLess, parseCents } from '../src/money.ts';
import { judge } from '../src/verdict.ts';
import { read } from './support/inputs.ts';

// What is told of a balance beside a verdict: a product as minimum, credit that runs low, the runs that it is good for.

/** The report of a credit, by the inputs that are amounts. */
function render(creditCents: string, inputs: Record<string, string>, willInvoice = false) {
  const given = read({ token: 'aaaa.bbbb.cccc', ...inputs });
  const amounts = { credit: parseCents(creditCents), pendingDebit: parseCents('0'), readAt: 0 };
  return renderGate(judge({ orgId: 'org_abc', ...amounts, willInvoice }, given), given, new Date(0));
}

describe('a minimum that is a product', () => {
  const min = { 'min-cents': '8 * 250' };

  test('is told with its result, in message, summary and log', () => {
    const { outputs, summary, log } = render('1500', min);
    expect(outputs).toMatchObject({ verdict: 'low', 'minimum-cents': '2000', 'shortfall-cents': '500' });
    expect(outputs['message']).toBe(
      'Parallel credit of org_abc, $15.00, is below the minimum $20.00 = 8 × 250 cents (short by $5.00).',
    );
    expect(summary).toContain('| Minimum | $20.00 = 8 × 250 cents |');
    expect(log).toContain('Minimum:         $20.00 = 8 × 250 cents');
    expect(render('2000', min).log).toEqual([
      'Parallel credit of org_abc, $20.00, covers the minimum $20.00 = 8 × 250 cents.',
    ]);
  });

  test('is an output on every verdict, and empty only where there is none', () => {
    const given = read({ token: 'aaaa.bbbb.cccc', ...min });
    for (const verdict of [{ word: 'no-credentials' }, judge(INVOICED, given)] as const) {
      expect(renderGate(verdict, given, new Date(0)).outputs['minimum-cents']).toBe('2000');
    }
    expect(render('1', {}).outputs['minimum-cents']).toBe('');
    expect(render('1', { 'min-cents': '0' }).outputs['minimum-cents']).toBe('0');
  });
});

const INVOICED = {
  orgId: 'org_abc',
  credit: parseCents('0'),
  pendingDebit: parseCents('0'),
  willInvoice: true,
  readAt: 0,
};

describe('credit that runs low', () => {
  const lines = { 'min-cents': '2000', 'warn-cents': '3000' };
  const sentence =
    'Parallel credit of org_abc, $25.00, covers the minimum $20.00, but lies below the warning line $30.00. ' +
    'Add credit for org_abc at https://platform.parallel.ai.';

  test('passes with one warning, which summary and log say too', () => {
    const report = render('2500', lines);
    expect(report).toMatchObject({
      fails: false,
      outputs: { verdict: 'ok', sufficient: 'true', 'running-low': 'true' },
    });
    expect(report.annotations).toEqual([{ level: 'warn', title: 'Parallel credit is running low', text: sentence }]);
    expect(report.log).toEqual([`⚠️ ${sentence}`]);
    expect(report.summary).toContain('### ⚠️ Parallel credit is running low');
    for (const part of sentence.split(/(?<=\.) (?=Add)/)) expect(report.summary).toContain(part);
    expect(report.summary).toContain('| Warning line | $30.00 |');
  });

  test('is warned of without a minimum, too', () => {
    const { outputs, annotations } = render('2500', { 'warn-cents': '12 * 250' });
    expect(outputs).toMatchObject({ verdict: 'ok', 'running-low': 'true' });
    expect(annotations[0]?.text).toBe(
      'Parallel credit of org_abc is $25.00, but lies below the warning line $30.00 = 12 × 250 cents. ' +
        'No minimum set: reporting only. Add credit for org_abc at https://platform.parallel.ai.',
    );
  });

  test.each([
    ['at the line', '3000', lines, 'ok', 'false', 0],
    ['just below it', '2999.999999', lines, 'ok', 'true', 1],
    ['below the minimum', '1999', lines, 'low', 'true', 1],
    ['below a minimum that is above the line', '3500', { 'min-cents': '4000', 'warn-cents': '3000' }, 'low', 'true', 1],
    ['without a line', '2500', { 'min-cents': '2000' }, 'ok', '', 0],
    ['below the minimum, without a line', '1999', { 'min-cents': '2000' }, 'low', '', 1],
    ['at a line of 0', '0', { 'warn-cents': '0' }, 'ok', 'false', 0],
  ])('%s', (_, credit, inputs, verdict, runsLow, annotations) => {
    const report = render(credit, inputs);
    expect(report.outputs).toMatchObject({ verdict, 'running-low': runsLow });
    expect(report.annotations).toHaveLength(annotations);
  });

  test('is no matter of an organization that is billed by invoice', () => {
    const { outputs, annotations } = render('0', { ...lines, 'cents-per-run': '1' }, true);
    expect(outputs).toMatchObject({ verdict: 'invoiced', 'running-low': '', 'runs-affordable': '' });
    expect(annotations).toEqual([]);
  });

  test('a line that is not above the minimum is a word in the log, and nothing else', () => {
    for (const credit of ['2500', '1999']) {
      const [idle, without] = [{ 'min-cents': '2000', 'warn-cents': '2000' }, { 'min-cents': '2000' }].map((inputs) =>
        render(credit, inputs),
      );
      expect(idle?.annotations).toEqual(without?.annotations);
      expect(idle?.log.at(-1)).toBe('The warning line (warn-cents) is not above the minimum, so it adds nothing.');
      expect(idle?.summary).not.toContain('adds nothing');
    }
    expect(render('2500', lines).log.join()).not.toContain('adds nothing');
  });
});

describe('the runs that credit is good for', () => {
  test.each([
    ['3086.4', '2.5', '1234', 'Enough for 1,234 runs at $0.025.'],
    ['2.5', '2.5', '1', 'Enough for 1 run at $0.025.'],
    ['2.499999', '2.5', '0', 'Enough for 0 runs at $0.025.'],
    ['-500', '2.5', '0', 'Enough for 0 runs at $0.025.'],
    ['1000000', '2 * 0.5', '1000000', 'Enough for 1,000,000 runs at $0.01 = 2 × 0.5 cents.'],
  ])('%s cents at %s cents are %s', (credit, price, runs, sentence) => {
    for (const min of ['none', '100000000']) {
      const { outputs, summary, log, annotations } = render(credit, { 'cents-per-run': price, 'min-cents': min });
      expect(outputs['runs-affordable']).toBe(runs);
      expect(summary).toContain(`\n\n${sentence}\n\n`);
      expect(log).toContain(sentence);
      expect(JSON.stringify([outputs['message'], annotations])).not.toContain('Enough');
    }
  });

  test('are none without a price', () => {
    expect(render('2500', {}).outputs['runs-affordable']).toBe('');
  });

  test('are as many as can be paid, and not one more', () => {
    const cents = fc.record({ digits: fc.bigInt({ min: 0n, max: 10n ** 15n }), scale: fc.nat(6) });
    const price = fc.record({ digits: fc.bigInt({ min: 1n, max: 10n ** 9n }), scale: fc.nat(6) });
    const times = (runs: bigint, { digits, scale }: Amount) => ({ digits: runs * digits, scale });
    fc.assert(
      fc.property(cents, price, (compared, price) => {
        const runs = countAffordable(compared, price);
        expect(isLess(compared, times(runs, price))).toBe(false);
        expect(isLess(compared, times(runs + 1n, price))).toBe(true);
        expect(countAffordable({ ...compared, digits: -compared.digits }, price)).toBe(0n);
      }),
    );
  });
});
