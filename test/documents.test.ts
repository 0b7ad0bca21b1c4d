import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { LOGIN_DEFAULTS } from '../src/credentials/login-inputs.ts';
import { renderCode } from '../src/credentials/login-report.ts';
import { OUTPUTS, WARN_DAYS_BEFORE_END } from '../src/gate-report.ts';
import { DEFAULTS } from '../src/inputs.ts';
import { REPOSITORY } from '../src/version.ts';
import { documents, readmeWorkflows, readRoot } from './support/readme.ts';

// What people read and copy. test/act runs the workflows; these tests read them.

const workflows = documents().flatMap((document) =>
  readmeWorkflows(document).map(([heading, workflow]): [string, typeof workflow] => [
    `${document}, ${heading}`,
    workflow,
  ]),
);

interface Job {
  if?: string;
  steps?: { if?: string; run?: string }[];
}

describe.each(workflows)('the workflow of %s', (_, { text, written, steps }) => {
  test('names no input or output that does not exist, and always the same version', () => {
    for (const { uses, with: inputs = {} } of steps.filter(({ uses }) => uses?.includes('parallel-balance'))) {
      const known = { [`${REPOSITORY}@v0`]: DEFAULTS, [`${REPOSITORY}/login@v0`]: LOGIN_DEFAULTS }[String(uses)];
      expect(known, uses).toBeDefined();
      expect(Object.keys(known ?? {})).toEqual(expect.arrayContaining(Object.keys(inputs)));
    }
    for (const [, name] of text.matchAll(/steps\.balance\.outputs\.([\w-]+)/g)) expect(OUTPUTS).toContain(name);
  });

  test('guards what spends', () => {
    const guards = [
      "needs.gate.outputs.sufficient == 'true'",
      `contains(fromJSON('["ok","invoiced","unknown"]'), needs.gate.outputs.verdict)`,
    ];
    for (const job of Object.values<Job>(parse(text).jobs)) {
      for (const step of job.steps?.filter(({ run }) => run?.includes('This is where the money goes')) ?? []) {
        expect(guards).toContain(step.if ?? job.if);
      }
    }
  });

  test('gives no job a permission that it does not name, where it is a file of its own', () => {
    if (/^name:/m.test(written)) expect(written).toMatch(/^permissions: \{\}$/m);
  });

  test('has nothing but the gate in a job that may write contents', () => {
    for (const job of Object.values<Job & { permissions?: { contents?: string } }>(parse(text).jobs)) {
      if (job.permissions?.contents === 'write') expect(job.steps?.length ?? 1).toBe(1);
    }
  });
});

test('the README is read to its end', () => {
  expect(readRoot('README.md').split('\n').length - 1).toBeLessThanOrEqual(300);
});

test('the README shows the lines that the login shows', () => {
  const lines = renderCode({
    deviceCode: '',
    userCode: 'WDJB-MJHT',
    verificationUri: 'https://platform.parallel.ai/…',
    verificationUriComplete: undefined,
    otherHost: undefined,
    expiresInSeconds: 600,
    intervalSeconds: 5,
  });
  const shown = lines.map((line) => `   ${line}`).join('\n');
  expect(readRoot('README.md')).toContain(shown.trimStart());
});

const linked = [...documents(), 'CHANGELOG.md', 'CONTRIBUTING.md', 'RELEASING.md', 'SECURITY.md'];

test.each(linked)('%s links to files and headings that there are', (document) => {
  for (const [, link = ''] of readRoot(document).matchAll(/(?:\]\(|src(?:set)?=")(?!https:)([^)"]+)/g)) {
    const url = new URL(link, new URL(`../${document}`, import.meta.url));
    expect(existsSync(new URL(url.pathname, url)), link).toBe(true);
    if (url.hash !== '') expect(anchorsOf(url), link).toContain(url.hash.slice(1));
  }
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(url: URL): string[] {
  const path = url.pathname.slice(new URL('..', import.meta.url).pathname.length);
  return [...readRoot(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the README says when a gate begins to warn that a login ends', () => {
  expect(readRoot('README.md')).toContain(`from ${WARN_DAYS_BEFORE_END} days before`);
});

test('the picture of the architecture has every source file in it, and no other', () => {
  const named = new Set(readRoot('docs/architecture.md').match(/[\w-]+\.ts\b/g));
  const folders = ['src', 'src/credentials'];
  const files = folders.flatMap((folder) => readdirSync(new URL(`../${folder}`, import.meta.url)));
  const there = files.filter((name) => name.endsWith('.ts'));
  expect([...named].filter((name) => !there.includes(name) && name !== 'build.ts')).toEqual([]);
  expect(there.filter((name) => !named.has(name))).toEqual([]);
});
