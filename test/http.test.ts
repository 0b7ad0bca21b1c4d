import { describe, expect, test } from 'vitest';
import { type Clock, Http } from '../src/http.ts';
import { parseRetryAfter, type Reply, type Request } from '../src/reply.ts';
import type { Answer } from './support/faults.ts';
import { balanceBody } from './support/fixtures.ts';
import { type LocalApi, oversized, startLocalApi, truncated } from './support/local-api.ts';
import { startRawServer } from './support/raw-server.ts';

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

/** GETs what an API that gives `answers` in turn has to say: a reply, or the Failure. */
async function get(answers: Answer[], { timeoutMs = 60_000, tls = false } = {}) {
  await using api = await startLocalApi(answers, { tls });
  const clock = impatientClock();
  const outcome = await new Http(timeoutMs, { clock }).get(api.url, {}).catch((error) => error);
  return { outcome, waits: clock.waits.map(Math.round), requests: api.requests };
}

test('a byte order mark before the JSON does no harm', async () => {
  const { outcome } = await get([{ body: `\uFEFF${JSON.stringify(balanceBody())}` }]);
  expect(outcome.json).toEqual(balanceBody());
});

describe('what is temporary', () => {
  test.each<[string, Answer]>([
    ['a 408', { status: 408 }],
    ['a 425', { status: 425 }],
    ['a 429', { status: 429 }],
    ['a 500', { status: 500, body: '<html>' }],
    ['a 502', { status: 502 }],
    ['a 503', { status: 503 }],
    ['a 504', { status: 504 }],
    ['a reset connection', 'reset'],
    ['a truncated body', truncated],
  ])('is asked again, and gives an answer in the end: %s', async (_, answer) => {
    const { outcome, waits, requests } = await get([answer, answer, answer, {}]);
    expect(outcome.json).toEqual(balanceBody());
    expect(requests).toHaveLength(4);
    expect(waits).toEqual([999, 1998, 3996]);
  });

  test.each<[string, Answer, RegExp]>([
    ['a 503', { status: 503 }, /^127\.0\.0\.1:\d+ answered HTTP 503, 4 attempts\.$/],
    ['a 429', { status: 429 }, /^127\.0\.0\.1:\d+ answered HTTP 429, 4 attempts\.$/],
    ['a reset connection', 'reset', /^127\.0\.0\.1:\d+ broke the connection \(ECONNRESET\), 4 attempts\.$/],
    ['a truncated body', truncated, /^127\.0\.0\.1:\d+ broke the connection \(\w+\), 4 attempts\.$/],
  ])('is unknown after four times: %s', async (_, answer, message) => {
    const { outcome, requests } = await get([answer]);
    expect(outcome).toMatchObject({ name: 'Failure', word: 'unknown', message: expect.stringMatching(message) });
    expect(requests).toHaveLength(4);
  });

  test('tells a limit from an outage', async () => {
    expect((await get([{ status: 429 }])).outcome.nextStep).toBe('That is a limit: start a new run later.');
    expect((await get([{ status: 503 }])).outcome.nextStep).toContain('once that host works again');
  });

  test('is unknown after four times: a refused connection', async () => {
    const gone = await startLocalApi([{}]);
    await gone[Symbol.asyncDispose]();
    const outcome = new Http(60_000, { clock: impatientClock() }).get(gone.url, {});
    await expect(outcome).rejects.toThrow(/refused the connection \(ECONNREFUSED\), 4 attempts\.$/);
  });
});

