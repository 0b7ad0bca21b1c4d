// `npm start` in a fresh clone: installs what package-lock.json names, once. Plain JavaScript for whatever Node there is;
// npm's warnings about its age are left out, because the Node 24 that is installed here then runs the demo.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules/.package-lock.json')) execSync('npm ci --loglevel=error', { stdio: 'inherit' });
