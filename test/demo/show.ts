import type { Step } from '../support/run-action.ts';

/** What fits on a small terminal, in columns. */
const WIDTH = 100;

/**
 * What a step leaves behind, on one screen: annotations and log, outputs, summary. Left out are blank lines, empty outputs,
 * the end of one that is a long word, and the lines of the log that an annotation or the summary's table repeats.
 */
export function show(name: string, title: string, { exitCode, annotations, log, outputs, summary }: Step): string {
  const annotated = annotations.map(({ level, title, text }) => `${level.toUpperCase()} ${title}: ${text}`);
  const isRepeated = (line: string) =>
    summary.includes(`| ${line.replace(/: +/, ' | ')} |`) || annotations.some(({ text }) => line.endsWith(text));
  const named = Object.entries(outputs).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${shorten(value)}`]));
  return [
    heading(name, `${title}: the step ${exitCode === 0 ? 'passes' : 'FAILS'}`),
    ...section('log', [...annotated, ...log.filter((line) => !isRepeated(line))]),
    ...section('outputs', [named.join('  ')]),
    ...section(
      'summary',
      summary.split('\n').filter((line) => line !== '' && !/^\| :-- /.test(line)),
    ),
  ].join('\n');
}

function shorten(value: string): string {
  return value.length > 50 && !value.includes(' ') ? `${value.slice(0, 50)}…` : value;
}

export function heading(name: string, title: string): string {
  return `\n── ${name} `.padEnd(18, '─') + ` ${title} `.padEnd(WIDTH - 17, '─');
}

function section(name: string, lines: string[]): string[] {
  const indent = ' '.repeat(9);
  return lines
    .flatMap((line) => wrap(line, WIDTH - indent.length))
    .map((line, index) => (index === 0 ? name.padEnd(indent.length) : indent) + line);
}

/** Breaks `line` at spaces, or where there is none; its own indent and the spaces inside stay. */
function wrap(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const space = line.lastIndexOf(' ', width);
  const end = space <= 0 ? width : space;
  return [line.slice(0, end), ...wrap(line.slice(end).trimStart(), width)];
}
