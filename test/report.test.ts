import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as failures from '../src/credentials/failures.ts';
import { githubDown, limited } from '../src/credentials/github-failures.ts';
import { Failure } from '../src/failure.ts';
import { OUTPUTS, renderGate } from '../src/gate-report.ts';
import { formatCents, parseCents } from '../src/money.ts';
import type { Policies } from '../src/tell.ts';
import { judge, type Verdict, verdictOf } from '../src/verdict.ts';

const AT = new Date('2026-11-23T02:00:07.123Z');
const STRICT = { onLow: 'fail', onUnknown: 'fail', onNoCredentials: 'fail', minCents: 'none' } as const;

function balance(credit: string, pendingDebit = '0', willInvoice = false) {
  return {
    orgId: 'org_abc',
    credit: parseCents(credit),
    pendingDebit: parseCents(pendingDebit),
    willInvoice,
    readAt: 0,
  };
}

function judged(credit: string, min?: string, pending = '0', deductPending = false) {
  return judge(balance(credit, pending), { minCents: min === undefined ? 'none' : parseCents(min), deductPending });
}

describe('a balance held against a minimum', () => {
  test.each([
    ['2500', '2000', '0', false, 'ok', '2500', '0'],
    ['2000', '2000', '0', false, 'ok', '2000', '0'],
    ['1999.999999', '2000', '0', false, 'low', '1999.999999', '0.000001'],
    ['999.99', '1000', '0', false, 'low', '999.99', '0.01'],
    ['2500', '2000', '600', false, 'ok', '2500', '0'],
    ['2500', '2000', '500', true, 'ok', '2000', '0'],
    ['2500', '2000', '500.5', true, 'low', '1999.5', '0.5'],
    ['0', '0', '0', false, 'ok', '0', '0'],
    ['-1', '0', '0', false, 'low', '-1', '1'],
    ['100', '0', '100.1', true, 'low', '-0.1', '0.1'],
    ['-5', undefined, '0', false, 'ok', '-5', ''],
  ])(
    'is judged by exact cents: %s against %s, pending %s, deducted %s, is %s',
    (credit, min, pending, deduct, word, compared, shortfall) => {
      const { outputs } = renderGate(judged(credit, min, pending, deduct), STRICT, AT);
      expect(outputs).toMatchObject({
        verdict: word,
        sufficient: String(word === 'ok'),
        'compared-cents': compared,
        'shortfall-cents': shortfall,
        'credit-balance-cents': credit,
        'pending-debit-balance-cents': pending,
      });
    },
  );

  test('is ok exactly where it is not below, and short by exactly the rest', () => {
    const cents = fc.record({ digits: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), scale: fc.constant(6) });
    fc.assert(
      fc.property(cents, cents, cents, fc.boolean(), (credit, pendingDebit, minCents, deductPending) => {
        const verdict = judge({ ...balance('0'), credit, pendingDebit }, { minCents, deductPending });
        const short =
          minCents.digits - credit.digits + (deductPending && pendingDebit.digits > 0n ? pendingDebit.digits : 0n);
        expect(verdict.word).toBe(short > 0n ? 'low' : 'ok');
        const expected = formatCents({ digits: short > 0n ? short : 0n, scale: 6 });
        expect(renderGate(verdict, STRICT, AT).outputs['shortfall-cents']).toBe(expected);
      }),
    );
  });
});

const FAILURE = new Failure(
  'unknown',
  'api.parallel.ai answered HTTP 503, 4 attempts.',
  'Start a new run later.',
  'why',
);
const VERDICTS = {
  ok: judged('2500', '2000'),
  'ok without minimum': judged('2500'),
  'ok less pending': judged('2500', '2000', '300', true),
  low: judged('1234', '2000'),
  'low less pending': judged('1234', '2000', '0.5', true),
  invoiced: judge(balance('0', '0', true), { minCents: parseCents('2000'), deductPending: false }),
  unknown: verdictOf(FAILURE),
  'login-required': verdictOf(new Failure('login-required', 'It expired.', 'Log in again.')),
  'no-credentials': { word: 'no-credentials' },
  error: verdictOf(new Failure('error', 'An input is wrong: on-low is "<b>|x".', 'Correct it.')),
  'an unexpected exception': verdictOf(new TypeError('secret-laden')),
} as const;

