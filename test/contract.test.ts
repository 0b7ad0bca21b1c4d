import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LOGIN_DEFAULTS } from '../src/credentials/login-inputs.ts';
import { LOGIN_OUTPUTS } from '../src/credentials/login-report.ts';
import { OUTPUTS } from '../src/gate-report.ts';
import { DEFAULTS } from '../src/inputs.ts';
import { VERSION } from '../src/version.ts';
import { readRoot } from './support/readme.ts';

// What is said in more than one place is the same everywhere: action.yml, README, docs, package.json and the code.

const action = parse(readRoot('action.yml'));
const login = parse(readRoot('login/action.yml'));
const readme = readRoot('README.md');
const source = readSource();

test('the inputs of both actions and their defaults are those of the code', () => {
  expect(readDefaults(action)).toEqual(DEFAULTS);
  expect(readDefaults(login)).toEqual(LOGIN_DEFAULTS);
});

test('the outputs of action.yml are those of the code', () => {
  expect(Object.keys(action.outputs)).toEqual([...OUTPUTS]);
  expect(Object.keys(login.outputs)).toEqual([...LOGIN_OUTPUTS]);
});

test('the README shows every input with its default, in one block', () => {
  const [, block = ''] = /## Inputs[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const [step] = parse(block);
  const inputs = Object.entries(step.with).map(([name, value]) => [name, { default: String(value) }]);
  expect(readDefaults({ inputs: Object.fromEntries(inputs) })).toEqual(DEFAULTS);
});

test('the README has every output and every verdict in its tables', () => {
  const firstCells = [...readme.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  const verdicts = ['ok', 'invoiced', 'low', 'unknown', 'login-required', 'no-credentials', 'error'];
  expect(firstCells).toEqual([...OUTPUTS, ...verdicts]);
});

test('the messages that the troubleshooting names are messages of the code, or of nobody here', () => {
  const [ours = '', others = ''] = readRoot('docs/troubleshooting.md').split('## What GitHub and Parallel say\n');
  const normalized = source.replace(/\$\{[^}]*\}/g, '…');
  const isOurs = (words: string) => normalized.includes(words);
  expect(readFirstCells(ours).length).toBeGreaterThan(40);
  expect(readFirstCells(ours).filter((words) => !isOurs(words))).toEqual([]);
  expect(readFirstCells(others).length).toBeGreaterThan(1);
  expect(readFirstCells(others).filter(isOurs)).toEqual([]);
});

test('the version is that of package.json and heads the changelog', () => {
  expect(VERSION).toBe(JSON.parse(readRoot('package.json')).version);
  expect(readRoot('CHANGELOG.md')).toContain(`## ${VERSION}`);
});

test('package-lock.json names no address of one machine', () => {
  const resolved = [...readFileSync('package-lock.json', 'utf8').matchAll(/"resolved": "(.*)"/g)].map(([, url]) => url);
  expect(resolved).toEqual(['stubs/exec', 'stubs/tunnel', 'stubs/undici']);
});

/** The defaults of an action; an expression is the runner's to evaluate, and empty without it. */
function readDefaults({ inputs }: { inputs: Record<string, { default?: string }> }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: text = '' }]) => [name, text.startsWith('${{') ? '' : text]),
  );
}

/** What stands in the first cells of the tables, where that is nothing but messages; without the statuses at their ends. */
function readFirstCells(tables: string): string[] {
  const cells = [...tables.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => cell.split(', '));
  return cells.map((cell) => cell.replaceAll('`', '').replace(/ ?(HTTP )?(\d{3}|5\.\.)$/, '')).filter(Boolean);
}

function readSource(): string {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8')).join('');
}
