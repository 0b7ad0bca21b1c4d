import { describe, expect, test } from 'vitest';
import type { Asked, Reply } from '../support/faults.ts';
import { OTHER_KEY, REF } from '../support/fixtures.ts';
import { expectFailure, gate, github, logIn, logInLongAgo, parallel, refreshes } from '../support/stored-session.ts';

const withoutDate = (_: Asked, own: Reply | undefined): Reply => ({
  ...own,
  headers: { ...own?.headers, date: undefined },
});

describe('a gate with a stored login', () => {
  test('says what to do where there is no login yet', async () => {
    await expectFailure(
      await gate(),
      'login-required',
      /There is no stored login/,
      /Run the login workflow \(the one that uses/,
    );
  });

  test('does not call a login missing that it may not see', async () => {
    await logIn();
    const hidden = { status: 404, body: { message: 'Not Found' } };
    github.faults.add({ on: 'any', times: 99, answer: hidden });
    await expectFailure(
      await gate(),
      'error',
      /HTTP 404: the github-token lacks .* or is not for this/,
      /contents: write/,
    );
    github.faults.clear();
    github.faults.add({ on: 'ref', times: 99, answer: hidden });
    await expectFailure(
      await gate(),
      'login-required',
      /There is no stored login/,
      /contents: write, without which GitHub/,
    );
    github.faults.clear();
    github.faults.add({ on: 'ref', times: 3, answer: hidden });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('needs the time of day from GitHub, and says so', async () => {
    await logIn();
    github.faults.add({ on: 'any', times: 99, acts: true, answer: withoutDate });
    await expectFailure(await gate(), 'unknown', /answers without the time of day/, /a proxy may drop or change/);
    const before = parallel.requests.length;
    const login = await logIn();
    expect(login.annotations[0]?.text).toContain('answers without the time of day');
    expect(parallel.requests).toHaveLength(before);
  });

  test('says what to do where the key is another', async () => {
    await logIn();
    const step = await gate({ 'state-key': OTHER_KEY });
    await expectFailure(step, 'login-required', /sealed with another key or for another repository/, /restore the key/);
    expect(await github.commits(REF)).toHaveLength(1);
  });

  test('says what to do where the repository is another', async () => {
    await logIn();
    const step = await gate({}, { env: { GITHUB_REPOSITORY_ID: '43' } });
    await expectFailure(step, 'login-required', /sealed with another key or for another repository/, /Run the login/);
  });

  test('finds that it may not write before anything is spent', async () => {
    await logInLongAgo();
    const step = await gate({ 'github-token': github.readOnlyToken, 'on-unknown': 'notice' });
    await expectFailure(step, 'error', /lacks the permission contents: write/, /permissions: contents: write/);
    expect(refreshes()).toBe(0);
  });

  test('says what to do where GitHub does not know the github-token', async () => {
    await logIn();
    const step = await gate({ 'github-token': 'ghs_wrong' });
    await expectFailure(step, 'error', /does not know the input github-token/, /default/);
  });

  test('never builds on a ref that holds files', async () => {
    const main = github.head('refs/heads/main') ?? '';
    await github.setRef('refs/other/place', main);
    const step = await gate({ 'state-ref': 'refs/other/place' });
    await expectFailure(
      step,
      'error',
      /refs\/other\/place holds something that this action did not put there/,
      /state-ref/,
    );
    const login = await logIn({ 'state-ref': 'refs/other/place' });
    expect(login).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed' }] });
    expect(github.head('refs/other/place')).toBe(main);
  });

  test('is unknown where GitHub is down', async () => {
    await logIn();
    github.faults.add({ on: 'any', answer: { status: 503 }, times: 100 });
    const step = await gate({ 'timeout-seconds': '30' });
    await expectFailure(
      step,
      'unknown',
      /127\.0\.0\.1:\d+ answered HTTP 503, so the stored login is out of reach/,
      /once GitHub works/,
    );
  });

  test.each([
    ['primary', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4000000000' }, 'Forbidden'],
    ['secondary', { 'retry-after': '600' }, 'Forbidden'],
    ['secondary without headers', {}, 'You have exceeded a secondary rate limit'],
  ])('takes a limit of GitHub (%s) for no missing permission', async (_, headers, message) => {
    await logIn();
    github.faults.add({ on: 'any', answer: { status: 403, headers, body: { message } }, times: 100 });
    await expectFailure(await gate(), 'unknown', /rate limit for this repository is used up for/, /in one job/);
  });

  test('spends nothing where too few requests are left to store what would come back', async () => {
    await logInLongAgo();
    github.weather.rateLimitRemaining = 15;
    await expectFailure(await gate(), 'unknown', /rate limit for this repository leaves no room/, /later/);
    expect(refreshes()).toBe(0);
  });

  test('says what to do where Parallel has forgotten the client', async () => {
    await logInLongAgo();
    parallel.forgetClients();
    await expectFailure(await gate(), 'login-required', /no longer knows the client/, /Run the login/);
    // Nothing is written: the lease lapses, and the state stays as it was.
    expect(await github.commits(REF)).toHaveLength(2);
  });

  test('says what to do where the authorization has ended', async () => {
    await logInLongAgo();
    parallel.endAuthorization();
    const step = await gate();
    await expectFailure(step, 'login-required', /has ended: Parallel refused to renew it/, /Run the login/);
    expect(step.outputs['authorization-expires-at']).toBe('');
    expect(step.summary).not.toContain('Login ends');
  });

  test('ends in an error where the balance is of another organization', async () => {
    await logIn();
    parallel.faults.add({ on: 'balance', answer: { body: { org_id: 'org_other', credit_balance_cents: 5000 } } });
    await expectFailure(
      await gate(),
      'error',
      /is of the organization \S+, but the balance belongs to org_other/,
      /api-url/,
    );
  });

  test('renews once, and not again, where an access token that was just issued gets 401', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'balance', answer: { status: 401, body: { detail: 'no' } }, times: 9 });
    await expectFailure(
      await gate(),
      'login-required',
      /HTTP 401 to an access token that it had issued moments/,
      /api-url/,
    );
    expect(refreshes()).toBe(1);
  });

  test('asks once, and says that the login has ended, where the ref was rolled back to a spent login', async () => {
    await logIn();
    const old = github.head(REF) ?? '';
    parallel.expireAccessTokens();
    await gate();
    await github.setRef(REF, old);
    await expectFailure(await gate(), 'login-required', /has ended: Parallel refused/, /Run the login/);
    expect(refreshes()).toBe(2);
  });
});
