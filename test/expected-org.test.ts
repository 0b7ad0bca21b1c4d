import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLoginInputs } from '../src/credentials/login-inputs.ts';
import { readInputs } from '../src/inputs.ts';
import { balanceBody } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction, toInputVariables } from './support/run-action.ts';
import { runGate, runLogin, type Servers, startServers } from './support/stored.ts';

// The organization whose balance may count.

const TOKEN = 'aaaa.bbbb.cccc';

describe('the input', () => {
  const readGate = (text: string, token = TOKEN) =>
    readInputs(toInputVariables({ token, 'expected-org-id': text }), () => {});
  const readLogin = (inputs: Record<string, string>) => {
    const { expectedOrgId, problems } = readLoginInputs(toInputVariables(inputs), () => {});
    return { expectedOrgId, problems: problems.filter((problem) => problem.startsWith('expected-org-id')) };
  };
  const EMPTY = 'expected-org-id is empty, but must be an organization id such as org_abc, or none';

  test('is read by gate and login', () => {
    expect(readGate('org_abc')).toMatchObject({ expectedOrgId: 'org_abc', problems: [] });
    expect(readLogin({ 'expected-org-id': ' org_abc ' })).toEqual({ expectedOrgId: 'org_abc', problems: [] });
  });

  test('none, or absent, is any', () => {
    expect(readGate('none')).toMatchObject({ expectedOrgId: undefined, problems: [] });
    expect(readInputs({}, () => {})).toMatchObject({ expectedOrgId: undefined, problems: [] });
    expect(readLogin({ 'expected-org-id': 'none' })).toEqual({ expectedOrgId: undefined, problems: [] });
    expect(readLogin({})).toEqual({ expectedOrgId: undefined, problems: [] });
  });

  test('is wrong where it is given and empty: an empty variable must not drop the pin', () => {
    expect(readGate('').problems).toEqual([EMPTY]);
    expect(readGate(' ').problems).toEqual([EMPTY]);
    expect(readLogin({ 'expected-org-id': '' }).problems).toEqual([EMPTY]);
  });

  test('is not judged by the gate without credentials: forks get no variables either', () => {
    expect(readGate('', '').problems).toEqual([]);
  });

  test.each(['-rf', '.x', 'a b', 'a;b', 'x'.repeat(129)])('%s is wrong', (text) => {
    const problem = expect.stringMatching(
      /^expected-org-id is .*, but must be an organization id such as org_abc, or none$/,
    );
    expect(readGate(text).problems).toEqual([problem]);
    expect(readLogin({ 'expected-org-id': text }).problems).toEqual([problem]);
  });
});

describe('with a token', () => {
  test.each([
    ['a covered minimum', {}],
    ['an invoiced organization', { will_invoice: true, credit_balance_cents: 0 }],
    ['too little credit', { credit_balance_cents: 1 }],
  ])('another organization is an error, whatever its balance says: %s', async (_, fields) => {
    await using api = await startLocalApi([{ body: balanceBody(fields) }]);
    const soft = { 'on-low': 'notice', 'min-cents': '2000', 'expected-org-id': 'org_mine' };
    const step = await runAction({ token: TOKEN, 'api-url': api.url, ...soft });
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ level: 'error' }] });
    expect(step.outputs).toMatchObject({
      verdict: 'error',
      sufficient: 'false',
      message: 'The balance is of the organization org_abc, but expected-org-id says org_mine.',
      'credit-balance-cents': '',
    });
    expect(step.annotations[0]?.text).toContain('set expected-org-id to org_abc if that is the right one');
  });

  test('the expected one passes', async () => {
    await using api = await startLocalApi([{}]);
    const step = await runAction({ token: TOKEN, 'api-url': api.url, 'expected-org-id': 'org_abc' });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok', 'org-id': 'org_abc' } });
  });
});

describe('with a stored login', () => {
  let servers: Servers;
  let orgId: string;

  beforeEach(async () => {
    servers = await startServers();
    orgId = (await runLogin(servers)).outputs['org-id'] ?? '';
  });

  afterEach(() => servers[Symbol.asyncDispose]());

  const asked = () => servers.parallel.requests.length;

  test.each([
    ['uses', () => {}],
    ['renews', () => servers.parallel.expireAccessTokens()],
  ])('another organization is an error before the gate %s a token of it', async (_, prepare) => {
    prepare();
    const before = asked();
    const step = await runGate(servers, { 'expected-org-id': 'org_mine' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error', sufficient: 'false' } });
    expect(step.outputs['message']).toBe(
      `The stored login is of the organization ${orgId}, but expected-org-id says org_mine.`,
    );
    expect(asked()).toBe(before);
    expect(await servers.github.commits('refs/parallel-balance/state')).toHaveLength(1);
  });

  test('the expected one passes', async () => {
    expect(await runGate(servers, { 'expected-org-id': orgId })).toMatchObject({ exitCode: 0 });
  });
});
