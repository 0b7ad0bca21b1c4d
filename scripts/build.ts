// src → lib → dist: `npm run build`, or `node scripts/build.ts FOLDER` to write to another folder than dist.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tidy } from './tidy.ts';

// ncc names files relative to the folder it runs in.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [, , out = 'dist'] = process.argv;

rmSync('lib', { recursive: true, force: true });
run('typescript/bin/tsc', '-p', 'tsconfig.build.json');
// Without a "type" here ncc writes CommonJS, which spares every start Node's loader of ES modules.
writeFileSync('lib/package.json', '{}');
for (const name of ['@actions/core', '@actions/http-client']) copyWithoutSideEffects(name);
if (out === 'dist') rmSync(out, { recursive: true, force: true });
const options = ['-o', out, '--no-cache', '--quiet', '--license', 'licenses.txt'];
run('@vercel/ncc/dist/ncc/cli.js', 'build', 'lib/index.js', ...options);
const files = readdirSync(out).filter((name) => name.endsWith('.js'));
const bundle = new Map(files.map((name) => [name, readFileSync(join(out, name), 'utf8')]));
for (const [name, text] of tidy(bundle)) writeFileSync(join(out, name), text);
// Without this one Node would go by the package.json at the root, and take dist for ES modules.
writeFileSync(join(out, 'package.json'), '{\n  "type": "commonjs"\n}\n');

function run(tool: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [join('node_modules', tool), ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/**
 * These packages only define things when they are imported, but do not say so, and then a bundler keeps every file that
 * they import: 20 kB that never runs, such as OIDC and the summary of @actions/core. So the bundle is made from copies
 * that do say so, in lib, where they are found before those in node_modules. Their comments stay behind: every job would
 * download them, and they are in the packages to read.
 */
function copyWithoutSideEffects(name: string): void {
  // Not in node_modules itself, of which the bundler would make one more file to load.
  const copy = join('lib/packages', name);
  cpSync(join('node_modules', name), copy, { recursive: true });
  mkdirSync('lib/node_modules/@actions', { recursive: true });
  symlinkSync(resolve(copy), join('lib/node_modules', name), 'junction');
  const manifest = join(copy, 'package.json');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), sideEffects: false }));
  const sources = readdirSync(join('node_modules', name, 'lib')).filter((file) => file.endsWith('.js'));
  const asTheyAre = [
    '--ignoreConfig',
    '--allowJs',
    '--noCheck',
    '--noResolve',
    '--target',
    'es2024',
    '--module',
    'nodenext',
  ];
  run(
    'typescript/bin/tsc',
    ...[...asTheyAre, '--removeComments', '--outDir', join(copy, 'lib')],
    ...sources.map((file) => join('node_modules', name, 'lib', file)),
  );
}
