import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents, readmeWorkflows } from './readme.ts';

// `npm run readme-workflows -- FOLDER`: the workflows of README and docs as files, for a linter or a runner.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to write to');
for (const document of documents()) {
  for (const [heading, { text }] of readmeWorkflows(document)) {
    const name = `${document}-${heading}`.toLowerCase().replace(/\W+/g, '-');
    writeFileSync(join(folder, `${name}.yml`), text);
  }
}
