import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse, stringify } from 'yaml';
import { REPOSITORY as ACTION } from '../../src/version.ts';
import { KEY, REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';
import { readmeWorkflows } from '../support/readme.ts';
import { type Servers, startServers } from '../support/stored.ts';

// Runs the set-up of the README with a runner (act), from what `git archive` gives a runner to download: the login, then
// the evaluation with enough credit and with too little. `node test/act/run-readme.ts` with act on the PATH.

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-act-'));
try {
  await using servers = await startServers();
  const [action, repository] = [join(folder, 'action'), join(folder, 'repository')];
  unpackArchive(action);
  const [login, evaluation] = readmeWorkflows()
    .filter(([heading]) => heading.startsWith('Set up'))
    .map(([, { text }]) => pointAt(servers, text));
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: 'pipe' });
  mkdirSync(join(repository, '.github/workflows'), { recursive: true });
  git('init');
  git('remote', 'add', 'origin', `https://github.com/${REPOSITORY}.git`);
  writeFileSync(join(repository, '.github/workflows/login.yml'), login ?? '');
  writeFileSync(join(repository, '.github/workflows/evaluation.yml'), evaluation ?? '');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-m', 'Add workflows');

  const act = (workflow: string) => runAct(servers, repository, action, workflow);
  const money = 'This is where the money goes.';
  check(await act('login'), { passes: true, says: 'Logged in for the organization org_local' });
  check(await act('evaluation'), { passes: true, says: money });
  servers.parallel.balance.credit_balance_cents = 1999;
  servers.parallel.expireAccessTokens();
  check(await act('evaluation'), {
    passes: false,
    says: 'is below the minimum $20.00 (short by $0.01)',
    saysNot: money,
  });
  console.log('The set-up of the README works on a runner: login, enough credit, renewal and too little credit.');
} finally {
  rmSync(folder, { recursive: true });
}

function unpackArchive(target: string): void {
  mkdirSync(target);
  const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 26 });
  execFileSync('tar', ['-xf', '-', '-C', target], { input: archive });
}

/** The workflow as it is written, but for the addresses of the servers. */
function pointAt({ github, parallel }: Servers, text: string): string {
  const workflow = parse(text);
  for (const job of Object.values<{ steps: { uses?: string; with: object }[] }>(workflow.jobs)) {
    for (const step of job.steps.filter(({ uses }) => uses?.includes('parallel-balance-action'))) {
      const isLogin = step.uses?.includes('/login@');
      const urls = { 'platform-url': parallel.platformUrl, ...(isLogin ? {} : { 'api-url': parallel.apiUrl }) };
      step.with = { ...step.with, ...urls, 'github-token': github.token };
    }
  }
  return stringify(workflow);
}

/** Resolves to how act ended and what it printed; approves the login that it shows on the way. */
async function runAct({ github, parallel }: Servers, cwd: string, action: string, workflow: string) {
  const secrets = join(dirname(cwd), 'secrets');
  writeFileSync(secrets, `PARALLEL_STATE_KEY=${KEY}\n`);
  const child = spawn(
    'act',
    [
      ...['--env', `GITHUB_API_URL=${github.url}`, '--env', `GITHUB_REPOSITORY_ID=${REPOSITORY_ID}`],
      ...['workflow_dispatch', '--workflows', `.github/workflows/${workflow}.yml`, '--secret-file', secrets],
      ...['--platform', 'ubuntu-latest=-self-hosted', '--local-repository', `${ACTION}@v0=${action}`],
    ],
    { cwd, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let output = '';
  for await (const line of createInterface(child.stdout)) {
    output += `${line}\n`;

    const code = /the code is {2}(\S+)/.exec(line)?.[1];
    if (code !== undefined) await parallel.approve(code);
  }
  const [exitCode] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
  return { exitCode, output };
}

function check(
  { exitCode, output }: Awaited<ReturnType<typeof runAct>>,
  { passes, says, saysNot = KEY }: { passes: boolean; says: string; saysNot?: string },
): void {
  const isRight = (exitCode === 0) === passes && output.includes(says) && !output.includes(saysNot);
  if (!isRight) throw new Error(`act ended with ${exitCode}; its output should say ${says}:\n${output}`);
}
