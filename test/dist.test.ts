import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

test('dist is what `npm run build` makes of src; mend it with: npm run build', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'parallel-balance-dist-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.ts'), fresh], { stdio: 'pipe' });
  expect(readFolder(join(ROOT, 'dist'))).toEqual(readFolder(fresh));
  rmSync(fresh, { recursive: true });
});

test('dist is readable ASCII, has no source map, no undici, no package tunnel and nothing that starts processes, and names its licenses', () => {
  const files = readFolder(join(ROOT, 'dist'));
  expect(Object.keys(files).filter((name) => !/^\d+\.index\.js$/.test(name))).toEqual([
    'index.js',
    'licenses.txt',
    'package.json',
  ]);
  const code = Object.values(files).join('\n');
  expect(code).toMatch(/^[\0-\x7f]+$/);
  expect(code).not.toMatch(/class Dispatcher|TunnelingAgent|child_process/);
  expect(code).toContain('Holds a balance against the minimum.');
  for (const name of ['@actions/core', '@actions/http-client']) expect(files['licenses.txt']).toContain(name);
});

test('dist keeps what is needed after the first packet, or by a stored login only, in chunks of their own', () => {
  const { 'index.js': entry = '', ...chunks } = readFolder(join(ROOT, 'dist'));
  expect(entry).toContain('Reads the inputs of the gate');
  expect(entry).not.toMatch(/Holds a balance against the minimum|class HttpClient/);
  const credentials = Object.values(chunks).filter((text) => text.includes('Spends `refreshToken`'));
  expect(credentials).toHaveLength(1);
  expect(credentials[0]).not.toMatch(/Holds a balance against the minimum|class HttpClient/);
});

test('dist leaves out what never runs of the packages', () => {
  const dropped = /class (Summary|OidcClient)|function getInput|_processResponse|getIDToken/;
  for (const text of Object.values(readFolder(join(ROOT, 'dist')))) expect(text).not.toMatch(dropped);
});

test('dist names nothing that it does not declare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-lint-'));
  // In a folder of its own, where the settings of this repository, which leave dist out, are not found.
  cpSync(join(ROOT, 'dist'), folder, { recursive: true });
  const lint = () => {
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--only=correctness/noUndeclaredVariables', folder];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  };
  expect(lint()).toMatchObject({ status: 0, stdout: expect.stringMatching(/Checked \d+ files/) });

  appendFileSync(join(folder, 'index.js'), 'issueCommand();\n');
  expect(lint()).toMatchObject({ status: 1, stderr: expect.stringContaining('issueCommand') });
  rmSync(folder, { recursive: true });
});

test('a runner downloads less than 64 kB', () => {
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 26 });
  const names = execFileSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' })
    .split('\n')
    .map((name) => name.split('/')[0]);
  expect([...new Set(names)].filter(Boolean).sort()).toEqual(['LICENSE', 'action.yml', 'dist', 'login']);
  expect(gzipSync(archive, { level: 9 }).length).toBeLessThan(64_000);
});

function readFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