describe('the report', () => {
  test.each(Object.entries(VERDICTS))('tells what happened and what to do next: %s', (_, verdict) => {
    const { outputs, annotations, log, summary } = renderGate(verdict, STRICT, AT);
    expect([
      outputs['message'],
      annotations.map(({ title, text }) => `${title}: ${text}`),
      log,
      summary,
    ]).toMatchSnapshot();
  });

  test('sets all outputs, verdict and sufficient never empty, message one line', () => {
    for (const verdict of Object.values(VERDICTS)) {
      const { outputs } = renderGate(verdict, STRICT, AT);
      expect(Object.keys(outputs)).toEqual([...OUTPUTS]);
      expect(outputs['sufficient']).toBe(String(['ok', 'invoiced'].includes(String(outputs['verdict']))));
      expect(outputs['message']).toMatch(/^[^\n]+\.$/);
    }
  });

  test('leaves the amounts of an invoiced organization empty: the API sends zeros that mean nothing', () => {
    const { outputs } = renderGate(VERDICTS.invoiced, STRICT, AT);
    expect(outputs).toMatchObject({
      verdict: 'invoiced',
      sufficient: 'true',
      'org-id': 'org_abc',
      'will-invoice': 'true',
      'credit-balance-cents': '',
      'pending-debit-balance-cents': '',
      'compared-cents': '',
      'shortfall-cents': '',
    });
  });

  test('keeps the message of an unexpected exception for the debug log', () => {
    const { outputs, annotations, summary, debug } = renderGate(VERDICTS['an unexpected exception'], STRICT, AT);
    expect(JSON.stringify([outputs, annotations, summary])).not.toContain('secret-laden');
    expect(debug).toContain('TypeError: secret-laden');
  });
});

describe('the policies', () => {
  const POLICIES = ['fail', 'warn', 'notice'] as const;

  test.each([
    ['low', 'onLow'],
    ['unknown', 'onUnknown'],
    ['no-credentials', 'onNoCredentials'],
  ] as const)('choose level and failure of %s by %s, and nothing else', (name, input) => {
    const strict = renderGate(VERDICTS[name], STRICT, AT);
    for (const level of POLICIES) {
      const report = renderGate(VERDICTS[name], { ...STRICT, [input]: level }, AT);
      expect(report.fails).toBe(level === 'fail');
      expect(report.annotations).toEqual([{ ...strict.annotations[0], level }]);
      expect(report.outputs).toEqual(strict.outputs);
    }
  });

  // GitHub offers no "Re-run failed jobs" where nothing has failed, and what it re-runs leaves out a gate that has passed.
  test.each<[string, Verdict, string]>([
    ['low', VERDICTS.low, 're-run'],
    ['githubDown', verdictOf(githubDown('GitHub is down')), 'Re-run'],
    ['limited', verdictOf(limited(undefined)), 'Re-run'],
    ['leaseHeld', verdictOf(failures.leaseHeld({ repository: 'octo/evals', id: '1', attempt: '1' })), 'Re-run'],
    ['notRenewed', verdictOf(failures.notRenewed('no answer')), 'Re-run'],
    ['notRenewed with advice', verdictOf(failures.notRenewed('no answer', 'Look.')), 'Re-run'],
  ])('that let the job pass ask for all jobs, because none has failed: %s', (_, verdict, reRun) => {
    const login = { orgId: 'org_abc', endsAt: undefined, now: 0, powers: [] };
    const read = (policies: Policies) => {
      const { annotations, summary } = renderGate(verdict, { ...STRICT, ...policies }, AT, login);
      return [annotations.map(({ text }) => text).join(), summary];
    };
    for (const text of read(STRICT)) expect(text).toContain(`${reRun} the failed jobs`);
    for (const level of ['warn', 'notice'] as const) {
      for (const text of read({ onLow: level, onUnknown: level, onNoCredentials: level })) {
        expect(text).toContain(`${reRun} all jobs`);
        expect(text).not.toContain('failed jobs');
      }
    }
  });

  test.each(['login-required', 'error'] as const)('cannot soften %s', (name) => {
    const soft = { ...STRICT, onLow: 'notice', onUnknown: 'notice', onNoCredentials: 'notice' } as const;
    expect(renderGate(VERDICTS[name], soft, AT)).toMatchObject({ fails: true, annotations: [{ level: 'fail' }] });
  });

  test.each(['ok', 'ok without minimum', 'invoiced'] as const)(
    'leave %s alone: one log line, no annotation',
    (name) => {
      const report = renderGate(VERDICTS[name], STRICT, AT);
      expect(report).toMatchObject({ fails: false, annotations: [] });
      expect(report.log).toHaveLength(1);
    },
  );
});

describe('the report on a stored login', () => {
  const DAY = 86_400_000;
  const render = (days: number, name: keyof typeof VERDICTS = 'ok') =>
    renderGate(VERDICTS[name], STRICT, AT, {
      orgId: 'org_abc',
      endsAt: AT.getTime() + days * DAY,
      now: AT.getTime(),
      powers: [],
    });

  test.each([
    [14, '14', false],
    [13.999, '13', true],
    [0.5, '0', true],
    [-1, '0', true],
  ])('shows %d days left as %s, and warns of them: %s', (days, shown, isWarnedOf) => {
    const { annotations, summary } = render(days);
    expect(summary).toContain(`(days left: ${shown})`);
    expect(annotations.map(({ title }) => title)).toEqual(isWarnedOf ? ['Parallel login ends soon'] : []);
  });

  test('shows no end of one that does not work', () => {
    const { outputs, annotations, summary } = render(3, 'login-required');
    expect(outputs['authorization-expires-at']).toBe('');
    expect(annotations).toHaveLength(1);
    expect(summary).not.toContain('days left');
  });

  test('asks for no fresh token once credit is added', () => {
    expect(render(30, 'low').annotations[0]?.text).toMatch(/then re-run the failed jobs\.$/);
  });
});
