import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from '../src/version.ts';
import { readRoot } from './support/readme.ts';

// What the platform reads of this repository, and shows nobody where it is wrong.

const ROOT = new URL('..', import.meta.url);
const workflows = readdirSync(new URL('.github/workflows', ROOT)).map((name): [string, Workflow] => [
  name,
  parse(readRoot(`.github/workflows/${name}`)),
]);

interface Workflow {
  on: Record<string, unknown>;
  permissions?: object;
  jobs: Record<string, { permissions: Record<string, string>; needs?: string[]; uses?: string }>;
}

test('package.json links to where the code says that the project lives', () => {
  const { repository, bugs } = JSON.parse(readRoot('package.json'));
  expect(repository.url).toBe(`git+https://github.com/${REPOSITORY}.git`);
  expect(bugs).toBe(`https://github.com/${REPOSITORY}/issues`);
});

test('reviews do not fold dist', () => {
  const attribute = execFileSync('git', ['check-attr', 'linguist-generated', 'dist/index.js'], { cwd: ROOT });
  expect(attribute.toString()).toBe('dist/index.js: linguist-generated: unset\n');
});

test('what runs near a secret, and what decides what is released, has an owner', () => {
  const lines = readRoot('.github/CODEOWNERS').split('\n');
  const paths = lines.filter((line) => line.startsWith('/')).map((line) => line.split(' ')[0] ?? '');
  expect(paths.filter((path) => !existsSync(new URL(`.${path}`, ROOT)))).toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining(['/.ci/', '/.github/', '/dist/', '/package.json', '/package-lock.json', '/stubs/']),
  );
});

describe.each(workflows)('the workflow %s', (name, { permissions, jobs }) => {
  test('gives every job the permissions that it names, and no others', () => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toMatchObject({ contents: expect.anything() });
  });

  test('writes contents only where it publishes', () => {
    const writing = Object.entries(jobs).filter(([, job]) => job.permissions['contents'] !== 'read');
    expect(writing.map(([job]) => job)).toEqual(name === 'release.yml' ? ['publish'] : []);
  });
});

test('a release is started by no pull request, and published only after all that CI runs', () => {
  const release = workflows.find(([name]) => name === 'release.yml')?.[1];
  expect(Object.keys(release?.on ?? {})).toEqual(['workflow_dispatch', 'push']);
  expect(release?.on['push']).toEqual({ tags: ['v[0-9]+.[0-9]+.[0-9]+'] });
  expect(release?.jobs['publish']?.needs).toEqual(['check', 'ci']);
  expect(release?.jobs['ci']?.uses).toBe('./.github/workflows/ci.yml');
});
