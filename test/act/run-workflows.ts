import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { setVersion } from '../../.github/release/prepare.ts';
import { type Clone, cloneThis, makeReleasable } from '../support/clone.ts';

// Runs what a runner can run of this repository's own workflows, with act: CI's job with the action, and a release into a
// bare repository, with a `gh` that only writes down what it was asked. `node test/act/run-workflows.ts`, act on the PATH.

const REPOSITORY = 'my-org/parallel-balance-action';
const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-act-'));
using clone = makeReleasable(cloneThis());
try {
  const [bin, asked] = [join(folder, 'bin'), join(folder, 'gh.log')];
  writeGh(bin, asked);
  prepareForAct(clone);
  const act = (...args: string[]) => runAct(clone, bin, args);

  check(act('workflow_dispatch', '--job', 'action', '--matrix', 'os:ubuntu-24.04'), true, 'Job succeeded');

  const dispatch = (version: string) => act('workflow_dispatch', '--job', 'publish', '--input', `version=${version}`);
  check(dispatch('9.9.0'), false, 'CHANGELOG.md has no heading "## 9.9.0 (YYYY-MM-DD)"');
  expectTags({});

  setVersion(clone.root, '9.9.0', '2026-11-25');
  const first = clone.push('Release 9.9.0');
  check(dispatch('9.9.0'), true, 'Released 9.9.0; v9 follows it.');
  expectTags({ v9: first, 'v9.9.0': first });

  clone.edit('CHANGELOG.md', '## 9.9.0', '## 0 (unreleased)\n\n- More.\n\n## 9.9.0');
  setVersion(clone.root, '9.9.1', '2026-11-26');
  const second = clone.push('Release 9.9.1');
  clone.git('push', '--quiet', 'origin', 'HEAD:refs/tags/v9.9.1');
  clone.git('fetch', '--quiet', '--tags', 'origin');
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify({ ref: 'refs/tags/v9.9.1' }));
  check(act('push', '--job', 'publish', '--eventpath', event), true, 'Released 9.9.1; v9 follows it.');
  expectTags({ v9: second, 'v9.9.0': first, 'v9.9.1': second });

  // act itself asks for a token.
  const requests = readFileSync(asked, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && line !== 'auth token');
  const words = requests.map((line) => line.split(' ').slice(0, 3).join(' '));
  const expected = ['9.9.0', '9.9.1'].flatMap((version) => [
    'auth setup-git',
    'release list --limit',
    `release create v${version}`,
  ]);
  if (`${words}` !== `${expected}`) throw new Error(`gh was asked:\n${requests.join('\n')}`);
  console.log('The workflows run: CI tries the action, and a release is refused, made by hand, and made by a tag.');
} finally {
  rmSync(folder, { recursive: true });
}

/** What act cannot do as GitHub does: CI inside of CI, and a remote that is a folder. */
function prepareForAct({ root, git, push }: Clone): void {
  const file = join(root, '.github/workflows/release.yml');
  const workflow = parse(readFileSync(file, 'utf8'));
  delete workflow.jobs.ci;
  workflow.jobs.publish.needs = ['check'];
  writeFileSync(file, stringify(workflow));
  git('remote', 'set-url', 'origin', join(root, '../origin.git'));
  git('remote', 'add', 'github', `https://github.com/${REPOSITORY}.git`);
  push('Run on act');
}

function writeGh(bin: string, asked: string): void {
  mkdirSync(bin);
  const readsNotes = 'case "$*" in *--notes-file*) cat > /dev/null ;; esac';
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\necho "$*" >> '${asked}'\n${readsNotes}\n`);
  chmodSync(join(bin, 'gh'), 0o755);
}

function runAct({ root }: Clone, bin: string, args: string[]) {
  // Node is there already, and act's own checkout is a copy of the clone.
  const stub = join(folder, 'stub');
  mkdirSync(stub, { recursive: true });
  writeFileSync(
    join(stub, 'action.yml'),
    'name: Stub\nruns:\n  using: composite\n  steps:\n    - run: node --version\n      shell: bash\n',
  );
  const [setupNode] =
    /actions\/setup-node@\w+/.exec(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) ?? [];
  const workflow = join('.github/workflows', args.includes('publish') ? 'release.yml' : 'ci.yml');
  const settings = ['--workflows', workflow, '--platform', 'ubuntu-24.04=-self-hosted', '--remote-name', 'github'];
  const { status, stdout } = spawnSync('act', [...args, ...settings, '--local-repository', `${setupNode}=${stub}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { status, stdout };
}

function check({ status, stdout }: ReturnType<typeof runAct>, passes: boolean, says: string): void {
  const isRight = (status === 0) === passes && stdout.includes(says);
  if (!isRight) throw new Error(`act ended with ${status}; its output should say ${says}:\n${stdout}`);
}

function expectTags(expected: Record<string, string>): void {
  const tags = clone.tags();
  if (JSON.stringify(tags) !== JSON.stringify(expected)) throw new Error(`the tags are ${JSON.stringify(tags)}`);
}
