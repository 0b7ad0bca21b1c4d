import { describe, expect, test } from 'vitest';
import { gate, github, logIn, logInLongAgo, parallel, refreshes } from '../support/stored-session.ts';

describe('a gate that is killed or stopped', () => {
  test('after the server took the refresh token makes the next run ask once, and then say that the login has ended', async () => {
    await logInLongAgo();
    let kill = (_: NodeJS.Signals) => {};
    parallel.faults.add({ on: 'refresh', answerDelayMs: 60_000 });
    const killed = gate({}, { onStart: (signal) => (kill = signal) });
    await expect.poll(refreshes).toBe(1);
    kill('SIGKILL');
    expect((await killed).exitCode).toBe(null);
    github.weather.clockOffsetMs += 40_000;
    const next = await gate();
    expect(next).toMatchObject({ exitCode: 1, outputs: { verdict: 'login-required', sufficient: 'false' } });
    expect(next.outputs['message']).toMatch(/^The login of \S+ has ended: Parallel refused to renew it on /);
    expect(next.annotations[0]?.text).toContain('Run the login workflow');
    expect(refreshes()).toBe(2);
    expect(await gate()).toMatchObject({ exitCode: 1, outputs: { verdict: 'login-required' } });
    expect(refreshes()).toBe(2);
  });

  test('before the server took the refresh token makes the next run wait for the lease to lapse, and renew', async () => {
    await logInLongAgo();
    let kill = (_: NodeJS.Signals) => {};
    parallel.faults.add({ on: 'refresh', answer: 'never' });
    const killed = gate({}, { onStart: (signal) => (kill = signal) });
    await expect.poll(refreshes).toBe(1);
    kill('SIGKILL');
    await killed;
    const next = gate();
    await expect.poll(() => github.requests.filter(({ status }) => status === 304).length).toBeGreaterThan(1);
    github.weather.clockOffsetMs += 40_000;
    expect(await next).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('between token answer and write stores the new login first', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    // The second commit is the renewed state; the first is the lease.
    const creates = () => github.requests.filter(({ kind }) => kind === 'create').length;
    const before = creates();
    github.faults.add({ on: 'create', skip: 1, delayMs: 3000 });
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(creates).toBe(before + 2);
    stop('SIGINT');
    stop('SIGTERM');
    expect(await stopped).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test.runIf(process.platform !== 'win32')(
    'by the end of its session (SIGHUP) stores the new login first',
    async () => {
      await logInLongAgo();
      let stop = (_: NodeJS.Signals) => {};
      parallel.faults.add({ on: 'refresh', answerDelayMs: 1000 });
      const stopped = gate({}, { onStart: (signal) => (stop = signal) });
      await expect.poll(refreshes).toBe(1);
      stop('SIGHUP');
      expect(await stopped).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
      expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
      expect(refreshes()).toBe(1);
    },
  );

  test.runIf(process.platform !== 'win32')('once the renewed login is stored ends at once', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    parallel.faults.add({ on: 'balance', answer: 'never' });
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(() => parallel.requests.at(-1)?.path).toMatch(/balance$/);
    stop('SIGINT');
    expect((await stopped).exitCode).toBe(null);
  });

  test.runIf(process.platform !== 'win32')('while nothing is at stake ends at once', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    github.faults.add({ on: ['repo', 'ref', 'commit'], answer: 'never' });
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(() => github.requests.at(-1)?.status).toBe(0);
    stop('SIGINT');
    expect((await stopped).exitCode).toBe(null);
  });
});

describe('when nobody reads the log any more', () => {
  test('a gate renews, stores and ends as ever', async () => {
    await logInLongAgo();
    const step = await gate({}, { onStart: (_, closeLog) => closeLog() });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' }, printed: '' });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('a login that was shown to a human is stored', async () => {
    let closeLog = () => {};
    const approve = (code: string) => {
      closeLog();
      return parallel.approve(code);
    };
    const step = await logIn({}, approve, { onStart: (_, close) => (closeLog = close) });
    expect(step).toMatchObject({ exitCode: 0, outputs: { 'org-id': expect.stringMatching(/./) } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });
});
