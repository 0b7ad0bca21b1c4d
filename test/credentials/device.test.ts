import { describe, expect, test } from 'vitest';
import { authorize } from '../../src/credentials/device.ts';
import { renderCode } from '../../src/credentials/login-report.ts';
import { OAuth } from '../../src/credentials/oauth.ts';
import { type Clock, Http } from '../../src/http.ts';
import type { NoReply, Reply, Request } from '../../src/reply.ts';
import { broken, reply } from '../support/outcomes.ts';

// The device flow on a clock whose waits take no time, against scripted answers.

const CODE = {
  device_code: 'device-code-00001',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://platform.parallel.ai/device',
  expires_in: 600,
  interval: 5,
};
const pending = reply(400, { error: 'authorization_pending' });
const slowDown = reply(400, { error: 'slow_down' });
const granted = reply(200, { access_token: 'access-token-0001', refresh_token: 'refresh', org_id: 'org_abc' });

/** The last answer of each kind stays. */
async function run(
  polls: (Reply | NoReply)[],
  registrations: (Reply | NoReply)[] = [],
  code = {},
  isCancelled = false,
) {
  let now = 0;
  let held = 0;
  const [waits, shown, paths]: [number[], number[], string[]] = [[], [], []];
  let lines: string[] = [];
  const clock: Clock = {
    now: () => now,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
    random: () => 0.5,
  };
  const answers: Record<string, (Reply | NoReply)[]> = {
    '/register': [...registrations, reply(200, { client_id: 'client-1' })],
    '/device/code': [reply(200, { ...CODE, ...code })],
    '/token': polls,
    '/token/revoke': [reply(200, {})],
  };
  const send = async ({ url }: Request) => {
    const path = url.split('/getServiceKeys')[1] ?? '';
    if (paths.push(path) > 500) throw new Error('this has no end');
    const left = answers[path] ?? [];
    return (left.length > 1 ? left.shift() : left[0]) ?? broken('no-answer');
  };
  const outcome: unknown = await authorize({
    http: new Http(3_600_000, { clock, send }),
    oauth: new OAuth('https://platform.parallel.ai', () => {}),
    interrupts: {
      hold() {
        held += 1;
        return {
          received: () => isCancelled,
          release: () => {
            held -= 1;
          },
        };
      },
    },
    show(code) {
      shown.push(now);
      lines = renderCode(code);
    },
  }).catch((error) => error);
  const count = (path: string) => paths.filter((each) => each === path).length;
  return { outcome, waits, shown, count, held, now, lines };
}

test('the login polls as often as asked, 5 s less often after slow_down, and half as often after each break', async () => {
  const { outcome, waits } = await run([pending, slowDown, pending, broken('no-answer'), broken('no-answer'), granted]);
  expect(waits).toEqual([5000, 5000, 10_000, 10_000, 20_000, 40_000]);
  expect(outcome).toMatchObject({ clientId: 'client-1', grant: { orgId: 'org_abc', refreshToken: 'refresh' } });
});

test('the login that is cancelled while it polls ends with that poll', async () => {
  const { outcome, count, held } = await run([pending, granted], [], {}, true);
  expect(outcome).toMatchObject({ message: 'The run was cancelled while it logged in.' });
  expect([count('/token'), held]).toEqual([1, 0]);
});

test('the login shows the code again every 30 s', async () => {
  expect((await run([...Array(12).fill(pending), granted])).shown).toEqual([0, 30_000, 60_000]);
});

test('the login that could not ask does not say that nobody approved', async () => {
  const proxy = {
    ...broken('never-sent', 'was not reached: the proxy answered HTTP 403'),
    nextStep: 'Have it allowed.',
  };
  expect((await run([pending, proxy])).outcome).toMatchObject({
    word: 'unknown',
    message: expect.stringContaining(
      'did not say whether anybody had approved it: platform.parallel.ai was not reached',
    ),
    nextStep: 'Have it allowed. Run the login workflow again.',
  });
  expect((await run([proxy, pending])).outcome).toMatchObject({ word: 'login-required' });
});

test('the login whose approval was lost says so, not that it was refused or that nobody approved', async () => {
  const spent = await run([
    pending,
    broken('no-answer', 'broke the connection'),
    reply(400, { error: 'invalid_grant' }),
  ]);
  expect(spent.outcome).toMatchObject({
    word: 'unknown',
    message: expect.stringMatching(/^The answer to an approved login was lost or incomplete: .* broke the connection/),
  });
  const expired = await run([pending, broken('no-answer'), reply(400, { error: 'expired_token' })]);
  expect(expired.outcome).toMatchObject({ message: expect.stringContaining('did not say whether anybody had') });
  const answered = await run([broken('no-answer'), pending, reply(400, { error: 'invalid_grant' })]);
  expect(answered.outcome).toMatchObject({ message: expect.stringContaining('Parallel refused the login') });
});

