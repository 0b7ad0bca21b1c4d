import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { release, setVersion } from '../.github/release/prepare.ts';
import { type Gh, publish } from '../.github/release/publish.ts';
import { setOwner } from '../.github/release/publish-as.ts';
import {
  CODE_OWNER_PLACEHOLDER,
  changelogSection,
  type Facts,
  majorTag,
  OWNER_PLACEHOLDER,
  parseVersion,
  problems,
  releaseNotes,
} from '../.github/release/rules.ts';
import { REPOSITORY } from '../src/version.ts';
import { type Clone, cloneThis, copyOf, makeReleasable } from './support/clone.ts';

// How a release is made: the rules as tables, and each step against a bare repository in the place of GitHub's.

const CHANGELOG = '# Changelog\n\n## 0.2.0 (2026-11-25)\n\n- New.\n\n## 0.1.0 (2026-10-01)\n\n- Old.\n';
const FACTS: Facts = {
  versions: { 'package.json': '0.2.0', 'src/version.ts': '0.2.0' },
  changelog: CHANGELOG,
  repository: 'my-org/gate',
  runsIn: 'my-org/gate',
  packageLinks: {
    repository: 'git+https://github.com/my-org/gate.git',
    bugs: 'https://github.com/my-org/gate/issues',
  },
  withoutOwner: [],
  codeOwners: '/dist/ @my-org/maintainers',
  isOnMain: true,
  tagsElsewhere: ['v0.1.0', 'v0', 'v1.0.0-draft'],
};

describe('a version', () => {
  test.each([
    ['0.2.0', '0.2.0'],
    ['v0.2.0', '0.2.0'],
    ['12.0.34', '12.0.34'],
  ])('%s is %s', (text, version) => {
    expect(parseVersion(text)).toBe(version);
  });

  test.each(['', '0.2', 'v0.2.0-rc.1', '0.2.0 ', '00.2.0', '1.2.3.4', 'latest', '$(id)'])('is not %j', (text) => {
    expect(() => parseVersion(text)).toThrow('is no version such as 0.2.0');
  });

  test('has a major tag that users follow', () => {
    expect(['0.2.0', '1.4.7', '12.0.0'].map(majorTag)).toEqual(['v0', 'v1', 'v12']);
  });
});

describe('a commit can be released', () => {
  test('where everything agrees', () => {
    expect(problems('0.2.0', FACTS)).toEqual([]);
  });

  test('on the machine of a maintainer, too', () => {
    expect(problems('0.2.0', { ...FACTS, runsIn: undefined })).toEqual([]);
  });

  test.each<[string, Partial<Facts>, string]>([
    ['a file names another version', { versions: { 'package.json': '0.1.0' } }, 'package.json says 0.1.0, not 0.2.0.'],
    ['a file names none', { versions: { 'src/version.ts': undefined } }, 'src/version.ts says no version, not 0.2.0.'],
    [
      'the changelog has no date for it',
      { changelog: CHANGELOG.replace('2026-11-25', 'unreleased') },
      'CHANGELOG.md has no heading "## 0.2.0 (YYYY-MM-DD)".',
    ],
    [
      'the changelog does not know it',
      { changelog: CHANGELOG.replace('0.2.0', '0.3.0') },
      'CHANGELOG.md has no heading "## 0.2.0 (YYYY-MM-DD)".',
    ],
    [
      'the changelog says nothing about it',
      { changelog: CHANGELOG.replace('- New.', '') },
      'CHANGELOG.md says nothing about 0.2.0.',
    ],
    [
      'the owner is not set',
      { withoutOwner: ['README.md'] },
      'README.md still names no owner: npm run publish-as -- my-org',
    ],
    [
      'nobody owns the code',
      { codeOwners: `/dist/ ${CODE_OWNER_PLACEHOLDER}` },
      `.github/CODEOWNERS still says ${CODE_OWNER_PLACEHOLDER}: put a user or a team with write access there.`,
    ],
    ['it runs in a fork', { runsIn: 'you/gate' }, 'This runs in you/gate, and the code says my-org/gate.'],
    [
      'package.json links to another place',
      { packageLinks: { ...FACTS.packageLinks, bugs: undefined } },
      'bugs in package.json is not https://github.com/my-org/gate/issues.',
    ],
    ['it is not on main', { isOnMain: false }, 'The commit is not on main.'],
    ['its tag is taken', { tagsElsewhere: ['v0.2.0'] }, 'The tag v0.2.0 exists, at another commit.'],
    ['a newer version is out', { tagsElsewhere: ['v0.2.10'] }, 'v0.2.10 is out: v0 must not go back to 0.2.0.'],
  ])('not where %s', (_, change, problem) => {
    expect(problems('0.2.0', { ...FACTS, ...change })).toEqual([problem]);
  });
});

