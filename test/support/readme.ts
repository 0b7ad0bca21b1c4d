import { readdirSync, readFileSync } from 'node:fs';
import { isMap, isSeq, parse, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';

export interface ReadmeWorkflow {
  /** The name that its first line gives its file, where others call it by that. */
  readonly file: string | undefined;
  /** As it stands in the document. */
  readonly written: string;
  /** As its reader would have it in the end: laid over the set-up, where the document says so, and completed. */
  readonly text: string;
  readonly steps: { uses?: string; with?: Record<string, unknown> }[];
}

interface Job {
  readonly needs?: string | string[];
  readonly steps?: ReadmeWorkflow['steps'];
}

/** A file of this repository, as text. */
export function readRoot(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The documents whose workflows people copy. */
export function documents(): string[] {
  const docs = readdirSync(new URL('../../docs', import.meta.url)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

/** The workflows of a document, by heading: its YAML blocks that have jobs, those inside a list without its indent. */
export function readmeWorkflows(document = 'README.md'): [heading: string, workflow: ReadmeWorkflow][] {
  return readBlocks(document).map(([heading, text]) => [heading, parseWorkflow(text, complete(layOver(text)))]);
}

function readBlocks(document: string): [heading: string, text: string][] {
  return readRoot(document)
    .split(/^##+ /m)
    .flatMap((section) => {
      const heading = section.split('\n')[0] ?? '';
      const blocks = [...section.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = '', text = '']) =>
        text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      );
      return blocks
        .filter((text) => /^jobs:/m.test(text))
        .map((text, index): [string, string] => [index === 0 ? heading : `${heading} ${index + 1}`, text]);
    });
}

/** A recipe that is no whole workflow (a job lacks what it runs on, or a job that it needs), laid over the set-up's. */
function layOver(text: string): string {
  const jobs: Record<string, Job | null> = parse(text).jobs;
  const isWhole = (job: Job | null) =>
    job !== null && ('runs-on' in job || 'uses' in job) && [job.needs ?? []].flat().every((name) => name in jobs);
  if (Object.values(jobs).every(isWhole)) return text;
  const setUp = readBlocks('README.md').find(([, block]) => /^ {2}evaluation:/m.test(block))?.[1] ?? '';
  const [top, below] = [parseDocument(text).contents, parseDocument(setUp)];
  if (isMap(top) && isMap(below.contents)) lay(top, below.contents);
  return below.toString({ lineWidth: 0 });
}

/** Puts what `top` names into `below`, key by key and item by item, with its comments. */
function lay(top: YAMLMap, below: YAMLMap): void {
  for (const { key, value } of top.items) {
    const present = below.get(key, true);
    if (value === null) continue;
    if (isMap(value) && isMap(present)) lay(value, present);
    else if (isSeq(value) && isSeq(present)) layItems(value, present);
    else below.set(key, value);
  }
}

function layItems(top: YAMLSeq, below: YAMLSeq): void {
  top.items.forEach((item, index) => {
    const present = below.items[index];
    if (isMap(item) && isMap(present)) lay(item, present);
    else below.items[index] = item;
  });
}

/** What a recipe leaves to the workflow that it is copied into: its name, its events and what other jobs may do. */
function complete(text: string): string {
  const left = { name: 'Recipe', on: 'workflow_dispatch', permissions: '{}' };
  const added = Object.entries(left).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text));
  return added.map(([key, value]) => `${key}: ${value}\n`).join('') + text;
}

function parseWorkflow(written: string, text: string): ReadmeWorkflow {
  const jobs: Record<string, Job> = parse(text).jobs;
  return {
    written,
    file: /^# \.github\/workflows\/(\S+)$/m.exec(text)?.[1],
    text,
    steps: Object.values(jobs).flatMap(({ steps = [] }) => steps),
  };
}
