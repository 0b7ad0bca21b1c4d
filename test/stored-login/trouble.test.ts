import { describe, expect, test } from 'vitest';
import { REF } from '../support/fixtures.ts';
import { expectFailure, gate, github, logIn, logInLongAgo, parallel, refreshes } from '../support/stored-session.ts';

describe('the renewal of a stored login', () => {
  test('takes a ref that was deleted meanwhile for a log-out, and revokes the new chain', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answerDelayMs: 3000 });
    const step = gate();
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

  test('is left to the next run where Parallel is down: the login stays', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answer: { status: 503 } });
    await expectFailure(await gate(), 'unknown', /could not be renewed: 127\.0\.0\.1:\d+ answered HTTP 503/, /Re-run/);
    github.weather.clockOffsetMs += 40_000;
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('is tried once more, at once, where the connection breaks before the server acts', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', answer: 'cut' });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test.each([
    ['a truncated 200', { status: 200, headers: { 'content-length': '999' }, body: '{' }],
    ['HTML', { status: 200, body: '<html>' }],
  ])(
    'does not present the refresh token again where the answer is lost: %s',
    async (_, answer) => {
      await logInLongAgo();
      parallel.faults.add({ on: 'refresh', answer });
      await expectFailure(await gate({ 'timeout-seconds': '30' }), 'unknown', /could not be renewed/, /Re-run/);
      expect(refreshes()).toBe(1);
    },
    60_000,
  );

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

  test('asks for a new login where GitHub does not take what was renewed: the old one is spent', async () => {
    await logInLongAgo();
    const forbidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
    github.faults.add({ on: 'create', skip: 1, answer: forbidden });
    await expectFailure(await gate(), 'login-required', /GitHub did not take the renewed login/, /may be spent\. Run/);
  });

  test('waits out a limit of GitHub to be stored, past timeout-seconds too', async () => {
    await logInLongAgo();
    const limit = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } };
    github.faults.add({ on: 'create', skip: 1, times: 3, answer: limit });
    expect(await gate({ 'timeout-seconds': '30' })).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  }, 90_000);

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
