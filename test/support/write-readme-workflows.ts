import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeWorkflows } from './readme.ts';

// `npm run readme-workflows -- FOLDER`: the README's workflows as files, for a linter or a runner. Recipes that leave out
// `on:` for brevity get one.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to write to');
for (const [heading, { text }] of readmeWorkflows()) {
  const name = heading.toLowerCase().replace(/\W+/g, '-');
  writeFileSync(join(folder, `${name}.yml`), /^on:/m.test(text) ? text : `on: workflow_dispatch\n${text}`);
}
