import { type InputReader, show } from './input-reader.ts';

/** An input whose loss weakens the action, and what is taken for a misspelling of it. */
export interface Guarded<Name extends string> {
  readonly name: Name;
  /** How many letters may differ, separators dropped. */
  readonly edits: number;
  /** Other names for it: upper case, separators dropped. */
  readonly otherNames?: RegExp;
}

/**
 * Adds a problem for each name that the runner only warns about although it looks like one of `guarded` that was not
 * given. Every other undeclared name passes: the inputs of other actions reach a step in several legitimate ways
 * (GITHUB_ENV, `env:`, the runner's own environment), and so does an empty one of a wrapper.
 */
export function refuseMisspelt<Name extends string>(
  reader: InputReader<Name>,
  guarded: readonly Guarded<Name>[],
): void {
  const { env, defaults, problems } = reader;
  const declared = new Set(Object.keys(defaults).map((name) => name.toUpperCase()));
  for (const [variable, value = ''] of Object.entries(env)) {
    const [, name] = /^INPUT_([^a-z]+)$/.exec(variable) ?? [];
    if (name === undefined || declared.has(name)) continue;
    const meant = lookUp(bare(name), guarded);
    if (meant === undefined || reader.text(meant) !== defaults[meant]) continue;
    // What says no more than the default is no loss.
    if (['', defaults[meant]].includes(value.trim())) continue;
    problems.push(
      `${show(name.toLowerCase())} is no input of this action: probably ${meant} was meant, which is not set`,
    );
  }
}

/** The nearest of `guarded` that `name` may be taken for. */
function lookUp<Name extends string>(name: string, guarded: readonly Guarded<Name>[]): Name | undefined {
  const near = guarded
    .map((input) => ({ ...input, distance: countEdits(name, bare(input.name.toUpperCase())) }))
    .filter(({ distance, edits }) => distance <= edits)
    .sort((a, b) => a.distance - b.distance);
  return (near[0] ?? guarded.find(({ otherNames }) => otherNames?.test(name)))?.name;
}

function bare(name: string): string {
  return name.replace(/[\W_]/g, '');
}

/** Levenshtein's distance: the letters to insert, delete or replace. */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, before = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, above + 1, before + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
