import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The environment of an action whose clock runs eight times as fast. */
export const HURRY = { NODE_OPTIONS: `--require ${JSON.stringify(join(ROOT, 'test/support/hurry.cjs'))}` };

/** The inputs that hold secrets. */
const SECRETS = ['token', 'state-key', 'github-token', 'previous-state-key'];

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string | undefined;
  readonly text: string;
}

/** Everything that a finished step leaves behind. */
export interface Step {
  readonly exitCode: number | null;
  readonly outputs: Record<string, string>;
  readonly summary: string;
  readonly annotations: Annotation[];
  /** Plain log lines, without workflow commands. */
  readonly log: string[];
  /** `::debug::` lines, which a runner shows on request only. */
  readonly debug: string[];
  /** What the runner was told to mask. */
  readonly masks: string[];
  /** Everything the process printed but the masks, for leak checks. */
  readonly printed: string;
}

export interface Options {
  /** Which action: the gate, or the login. */
  readonly action?: 'action.yml' | 'login/action.yml';
  readonly env?: Record<string, string | undefined>;
  /** Called with every line of the log while the step runs. */
  readonly onLine?: (line: string) => void;
  /** Hands out a way to send the process a signal, and one to close both streams of its log. */
  readonly onStart?: (signal: (name: NodeJS.Signals) => void, closeLog: () => void) => void;
  /** Arguments that something else has put behind the file. */
  readonly args?: string[];
  /** The node to run it with, where it is not that of the tests. */
  readonly node?: string;
}

/**
 * Runs the built action as the runner would: `with` and the defaults of action.yml become `INPUT_…`, in an environment
 * made from nothing. Rejects if a secret shows anywhere.
 */
export async function runAction(inputs: Record<string, string>, options: Options = {}): Promise<Step> {
  const file = join(ROOT, options.action ?? 'action.yml');
  const action = parse(await readFile(file, 'utf8'));
  const folder = await mkdtemp(join(tmpdir(), 'parallel-balance-'));
  const [outputFile, summaryFile] = [join(folder, 'output'), join(folder, 'summary')];
  await Promise.all([writeFile(outputFile, ''), writeFile(summaryFile, '')]);
  const defaults = Object.entries<{ default?: string }>(action.inputs).map(([name, input]) => [
    name,
    input.default ?? '',
  ]);
  try {
    const env = {
      ...pick(process.env, ['PATH', 'SYSTEMROOT', 'TEMP']),
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      ...toInputVariables({ ...Object.fromEntries(defaults), ...inputs }),
      ...options.env,
    };
    const { exitCode, stdout, stderr } = await execute(join(dirname(file), action.runs.main), env, options);
    const outputText = await readFile(outputFile, 'utf8');
    const summary = await readFile(summaryFile, 'utf8');
    const lines = stdout.split(/\r?\n/).filter((line) => line !== '');
    const masks = commands(lines, 'add-mask').map(({ text }) => text);
    const printed = [...lines.filter((line) => !line.startsWith('::add-mask::')), stderr].join('\n');
    // What was given as a secret counts too: else a mask that is forgotten would disarm this check.
    const given = SECRETS.map((name) => inputs[name] ?? '').filter((secret) => secret.length > 3);
    for (const secret of [...masks, ...given]) {
      if ([outputText, summary, printed].some((text) => text.includes(secret))) throw new Error('a secret leaked');
    }
    return {
      exitCode,
      outputs: parseOutputs(outputText),
      summary,
      annotations: (['error', 'warning', 'notice'] as const).flatMap((level) =>
        commands(lines, level).map(({ title, text }) => ({ level, title, text })),
      ),
      log: lines.filter((line) => !line.startsWith('::')),
      debug: commands(lines, 'debug').map(({ text }) => text),
      masks,
      printed,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `min-cents` → `INPUT_MIN-CENTS`, as the runner names it. */
export function toInputVariables(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

async function execute(file: string, env: Record<string, string | undefined>, options: Options) {
  const { onLine, onStart, args = [], node = process.execPath } = options;
  const child = spawn(node, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 150_000 });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  const output = { stdout: '', stderr: '' };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const closeLog = () => void [child.stdout, child.stderr].map((stream) => stream.destroy());
  onStart?.(signal, closeLog);
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, ...output };
}

function pick(env: NodeJS.ProcessEnv, names: string[]) {
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
}

/** Workflow commands: `::error title=Some title::Some text`. */
function commands(lines: string[], name: string) {
  return lines.flatMap((line) => {
    const match = new RegExp(`^::${name}(?: title=([^:]*))?::(.*)$`).exec(line);
    return match ? [{ title: match[1], text: unescapeData(match[2] ?? '') }] : [];
  });
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** The output file's `name<<delimiter` blocks. A name set twice would be a defect, so it throws. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^(.+?)<<(ghadelimiter_.+?)\r?\n([\s\S]*?)\r?\n\2\r?\n/gm)) {
    if (name in outputs) throw new Error(`the output ${name} was set twice`);
    outputs[name] = value;
  }
  return outputs;
}
