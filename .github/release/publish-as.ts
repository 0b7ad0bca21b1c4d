import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, ROOT, readFacts, trackedFiles } from './facts.ts';

// `npm run publish-as -- my-org`: sets the owner of the repository in every file, then builds and tests.

/**
 * Puts `owner` in the place of the present one wherever the repository is named, in every tracked file of `root`.
 * Returns the paths of the files that changed. Throws where GitHub would not accept the name.
 */
export function setOwner(owner: string, root: string): string[] {
  if (!/^[a-z\d](?:-?[a-z\d]){0,38}$/i.test(owner)) throw new Error(`${JSON.stringify(owner)} is no name of GitHub's.`);
  const present = readFacts(root).repository;
  const wanted = `${owner}/${present.split('/')[1]}`;
  return trackedFiles(gitIn(root)).filter((path) => {
    const file = join(root, path);
    const text = readFileSync(file, 'utf8');
    // A picture carries its source as text.
    if (!text.includes(present) || text.includes('\0')) return false;
    writeFileSync(file, text.replaceAll(present, wanted));
    return true;
  });
}

if (import.meta.main) {
  console.log(setOwner(process.argv[2] ?? '', ROOT).join('\n'));
  for (const args of [['run', 'build'], ['run', 'check'], ['test']]) {
    execFileSync('npm', args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  }
}
