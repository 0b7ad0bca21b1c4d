import { describe, expect, test } from 'vitest';
import type { Answer } from './support/faults.ts';
import { jwt } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { ODD_ANSWERS, type OddAnswer } from './support/odd-answers.ts';
import { runAction, type Step } from './support/run-action.ts';
import { runGate, runLogin, startServers } from './support/stored.ts';

// What users of neighbouring actions, tools and servers were told wrongly: the same trouble here, and the right word for it.
// A cause is named only where the server's own words name it.

/** Everything that a step says to a reader. */
function said({ annotations, outputs, summary }: Step): string {
  return [outputs['message'], ...annotations.map(({ text }) => text), summary].join('\n');
}

// GitHub is asked four times over some seconds, so these share them.
describe.concurrent('an answer of GitHub to a gate with a stored login', () => {
  // docker/metadata-action#342, microsoft/PullRequestQuantifier#118, cli/cli#2661, octokit/octokit.rb#1164
  test.each<[OddAnswer, RegExp]>([
    ['403 of an IP allow list', /HTTP 403, and that is not about the permissions of the job/],
    ['403 of SAML', /HTTP 403, and that is not about the permissions of the job/],
    ['403 of a suspension', /HTTP 403, and that is not about the permissions of the job/],
    ['410', /HTTP 410, which this action does not understand. Look for a newer version/],
    ['404 in HTML', /HTTP 404 without JSON: that was not GitHub's API. Check GITHUB_API_URL/],
  ])('is told as what it says: %s', async (word, message) => {
    await using servers = await startServers();
    await runLogin(servers);
    servers.github.weather.clockOffsetMs = 3_600_000;
    servers.github.faults.add({ on: 'any', times: 1000, ...ODD_ANSWERS[word] });
    const step = await runGate(servers, { 'on-unknown': 'notice' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error' } });
    expect(said(step)).toMatch(message);
    expect(said(step)).not.toMatch(/once GitHub works again|no stored login|lacks the permission|Give the job/i);
    expect(servers.parallel.requests.filter(({ kind }) => kind === 'refresh')).toEqual([]);
  });
});

// actions/runner#1961, sgl-project/sglang#34057: GitHub offers no "Re-run failed jobs" where nothing has failed.
test('a gate that lets the job pass on low credit asks for a re-run of all jobs', async () => {
  await using servers = await startServers();
  await runLogin(servers);
  servers.parallel.balance.credit_balance_cents = 5;
  const strict = await runGate(servers);
  expect(strict).toMatchObject({ exitCode: 1, outputs: { verdict: 'low' } });
  expect(said(strict)).toMatch(/then re-run the failed jobs\./);
  for (const level of ['warn', 'notice']) {
    const soft = await runGate(servers, { 'on-low': level });
    expect(soft).toMatchObject({ exitCode: 0, outputs: { verdict: 'low', sufficient: 'false' } });
    expect(said(soft)).toMatch(/then re-run all jobs\./);
    expect(said(soft)).not.toContain('failed jobs');
  }
});

describe('a 403 of the Account API', () => {
  async function ask(answer: Answer, inputs: Record<string, string> = {}): Promise<Step> {
    await using api = await startLocalApi([answer]);
    return await runAction({ token: jwt(), 'api-url': api.url, 'min-cents': '100', ...inputs });
  }

  test.each<[string, unknown]>([
    ['a text', 'Not enough permissions'],
    ['a list', [{ loc: ['header', 'authorization'], msg: 'Missing scope', type: 'value_error' }]],
  ])('in its own form is a refused token: %s', async (_, detail) => {
    const step = await ask({ status: 403, body: { detail } }, { 'on-unknown': 'notice' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'login-required' } });
    expect(said(step)).toMatch(/most likely its scope lacks balance:read/);
  });

  // A gateway's, a firewall's, a suspended organization's.
  test.each<[string, unknown]>([
    ['JSON', { message: 'Forbidden' }],
    ['HTML', '<html>Forbidden</html>'],
  ])('in any other form is not about the token: %s', async (_, body) => {
    const step = await ask({ status: 403, body }, { 'on-unknown': 'notice' });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'unknown', sufficient: 'false' } });
    expect(said(step)).not.toMatch(/its scope lacks|Log in again|Forbidden/);
  });

  test.each([400, 402, 405, 410])('is no model for the other 4xx that nobody knows: %d', async (status) => {
    const step = await ask({ status, body: { detail: 'No.' } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(said(step)).toMatch(/which this action does not know.*Check for a newer version/);
  });
});

// ropensci-books/http-testing#82, r-lib/gh#143: none of these can be in a bearer token (RFC 6750).
test.each([`"${jwt()}"`, `'${jwt()}'`, JSON.stringify({ access_token: jwt(), refresh_token: 'prt_x' })])(
  'a token wrapped in something is an input error, and never sent: %s',
  async (token) => {
    await using api = await startLocalApi([{}]);
    const step = await runAction({ token, 'api-url': api.url, 'min-cents': '100' });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error' } });
    expect(api.requests).toEqual([]);
  },
);
