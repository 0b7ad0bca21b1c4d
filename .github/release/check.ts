import { ROOT, readFacts } from './facts.ts';
import { parseVersion, problems } from './rules.ts';

// `node .github/release/check.ts 0.2.0`: whether this commit can be released as that. CI's own jobs do the rest, the fresh
// build of dist among it.

const version = parseVersion(process.argv[2]);
const found = problems(version, readFacts(ROOT, process.env['GITHUB_REPOSITORY']));
for (const problem of found) console.log(`::error title=Not released::${problem}`);
console.log(found.length === 0 ? `${version} can be released.` : `${version} cannot be released.`);
process.exitCode = found.length === 0 ? 0 : 1;
