import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** `date` as GitHub writes it: `2026-11-23T02:00:07Z`. */
type Signature = { name: string; email: string; date: string };
export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
};
export type Target = { sha: string; type: string };
type GitObject = Target & { content: string };

/** A bare repository of real git objects, whose reads can be made to lag behind its writes. */
export interface GitRepository {
  /** Its `refs/heads/main` holds a file: a repository with a workflow is never empty. */
  readonly gitDir: string;
  /** The object of a full hash, or of a ref of plain segments. */
  read(name: string): GitObject | undefined;
  readCommit(name: string): Commit | undefined;
  /** What a replica that lags shows of a ref or of a commit. */
  readLate(ref: string): Target | undefined;
  readCommitLate(sha: string): Commit | undefined;
  descends(sha: string, ancestor: string): boolean;
  /** The tree and the parents must exist. */
  createCommit(message: string, tree: string, parents: readonly string[]): Promise<Commit>;
  /** Moves or deletes a ref. Rejects where it no longer stands at `old`, or git does not take the name. */
  moveRef(ref: string, old: Target | undefined, sha?: string): Promise<void>;
  remove(): Promise<void>;
}

interface Options {
  /** Milliseconds since 1970, for new commits. */
  readonly now: () => number;
  /** For this long after a write, reads do not show it. */
  readonly lagMs: () => number;
}

export async function createGitRepository({ now, lagMs }: Options): Promise<GitRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'));
  const gitDir = join(folder, 'repository.git');
  // Made from nothing: a test run from a git hook would hand its GIT_DIR down.
  const environment = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_DEFAULT_HASH: 'sha1',
    GIT_DEFAULT_REF_FORMAT: 'files',
  };
  const setup = ['--git-dir', gitDir, '-c', 'user.name=github-actions[bot]', '-c', 'user.email=bot@example.com'];

  function git(args: string[], input = ''): Promise<string> {
    const date = `${Math.floor(now() / 1000)} +0000`;
    const env = { ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, stdout: string) => (error ? reject(error) : resolve(stdout.trim()));
      const { stdin } = execFile('git', [...setup, ...args], { env }, done);
      stdin?.on('error', () => {}); // git may fail before it has read everything
      stdin?.end(input);
    });
  }

  await git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=']);
  await git(['mktree']); // the empty tree
  const tree = await git(['mktree'], `100644 blob ${await git(['hash-object', '-w', '--stdin'], '# evals')}\tREADME\n`);
  await git(['update-ref', 'refs/heads/main', await git(['commit-tree', tree], 'Initial commit')]);

  /** Read from its loose file: nothing here ever packs. */
  function read(name: string): GitObject | undefined {
    if (!isSha(name) && !/^refs(\/[\w-][\w.-]*)+$/.test(name)) return undefined;
    try {
      const sha = isSha(name) ? name : readFileSync(join(gitDir, name), 'utf8').trim();
      const raw = inflateSync(readFileSync(join(gitDir, 'objects', sha.slice(0, 2), sha.slice(2)))).toString();
      return { sha, type: raw.slice(0, raw.indexOf(' ')), content: raw.slice(raw.indexOf('\0') + 1) };
    } catch {
      return undefined;
    }
  }

  function readCommit(name: string): Commit | undefined {
    const found = read(name);
    if (found?.type !== 'commit') return undefined;
    const end = found.content.indexOf('\n\n');
    const head = found.content.slice(0, end);
    const [tree = '', ...parents] = [...head.matchAll(/^(?:tree|parent) (.*)$/gm)].map(([, sha = '']) => sha);
    const [author, committer] = [readSignature(head, 'author'), readSignature(head, 'committer')];
    return { sha: found.sha, tree, parents, author, committer, message: found.content.slice(end + 2) };
  }

  const writes: { ref: string; old: Target | undefined; until: number }[] = [];
  const hiddenUntil = new Map<string, number>();
  const lags = (until = 0) => performance.now() < until;

  return {
    gitDir,
    read,
    readCommit,
    readLate(ref) {
      const late = writes.find((write) => write.ref === ref && lags(write.until));
      return late ? late.old : read(ref);
    },
    readCommitLate: (sha) => (lags(hiddenUntil.get(sha)) ? undefined : readCommit(sha)),
    descends(sha, ancestor) {
      const lineage = new Set([sha]);
      for (const each of lineage) for (const parent of readCommit(each)?.parents ?? []) lineage.add(parent);
      return lineage.has(ancestor);
    },
    async createCommit(message, tree, parents) {
      const sha = await git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], message);
      return readCommit(sha) as Commit;
    },
    async moveRef(ref, old, sha) {
      // Noted before it happens, so that no read can be ahead of the lag.
      const write = { ref, old, until: performance.now() + lagMs() };
      writes.push(write);
      if (sha && !hiddenUntil.has(sha)) hiddenUntil.set(sha, write.until);
      try {
        await git(['update-ref', ...(sha ? [ref, sha] : ['-d', ref]), old?.sha ?? '0'.repeat(40)]);
      } catch (error) {
        writes.splice(writes.indexOf(write), 1);
        throw error;
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `committer A B <a@b.example> 1795399207 +0000` */
function readSignature(head: string, role: string): Signature {
  const [, name = '', email = '', seconds] = new RegExp(`^${role} (.*) <(.*)> (\\d+) `, 'm').exec(head) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z') };
}

export const isSha = (value: string) => /^[0-9a-f]{40}$/.test(value);
