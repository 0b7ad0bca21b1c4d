import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { fetchBalance } from '../src/balance.ts';
import { type Clock, Http, parseRetryAfter, type Reply, type Request } from '../src/http.ts';
import { formatCents } from '../src/money.ts';
import { VERSION } from '../src/version.ts';
import { jwt } from './support/jwt.ts';
import {
  type Answer,
  balanceBody,
  drip,
  hang,
  type LocalApi,
  oversized,
  reset,
  startLocalApi,
  truncate,
} from './support/local-api.ts';

const TOKEN = jwt();

/** A clock whose waits take no time, but count, and whose jitter is the most there can be. */
function impatientClock(): Clock & { waits: number[] } {
  const waits: number[] = [];
  let skipped = 0;
  return {
    waits,
    now: () => performance.now() + skipped,
    async sleep(ms) {
      waits.push(ms);
      skipped += ms;
    },
    random: () => 0.999,
  };
}

async function read(answers: Answer[], { timeoutMs = 60_000, tls = false } = {}) {
  await using api = await startLocalApi(answers, { tls });
  const clock = impatientClock();
  const outcome = await fetchBalance(new Http(timeoutMs, { clock }), api.url, TOKEN).catch((error) => error);
  return { outcome, waits: clock.waits.map(Math.round), requests: api.requests };
}

test('a request is a GET with the token, a user agent that names the version, and nothing to guess', async () => {
  const { outcome, requests } = await read([{}]);
  expect(formatCents(outcome.credit)).toBe('2500');
  expect(requests).toMatchObject([
    {
      method: 'GET',
      path: '/account/service/v1/balance',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        accept: 'application/json',
        'user-agent': `parallel-balance-action/${VERSION}`,
      },
    },
  ]);
});

test('a byte order mark before the JSON does no harm', async () => {
  expect((await read([{ body: `\uFEFF${JSON.stringify(balanceBody())}` }])).outcome.orgId).toBe('org_abc');
});

describe('what is temporary is tried again', () => {
  test.each<[string, Answer]>([
    ['408', { status: 408 }],
    ['425', { status: 425 }],
    ['429', { status: 429 }],
    ['500', { status: 500, body: '<html>' }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a reset connection', reset],
    ['a truncated body', truncate],
  ])('%s, then a balance', async (_, answer) => {
    const { outcome, waits, requests } = await read([answer, answer, answer, {}]);
    expect(outcome.orgId).toBe('org_abc');
    expect(requests).toHaveLength(4);
    expect(waits).toEqual([999, 1998, 3996]);
  });

  test.each<[string, Answer, RegExp]>([
    ['503', { status: 503 }, /^127\.0\.0\.1:\d+ answered HTTP 503, 4 attempts\.$/],
    ['429', { status: 429 }, /^127\.0\.0\.1:\d+ answered HTTP 429, 4 attempts\.$/],
    ['reset', reset, /^127\.0\.0\.1:\d+ broke the connection \(ECONNRESET\), 4 attempts\.$/],
    ['truncated', truncate, /^127\.0\.0\.1:\d+ broke the connection \(\w+\), 4 attempts\.$/],
  ])('%s four times is unknown', async (_, answer, message) => {
    const { outcome, requests } = await read([answer]);
    expect(outcome).toMatchObject({ name: 'Failure', word: 'unknown', message: expect.stringMatching(message) });
    expect(requests).toHaveLength(4);
  });

  test('a refused connection is unknown', async () => {
    const gone = await startLocalApi([{}]);
    await gone[Symbol.asyncDispose]();
    const outcome = fetchBalance(new Http(60_000, { clock: impatientClock() }), gone.url, TOKEN);
    await expect(outcome).rejects.toThrow(/refused the connection \(ECONNREFUSED\), 4 attempts\.$/);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['zero', { 'retry-after': '0' }, 0],
    ['a date', { date: 'Mon, 23 Nov 2026 02:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 02:00:09 GMT' }, 9000],
    [
      'a date that is past',
      { date: 'Mon, 23 Nov 2026 02:00:09 GMT', 'retry-after': 'Mon, 23 Nov 2026 02:00:00 GMT' },
      0,
    ],
  ])('as %s is honoured', async (_, headers, wait) => {
    const { outcome, waits } = await read([{ status: 429, headers }, {}]);
    expect(outcome.orgId).toBe('org_abc');
    expect(waits).toEqual([wait]);
  });

  test.each(['soon', '-1', '1.5', ''])('that is %j falls back to the usual wait', (value) => {
    expect(parseRetryAfter({ 'retry-after': value, date: 'Mon, 23 Nov 2026 02:00:00 GMT' })).toBeUndefined();
  });

  test('beyond the deadline fails at once and says so', async () => {
    const { outcome, waits, requests } = await read([{ status: 503, headers: { 'retry-after': '120' } }]);
    expect(outcome.message).toMatch(
      /answered HTTP 503 and asks to wait 120 s, 1 attempt within the 60 s of timeout-seconds\.$/,
    );
    expect([waits, requests.length]).toEqual([[], 1]);
  });
});

test('an attempt has 10 s at most, whatever the deadline', async () => {
  const limits: number[] = [];
  const send = async (_: Request, timeoutMs: number): Promise<Reply> => {
    limits.push(timeoutMs);
    return { status: 200, headers: {}, json: {} };
  };
  await new Http(60_000, { send }).get('https://api.parallel.ai', {});
  expect(limits).toEqual([10_000]);
});

describe('a POST that fails tells whether the server may have acted', () => {
  test.each<[string, Answer, string]>([
    ['reset', reset, 'broken'],
    ['cut short', truncate, 'lost'],
    ['silent', hang, 'lost'],
    ['dripping', drip, 'lost'],
  ])('%s', async (_, answer, kind) => {
    await using api = await startLocalApi([answer]);
    expect(await new Http(60_000).once({ method: 'POST', url: api.url, body: '' }, 500)).toMatchObject({ kind });
  });

  test('refused', async () => {
    const gone = await startLocalApi([{}]);
    await gone[Symbol.asyncDispose]();
    expect(await new Http(5_000).once({ method: 'POST', url: gone.url })).toMatchObject({ kind: 'unsent' });
  });
});

describe('the deadline', () => {
  test.each<[string, Answer]>([
    ['a server that never answers', hang],
    ['a body that drips', drip],
  ])('cuts %s', async (_, answer) => {
    const { outcome, requests } = await read([answer], { timeoutMs: 200 });
    expect(outcome.message).toMatch(/did not answer within 0\.2 s, 1 attempt within the 0\.2 s of timeout-seconds\.$/);
    expect(requests).toHaveLength(1);
  });

  test('ends the retries: a wait that does not fit is not begun', async () => {
    const { outcome, waits } = await read([{ status: 503 }], { timeoutMs: 2500 });
    expect(outcome.message).toMatch(/answered HTTP 503, 2 attempts within the 2\.5 s of timeout-seconds\.$/);
    expect(waits).toEqual([999]);
  });

  test('cuts a connection that is accepted but never spoken on', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const outcome = fetchBalance(new Http(200, { clock: impatientClock() }), `http://127.0.0.1:${port}`, TOKEN);
    await expect(outcome).rejects.toThrow(/did not answer within 0\.2 s/);
    server.close();
  });
});