test('the login passes on what is to be done about the network', async () => {
  const untrusted = { ...broken('never-sent', 'is not trusted'), nextStep: 'Set NODE_EXTRA_CA_CERTS.' };
  expect((await run([granted], [untrusted, untrusted, untrusted, untrusted])).outcome).toMatchObject({
    message: 'Parallel did not start the login: platform.parallel.ai is not trusted.',
    nextStep: 'Set NODE_EXTRA_CA_CERTS. Run the login workflow again.',
  });
});

test('the login ends when the code does, even if the server never says so', async () => {
  const { outcome, count } = await run([pending]);
  expect(outcome).toMatchObject({
    word: 'login-required',
    message: expect.stringContaining('before its code expired'),
  });
  expect(count('/token')).toBe(119);
});

test.each([
  [600, 10],
  [1800, 30],
  ['1800', 30],
  [3600, 30],
])('a code of %j s is waited for as long as the log says: %d minutes', async (expires_in, minutes) => {
  const { outcome, now, lines } = await run([pending], [], { expires_in });
  expect(outcome).toMatchObject({ message: expect.stringContaining('before its code expired') });
  expect(lines.join()).toContain(`within ${minutes} minutes of the first of these lines`);
  expect(Math.ceil(now / 60_000)).toBe(minutes);
});

test.each([
  [403, 'forbidden'],
  [400, 'invalid_grant'],
  [200, 'unauthorized_client'],
])('a poll that is refused ends the login by the words of the server: %d %s', async (status, error) => {
  const { outcome, count } = await run([pending, reply(status, { error })]);
  expect(outcome).toMatchObject({
    message: `Parallel refused the login: platform.parallel.ai answered HTTP ${status} (${error}).`,
  });
  expect(count('/token')).toBe(2);
});

test.each(['server_error', 'temporarily_unavailable'])('a poll is made again after %s', async (error) => {
  expect((await run([reply(400, { error }), granted])).outcome).toMatchObject({ grant: { orgId: 'org_abc' } });
});

test('a grant without an organization is revoked', async () => {
  const { outcome, count } = await run([reply(200, { access_token: 'access-token-0001', refresh_token: 'refresh' })]);
  expect(outcome).toMatchObject({ message: expect.stringContaining('lost or incomplete') });
  expect(count('/token/revoke')).toBe(1);
});

describe('a registration', () => {
  test('is tried 4 times where it was not sent', async () => {
    const { outcome, waits, count } = await run([granted], Array(3).fill(broken('never-sent')));
    expect(outcome).toMatchObject({ clientId: 'client-1' });
    expect([count('/register'), waits]).toEqual([4, [500, 1000, 2000, 5000]]);
    expect((await run([granted], Array(9).fill(broken('never-sent')))).count('/register')).toBe(4);
  });

  test('is tried again where it may have been acted on: nothing is at stake, and a second client does no harm', async () => {
    const { outcome, count } = await run([granted], [broken('no-answer'), reply(503, undefined)]);
    expect(outcome).toMatchObject({ grant: { orgId: 'org_abc' } });
    expect(count('/register')).toBe(3);
  });

  test('waits as long as a limit asks', async () => {
    expect((await run([granted], [reply(429, {}, { 'retry-after': '7' })])).waits).toEqual([7000, 5000]);
  });

  test('is made once more, and not twice, where a poll finds that it was forgotten', async () => {
    const forgotten = reply(401, { error: 'invalid_client' });
    const { outcome, count } = await run([pending, forgotten, granted]);
    expect(outcome).toMatchObject({ grant: { orgId: 'org_abc' } });
    expect(count('/register')).toBe(2);
    const always = await run([forgotten]);
    expect(always.outcome).toMatchObject({
      message: expect.stringContaining('does not know the client that it has just'),
    });
    expect(always.count('/register')).toBe(2);
  });

  test('is not repeated where it is refused', async () => {
    const { outcome, count } = await run([granted], [reply(403, { error: 'invalid_request' })]);
    expect(outcome).toMatchObject({ message: expect.stringContaining('(invalid_request)') });
    expect(count('/register')).toBe(1);
  });
});

test('signals are held back during a poll only, and on once it is granted', async () => {
  expect((await run([pending, slowDown, granted])).held).toBe(1);
  expect((await run([pending, reply(400, { error: 'access_denied' })])).held).toBe(0);
});
