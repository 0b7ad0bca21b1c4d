// What the action costs, held against its goals: `npm run bench`, or `npm run bench -- --rounds 51`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { measure } from './measure.ts';
import { ACTION, bundleAsItComes, EMPTY, FETCH, FLOOR, RENEWAL, ROOT, STORED, type Variant } from './variants.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 20) throw new Error('--rounds takes a whole number, at least 20');

const folder = mkdtempSync(join(tmpdir(), 'balance-bench-'));
try {
  const asItComes = bundleAsItComes(join(folder, 'as-it-comes'));
  if (asItComes === undefined) console.log('npm install failed (offline?): left out the bundle as it comes.\n');
  const variants = [EMPTY, FLOOR, ACTION, FETCH, asItComes, STORED, RENEWAL].filter((variant) => variant !== undefined);
  const results = await measure(variants, rounds, folder);
  const msOf = (variant: Variant) => results.find((result) => result.variant === variant)?.ms ?? Number.NaN;

  console.log(`Medians of ${rounds} rounds, loopback HTTPS, Node ${process.versions.node}, ${process.platform}:\n`);
  printRow('command', ['wall ms', '× floor', 'peak MiB', 'requests']);
  printRow(':--', ['--:', '--:', '--:', '--:']);
  for (const { variant, ms, peakMiB, requests } of results) {
    printRow(variant.name, [ms.toFixed(1), (ms / msOf(FLOOR)).toFixed(2), peakMiB.toFixed(1), `${requests}`]);
  }

  console.log(`\nOf ${ACTION.name}:`);
  printGoal(msOf(ACTION) / msOf(FLOOR), FLOOR, 1.25);
  printGoal(msOf(ACTION) / msOf(FETCH), FETCH, 0.8);
  if (asItComes !== undefined) printGoal(msOf(ACTION) / msOf(asItComes), asItComes, 0.7);
  for (const name of readdirSync(join(ROOT, 'dist')).filter((name) => name.endsWith('.js'))) {
    const file = readFileSync(join(ROOT, 'dist', name));
    const use = name === 'index.js' ? 'every run' : 'stored logins only';
    console.log(`- dist/${name}, ${use}: ${file.length} bytes, ${gzipSync(file, { level: 9 }).length} with gzip`);
  }
  console.log(`- git archive HEAD, what a runner downloads: ${describeArchive()}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(`| ${name.padEnd(32)} | ${cells.map((cell) => cell.padStart(8)).join(' | ')} |`);
}

/** Printed, never asserted: the noise of a machine is no failure. */
function printGoal(ratio: number, base: Variant, goal: number): void {
  console.log(`- ${ratio.toFixed(2)} × ${base.name}; goal ≤ ${goal}: ${ratio <= goal ? 'met' : 'missed'}`);
}

function describeArchive(): string {
  try {
    const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, stdio: 'pipe', maxBuffer: 2 ** 28 });
    return `${gzipSync(archive, { level: 9 }).length} bytes with gzip; goal < 64 kB`;
  } catch {
    return 'not known, there is no git checkout with a commit';
  }
}
