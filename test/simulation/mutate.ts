import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { loadProtocol, type Protocol, SRC } from './protocol.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The protocol broken on purpose. A simulation that does not notice shows nothing by passing. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** What each text, there exactly once, is replaced by. */
  readonly edits: readonly (readonly [string, string])[];
  readonly caughtBy: RegExp;
}

/** Hands the mutant to `play`, which resolves to what has caught it, with a trace in the lines after the first. */
export async function mutate(mutant: Mutant, play: (protocol: Protocol) => Promise<string | undefined>): Promise<void> {
  const { name, file, edits, caughtBy } = mutant;
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  try {
    cpSync(fileURLToPath(SRC), join(folder, 'src'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const path = join(folder, 'src/credentials', `${file}.ts`);
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of edits) {
      expect(text.split(from), from).toHaveLength(2);
      text = text.replace(from, () => to);
    }
    writeFileSync(path, text);
    const caught = await play(await loadProtocol(pathToFileURL(join(folder, 'src')).href));
    const [broken = ''] = caught?.split('\n') ?? ['nothing'];
    console.log(`${name}: ${broken}`);
    expect(broken).toMatch(caughtBy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
