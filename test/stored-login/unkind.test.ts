import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type UnkindCase, unkindCase } from '../simulation/unkind.ts';
import { ODD_ANSWERS, type OddAnswer } from '../support/odd-answers.ts';
import { HURRY } from '../support/run-action.ts';
import { runGate, runLogin, type Servers, startServers } from '../support/stored.ts';

// What test/simulation/unkind.test.ts shows in thousands of cases, some of them with processes and sockets.

const CASES = 32;
async function play({ run, isFresh, answers }: UnkindCase): Promise<void> {
  await using servers = await startServers();
  const { github, parallel } = servers;
  if (run === 'gate' || isFresh) await runLogin(servers);
  if (run === 'gate' && !isFresh) {
    github.weather.clockOffsetMs = 3_600_000;
    parallel.expireAccessTokens();
  }
  const words = answers as readonly OddAnswer[];
  github.faults.add(...words.map((word) => ({ on: 'any' as const, ...ODD_ANSWERS[word] })));
  parallel.faults.add(...[...words].reverse().map((word) => ({ on: 'any' as const, ...ODD_ANSWERS[word] })));
  const step = run === 'gate' ? await runGate(servers, {}, { env: HURRY }) : await runLogin(servers);
  expect(step.annotations.map(({ text }) => text).join()).not.toContain('unexpected');
  if (run === 'gate') judgeGate(step.outputs, servers);
  const isStored = run === 'gate' || isFresh || step.exitCode === 0;
  // What was presented again was answered too late, if at all: the action's clock is fast, and the machine may be slow.
  const presented = parallel.requests.filter(({ kind }) => kind === 'refresh');
  const isLost = presented.some(({ status, isAnswered }) => status === 200 && (!isAnswered || presented.length > 1));
  const isOutlasted = /did not take the renewed login in time/.test(step.outputs['message'] ?? '');

  github.faults.clear();
  parallel.faults.clear();
  // A lease that was left has lapsed.
  github.weather.clockOffsetMs += 40_000;
  const { outputs } = await runGate(servers);
  if (!isStored) expect(outputs['message']).toMatch(/^There is no stored login/);
  else if (outputs['verdict'] === 'login-required' && (isLost || isOutlasted))
    expect(outputs['message']).toMatch(/has ended/);
  else expect(outputs['verdict']).toBe('ok');
}

function judgeGate({ verdict, sufficient }: Record<string, string>, { parallel }: Servers): void {
  expect(['ok', 'unknown', 'login-required', 'error']).toContain(verdict);
  const read = parallel.requests.findLast(({ kind }) => kind === 'balance');
  if (sufficient === 'true') expect(read).toMatchObject({ status: 200, isAnswered: true });
}

test('odd answers to the built action, up to three in a row, do no harm', { timeout: 600_000 }, async () => {
  const cases = fc.sample(unkindCase, { numRuns: CASES, seed: 1 });
  const work = async () => {
    for (let each = cases.pop(); each !== undefined; each = cases.pop()) {
      await play(each).catch((error) => {
        error.message += `\n${JSON.stringify(each)}`;
        throw error;
      });
    }
  };
  // They mostly wait.
  await Promise.all(Array.from({ length: 4 }, work));
});
