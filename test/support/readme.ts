import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ReadmeWorkflow {
  readonly text: string;
  readonly steps: { uses?: string; with?: Record<string, unknown> }[];
}

/** A file of this repository, as text. */
export function readRoot(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The workflows of the README with the headings they stand under: its YAML blocks that have jobs. */
export function readmeWorkflows(): [heading: string, workflow: ReadmeWorkflow][] {
  return readRoot('README.md')
    .split(/^##+ /m)
    .flatMap((section) => {
      const heading = section.split('\n')[0] ?? '';
      const blocks = [...section.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
      return blocks
        .filter((text) => /^jobs:/m.test(text))
        .map((text) => [heading, parseWorkflow(text)] as [string, ReadmeWorkflow]);
    });
}

function parseWorkflow(text: string): ReadmeWorkflow {
  const jobs: Record<string, { steps?: ReadmeWorkflow['steps'] }> = parse(text).jobs;
  return { text, steps: Object.values(jobs).flatMap(({ steps = [] }) => steps) };
}
