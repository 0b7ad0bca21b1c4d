import { describe, expect, test } from 'vitest';
import { VERSION } from '../src/version.ts';
import type { Answer } from './support/faults.ts';
import { balanceBody, jwt, TOKEN } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction } from './support/run-action.ts';

// The built dist as a process in a scrubbed environment, against an API on loopback: what users run, as they run it.
// runAction itself rejects where the token shows in an output, the summary or the log.

async function gate(answers: Answer[], inputs: Record<string, string> = {}, env: Record<string, string> = {}) {
  await using api = await startLocalApi(answers);
  const step = await runAction({ token: TOKEN, 'api-url': api.url, ...inputs }, { env });
  return { ...step, requests: api.requests };
}

describe('enough credit', () => {
  test('passes with one log line, the outputs, the summary, and one request', async () => {
    const step = await gate([{ body: balanceBody({ pending_debit_balance_cents: 12.5 }) }], { 'min-cents': '2000' });
    expect(step.exitCode).toBe(0);
    expect(step.outputs).toEqual({
      verdict: 'ok',
      sufficient: 'true',
      message: 'Parallel credit of org_abc, $25.00, covers the minimum $20.00.',
      'org-id': 'org_abc',
      'credit-balance-cents': '2500',
      'pending-debit-balance-cents': '12.5',
      'will-invoice': 'false',
      'compared-cents': '2500',
      'shortfall-cents': '0',
      'minimum-cents': '2000',
      'running-low': '',
      'runs-affordable': '',
      simulated: 'false',
      snapshot: expect.stringMatching(/^\{"version":1,"org-id":"org_abc",.*\}$/),
      'spent-cents': '',
      'spent-settled': '',
      'authorization-expires-at': '',
    });
    expect(step.log).toEqual(['Parallel credit of org_abc, $25.00, covers the minimum $20.00.']);
    expect(step.annotations).toEqual([]);
    expect(step.masks).toEqual([TOKEN]);
    expect(step.summary).toContain('### ✅ Parallel credit is sufficient');
    expect(step.requests).toHaveLength(1);
    expect(step.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'user-agent': `parallel-balance-action/${VERSION}`,
    });
  });

  test('without a minimum is reported only, and says so in log and summary', async () => {
    const step = await gate([{}]);
    expect(step).toMatchObject({ exitCode: 0, annotations: [], outputs: { verdict: 'ok', 'shortfall-cents': '' } });
    expect(step.log).toEqual(['Parallel credit of org_abc is $25.00. No minimum set: reporting only.']);
    expect(step.summary).toContain('No minimum set: reporting only.');
  });

  test('can be too little once pending debits are deducted', async () => {
    const body = balanceBody({ credit_balance_cents: 1000, pending_debit_balance_cents: 0.01 });
    const inputs = { 'min-cents': '1000', 'deduct-pending': 'true' };
    const step = await gate([{ body }], inputs);
    expect(step.outputs).toMatchObject({ verdict: 'low', 'compared-cents': '999.99', 'shortfall-cents': '0.01' });
  });

  test('writes no summary where summary is false', async () => {
    expect(await gate([{}], { summary: 'false' })).toMatchObject({ exitCode: 0, summary: '' });
  });

  test('passes where the summary cannot be written: that is a warning in the log', async () => {
    const step = await gate([{}], {}, { GITHUB_STEP_SUMMARY: '/nowhere/summary' });
    expect(step).toMatchObject({ exitCode: 0, annotations: [], outputs: { verdict: 'ok' } });
    expect(step.log[0]).toMatch(/^Warning: the job summary could not be written/);
  });

  test('is read through a moment of trouble', async () => {
    const step = await gate([{ status: 503 }, {}], { 'min-cents': '2000' });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(step.requests).toHaveLength(2);
  });
});

