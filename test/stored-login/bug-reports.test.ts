import { describe, expect, test } from 'vitest';
import type { Asked, Reply } from '../support/faults.ts';
import { REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';
import { expectFailure, gate, github, logIn, logInLongAgo, parallel, refreshes } from '../support/stored-session.ts';

// What users of neighbouring actions and tools have reported in public, played on this one. Each names where it was seen.

const OK = { exitCode: 0, outputs: { verdict: 'ok', sufficient: 'true' } };

describe('a ref update that is refused although nobody moved the ref, and taken when asked again', () => {
  // suzuki-shunsuke/lock-action#761, github/rest-api-description#4887, googleapis/repo-automation-bots#4537
  test.each(['Reference update failed', 'Reference cannot be updated'])('loses no login: %s', async (message) => {
    await logInLongAgo();
    github.faults.add({ on: 'move', after: 'refresh', answer: { status: 422, body: { message } } });
    expect(await gate()).toMatchObject(OK);
    expect(await gate()).toMatchObject(OK);
    expect(refreshes()).toBe(1);
  });
});

describe('a github-token that is seconds old, and not known to every replica', () => {
  // octokit/auth-app.js#65, hexclave/hexclave#1771, actions/runner#769
  test.each(['ref', 'commit'] as const)('is asked again: %s', async (on) => {
    await logIn();
    github.faults.add({ on, times: 2, answer: { status: 401, body: { message: 'Bad credentials' } } });
    expect(await gate()).toMatchObject(OK);
  });
});

describe('a 403 that is no missing permission', () => {
  // docker/metadata-action#342, microsoft/PullRequestQuantifier#118, cli/cli#2661, octokit/octokit.rb#1164
  test.each([
    'The organization has an IP allow list, and this address is not on it.',
    'Resource protected by organization SAML enforcement.',
    'This installation has been suspended',
  ])('is not told as one: %s', async (message) => {
    await logInLongAgo();
    github.faults.add({ on: 'any', times: 99, answer: { status: 403, body: { message } } });
    const step = await gate();
    await expectFailure(step, 'error', /GitHub answered HTTP 403, and that is not about the permissions/, /debug log/);
    expect(step.summary).not.toMatch(/lacks the permission|Give the job permissions/);
    expect(step.debug.join()).toContain(message);
  });
});

describe('a repository that was renamed since the run began', () => {
  // github/gh-gei#470, stephencelis/ghi#300
  const OLD = `/repos/${REPOSITORY}`;
  const isOld = ({ path }: Asked) => path.startsWith(OLD);
  const moved =
    (id = REPOSITORY_ID) =>
    ({ method, path }: Asked): Reply => ({
      status: method === 'GET' ? 301 : 307,
      headers: { location: `${github.url}/repositories/${id}${path.slice(OLD.length)}` },
      body: { message: 'Moved Permanently' },
    });

  test.each([undefined, 'refresh'] as const)(
    'is followed to its own id, and asked there from then on: after %s',
    async (after) => {
      await logInLongAgo();
      github.faults.add({ on: isOld, ...(after && { after }), times: 99, answer: moved() });
      const before = github.requests.length;
      expect(await gate()).toMatchObject(OK);
      const paths = github.requests.slice(before).map(({ path }) => path);
      const first = paths.findIndex((path) => path.startsWith('/repositories/'));
      expect(paths.slice(0, first).every((path) => path.startsWith(OLD))).toBe(true);
      expect(paths.slice(first).every((path) => path.startsWith(`/repositories/${REPOSITORY_ID}/`))).toBe(true);
      expect(await gate()).toMatchObject(OK);
      expect(refreshes()).toBe(1);
    },
  );

  test('is not followed to another id', async () => {
    await logIn();
    github.faults.add({ on: isOld, times: 99, answer: moved('43') });
    await expectFailure(await gate(), 'unknown', /answered HTTP 301, a redirect, which is never followed/, /Check/);
    expect(github.requests.filter(({ path }) => path.startsWith('/repositories/'))).toEqual([]);
  });
});

describe('an OAuth error at another status than 400', () => {
  // OpenIdentityPlatform/OpenAM#208, github/copilot-cli#1866
  test.each([403, 200])('ends a dead login, and does not stay green: %d', async (status) => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', times: 9, answer: { status, body: { error: 'invalid_grant' } } });
    await expectFailure(await gate({ 'on-unknown': 'warn' }), 'login-required', /has ended/, /Run the login/);
    await expectFailure(await gate({ 'on-unknown': 'warn' }), 'login-required', /has ended/, /Run the login/);
    expect(refreshes()).toBe(1);
  });

  test.each([403, 200])('ends a login that was denied: %d', async (status) => {
    parallel.faults.add({ on: 'poll', times: 9, answer: { status, body: { error: 'access_denied' } } });
    expect((await logIn()).annotations[0]?.text).toContain('denied in the browser');
  });
});

test('lifetimes sent as text count', async () => {
  // delta-io/delta-sharing#628, badgateway/oauth2-client#123, lelylan/simple-oauth2#115
  const asText = (_: Asked, own: Reply | undefined): Reply => ({
    ...own,
    body: Object.fromEntries(
      Object.entries(Object(own?.body)).map(([name, value]) => [name, typeof value === 'number' ? `${value}` : value]),
    ),
  });
  parallel.faults.add({ on: 'poll', times: 9, acts: true, answer: asText });
  const login = await logIn();
  expect(login).toMatchObject({ exitCode: 0, annotations: [] });
  expect(login.summary).not.toContain('a day that Parallel did not name');
  for (const step of [login, await gate(), await gate()]) {
    expect(step.outputs['authorization-expires-at']).toMatch(/Z$/);
    expect(step.exitCode).toBe(0);
  }
  expect(refreshes()).toBe(0);
});

describe('a limit on a read', () => {
  // JasonEtco/create-an-issue#142, EnricoMi/publish-unit-test-result-action#170
  test.each([
    ['secondary', 403, { 'retry-after': '2' }],
    ['as 429', 429, { 'retry-after': '2' }],
  ])('is waited out: %s', async (_, status, headers) => {
    await logIn();
    const message = 'You have exceeded a secondary rate limit.';
    github.faults.add({ on: 'ref', answer: { status, headers, body: { message } } });
    expect(await gate()).toMatchObject(OK);
  });

  test('is waited out: primary, until it resets', async () => {
    await logIn();
    const reset = String(Math.floor(Date.now() / 1000) + 3);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    github.faults.add({ on: 'ref', answer: { status: 403, headers, body: { message: 'API rate limit exceeded' } } });
    expect(await gate()).toMatchObject(OK);
  });
});

test("an end of GitHub's API version is no outage", async () => {
  // docs.github.com/rest/about-the-rest-api/api-versions, zaproxy/action-api-scan#73
  await logIn();
  const message = 'This API version is no longer supported.';
  github.faults.add({ on: 'any', times: 99, answer: { status: 410, body: { message } } });
  const step = await gate({ 'on-unknown': 'warn' });
  await expectFailure(step, 'error', /HTTP 410, which this action does not understand/, /newer version of this action/);
  expect(step.summary).not.toContain('once GitHub works again');
});
