import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, ROOT, readFacts } from './facts.ts';
import { changelogSection, parseVersion, problems } from './rules.ts';

// `npm run release -- 0.2.0` on main: sets the version everywhere, commits, pushes, and starts the release workflow.

/** Runs a program in the repository, in sight of the maintainer. Throws where it fails. */
export type Run = (command: 'npm' | 'gh', args: string[]) => void;

/**
 * Prepares `version` in the clone at `root` and starts its release; where it has been prepared before, only starts it.
 * Throws, and leaves everything as it was, where the clone is not a clean main as the server has it, or cannot be released.
 */
export function release(version: string, today: string, run: Run, root: string): void {
  const git = gitIn(root);
  git('fetch', '--tags', '--force', 'origin', 'main'); // the major tag moves
  if (git('status', '--porcelain') !== '') throw new Error('There are changes that are not committed.');
  const isMain = git('rev-parse', 'HEAD') === git('rev-parse', 'origin/main');
  if (!isMain) throw new Error('This is not main as the server has it.');
  try {
    if (changelogSection(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version)?.date === undefined) {
      setVersion(root, version, today);
      run('npm', ['run', 'build']);
    }
    const found = problems(version, readFacts(root));
    if (found.length > 0) throw new Error(found.join('\n'));
  } catch (error) {
    git('restore', '.'); // nothing but what was written here: it was clean
    throw error;
  }
  if (git('status', '--porcelain') !== '') {
    git('commit', '--all', '--message', `Release ${version}`);
    git('push', 'origin', 'HEAD:main');
  }
  run('gh', ['workflow', 'run', 'release.yml', '--ref', 'main', '--field', `version=${version}`]);
}

/** Writes `version` where it stands, and gives the changelog's unreleased heading its version and date. */
export function setVersion(root: string, version: string, today: string): void {
  // The lock file has it twice, both times after the name.
  const inManifest = /("name": "parallel-balance-action",\s+"version": ")[^"]+/g;
  replace(join(root, 'package.json'), inManifest, `$1${version}`);
  replace(join(root, 'package-lock.json'), inManifest, `$1${version}`);
  replace(join(root, 'src/version.ts'), /(VERSION = ')[^']+/, `$1${version}`);
  replace(join(root, 'CHANGELOG.md'), /^## \S+ \(unreleased\)$/m, `## ${version} (${today})`);
}

function replace(file: string, pattern: RegExp, by: string): void {
  const text = readFileSync(file, 'utf8');
  if (text.search(pattern) < 0) throw new Error(`${file} has nothing like ${pattern.source}`);
  writeFileSync(file, text.replace(pattern, by));
}

if (import.meta.main) {
  const version = parseVersion(process.argv[2]);
  const run: Run = (command, args) => {
    execFileSync(command, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  };
  release(version, new Date().toISOString().slice(0, 10), run, ROOT);
}