test('the notes of a release are its section of the changelog, its pin, and where the source is', () => {
  expect(changelogSection(CHANGELOG, '0.1.0')).toEqual({ date: '2026-10-01', text: '- Old.' });
  const notes = releaseNotes('0.2.0', 'abc123', FACTS);
  expect(notes).toMatch(/^- New\.\n/);
  expect(notes).not.toContain('Old');
  expect(notes).toContain('`uses: my-org/gate@abc123 # v0.2.0`');
  expect(notes).toContain('https://github.com/my-org/gate/tree/v0.2.0');
});

/** What `gh` was asked, and which tags there were at that moment. */
function fakeGh(clone: Clone, fail = false) {
  const releases: string[] = [];
  const calls: { args: string[]; input: string; tags: string[] }[] = [];
  const gh: Gh = (args, input = '') => {
    if (args[1] === 'list') return releases.join('\n');
    if (fail) throw new Error('gh failed');
    releases.push(args[2] ?? '');
    calls.push({ args, input, tags: Object.keys(clone.tags()) });
    return '';
  };
  return { gh, calls };
}

const releasable = makeReleasable(cloneThis());
const prepared = copyOf(releasable);
setVersion(prepared.root, '9.9.0', '2026-11-25');
const commit = prepared.push('Release 9.9.0');
afterAll(() => {
  for (const clone of [releasable, prepared]) clone[Symbol.dispose]();
});

describe('publishing', () => {
  test('tags the commit, makes the release, and moves the major tag last', () => {
    using clone = copyOf(prepared);
    clone.git('push', '--quiet', 'origin', 'HEAD~1:refs/tags/v9');
    const before = clone.tags();
    const { gh, calls } = fakeGh(clone);
    publish('9.9.0', gh, clone.root, 'my-org/parallel-balance-action');
    expect(clone.tags()).toEqual({ v9: commit, 'v9.9.0': commit });
    expect(before['v9']).not.toBe(commit);
    expect(calls).toMatchObject([
      { args: ['release', 'create', 'v9.9.0', '--verify-tag', '--title', 'v9.9.0', '--notes-file', '-'] },
    ]);
    expect(calls[0]?.input).toMatch(/^- Something new\.\n\nPinned by commit: /);
    expect(calls[0]?.tags).toContain('v9.9.0');
  });

  test('leaves the major tag where the release fails, and finishes when it is repeated', () => {
    using clone = copyOf(prepared);
    expect(() => publish('9.9.0', fakeGh(clone, true).gh, clone.root)).toThrow('gh failed');
    expect(Object.keys(clone.tags())).toEqual(['v9.9.0']);
    const { gh, calls } = fakeGh(clone);
    publish('9.9.0', gh, clone.root);
    publish('9.9.0', gh, clone.root);
    expect(calls).toHaveLength(1);
    expect(clone.tags()).toEqual({ v9: commit, 'v9.9.0': commit });
  });

  test('keeps a tag that a maintainer made by hand', () => {
    using clone = copyOf(prepared);
    clone.git('tag', '--annotate', '--message', 'signed, say', 'v9.9.0');
    clone.git('push', '--quiet', 'origin', 'v9.9.0');
    publish('9.9.0', fakeGh(clone).gh, clone.root);
    expect(clone.tags()).toMatchObject({ 'v9.9.0^{}': commit, v9: commit });
  });

  test('touches nothing where the commit cannot be released', () => {
    using clone = copyOf(prepared);
    clone.git('commit', '--quiet', '--allow-empty', '--message', 'Not on main');
    const { gh, calls } = fakeGh(clone);
    expect(() => publish('9.9.0', gh, clone.root)).toThrow('The commit is not on main.');
    expect({ calls, tags: clone.tags() }).toEqual({ calls: [], tags: {} });
  });
});

