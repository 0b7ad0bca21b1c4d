import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ReadmeWorkflow {
  readonly text: string;
  readonly steps: { uses?: string; with?: Record<string, unknown> }[];
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
  return readRoot(document)
    .split(/^##+ /m)
    .flatMap((section) => {
      const heading = section.split('\n')[0] ?? '';
      const blocks = [...section.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = '', text = '']) =>
        text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      );
      const workflows = blocks.filter((text) => /^jobs:/m.test(text)).map(parseWorkflow);
      return workflows.map((workflow, index): [string, ReadmeWorkflow] => [
        index === 0 ? heading : `${heading} ${index + 1}`,
        workflow,
      ]);
    });
}

function parseWorkflow(text: string): ReadmeWorkflow {
  const jobs: Record<string, { steps?: ReadmeWorkflow['steps'] }> = parse(text).jobs;
  return { text, steps: Object.values(jobs).flatMap(({ steps = [] }) => steps) };
}
