import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Variant } from './variants.ts';

const USAGE_RUNS = 5;

type Environment = ReturnType<typeof buildEnvironment>;

/** What all rounds of a variant came to; wall time in ms, in order of the rounds. */
export interface Result {
  readonly variant: Variant;
  readonly rounds: readonly number[];
  readonly requests: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/**
 * Runs all variants side by side against servers that are `roundTripMs` away; `folder` takes the files that a runner
 * would provide.
 */
export async function measure(
  variants: readonly Variant[],
  { rounds, roundTripMs, folder }: { rounds: number; roundTripMs: number; folder: string },
): Promise<Result[]> {
  const server = fork(join(import.meta.dirname, 'server.ts'), [String(roundTripMs)]);
  try {
    const [[github, parallel]] = await once(server, 'message');
    const env = buildEnvironment(`https://127.0.0.1:${github}`, `https://127.0.0.1:${parallel}`, folder);

    const runs: { variant: Variant; ms: number; requests: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = round % variants.length;
      for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
        const { ms } = runOnce(variant, env);
        runs.push({ variant, ms, requests: await takeCount(server) });
      }
    }

    return variants.map((variant) => {
      const own = runs.filter((run) => run.variant === variant);
      const requests = median(own.map((run) => run.requests));
      return { variant, rounds: own.map(({ ms }) => ms), requests, ...measureUsage(variant, env) };
    });
  } finally {
    server.kill();
  }
}

/** Built from nothing: a proxy, more CA files or the NODE_OPTIONS of this machine would be measured, too. */
function buildEnvironment(github: string, parallel: string, folder: string) {
  const kept = ['PATH', 'HOME', 'SYSTEMROOT', 'TEMP'].filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    NODE_EXTRA_CA_CERTS: join(ROOT, 'test/support/tls/cert.pem'),
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_API_URL: github,
    'INPUT_PLATFORM-URL': parallel,
    'INPUT_API-URL': `${parallel}/account`,
    'INPUT_MIN-CENTS': '2000',
  };
}

/** In runs of its own, because the preload takes time. */
function measureUsage(variant: Variant, env: Environment): { cpuMs: number; peakMiB: number } {
  const preload = ['-r', join(import.meta.dirname, 'usage.cjs')];
  const runs = Array.from({ length: USAGE_RUNS }, () => {
    const [kib = Number.NaN, cpuMs = Number.NaN] =
      runOnce(variant, env, preload).stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    return { kib, cpuMs };
  });
  return { cpuMs: median(runs.map(({ cpuMs }) => cpuMs)), peakMiB: median(runs.map(({ kib }) => kib)) / 1024 };
}

/** Runs a variant from start to finish; throws unless it succeeds and writes its output. */
function runOnce(variant: Variant, env: Environment, preload: string[] = []) {
  const { name, args, output } = variant;
  for (const file of [env.GITHUB_OUTPUT, env.GITHUB_STEP_SUMMARY]) writeFileSync(file, '');
  const options = { env: { ...env, ...variant.env }, encoding: 'utf8' } as const;

  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, ...args], options);
  const ms = performance.now() - start;

  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  if (!readFileSync(env.GITHUB_OUTPUT, 'utf8').includes(output)) throw new Error(`${name} did not write its output`);
  return { ms, stderr };
}

/** The number of requests since the last call. */
async function takeCount(server: ChildProcess): Promise<number> {
  server.send('take');
  const [count] = await once(server, 'message');
  return count;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}