describe('the command of the maintainer', () => {
  const today = '2026-11-25';
  const start = 'gh workflow run release.yml --ref main --field version=9.9.0';

  test('sets the version everywhere, commits, pushes, and starts the workflow', () => {
    using clone = copyOf(releasable);
    // The major tag has moved since this clone was made.
    clone.git('push', '--quiet', 'origin', 'HEAD~1:refs/tags/v9');
    clone.git('tag', 'v9');
    const ran: string[] = [];
    release('9.9.0', today, (command, args) => ran.push([command, ...args].join(' ')), clone.root);
    expect(ran).toEqual(['npm run build', start]);
    expect(clone.git('log', '--format=%s', '--max-count=1', 'origin/main')).toBe('Release 9.9.0');
    expect(clone.git('diff', '--name-only', 'HEAD~1').split('\n')).toEqual([
      'CHANGELOG.md',
      'package-lock.json',
      'package.json',
      'src/version.ts',
    ]);
    expect(Object.keys(clone.tags())).toEqual(['v9']);
    release('9.9.0', today, (command, args) => ran.push([command, ...args].join(' ')), clone.root);
    expect(ran.slice(2)).toEqual([start]);
  });

  test.each<[string, (clone: Clone) => void, string]>([
    ['there are changes', (clone) => clone.edit('LICENSE', 'MIT', 'mit'), 'not committed'],
    [
      'main has moved on',
      (clone) => {
        clone.edit('LICENSE', 'MIT', 'mit');
        clone.push('Somebody else');
        clone.git('reset', '--quiet', '--hard', 'HEAD~1');
      },
      'not main as the server has it',
    ],
    [
      'the changelog has nothing new',
      (clone) => {
        clone.edit('CHANGELOG.md', '9.9.0 (unreleased)', '9.8.0 (2026-01-01)');
        clone.push('Released');
      },
      'CHANGELOG.md has nothing like',
    ],
    [
      'nobody owns the code',
      (clone) => {
        clone.edit('.github/CODEOWNERS', '@my-org/maintainers', CODE_OWNER_PLACEHOLDER);
        clone.push('Nobody');
      },
      'CODEOWNERS still says',
    ],
  ])('refuses where %s, and changes nothing', (_, change, message) => {
    using clone = copyOf(releasable);
    change(clone);
    const state = () => [clone.git('ls-remote', 'origin'), clone.git('diff', 'HEAD'), clone.git('rev-parse', 'HEAD')];
    const before = state();
    const run = (command: string) => expect(command).toBe('npm');
    expect(() => release('9.9.0', today, run, clone.root)).toThrow(message);
    expect(state()).toEqual(before);
  });
});

describe('the owner of the repository', () => {
  test('is set everywhere by one command', () => {
    using clone = cloneThis();
    // The first was a slip; pictures carry that very name, and are no text.
    for (const owner of ['my-org', 'owner-of-a-test']) setOwner(owner, clone.root);
    const changed = clone.git('diff', '--name-only');
    expect(changed.split('\n')).toEqual(
      expect.arrayContaining(['README.md', 'dist/index.js', 'package.json', 'src/version.ts']),
    );
    expect(changed).not.toContain('docs/pictures');
    expect(() => clone.git('grep', REPOSITORY)).toThrow(); // git says so where it finds nothing
  });

  test('is a name that GitHub accepts', () => {
    using clone = copyOf(releasable);
    for (const name of ['', 'my org', '-x', 'a--b', 'https://github.com/x']) {
      expect(() => setOwner(name, clone.root), name).toThrow("is no name of GitHub's");
    }
    expect(clone.git('status', '--porcelain')).toBe('');
  });
});

test('the check says why, and fails, until everything is set', () => {
  using clone = copyOf(prepared);
  const check = (version: string) => {
    const env = { ...process.env, GITHUB_REPOSITORY: 'my-org/parallel-balance-action' };
    const script = join(clone.root, '.github/release/check.ts');
    return spawnSync(process.execPath, [script, version], { encoding: 'utf8', env });
  };
  expect(check('v9.9.0')).toMatchObject({ status: 0, stdout: '9.9.0 can be released.\n' });
  setOwner(OWNER_PLACEHOLDER, clone.root);
  const { status, stdout } = check('9.9.0');
  expect(status).toBe(1);
  expect(stdout).toContain('::error title=Not released::README.md still names no owner: npm run publish-as -- my-org');
});
