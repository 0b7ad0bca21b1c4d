import type { Kind } from './faults.ts';
import { KEY, REPOSITORY, REPOSITORY_ID } from './fixtures.ts';
import { type LocalGithub, startLocalGithub } from './local-github.ts';
import { type LocalParallel, startLocalParallel } from './local-parallel.ts';
import { HURRY, type Options, runAction, type Step } from './run-action.ts';

/** What a stored login needs: a GitHub made of real git objects, and Parallel with a certified OAuth server. */
export interface Servers extends AsyncDisposable {
  readonly github: LocalGithub;
  readonly parallel: LocalParallel;
}

export async function startServers(
  options: {
    github?: Parameters<typeof startLocalGithub>[0];
    parallel?: Parameters<typeof startLocalParallel>[0];
  } = {},
): Promise<Servers> {
  // A rule of either may wait for a request to the other.
  const decided = new Set<Kind>();
  const github = await startLocalGithub({ ...options.github, decided });
  const parallel = await startLocalParallel({ interval: 0, ...options.parallel, decided });
  return {
    github,
    parallel,
    async [Symbol.asyncDispose]() {
      await Promise.all([github.close(), parallel.close()]);
    },
  };
}

/** Runs the gate with the stored login. */
export function runGate(servers: Servers, inputs: Record<string, string> = {}, options: Options = {}): Promise<Step> {
  return run(servers, { 'api-url': servers.parallel.apiUrl, 'min-cents': '100', ...inputs }, options);
}

/** Runs the login; `meet` is what the human does who reads the code in the live log. */
export function runLogin(
  servers: Servers,
  inputs: Record<string, string> = {},
  meet: (code: string) => unknown = (code) => servers.parallel.approve(code),
  // To find that there is no login takes seconds, and most tests begin with one.
  options: Options = { env: HURRY },
): Promise<Step> {
  let isMet = false;
  return run(servers, inputs, {
    ...options,
    action: 'login/action.yml',
    onLine: (line) => {
      const code = /the code is {2}(\S+)/.exec(line)?.[1];
      if (code === undefined || isMet) return;
      isMet = true;
      void meet(code);
    },
  });
}

function run({ github, parallel }: Servers, inputs: Record<string, string>, options: Options): Promise<Step> {
  const env = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_REPOSITORY_ID: REPOSITORY_ID,
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    ...options.env,
  };
  const stored = { 'state-key': KEY, 'github-token': github.token, 'platform-url': parallel.platformUrl };
  return runAction({ ...stored, ...inputs }, { ...options, env });
}
