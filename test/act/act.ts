import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse, stringify } from 'yaml';
import { REPOSITORY as ACTION } from '../../src/version.ts';
import { REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';
import type { Servers } from '../support/stored.ts';
import type { Run } from './scenarios.ts';

// Workflows with a runner (act), on what `git archive` gives a runner to download, against the local servers.

const ROOT = join(import.meta.dirname, '../..');

interface Job {
  uses?: string;
  steps?: { uses?: string; with?: object; run?: string; env?: object }[];
  outputs?: object;
}

/** A repository of workflows, and a `gh` that writes down what it is asked. */
export class Act implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'parallel-balance-act-'));
  readonly #action = join(this.#folder, 'action');
  readonly #repository = join(this.#folder, 'repository');
  readonly #workflows = join(this.#repository, '.github/workflows');
  readonly #gh = join(this.#folder, 'gh.log');
  readonly #servers: Servers;
  readonly #secrets: Record<string, string>;
  readonly #id: string;

  /** `repository`: the one that the workflows are of; GitHub's double knows the one that keeps the state. */
  constructor(servers: Servers, secrets: Record<string, string>, repository = { name: REPOSITORY, id: REPOSITORY_ID }) {
    this.#servers = servers;
    this.#secrets = secrets;
    this.#id = repository.id;
    for (const folder of [this.#action, this.#workflows, join(this.#folder, 'bin')])
      mkdirSync(folder, { recursive: true });
    const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 2 ** 26 });
    execFileSync('tar', ['-xf', '-', '-C', this.#action], { input: archive });
    // It answers a listing with the number of the issue that is open.
    const gh = join(this.#folder, 'bin/gh');
    writeFileSync(gh, `#!/bin/sh\necho "$*" >> '${this.#gh}'\n[ "$1" != api ] || echo "$OPEN_ISSUE"\n`);
    chmodSync(gh, 0o755);
    this.#git('init');
    this.#git('remote', 'add', 'origin', `https://github.com/${repository.name}.git`);
    this.#git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--allow-empty', '-m', 'Begin');
  }

  /** Runs a workflow of those in `files`, and resolves to what it printed; approves the login that it shows on the way. */
  async run(files: Record<string, string>, started: string, run: Partial<Run>) {
    const { event = 'workflow_dispatch', inputs = {}, payload = {}, hasNoSecrets, gateOutputs, attempt = 1 } = run;
    rmSync(this.#workflows, { recursive: true });
    mkdirSync(this.#workflows);
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.#workflows, name), this.#adapt(text, gateOutputs));
    }
    const [secretFile, payloadFile] = [join(this.#folder, 'secrets'), join(this.#folder, 'event.json')];
    const secrets = Object.entries(hasNoSecrets ? {} : this.#secrets);
    writeFileSync(secretFile, secrets.map(([name, value]) => `${name}=${value}\n`).join(''));
    writeFileSync(payloadFile, JSON.stringify(payload));
    writeFileSync(this.#gh, '');
    const env = {
      GITHUB_API_URL: this.#servers.github.url,
      GITHUB_REPOSITORY_ID: this.#id,
      GITHUB_RUN_ATTEMPT: `${attempt}`,
      OPEN_ISSUE: `${run.openIssue ?? ''}`,
    };
    const child = spawn(
      'act',
      [
        ...[event, '--workflows', `.github/workflows/${started}`, '--secret-file', secretFile],
        ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        ...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
        ...(Object.keys(payload).length > 0 ? ['--eventpath', payloadFile] : []),
        ...['--platform', 'ubuntu-latest=-self-hosted', '--local-repository', `${ACTION}@v0=${this.#action}`],
      ],
      {
        cwd: this.#repository,
        env: { ...process.env, PATH: `${join(this.#folder, 'bin')}${delimiter}${process.env['PATH']}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    let output = '';
    for await (const line of createInterface(child.stdout)) {
      output += `${line}\n`;
      const code = /the code is {2}(\S+)/.exec(line)?.[1];
      if (code !== undefined) await this.#servers.parallel.approve(code);
    }
    const [exitCode] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
    return { exitCode, output: output + errors, gh: this.#askedOfGh() };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  #git(...args: string[]): void {
    execFileSync('git', ['-C', this.#repository, ...args], { stdio: 'pipe' });
  }

  /** act itself asks for a token. */
  #askedOfGh(): string {
    const lines = readFileSync(this.#gh, 'utf8').split('\n');
    return lines
      .filter((line) => line !== 'auth token')
      .join('\n')
      .trim();
  }

  /** The workflow as it is written, but for the addresses of the servers, and for what act does not know or cannot do. */
  #adapt(text: string, gateOutputs: Run['gateOutputs']): string {
    const workflow = parse(text);
    const jobs: Record<string, Job & { concurrency?: { queue?: string } }> = workflow.jobs;
    for (const { concurrency } of [workflow, ...Object.values(jobs)]) delete concurrency?.queue;
    const steps = Object.values(jobs).flatMap(({ steps = [] }) => steps);
    // No App is here to mint a token: a stand-in hands out that of GitHub's double, or nothing without its key, as in a fork.
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/create-github-app-token@'))) {
      const { 'private-key': key } = step.with as { 'private-key': string };
      step.env = { KEY: key, TOKEN: this.#servers.github.token };
      step.run = '[ -z "$KEY" ] || echo "token=$TOKEN" >> "$GITHUB_OUTPUT"';
      delete step.uses;
      delete step.with;
    }
    for (const step of steps.filter(({ uses }) => uses?.includes(ACTION))) step.with = this.#pointAtServers(step);
    if (gateOutputs !== undefined) {
      jobs['gate'] = { ...jobs['gate'], steps: [{ run: 'true' }], outputs: gateOutputs };
    }
    return stringify(workflow);
  }

  #pointAtServers({ uses, with: given = {} }: { uses?: string; with?: object }): object {
    const { github, parallel } = this.#servers;
    const urls = {
      'platform-url': parallel.platformUrl,
      ...(uses?.includes('/login@') ? {} : { 'api-url': parallel.apiUrl }),
    };
    return {
      ...given,
      ...urls,
      ...('state-key' in given && !('github-token' in given) && { 'github-token': github.token }),
    };
  }
}
