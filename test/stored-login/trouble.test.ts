import { describe, expect, test } from 'vitest';
import { type Answer, withFields } from '../support/faults.ts';
import { KEY, OTHER_KEY, REF } from '../support/fixtures.ts';
import { HURRY } from '../support/run-action.ts';
import { expectFailure, gate, github, logIn, logInLongAgo, parallel, refreshes } from '../support/stored-session.ts';

describe('the renewal of a stored login', () => {
  test('takes a ref that was deleted meanwhile for a log-out, and revokes the new chain', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answerDelayMs: 1000 });
    const step = gate({}, { env: HURRY });
    await expect.poll(refreshes).toBe(1);
    await github.deleteRef(REF);
    await expectFailure(
      await step,
      'login-required',
      /Somebody deleted refs\/parallel-balance\/state/,
      /Run the login/,
    );
    expect(parallel.revoked).toHaveLength(1);
  });

  test('says that the key may have been changed where it was, and leaves the new login alone', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', acts: true, answerDelayMs: 6000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    expect(await logIn({ 'state-key': OTHER_KEY, 'previous-state-key': KEY })).toMatchObject({ exitCode: 0 });
    await expectFailure(
      await step,
      'login-required',
      /Somebody put something else on/,
      /If it is a login with a new key, re-run the failed jobs with that key/,
    );
    expect(await gate({ 'state-key': OTHER_KEY })).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('is left to the next run where Parallel is down: the login stays', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', times: 2, answer: { status: 503 } });
    await expectFailure(await gate(), 'unknown', /could not be renewed: 127\.0\.0\.1:\d+ answered HTTP 503/, /Re-run/);
    github.weather.clockOffsetMs += 40_000;
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test.each<[string, Answer]>([
    ['a connection that ends', 'cut'],
    ['a truncated 200', { status: 200, headers: { 'content-length': '999' }, body: '{' }],
    ['HTML', { status: 200, body: '<html>' }],
    ['no HTTP', { raw: 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n' }],
    ['503', { status: 503 }],
    ['an error of a gateway', { status: 403, body: { error: 'forbidden' } }],
  ])('presents the refresh token once more, at once, where the answer is lost: %s', async (_, answer) => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answer });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(2);
  });

  test.each([
    ['empty', ''],
    ['two words', 'no token'],
    ['endless', 'x'.repeat(20_000)],
  ])('is stored where it comes with an access token that nobody could use: %s', async (_, access_token) => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', acts: true, answer: withFields({ access_token }) });
    await expectFailure(await gate(), 'unknown', /renewed the login, but without an access token/, /newer version/);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(2);
  });

  test('presents the refresh token twice at the most', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', times: 9, answer: { status: 200, body: '<html>' } });
    await expectFailure(await gate({ 'timeout-seconds': '30' }), 'unknown', /could not be renewed/, /Re-run/);
    expect(refreshes()).toBe(2);
  });

  test.each([
    [403, 'invalid_grant'],
    [200, 'invalid_grant'],
    [403, 'invalid_client'],
  ])('ends by the word of Parallel, whatever the status: %d %s', async (status, error) => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answer: { status, body: { error } } });
    await expectFailure(await gate({ 'on-unknown': 'warn' }), 'login-required', new RegExp(error), /Run the login/);
  });

  test('keeps its organization: what is renewed for another is stored, and never counts', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', acts: true, answer: withFields({ org_id: 'org_other' }) });
    await expectFailure(
      await gate(),
      'error',
      /is of the organization org_local, but Parallel renewed it for org_other/,
      /Run/,
    );
    expect(await github.commits(REF)).toHaveLength(3);
    const balance = { org_id: 'org_other', credit_balance_cents: 5000 };
    parallel.faults.add({ on: 'balance', answer: { body: balance } });
    await expectFailure(
      await gate(),
      'error',
      /of the organization org_local, but the balance belongs to org_other/,
      /Run/,
    );
    expect(refreshes()).toBe(1);
  });

  test('counts only a reply that names the commit: a proxy that answers 200 for GitHub wins no lease and stores nothing', async () => {
    await logInLongAgo();
    github.faults.add({ on: 'move', answer: { status: 200, body: '<html>Sign in</html>' }, times: 2 });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await github.commits(REF)).toHaveLength(3);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('waits out a 429 of Parallel, which has not acted', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answer: { status: 429, headers: { 'retry-after': '1' } } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('is revoked where another login came meanwhile, which is used', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answerDelayMs: 3000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    await logIn();
    expect(await step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    // By the login what it replaced, and by the gate what came of that.
    expect(new Set(parallel.revoked).size).toBe(2);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('does not end another login that came while Parallel refused the old one, but uses it', async () => {
    await logInLongAgo();
    parallel.endAuthorization();
    parallel.faults.add({ on: 'refresh', answerDelayMs: 3000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    await logIn();
    expect(await step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test.each([
    [401, { message: 'Bad credentials' }],
    [403, { message: 'Resource not accessible by integration' }],
    [403, '<html>blocked</html>'],
    [404, { message: 'Not Found' }],
    [409, { message: 'Conflict' }],
    [422, { message: 'Reference cannot be updated' }],
    [422, { message: 'Reference update failed' }],
    [302, '<html>Sign in</html>'],
  ])('is stored although GitHub answers %d %j twice, once the token is spent', async (status, body) => {
    await logInLongAgo();
    github.faults.add({ on: ['create', 'move'], after: 'refresh', times: 2, answer: { status, body } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await github.commits(REF)).toHaveLength(3);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('waits out a limit of GitHub to be stored, past timeout-seconds too', async () => {
    await logInLongAgo();
    const limit = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } };
    github.faults.add({ on: 'create', skip: 1, times: 3, answer: limit });
    const step = await gate({ 'timeout-seconds': '30' }, { env: HURRY });
    await expectFailure(step, 'unknown', /to have it renewed took all of timeout-seconds/, /Re-run/);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test.each([
    ['misses the parent', 'create', 422, 'Parent SHA does not exist or is not a commit object'],
    ['misses the commit to point to', 'move', 422, 'Object does not exist'],
    ['misses the commit of the head', 'commit', 404, 'Not Found'],
    ['is down', 'create', 502, 'Server Error'],
  ] as const)('asks a replica of GitHub again that %s', async (_, on, status, message) => {
    await logInLongAgo();
    github.faults.add({ on, answer: { status, body: { message } } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('is stored although the reply to its write is lost', async () => {
    await logInLongAgo();
    github.faults.add({ on: 'move', skip: 1, acts: true, answer: 'cut' });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await github.commits(REF)).toHaveLength(3);
  });

  test('happens once although reads lag behind writes', async () => {
    await logInLongAgo();
    github.weather.readLagMs = 3000;
    const runs = [gate(), gate(), gate()];
    for (const { outputs } of await Promise.all(runs)) expect(outputs['verdict']).toBe('ok');
    expect(refreshes()).toBe(1);
  });
});