test('an answer after which nothing more comes (101) is cut like silence', async () => {
  const upgrade: Answer = (response) =>
    response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  const { outcome } = await read([upgrade], { timeoutMs: 300 });
  expect(outcome).toMatchObject({ word: 'unknown', message: expect.stringContaining('did not answer within 0.3 s') });
});

describe('what is final is asked once', () => {
  const html = { headers: { 'content-type': 'text/html' }, body: '<html><b>Sign in</b></html>' };

  test.each<[string, Answer, string, RegExp]>([
    ['401', { status: 401, body: { detail: 'no' } }, 'login-required', /HTTP 401: the access token/],
    ['401 in HTML', { status: 401, ...html }, 'login-required', /HTTP 401: the access token/],
    ['403 in JSON', { status: 403, body: { detail: 'no' } }, 'login-required', /its scope lacks balance:read/],
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
    ['more than 1 MiB', oversized, 'unknown', /more than 1 MiB/],
  ])('%s', async (_, answer, word, message) => {
    const { outcome, requests } = await read([answer]);
    expect(outcome).toMatchObject({ name: 'Failure', word, message: expect.stringMatching(message) });
    expect(outcome.message).not.toMatch(/<|Sign in/);
    expect(requests).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])('a redirect (%i) is never followed, so the token does not travel', async (status) => {
    await using elsewhere = await startLocalApi([{}]);
    const { outcome, requests } = await read([{ status, headers: { location: elsewhere.url } }]);
    expect(outcome).toMatchObject({ word: 'unknown', message: expect.stringContaining(`HTTP ${status}, a redirect`) });
    expect([requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  });

  test('a certificate that nobody vouches for', async () => {
    const { outcome, requests } = await read([{}], { tls: true });
    expect(outcome).toMatchObject({
      word: 'unknown',
      message: expect.stringMatching(/has a certificate that this runner does not trust \(\w+\)\.$/),
      nextStep: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(requests).toEqual([]);
  });
});

test('an IPv6 loopback address is reached', async (context) => {
  const api = await startLocalApi([{}], { host: '::1' }).catch(() => undefined);
  if (api === undefined) return context.skip('this machine has no IPv6 loopback');
  await using served: LocalApi = api;
  const balance = await fetchBalance(new Http(5_000, { clock: impatientClock() }), served.url, TOKEN);
  expect(balance.orgId).toBe('org_abc');
});

test('the age of a token that was refused is told by the clock of the server', async () => {
  const headers = { date: 'Tue, 14 Nov 2023 22:13:30 GMT' };
  await using api = await startLocalApi([{ status: 401, headers, body: {} }]);
  const outcome = fetchBalance(new Http(5_000), api.url, jwt({ exp: 1_700_000_000 }));
  await expect(outcome).rejects.toThrow(/expired 10 seconds ago/);
});
