// What the action costs, held against its goals: `npm run bench`, or `npm run bench -- --rounds 51`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { measure, median, type Result } from './measure.ts';
import {
  ACTION,
  bundleAsItComes,
  EMPTY,
  FETCH,
  FLOOR,
  RENEWAL,
  ROOT,
  STORED,
  STORED_FLOOR,
  STORED_FLOOR_KEPT,
  type Variant,
} from './variants.ts';

const ROUND_TRIP_MS = 40;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 20) throw new Error('--rounds takes a whole number, at least 20');

const folder = mkdtempSync(join(tmpdir(), 'balance-bench-'));
try {
  const asItComes = bundleAsItComes(join(folder, 'as-it-comes'));
  if (asItComes === undefined) console.log('npm install failed (offline?): left out the bundle as it comes.\n');
  const variants = [EMPTY, FLOOR, ACTION, FETCH, asItComes, STORED, RENEWAL].filter((variant) => variant !== undefined);
  console.log(`Medians of ${rounds} rounds, HTTPS, Node ${process.versions.node}, ${process.platform}.`);

  const near = await measure(variants, { rounds, roundTripMs: 0, folder });
  printTable('On loopback', near, FLOOR);
  printGoal(near, ACTION, FLOOR, 1.25);
  printGoal(near, ACTION, FETCH, 0.8);
  if (asItComes !== undefined) printGoal(near, ACTION, asItComes, 0.7);

  const farVariants = [FLOOR, ACTION, STORED_FLOOR, STORED_FLOOR_KEPT, STORED];
  const far = await measure(farVariants, { rounds, roundTripMs: ROUND_TRIP_MS, folder });
  printTable(`With a round trip of ${ROUND_TRIP_MS} ms`, far, FLOOR);
  printGoal(far, ACTION, FLOOR, 1);
  printGoal(far, STORED, STORED_FLOOR, 0.75);
  printGoal(far, STORED, STORED_FLOOR_KEPT, 0.95);

  console.log('\nSize:\n');
  for (const name of readdirSync(join(ROOT, 'dist')).filter((name) => name.endsWith('.js'))) {
    const file = readFileSync(join(ROOT, 'dist', name));
    const use = file.includes('Spends `refreshToken`') ? 'stored logins only' : 'every run';
    console.log(`- dist/${name}, ${use}: ${file.length} bytes, ${gzipSync(file, { level: 9 }).length} with gzip`);
  }
  console.log(`- git archive HEAD, what a runner downloads: ${describeArchive()}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function printTable(title: string, results: readonly Result[], base: Variant): void {
  console.log(`\n${title}:\n`);
  printRow('command', ['wall ms', '× floor', 'CPU ms', 'peak MiB', 'requests']);
  printRow(':--', ['--:', '--:', '--:', '--:', '--:']);
  for (const { variant, rounds, cpuMs, peakMiB, requests } of results) {
    const ratio = ratioOf(results, variant, base).toFixed(2);
    printRow(variant.name, [median(rounds).toFixed(1), ratio, cpuMs.toFixed(1), peakMiB.toFixed(1), `${requests}`]);
  }
  console.log('');
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(`| ${name.padEnd(38)} | ${cells.map((cell) => cell.padStart(8)).join(' | ')} |`);
}

/** The median of the ratios of each round: what slows the machine for a while slows both. */
function ratioOf(results: readonly Result[], variant: Variant, base: Variant): number {
  const [own = [], others = []] = [variant, base].map(
    (wanted) => results.find((result) => result.variant === wanted)?.rounds,
  );
  return median(own.map((ms, round) => ms / (others[round] ?? Number.NaN)));
}

/** Printed, never asserted: the noise of a machine is no failure. */
function printGoal(results: readonly Result[], variant: Variant, base: Variant, goal: number): void {
  const ratio = ratioOf(results, variant, base);
  const outcome = ratio <= goal ? 'met' : 'missed';
  console.log(`- ${variant.name}: ${ratio.toFixed(2)} × ${base.name}; goal ≤ ${goal}: ${outcome}`);
}

function describeArchive(): string {
  try {
    const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, stdio: 'pipe', maxBuffer: 2 ** 28 });
    return `${gzipSync(archive, { level: 9 }).length} bytes with gzip; goal < 64 kB`;
  } catch {
    return 'not known, there is no git checkout with a commit';
  }
}
