import { execFileSync, execSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY, REPOSITORY_ID } from '../support/fixtures.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A row of the table: what to start with Node. */
export interface Variant {
  readonly name: string;
  readonly args: readonly string[];
  /** On top of the environment that all variants share. */
  readonly env: Readonly<Record<string, string>>;
  /** Part of what a run must write to GITHUB_OUTPUT. */
  readonly output: string;
}

/** What server.ts tells. */
const CREDIT = '123456';

export const EMPTY: Variant = { name: '`node -e 0`', args: ['-e', '0'], env: {}, output: '' };
export const FLOOR = script('the floor, `node:https`', join(import.meta.dirname, 'floor.cjs'));
export const FETCH = script('the global `fetch`', join(import.meta.dirname, 'fetch.mjs'));
export const ACTION = script('the built action', join(ROOT, 'dist/index.js'));

/** The stored logins that server.ts keeps. */
export const STORED = stored('the built action, stored login', 'octo/fresh');
/** The same three requests by scripts: each on a connection of its own, and with that of GitHub kept. */
export const STORED_FLOOR = storedFloor('its requests by a script, no agent', ['alone']);
export const STORED_FLOOR_KEPT = storedFloor("its requests by a script, Node's agent", []);
/** Its time is mostly the random wait of 0 to 1.5 s before a lease. */
export const RENEWAL = stored('the built action, renewing it', 'octo/expired');

/** Bundles src in `folder`, with the packages themselves in place of the stubs; undefined where npm cannot get the packages. */
export function bundleAsItComes(folder: string): Variant | undefined {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const options = { cwd: folder, timeout: 120_000, stdio: 'pipe', encoding: 'utf8' } as const;
  try {
    // By the shell, because on Windows npm is a batch file.
    execSync('npm install --ignore-scripts --prefer-offline --fetch-retries=0 --no-audit --no-fund', options);
  } catch {
    return undefined;
  }
  const tool = (path: string) => join(ROOT, 'node_modules', path);
  const tsc = [tool('typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', 'lib'];
  const ncc = [tool('@vercel/ncc/dist/ncc/cli.js'), 'build', 'lib/index.js', '-o', 'dist', '--no-cache', '--quiet'];
  execFileSync(process.execPath, tsc, options);
  execFileSync(process.execPath, ncc, options);
  return script('the action bundled as it comes', join(folder, 'dist/index.js'));
}

function stored(name: string, repository: string): Variant {
  const inputs = { 'INPUT_STATE-KEY': KEY, 'INPUT_GITHUB-TOKEN': 'bench-github-token' };
  const env = { GITHUB_REPOSITORY: repository, GITHUB_REPOSITORY_ID: REPOSITORY_ID, GITHUB_RUN_ID: '1', ...inputs };
  return { name, args: ACTION.args, env, output: CREDIT };
}

function storedFloor(name: string, args: readonly string[]): Variant {
  const env = { ...STORED.env, INPUT_TOKEN: 'bench-token' };
  return { name, args: [join(import.meta.dirname, 'floor-stored.cjs'), ...args], env, output: CREDIT };
}

/** Told the token, as in the common use of the action. */
function script(name: string, path: string): Variant {
  return { name, args: [path], env: { INPUT_TOKEN: 'bench-token' }, output: CREDIT };
}
