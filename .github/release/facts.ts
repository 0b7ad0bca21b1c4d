import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Facts, OWNER_PLACEHOLDER } from './rules.ts';

/** This repository. */
export const ROOT = join(import.meta.dirname, '../..');

export type Git = (...args: string[]) => string;

/** Runs git in `root` and returns what it prints; its errors go to the log. */
export function gitIn(root: string): Git {
  return (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

/** Reads what `problems` judges from the clone in `root`, all of whose history and tags must be there. */
export function readFacts(root: string, runsIn?: string): Facts {
  const git = gitIn(root);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((path) => JSON.parse(read(path)));
  const code = read('src/version.ts');
  const [, version] = /VERSION = '(.*)'/.exec(code) ?? [];
  const [, repository = ''] = /REPOSITORY = '(.*)'/.exec(code) ?? [];
  const unset = `${OWNER_PLACEHOLDER}/${repository.split('/')[1]}`;
  return {
    versions: {
      'package.json': manifest.version,
      'package-lock.json': lock.version === lock.packages[''].version ? lock.version : undefined,
      'src/version.ts': version,
    },
    changelog: read('CHANGELOG.md'),
    repository,
    runsIn,
    packageLinks: { repository: manifest.repository?.url, bugs: manifest.bugs },
    withoutOwner: trackedFiles(git).filter((path) => read(path).includes(unset)),
    codeOwners: read('.github/CODEOWNERS'),
    isOnMain: isAncestor(git, 'HEAD', 'origin/main'),
    tagsElsewhere: tagsElsewhere(git),
  };
}

/** The paths that git knows in this clone. */
export function trackedFiles(git: Git): string[] {
  return git('ls-files', '-z').split('\0').filter(Boolean);
}

function isAncestor(git: Git, commit: string, of: string): boolean {
  return git('rev-list', commit, `^${of}`, '--max-count=1') === '';
}

function tagsElsewhere(git: Git): string[] {
  const head = git('rev-parse', 'HEAD');
  const tags = git('for-each-ref', 'refs/tags', '--format=%(refname:strip=2) %(objectname) %(*objectname)').split('\n');
  return tags.filter((line) => line !== '' && !line.includes(head)).map((line) => line.split(' ')[0] ?? '');
}