describe('Retry-After', () => {
  test.each([
    ['in seconds', { 'retry-after': '7' }, 7000],
    ['as zero seconds', { 'retry-after': '0' }, 0],
    ['as a date', { date: 'Mon, 23 Nov 2026 02:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 02:00:09 GMT' }, 9000],
    [
      'as a date that is past',
      { date: 'Mon, 23 Nov 2026 02:00:09 GMT', 'retry-after': 'Mon, 23 Nov 2026 02:00:00 GMT' },
      0,
    ],
  ])('is honoured %s', async (_, headers, wait) => {
    const { outcome, waits } = await get([{ status: 429, headers }, {}]);
    expect(outcome.json).toEqual(balanceBody());
    expect(waits).toEqual([wait]);
  });

  test.each(['soon', '-1', '1.5', ''])('falls back to the usual wait where it is %j', (value) => {
    expect(parseRetryAfter({ 'retry-after': value, date: 'Mon, 23 Nov 2026 02:00:00 GMT' })).toBeUndefined();
  });

  test('fails at once and says so where it is beyond the deadline', async () => {
    const { outcome, waits, requests } = await get([{ status: 503, headers: { 'retry-after': '120' } }]);
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
    return { kind: 'reply', status: 200, headers: {}, json: {} };
  };
  await new Http(60_000, { send }).get('https://api.parallel.ai', {});
  expect(limits).toEqual([10_000]);
});

describe('a POST that fails', () => {
  test.each<[string, Answer, string]>([
    ['reset', 'reset', 'no-answer'],
    ['cut short', truncated, 'no-answer'],
    ['silent', 'never', 'no-answer'],
    ['dripping', 'drip', 'no-answer'],
  ])('tells whether the server may have acted: %s', async (_, answer, kind) => {
    await using api = await startLocalApi([answer]);
    expect(await new Http(60_000).once({ method: 'POST', url: api.url, body: '' }, 500)).toMatchObject({ kind });
  });

  test('tells whether the server may have acted: refused', async () => {
    const gone = await startLocalApi([{}]);
    await gone[Symbol.asyncDispose]();
    expect(await new Http(5_000).once({ method: 'POST', url: gone.url })).toMatchObject({ kind: 'never-sent' });
  });
});

describe('the deadline', () => {
  test.each<[string, Answer]>([
    ['a server that never answers', 'never'],
    ['a body that drips', 'drip'],
  ])('cuts %s', async (_, answer) => {
    const { outcome, requests } = await get([answer], { timeoutMs: 200 });
    expect(outcome.message).toMatch(/did not answer within 0\.2 s, 1 attempt within the 0\.2 s of timeout-seconds\.$/);
    expect(requests).toHaveLength(1);
  });

  test('ends the retries: a wait that does not fit is not begun', async () => {
    const { outcome, waits } = await get([{ status: 503 }], { timeoutMs: 2500 });
    expect(outcome.message).toMatch(/answered HTTP 503, 2 attempts within the 2\.5 s of timeout-seconds\.$/);
    expect(waits).toEqual([999]);
  });

  test('cuts a connection that is accepted but never spoken on', async () => {
    await using server = await startRawServer(() => {});
    const outcome = new Http(200, { clock: impatientClock() }).get(server.url, {});
    await expect(outcome).rejects.toThrow(/did not answer within 0\.2 s/);
  });

  test('cuts an answer after which nothing more comes (101)', async () => {
    const raw = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const { outcome } = await get([{ raw, staysOpen: true }], { timeoutMs: 300 });
    expect(outcome).toMatchObject({ word: 'unknown', message: expect.stringContaining('did not answer within 0.3 s') });
  });
});

describe('what is final', () => {
  test('is asked once: a body of more than 1 MiB', async () => {
    const { outcome, requests } = await get([oversized]);
    expect(outcome).toMatchObject({
      name: 'Failure',
      word: 'unknown',
      message: expect.stringMatching(/more than 1 MiB/),
    });
    expect(requests).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])(
    'is asked once: a redirect (%i), which is never followed, so that no token travels',
    async (status) => {
      await using elsewhere = await startLocalApi([{}]);
      const { outcome, requests } = await get([{ status, headers: { location: elsewhere.url } }]);
      const message = expect.stringContaining(`HTTP ${status}, a redirect`);
      expect(outcome).toMatchObject({ word: 'unknown', message });
      expect([requests.length, elsewhere.requests.length]).toEqual([1, 0]);
    },
  );

  test('is not even asked: a host with a certificate that nobody vouches for', async () => {
    const { outcome, requests } = await get([{}], { tls: true });
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
  const { json } = await new Http(5_000, { clock: impatientClock() }).get(served.url, {});
  expect(json).toEqual(balanceBody());
});
