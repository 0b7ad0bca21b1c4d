import { afterEach, beforeEach, expect } from 'vitest';
import { EMPTY_TREE, KEY, REF } from './fixtures.ts';
import type { LocalGithub } from './local-github.ts';
import type { LocalParallel } from './local-parallel.ts';
import type { Step } from './run-action.ts';
import { runGate, runLogin, type Servers, startServers } from './stored.ts';

// The built dist as processes, against a GitHub made of real git objects and a certified OAuth server. Importing this
// gives every test of a file servers of its own, and searches what its runs showed for secrets.

let servers: Servers;
export let github: LocalGithub;
export let parallel: LocalParallel;
/** Everything any run showed in a test, to be searched for secrets after it. */
let shown: string[];

async function start(options?: Parameters<typeof startServers>[0]): Promise<void> {
  servers = await startServers(options);
  ({ github, parallel } = servers);
}

/** Other servers in the place of those that every test begins with. */
export async function restart(options: Parameters<typeof startServers>[0]): Promise<void> {
  await servers[Symbol.asyncDispose]();
  await start(options);
}

beforeEach(async () => {
  shown = [];
  await start();
});

afterEach(async () => {
  const commits = await github.commits(REF);
  const places = [...shown, ...commits.map(({ message }) => message)];
  for (const secret of [...parallel.issued, KEY, github.token]) {
    expect(
      places.filter((place) => place.includes(secret)),
      'places that show a secret',
    ).toEqual([]);
  }
  for (const { tree } of commits) expect(tree).toBe(EMPTY_TREE);
  await servers[Symbol.asyncDispose]();
});

export async function gate(...args: Rest<typeof runGate>): Promise<Step> {
  return record(await runGate(servers, ...args));
}

export async function logIn(...args: Rest<typeof runLogin>): Promise<Step> {
  return record(await runLogin(servers, ...args));
}

type Rest<F> = F extends (first: Servers, ...rest: infer R) => unknown ? R : never;

function record(step: Step): Step {
  shown.push(step.printed, step.summary, JSON.stringify(step.outputs));
  return step;
}

/** A login whose access token GitHub's clock calls too old, so that the next gate renews it. */
export async function logInLongAgo(): Promise<void> {
  await logIn();
  github.weather.clockOffsetMs = 3_600_000;
  parallel.expireAccessTokens();
}

/** How often a refresh token has been presented. */
export function refreshes(): number {
  return parallel.requests.filter(({ kind }) => kind === 'refresh').length;
}

/** A gate that ended in this verdict, with one annotation that says what to do. */
export async function expectFailure(step: Step, verdict: string, message: RegExp, nextStep: RegExp): Promise<void> {
  expect(step).toMatchObject({ exitCode: 1, outputs: { verdict, sufficient: 'false' } });
  expect(step.outputs['message']).toMatch(message);
  expect(step.annotations).toHaveLength(1);
  expect(step.annotations[0]?.text).toMatch(nextStep);
}