test('an organization billed by invoice passes any minimum', async () => {
  const body = balanceBody({ will_invoice: true, credit_balance_cents: 0 });
  const step = await gate([{ body }], { 'min-cents': '1000000' });
  expect(step).toMatchObject({
    exitCode: 0,
    annotations: [],
    outputs: { verdict: 'invoiced', sufficient: 'true', 'will-invoice': 'true', 'credit-balance-cents': '' },
  });
  expect(step.summary).toContain('billed by invoice');
});

const LEVELS = [
  ['fail', 1, 'error'],
  ['warn', 0, 'warning'],
  ['notice', 0, 'notice'],
] as const;

describe.each(LEVELS)('the policy %s', (policy, exitCode, level) => {
  test('decides how a low balance ends the step', async () => {
    const body = balanceBody({ credit_balance_cents: 1234 });
    const step = await gate([{ body }], { 'min-cents': '2000', 'on-low': policy });
    const message = 'Parallel credit of org_abc, $12.34, is below the minimum $20.00 (short by $7.66).';
    const nextStep = 'Add credit for org_abc at https://platform.parallel.ai, then start a new run with a fresh token.';
    expect(step.exitCode).toBe(exitCode);
    expect(step.outputs).toMatchObject({ verdict: 'low', sufficient: 'false', message, 'shortfall-cents': '766' });
    expect(step.annotations).toEqual([{ level, title: 'Parallel credit is too low', text: `${message} ${nextStep}` }]);
    expect(step.summary).toContain(message);
    expect(step.summary).toContain(nextStep);
    expect(step.summary).toContain('| Short by | $7.66 |');
    expect(step.log).toContain('Organization:    org_abc');
  });

  test('decides how a balance that could not be read ends the step', async () => {
    const step = await gate([{ status: 500, body: 'secret stack trace' }], {
      'on-unknown': policy,
      'timeout-seconds': '1',
    });
    expect(step).toMatchObject({ exitCode, annotations: [{ level, title: 'Parallel credit is unknown' }] });
    expect(step.outputs).toMatchObject({ verdict: 'unknown', sufficient: 'false', 'org-id': '', 'compared-cents': '' });
    expect(step.outputs['message']).toMatch(/^The balance could not be read: 127\.0\.0\.1:\d+ answered HTTP 500, /);
    expect(step.printed + step.summary).not.toContain('stack trace');
  });

  test('decides how a run without credentials ends the step', async () => {
    const step = await gate([{}], { token: '', 'min-cents': '', 'on-no-credentials': policy });
    expect(step).toMatchObject({ exitCode, annotations: [{ level, title: 'Parallel credentials are missing' }] });
    expect(step.outputs).toMatchObject({ verdict: 'no-credentials', sufficient: 'false' });
    expect(step.annotations[0]?.text).toContain('Settings → Secrets and variables → Dependabot');
    expect(step.requests).toEqual([]);
  });
});

describe('credentials that do not work', () => {
  const soft = { 'on-low': 'notice', 'on-unknown': 'notice', 'on-no-credentials': 'notice' };

  test.each([
    ['an API key', 'pk_live_0123456789', 401, /looks like an API key/],
    [
      'an expired token',
      jwt({ exp: 1_700_000_000 }),
      401,
      /the access token expired \d+ days ago; access tokens live for minutes/,
    ],
    ['a revoked token', TOKEN, 401, /the access token is revoked or not valid here/],
    ['a token without the scope', TOKEN, 403, /its scope lacks balance:read/],
  ])('fail whatever the policies: %s', async (_, token, status, message) => {
    const detail = `Token ${token} is\nnot good`;
    const step = await gate([{ status, body: { detail } }], { ...soft, token });
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ level: 'error', title: 'Parallel login is required' }] });
    expect(step.outputs).toMatchObject({ verdict: 'login-required', sufficient: 'false' });
    expect(step.outputs['message']).toMatch(message);
    expect(step.debug).toEqual(['Token *** is not good']);
    expect(step.requests).toHaveLength(1);
  });
});

