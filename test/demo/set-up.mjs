// `npm start` in a fresh clone: installs what package-lock.json names, once. Plain JavaScript for whatever Node there is.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules/.package-lock.json')) execSync('npm ci', { stdio: 'inherit' });
