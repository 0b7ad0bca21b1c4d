import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Variant } from './variants.ts';

const MEMORY_RUNS = 5;

type Environment = ReturnType<typeof buildEnvironment>;

/** Medians of all variants, run side by side against one server; `folder` takes the files that a runner would provide. */
export async function measure(variants: readonly Variant[], rounds: number, folder: string) {
  const server = fork(join(import.meta.dirname, 'server.ts'));
  try {
    const [port] = await once(server, 'message');
    const env = buildEnvironment(`https://127.0.0.1:${port}`, folder);

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
      const [ms, requests] = [median(own.map((run) => run.ms)), median(own.map((run) => run.requests))];
      return { variant, ms, requests, peakMiB: measurePeak(variant, env) };
    });
  } finally {
    server.kill();
  }
}

/** Built from nothing: a proxy, more CA files or the NODE_OPTIONS of this machine would be measured, too. */
function buildEnvironment(origin: string, folder: string) {
  const kept = ['PATH', 'HOME', 'SYSTEMROOT', 'TEMP'].filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    NODE_EXTRA_CA_CERTS: join(ROOT, 'test/support/tls/cert.pem'),
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_API_URL: origin,
    'INPUT_PLATFORM-URL': origin,
    'INPUT_API-URL': `${origin}/account`,
    'INPUT_MIN-CENTS': '2000',
  };
}

/** In runs of its own, because the preload takes time. */
function measurePeak(variant: Variant, env: Environment): number {
  const preload = ['-r', join(import.meta.dirname, 'peak.cjs')];
  const runs = Array.from({ length: MEMORY_RUNS }, () => runOnce(variant, env, preload));
  return median(runs.map(({ stderr }) => Number(stderr.trim().split('\n').at(-1)))) / 1024;
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}
