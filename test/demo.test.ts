import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const START = fileURLToPath(new URL('demo/start.ts', import.meta.url));

/** What `npm start` prints, by the name of each situation. */
function start(...names: string[]) {
  const env = { ...process.env, PARALLEL_ACCESS_TOKEN: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [START, ...names], { encoding: 'utf8', env });
  const texts = stdout.split(/^── (?=\w)/m).slice(1);
  const screens: Record<string, string> = Object.fromEntries(texts.map((text) => [text.split(' ')[0], text]));
  return { status, stderr, screens };
}

test('the demo shows every situation on one screen each', () => {
  const { status, screens } = start();
  expect(status).toBe(0);
  expect(Object.keys(screens)).toEqual(expect.arrayContaining(['enough', 'low', 'down', 'login', 'renewed', 'ended']));
  for (const [name, text] of Object.entries(screens)) {
    const rows = text.trimEnd().split('\n');
    expect(rows.length, name).toBeLessThanOrEqual(24);
    for (const row of rows) expect(row.length, row).toBeLessThanOrEqual(100);
  }
});

test('the demo shows one situation alone, a step of the stored login too', () => {
  const { status, screens } = start('low', 'ended');
  expect(status).toBe(0);
  expect(Object.keys(screens)).toEqual(['low', 'ended']);
  expect(screens['low']).toContain('ERROR Parallel credit is too low');
  expect(screens['ended']).toContain('invalid_grant');
});

test('the demo names its situations where a name is none of them', () => {
  expect(start('lo')).toMatchObject({ status: 1, screens: {}, stderr: expect.stringContaining('enough, low') });
});
