import { execFileSync } from 'node:child_process';
import { gitIn, ROOT, readFacts } from './facts.ts';
import { majorTag, parseVersion, problems, releaseNotes } from './rules.ts';

export type Gh = (args: string[], input?: string) => string;

/**
 * Tags the commit that is checked out, makes the GitHub Release, and moves the major tag last: users follow that one.
 * Each step that has been done before is left as it is, so a run that stopped half-way can be repeated.
 * Throws where the commit cannot be released.
 */
export function publish(version: string, gh: Gh, root: string, runsIn?: string): void {
  const git = gitIn(root);
  const facts = readFacts(root, runsIn);
  const found = problems(version, facts);
  if (found.length > 0) throw new Error(found.join(' '));
  const commit = git('rev-parse', 'HEAD');
  const tag = `v${version}`;
  // A tag that a maintainer pushed is kept: it may be signed.
  if (git('ls-remote', 'origin', `refs/tags/${tag}`) === '') git('push', 'origin', `${commit}:refs/tags/${tag}`);
  const released = gh(['release', 'list', '--limit', '1000', '--json', 'tagName', '--jq', '.[].tagName']).split('\n');
  if (!released.includes(tag)) {
    const create = ['release', 'create', tag, '--verify-tag', '--title', tag, '--notes-file', '-'];
    gh(create, releaseNotes(version, commit, facts));
  }
  git('push', '--force', 'origin', `${commit}:refs/tags/${majorTag(version)}`);
}

if (import.meta.main) {
  const version = parseVersion(process.argv[2]);
  const gh: Gh = (args, input = '') => execFileSync('gh', args, { cwd: ROOT, input, encoding: 'utf8' });
  publish(version, gh, ROOT, process.env['GITHUB_REPOSITORY']);
  console.log(`Released ${version}; ${majorTag(version)} follows it.`);
}
