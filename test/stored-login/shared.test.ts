import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { withFields } from '../support/faults.ts';
import { REF } from '../support/fixtures.ts';
import { expectFailure, gate, github, logIn, parallel, refreshes, restart } from '../support/stored-session.ts';

// One login for several repositories: the state is in a repository that is not the run's, and GitHub's double knows only it.

const SHARED = 'acme/parallel-login';
const inputs = { 'state-repository': SHARED };
const of = (name: string, id: string) => ({ env: { GITHUB_REPOSITORY: name, GITHUB_REPOSITORY_ID: id } });
const EVALS = of('octo/evals', '42');
const AGENTS = of('octo/agents', '43');
const pinned = { ...inputs, 'expected-org-id': 'org_local' };

beforeEach(() => restart({ github: { repository: SHARED, id: '77' } }));

describe('a login that several repositories share', () => {
  test('is made in one of them and used by all, with one request more', async () => {
    await logIn(pinned, undefined, EVALS);
    const before = github.requests.length;
    for (const run of [EVALS, AGENTS]) expect(await gate(inputs, run)).toMatchObject({ exitCode: 0 });
    const kinds = github.requests.slice(before).map(({ kind }) => kind);
    expect(kinds).toEqual(['repo', 'ref', 'commit', 'repo', 'ref', 'commit']);
    expect(refreshes()).toBe(0);
  });

  test('is renewed once where gates of two repositories find it old at the same time', async () => {
    await logIn(pinned, undefined, EVALS);
    github.weather.clockOffsetMs = 3_600_000;
    parallel.expireAccessTokens();
    const steps = await Promise.all([EVALS, AGENTS, EVALS, AGENTS].map((run) => gate(inputs, run)));
    for (const step of steps) expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('names the repository and the run that a gate waits for', async () => {
    await logIn(pinned, undefined, EVALS);
    github.weather.clockOffsetMs = 3_600_000;
    parallel.expireAccessTokens();
    parallel.faults.add({ on: 'refresh', times: 2, answerDelayMs: 9000 });
    const first = gate(inputs, EVALS);
    await expect.poll(refreshes).toBe(1);
    const second = await gate(inputs, { env: { ...AGENTS.env, RUNNER_DEBUG: '1' } });
    expect(second.printed).toContain('Run 1001 of octo/evals is renewing the login');
    expect([await first, second].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test('does not open where its state was copied to', async () => {
    await logIn(pinned, undefined, EVALS);
    github.faults.add({
      on: 'repo',
      acts: true,
      answer: withFields({ id: 78 }),
    });
    await expectFailure(
      await gate(inputs, EVALS),
      'login-required',
      /sealed with another key or for another repository/,
      /Run/,
    );
  });

  test('is missing in words that name the repository', async () => {
    await expectFailure(
      await gate(inputs, EVALS),
      'login-required',
      /refs\/\S+ does not exist in acme\/parallel-login/,
      /Run/,
    );
  });

  test('is the default mode where the repository of the run is named: no request more', async () => {
    await logIn(pinned, undefined, of(SHARED, '77'));
    const before = github.requests.length;
    expect(await gate({ 'state-repository': SHARED.toUpperCase() }, of(SHARED, '77'))).toMatchObject({ exitCode: 0 });
    expect(github.requests.slice(before).map(({ kind }) => kind)).toEqual(['ref', 'commit']);
  });
});

describe('the repository that keeps a shared login', () => {
  test.each([
    [
      'does not exist, or has no installation',
      { status: 404, body: { message: 'Not Found' } },
      /no repository acme\/parallel-login/,
      /Install the GitHub App on acme\/parallel-login/,
    ],
    [
      'forbids it by permission',
      { status: 403, body: { message: 'Resource not accessible by integration' } },
      /contents: write on acme\/parallel-login/,
      /Install the GitHub App/,
    ],
    [
      'forbids it for another reason',
      { status: 403, body: { message: 'This installation has been suspended' } },
      /HTTP 403/,
      /debug log/,
    ],
    [
      'was renamed',
      {
        status: 301,
        headers: { location: 'http://127.0.0.1:1/repositories/77' },
        body: { message: 'Moved Permanently' },
      },
      /acme\/parallel-login was renamed or moved/,
      /state-repository its new name/,
    ],
    [
      'is asked with a token of nobody',
      { status: 401, body: { message: 'Bad credentials' } },
      /does not know the input github-token/,
      /the step before minted/,
    ],
  ])('%s: an error that names it', async (_, answer, message, nextStep) => {
    github.faults.add({ on: 'any', times: 99, answer });
    await expectFailure(await gate({ ...inputs, 'on-unknown': 'notice' }, EVALS), 'error', message, nextStep);
  });

  test('is named by an input of the right form only, before any request', async () => {
    for (const name of ['acme', 'acme/a/b', 'acme/..', 'a cme/x', 'acme/x?y', 'https://github.com/acme/x']) {
      const step = await gate({ 'state-repository': name }, EVALS);
      await expectFailure(step, 'error', /state-repository is .* must be owner\/name/, /with: block/);
    }
    expect(github.requests).toEqual([]);
  });

  test('is not asked for where a fork has no token and no key', async () => {
    const step = await gate({ ...inputs, 'state-key': '', 'github-token': '' }, EVALS);
    expect(step.outputs).toMatchObject({ verdict: 'no-credentials' });
    const empty = await gate({ ...inputs, 'github-token': '' }, EVALS);
    await expectFailure(empty, 'error', /github-token is empty \(was the step that mints it skipped/, /with: block/);
    expect(github.requests).toEqual([]);
  });
});

describe('the log of a login into a shared repository', () => {
  test('counts as public where the event does not say, and the repository of the run is not asked about', async () => {
    expect(await logIn(inputs, undefined, EVALS)).toMatchObject({ exitCode: 1, annotations: [{ level: 'error' }] });
    expect(github.requests.every(({ path }) => path.startsWith(`/repos/${SHARED}`))).toBe(true);
    expect(github.head(REF)).toBe(undefined);
  });

  test('is private where the event says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'event-'));
    writeFileSync(join(folder, 'event.json'), JSON.stringify({ repository: { visibility: 'private' } }));
    const step = await logIn(inputs, undefined, {
      env: { ...EVALS.env, GITHUB_EVENT_PATH: join(folder, 'event.json') },
    });
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    rmSync(folder, { recursive: true });
  });
});
