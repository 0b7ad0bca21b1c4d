// Makes of what the bundler writes what is worth downloading and reading. No more than that: what runs stays as it is.

/** The files of a bundle, by name, in ASCII, without what never runs and without the bundler's notes to itself. */
export function tidy(bundle: ReadonlyMap<string, string>): Map<string, string> {
  const rest = dropUncalled(useFullNames(new Map([...bundle].map(([name, text]) => [name, dropNoise(text)]))));
  return new Map([...rest].map(([name, text]) => [name, toAscii(text)]));
}

/** Node reads a file of nothing but ASCII in half of the memory, and starts 2 % sooner for it. */
function toAscii(text: string): string {
  const toEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replace(/[^\0-\x7f]/g, toEscape);
}

/**
 * Takes out what the bundler writes for itself around every module. Indents by tabs, which every job downloads faster; a
 * template of several lines would change with that, so there must be none.
 */
function dropNoise(bundled: string): string {
  const text = bundled
    .replace(/^\/\*{6}\/ ?\t?/gm, '')
    .replace(/^\/\*{3,}\/ ?/gm, '')
    .replace(/\/\* (harmony|binding)[^*]*\*\/ ?/g, '')
    .replace(/^\/\/ (EXTERNAL MODULE:|UNUSED EXPORTS:|EXPORTS).*\n/gm, '')
    .replace(/\n{3,}/g, '\n\n');
  // Without the character classes of patterns, which may hold a single backtick.
  const code = withoutComments(text).replace(/\[[^\]\n]*\]/g, '');
  const open = code.split('\n').find((line) => (line.match(/`/g) ?? []).length % 2 === 1);
  if (open !== undefined) throw new Error(`a template of several lines: ${open}`);
  return text.replace(/^(?: {4})+/gm, (indent) => '\t'.repeat(indent.length / 4));
}

/** How the bundler names an export that another module uses: `failure/\* error *\/.z3`, its own name for it at the end. */
const USE = /\/\* \.?([\w$]+) \*\/ ?\.([\w$]+)/g;
/** And where a module exports it: `z3: () => (error)`. */
const EXPORT = /^( {2})([\w$]+)(: \(\) => \((?:\/\* reexport \*\/ )?([\w$]+)\))/gm;

/** Gives exports the names that they have in the source: shorter to download than the bundler's with a comment to each. */
function useFullNames(bundle: Map<string, string>): Map<string, string> {
  const uses = [...bundle.values()].flatMap((text) => [...text.matchAll(USE)]);
  const fullNames = (short: string) => new Set(uses.filter((use) => use[2] === short).map((use) => use[1]));
  const exported = new Set<string>();
  const renameExport = (_: string, indent: string, short: string, rest: string, local: string) => {
    const names = fullNames(short);
    // One short name may stand for exports of several modules; then it is told apart by what the module calls it.
    const [name = short] = names.size > 1 ? [local] : names;
    exported.add(name);
    return `${indent}${name}${rest}`;
  };
  const renamed = [...bundle].map(
    ([file, text]) => [file, text.replace(EXPORT, renameExport).replace(USE, '.$1')] as const,
  );
  const lost = uses.find(([, name = '']) => !exported.has(name));
  if (lost !== undefined) throw new Error(`an export that no module has: ${lost[0]}`);
  return new Map(renamed);
}

/** A module of a package, up to the next one. */
const PACKAGE = /^;\/\/ CONCATENATED MODULE: \.\/(?:lib\/packages|stubs)\/[\s\S]*?(?=^;\/\/ |^\}\),?\n)/gm;

/** What a package declares, with its name: functions, classes, and the methods that are called by their names. */
const DECLARATIONS = [
  /^(?:async )?function (\w+)\(.*\{\n(?:.*\n)*?\}\n/gm,
  /^class (\w+) .*\{\n(?:.*\n)*?\}\n/gm,
  /^\t(?!constructor|toString|if|for|while|switch|catch)(\w+)\([^()]*\) \{\n(?:.*\n)*?\t\}\n/gm,
];

/**
 * Takes out of the packages what nothing in the bundle names: the bundler has already taken away what it would need, and
 * left it behind. A test has a linter look for names that are declared nowhere.
 */
function dropUncalled(bundle: Map<string, string>): Map<string, string> {
  const code = withoutComments([...bundle.values()].join('\n'));
  const drop = (declaration: string, name: string) => {
    const named = new RegExp(`(?<!["'])\\b${name}\\b`, 'g');
    const count = (text: string) => text.match(named)?.length ?? 0;
    return count(code) > count(withoutComments(declaration)) ? declaration : '';
  };
  const dropIn = (module: string) => DECLARATIONS.reduce((rest, pattern) => rest.replace(pattern, drop), module);
  const rest = new Map([...bundle].map(([name, text]) => [name, text.replace(PACKAGE, dropIn)]));
  const isDone = [...rest].every(([name, text]) => text === bundle.get(name));
  // What only the dropped ones have named is to go, too.
  return isDone ? rest : dropUncalled(rest);
}

function withoutComments(code: string): string {
  return code.replace(/^\s*(\/?\*|\/\/).*$/gm, '');
}
