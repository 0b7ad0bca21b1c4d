import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fetchBalance, parseBalance, readDetail } from '../src/balance.ts';
import { Failure } from '../src/failure.ts';
import { Http } from '../src/http.ts';
import { formatCents } from '../src/money.ts';
import { mask } from '../src/secrets.ts';
import { judge } from '../src/verdict.ts';
import { VERSION } from '../src/version.ts';
import type { Answer } from './support/faults.ts';
import { balanceBody, jwt } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';

const TOKEN = jwt();
const NOW = 0;

/** The balance that an API with this answer is asked for, or the Failure. */
async function ask(answer: Answer, token = TOKEN) {
  await using api = await startLocalApi([answer]);
  const outcome = await fetchBalance(new Http(5_000), api.url, token).catch((error) => error);
  return { outcome, requests: api.requests };
}

describe('a request for the balance', () => {
  test('is a GET with the token, a user agent that names the version, and nothing to guess', async () => {
    const { outcome, requests } = await ask({});
    expect(formatCents(outcome.credit)).toBe('2500');
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: '/account/service/v1/balance',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': `parallel-balance-action/${VERSION}`,
        },
      },
    ]);
  });

  const html = { headers: { 'content-type': 'text/html' }, body: '<html><b>Sign in</b></html>' };

  test.each<[string, Answer, string, RegExp]>([
    ['401', { status: 401, body: { detail: 'no' } }, 'login-required', /HTTP 401: the access token/],
    ['401 in HTML', { status: 401, ...html }, 'login-required', /HTTP 401: the access token/],
    [
      '403 with detail',
      { status: 403, body: { detail: 'no' } },
      'login-required',
      /most likely its scope lacks balance:read/,
    ],
    [
      '403 with details',
      { status: 403, body: { detail: [{ loc: [], msg: 'no', type: 't' }] } },
      'login-required',
      /balance:read/,
    ],
    [
      '403 of a gateway',
      { status: 403, body: { message: 'Forbidden' } },
      'unknown',
      /HTTP 403, but not in the words of the API/,
    ],
    ['403 with {}', { status: 403, body: {} }, 'unknown', /not in the words of the API/],
    ['403 with null', { status: 403, body: null }, 'unknown', /not in the words of the API/],
    ['403 with a list', { status: 403, body: [] }, 'unknown', /not in the words of the API/],
    ['403 without a word', { status: 403, body: { detail: [] } }, 'unknown', /not in the words of the API/],
    [
      '403 with an odd detail',
      { status: 403, body: { detail: { message: 'no' } } },
      'unknown',
      /not in the words of the API/,
    ],
    ['400', { status: 400, body: { detail: 'no' } }, 'unknown', /HTTP 400, which this action does not know/],
    ['402', { status: 402, body: { detail: 'no' } }, 'unknown', /HTTP 402, which this action does not know/],
    ['410', { status: 410, body: { detail: 'no' } }, 'unknown', /HTTP 410, which this action does not know/],
    ['403 in HTML', { status: 403, ...html }, 'unknown', /HTTP 403 without JSON: a proxy, a firewall or a login page/],
    ['404', { status: 404, body: { detail: 'Not Found' } }, 'unknown', /HTTP 404: the balance is not at this address/],
    ['422', { status: 422, body: { detail: [{ msg: 'no' }] } }, 'unknown', /HTTP 422, which this action does not know/],
    ['204', { status: 204, body: '' }, 'unknown', /HTTP 204, which this action does not know/],
    ['200 in HTML', html, 'unknown', /HTTP 200 without JSON/],
    ['200 and empty', { body: '' }, 'unknown', /HTTP 200 without JSON/],
    ['200 and cut short', { body: '{"org_id": "org_abc"' }, 'unknown', /HTTP 200 without JSON/],
    ['200 and null', { body: null }, 'unknown', /the body is not of the documented form/],
    ['200 of wrong types', { body: balanceBody({ credit_balance_cents: '1' }) }, 'unknown', /credit_balance_cents/],
    [
      'exactly 1 MiB',
      { body: `"${'x'.repeat(1024 * 1024 - 2)}"` },
      'unknown',
      /the body is not of the documented form/,
    ],
  ])('is made once where the answer is final: %s', async (_, answer, word, message) => {
    const { outcome, requests } = await ask(answer);
    expect(outcome).toMatchObject({ name: 'Failure', word, message: expect.stringMatching(message) });
    expect(outcome.message).not.toMatch(/<|Sign in/);
    expect(requests).toHaveLength(1);
  });

  test('tells the age of a token that was refused by the clock of the server', async () => {
    const headers = { date: 'Tue, 14 Nov 2023 22:13:30 GMT' };
    const { outcome } = await ask({ status: 401, headers, body: {} }, jwt({ exp: 1_700_000_000 }));
    expect(outcome.message).toMatch(/expired 10 seconds ago/);
  });
});

describe('the time of a balance', () => {
  const timeOf = async (date: string | undefined) => (await ask({ headers: { date } })).outcome.readAt;

  test('is the time of the server', async () => {
    expect(await timeOf('Tue, 14 Nov 2023 22:13:30 GMT')).toBe(Date.UTC(2023, 10, 14, 22, 13, 30));
  });

  test.each([undefined, 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'is that of the runner where the server says none that can be: %s',
    async (date) => {
      const before = Date.now();
      const readAt = await timeOf(date);
      expect(readAt).toBeGreaterThanOrEqual(before);
      expect(readAt).toBeLessThanOrEqual(Date.now());
    },
  );
});

describe('a balance', () => {
  test('is read as documented', () => {
    const { orgId, credit, pendingDebit, willInvoice } = parseBalance(
      balanceBody({ credit_balance_cents: 1234.5, pending_debit_balance_cents: -1e-7, added_later: {} }),
      NOW,
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
      const balance = parseBalance({ org_id: 'o', credit_balance_cents: 1, ...fields }, NOW);
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
  ])('is refused where it is %j', (body) => {
    expect(() => parseBalance(body, NOW)).toThrow(expect.objectContaining({ name: 'Failure', word: 'unknown' }));
  });

  test('is refused where its organization has a secret of this run in it', () => {
    mask('secret-of-this-run');
    const body = balanceBody({ org_id: 'org_secret-of-this-run' });
    expect(() => parseBalance(body, NOW)).toThrow('org_id is not of the documented form');
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
          expect(parseBalance(body, NOW).orgId).toMatch(/^\w[\w.-]{0,127}$/);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('is never ok below the minimum, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(3), fc.boolean(), (units, decimals, deductPending) => {
        const minCents = { digits: BigInt(units), scale: decimals };
        const creditCents = (units - 1) / 10 ** decimals;
        const body = JSON.parse(JSON.stringify(balanceBody({ credit_balance_cents: creditCents })));
        expect(judge(parseBalance(body, NOW), { minCents, deductPending }).word).toBe('low');
      }),
    );
  });
});

describe('the detail of an error', () => {
  test.each([
    [{ detail: 'Not authenticated' }, 'Not authenticated'],
    [{ detail: 'two\r\nlines\u0007and\u2028more' }, 'two lines and more'],
    [{ detail: 'x'.repeat(500) }, 'x'.repeat(200)],
    [{ detail: [{ msg: 'field required' }] }, undefined],
    [{ message: 'no detail' }, undefined],
    ['detail', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('is one plain line without the token: that of %j is %j', (json, detail) => {
    expect(readDetail(json)).toBe(detail);
  });
});
