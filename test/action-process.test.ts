import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { balanceBody, TOKEN } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { runAction, toInputVariables } from './support/run-action.ts';

// The built dist as a process whose surroundings are odd: its files, its log, its arguments.

describe('outputs that cannot be written fail the gate, and say why', () => {
  test.each([
    ['the file is missing', '/nowhere/output', 'there is no such file'],
    ['it is a folder', tmpdir(), 'EISDIR'],
    ...(process.platform === 'linux' ? [['its disk is full', '/dev/full', 'ENOSPC']] : []),
  ])('%s', async (_, file = '', reason) => {
    await using api = await startLocalApi([{}]);
    const inputs = { token: TOKEN, 'api-url': api.url, 'min-cents': '2000' };
    const step = await runAction(inputs, { env: { GITHUB_OUTPUT: file } });
    expect(step).toMatchObject({
      exitCode: 1,
      annotations: [{ level: 'error', title: 'Parallel outputs could not be written' }],
    });
    expect(step.annotations[0]?.text).toContain(
      `could not be written to ${file} (${reason}), which GITHUB_OUTPUT names.`,
    );
    expect(step.summary).toMatch(/^### ❌ Parallel outputs could not be written\n/);
    expect(step.summary).toContain('| This step | fails, whatever is said below |');
    expect(step.summary).toContain('Parallel credit is sufficient');
  });
});

test('what the step has said before stays in its summary', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-summary-'));
  const file = join(folder, 'summary');
  writeFileSync(file, 'Said before.\n');
  await runAction({}, { env: { GITHUB_STEP_SUMMARY: file } });
  expect(readFileSync(file, 'utf8')).toMatch(/^Said before\.\n### /);
  rmSync(folder, { recursive: true });
});

describe('a log that nobody reads changes nothing but the log', () => {
  const closeLog = (_: unknown, close: () => void) => close();

  test.each([
    ['enough credit', 2500, { exitCode: 0, outputs: { verdict: 'ok', sufficient: 'true' } }],
    ['too little', 1234, { exitCode: 1, outputs: { verdict: 'low', sufficient: 'false' } }],
  ])('%s', async (_, cents, expected) => {
    await using api = await startLocalApi([{ body: balanceBody({ credit_balance_cents: cents }) }]);
    const inputs = { token: TOKEN, 'api-url': api.url, 'min-cents': '2000' };
    const step = await runAction(inputs, { onStart: closeLog });
    expect(step).toMatchObject({ ...expected, printed: '' });
    expect(step.summary).toContain('| Minimum | $20.00 |');
  });
});

// The pipe is full before the action starts, and read when all is published.
test.skipIf(process.platform === 'win32')('a log that is read late is whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-slow-'));
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const script =
    '{ printf "%065536d" 0; exec "$0" "$1"; } | ' +
    '{ until grep -q "This step" "$GITHUB_STEP_SUMMARY"; do sleep 0.05; done; sleep 0.3; cat; }';
  const dist = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  // Nothing with a dash in its name: shells drop such variables.
  const inputs = toInputVariables({ token: TOKEN, simulate: 'unknown' });
  const printed = execFileSync('sh', ['-c', script, process.execPath, dist], {
    env: { PATH: process.env['PATH'], ...files, ...inputs },
    encoding: 'utf8',
  });
  expect(printed).toContain(`::add-mask::${TOKEN}`);
  expect(printed).toMatch(/\n::error title=[\s\S]*\nSimulated at: .*\n$/);
  rmSync(folder, { recursive: true });
});

describe('under a wrapper that passes arguments of its own', () => {
  test('the login is the login', async () => {
    const step = await runAction({}, { action: 'login/action.yml', args: ['/actions/login/index.cjs', '--once'] });
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed' }] });
  });

  test('the gate is the gate', async () => {
    await using api = await startLocalApi([{}]);
    const step = await runAction({ token: TOKEN, 'api-url': api.url }, { args: ['login', '/actions/dist/index.js'] });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });
});
