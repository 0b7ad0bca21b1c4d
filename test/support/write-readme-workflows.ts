import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents, readmeWorkflows } from './readme.ts';

// `npm run readme-workflows -- FOLDER`: the workflows of README and docs as files, for a linter or a runner.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to write to');
for (const document of documents()) {
  for (const [heading, { text }] of readmeWorkflows(document)) {
    const name = `${document}-${heading}`.toLowerCase().replace(/\W+/g, '-');
    writeFileSync(join(folder, `${name}.yml`), complete(text));
  }
}

/** What a recipe leaves to the workflow that it is copied into: its name, its events and what other jobs may do. */
function complete(text: string): string {
  const left = { name: 'Recipe', on: 'workflow_dispatch', permissions: '{}' };
  const added = Object.entries(left).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text));
  return added.map(([key, value]) => `${key}: ${value}\n`).join('') + text;
}
