import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setOwner } from '../../.github/release/publish-as.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A clone of a bare repository, on main. */
export interface Clone extends Disposable {
  readonly root: string;
  git(...args: string[]): string;
  read(path: string): string;
  /** Throws where there is nothing to replace. */
  edit(path: string, from: string | RegExp, to: string): void;
  /** Commits everything, pushes it to main, and returns the commit. */
  push(message: string): string;
  /** The tags of the bare repository, with their commits. */
  tags(): Record<string, string>;
}

/** The files of this repository as they are now, committed. */
export function cloneThis(): Clone {
  const folder = newFolder();
  const clone = open(folder);
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'origin.git')]);
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', clone.root]);
  for (const file of filesOfThis()) {
    mkdirSync(dirname(join(clone.root, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(clone.root, file));
  }
  clone.git('remote', 'add', 'origin', '../origin.git');
  clone.git('config', 'user.name', 't');
  clone.git('config', 'user.email', 't@example.com');
  clone.git('config', 'commit.gpgsign', 'false');
  clone.push('Begin');
  return clone;
}

/** As `cloneThis`, with everything set that only the owner can know, and 9.9.0 to be released next. */
export function makeReleasable(clone: Clone): Clone {
  setOwner('my-org', clone.root);
  writeFileSync(join(clone.root, '.github/CODEOWNERS'), '* @my-org/maintainers\n');
  const sections = [
    '# Changelog',
    '## 9.9.0 (unreleased)',
    '- Something new.',
    '## 9.8.0 (2026-01-02)',
    '- Something old.',
  ];
  writeFileSync(join(clone.root, 'CHANGELOG.md'), `${sections.join('\n\n')}\n`);
  clone.push('Set the owner');
  return clone;
}

/** A copy, with its own bare repository: quicker than to make another. */
export function copyOf(clone: Clone): Clone {
  const folder = newFolder();
  cpSync(dirname(clone.root), folder, { recursive: true });
  return open(folder);
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parallel-balance-clone-'));
}

function open(folder: string): Clone {
  const root = join(folder, 'clone');
  const clone: Clone = {
    root,
    git: (...args) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim(),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    edit(path, from, to) {
      const [text, edited] = [clone.read(path), clone.read(path).replaceAll(from, to)];
      if (edited === text) throw new Error(`${path} has nothing to replace`);
      writeFileSync(join(root, path), edited);
    },
    push(message) {
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '--message', message);
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
      return clone.git('rev-parse', 'HEAD');
    },
    tags() {
      const lines = clone.git('ls-remote', '--tags', 'origin').split('\n').filter(Boolean);
      return Object.fromEntries(lines.map((line) => line.split('\trefs/tags/').reverse()));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  return clone;
}

/** Those that git knows, and those that the next commit would bring. */
function filesOfThis(): string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const deleted = execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return files.filter((file) => file !== '' && !deleted.includes(file));
}