describe('a wrong input', () => {
  test('fails before any request, and all are named in one error', async () => {
    const inputs = { 'min-cents': '$20', 'on-low': 'stop', 'timeout-seconds': '0', 'on-unknown': 'notice' };
    const step = await gate([{}], inputs);
    expect(step).toMatchObject({ exitCode: 1, requests: [], annotations: [{ level: 'error' }] });
    expect(step.outputs).toMatchObject({ verdict: 'error', sufficient: 'false' });
    for (const name of ['min-cents', 'on-low', 'timeout-seconds']) expect(step.outputs['message']).toContain(name);
  });

  test('fails where an empty variable would disarm the gate', async () => {
    const step = await gate([{}], { 'min-cents': '' });
    expect(step).toMatchObject({ exitCode: 1, requests: [], outputs: { verdict: 'error' } });
  });

  test('fails where min_cents would disarm the gate', async () => {
    const step = await gate([{}], { min_cents: '2000' });
    expect(step).toMatchObject({ exitCode: 1, requests: [], outputs: { verdict: 'error' } });
    expect(step.outputs['message']).toContain('probably min-cents was meant');
  });

  test('cannot break out of its place in log or summary', async () => {
    const step = await gate([{}], { 'on-low': '<b>\n::warning::x%0A|`' });
    expect(step.annotations).toHaveLength(1);
    expect(step.summary).toContain('“…b…::warning::x…0A…”');
  });

  test('is not echoed where it is a token with a line break', async () => {
    const step = await gate([{}], { token: 'first\nsecond' });
    expect(step).toMatchObject({ exitCode: 1, requests: [], outputs: { verdict: 'error' } });
    expect(step.printed + step.summary).not.toMatch(/first|second/);
  });
});

describe('a hostile or broken API', () => {
  test.each<[string, Answer, RegExp]>([
    ['never answers', 'never', /did not answer within 1 s/],
    ['drips', 'drip', /did not answer within 1 s/],
    ['resets', 'reset', /broke the connection \(ECONNRESET\)/],
    ['sends HTML', { body: '<script>alert(1)</script>' }, /HTTP 200 without JSON/],
    ['redirects', { status: 302, headers: { location: 'https://example.com' } }, /HTTP 302, a redirect/],
    [
      'sends workflow commands',
      { body: balanceBody({ org_id: 'x\n::error::y' }) },
      /org_id is not of the documented form/,
    ],
  ])('ends within the deadline: one that %s', async (_, answer, message) => {
    const step = await gate([answer], { 'timeout-seconds': '1', 'min-cents': '0' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown', sufficient: 'false' } });
    expect(step.annotations).toHaveLength(1);
    expect(step.outputs['message']).toMatch(message);
  });

  test('ends within the deadline: one that is not there', async () => {
    const step = await runAction({ token: TOKEN, 'api-url': 'http://127.0.0.1:1', 'timeout-seconds': '1' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.outputs['message']).toContain('refused the connection (ECONNREFUSED)');
  });
});

describe('a promise that never settles fails the step without a verdict', () => {
  /** Preloaded: no request ever gets a connection, and no timer keeps the process alive. */
  const preload = `
    import { Agent } from 'node:http';
    Agent.prototype.addRequest = () => {};
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (...args) => setTimeout(...args).unref();
  `;
  const env = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
    GITHUB_API_URL: 'http://127.0.0.1:1',
    GITHUB_REPOSITORY: 'octo/evals',
    GITHUB_REPOSITORY_ID: '42',
    GITHUB_RUN_ID: '1001',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
  };
  const nothing = { exitCode: 1, outputs: {}, summary: '', annotations: [], log: [] };

  test('of the gate', async () => {
    const step = await runAction({ token: TOKEN, 'api-url': 'http://127.0.0.1:1' }, { env });
    expect(step).toMatchObject({ ...nothing, masks: [TOKEN] });
  });

  test('of the login', async () => {
    const inputs = { 'state-key': Buffer.alloc(32, 1).toString('base64'), 'github-token': 'ghs_local' };
    const step = await runAction(inputs, { action: 'login/action.yml', env });
    expect(step).toMatchObject({ ...nothing, masks: Object.values(inputs) });
  });
});
