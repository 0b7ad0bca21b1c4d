import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withFields } from '../support/faults.ts';
import { KEY, OTHER_KEY, REF } from '../support/fixtures.ts';
import { gate, github, logIn, parallel, restart } from '../support/stored-session.ts';

describe('the login action', () => {
  test('revokes the login that it replaces', async () => {
    await logIn();
    const before = [...parallel.issued];
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toHaveLength(1);
    expect(before).toContain(parallel.revoked[0]);
    expect(await gate()).toMatchObject({ exitCode: 0 });
    parallel.expireAccessTokens();
    expect(await gate()).toMatchObject({ exitCode: 0 });
  });

  test('opens the old state by previous-state-key to revoke it, where the key is new', async () => {
    const newKey = OTHER_KEY;
    await logIn();
    const step = await logIn({ 'state-key': newKey, 'previous-state-key': KEY });
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toHaveLength(1);
    expect(await gate({ 'state-key': newKey })).toMatchObject({ exitCode: 0 });
  });

  test('warns that the old login could not be revoked, where it is given the new key alone', async () => {
    await logIn();
    const step = await logIn({ 'state-key': OTHER_KEY });
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
    expect(step.annotations[0]?.text).toContain('previous-state-key');
    expect(parallel.revoked).toEqual([]);
  });

  test('revokes a login by another organization than expected, and changes nothing', async () => {
    await logIn();
    const before = github.head(REF);
    const wanted = [
      [{}, 'the stored login is of org_local'],
      [{ 'expected-org-id': 'org_expected' }, 'expected-org-id says org_expected'],
    ] as const;
    for (const [inputs, words] of wanted) {
      const step = await logIn(inputs, (code) => parallel.approve(code, { orgId: 'org_stranger' }));
      expect(step).toMatchObject({ exitCode: 1, outputs: { 'org-id': '', 'authorization-expires-at': '' } });
      expect(step.annotations[0]?.text).toMatch(
        `approved for the organization org_stranger, but ${words}. The login that was just approved was revoked`,
      );
    }
    expect(parallel.revoked).toHaveLength(2);
    expect(github.head(REF)).toBe(before);
    expect(await gate()).toMatchObject({ exitCode: 0 });
  });

  test('says so where Parallel does not confirm that a wrong login is revoked', async () => {
    parallel.faults.add({ on: 'revoke', answer: { status: 503 } });
    const step = await logIn({ 'expected-org-id': 'org_expected' });
    expect(step.annotations[0]?.text).toContain('did not confirm that the login that was just approved is revoked');
  });

  test('moves to another organization where expected-org-id says so', async () => {
    await logIn();
    const inputs = { 'expected-org-id': 'org_next' };
    const step = await logIn(inputs, (code) => parallel.approve(code, { orgId: 'org_next' }));
    expect(step).toMatchObject({ exitCode: 0, outputs: { 'org-id': 'org_next' } });
  });

  test('has nothing to warn of in a public repository with expected-org-id', async () => {
    await restart({ github: { private: false } });
    expect(await logIn({ 'expected-org-id': 'org_local' })).toMatchObject({ exitCode: 0, annotations: [] });
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  test('stores nothing where others can read its log and no organization is expected, and says which line to add', async () => {
    await restart({ github: { private: false } });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 1, outputs: { 'org-id': '' }, annotations: [{ level: 'error' }] });
    expect(step.printed.indexOf('whoever approves first decides')).toBeLessThan(step.printed.indexOf('the code is'));
    expect(step.annotations[0]?.text).toMatch(
      /approved for the organization org_local\. .*expected-org-id: org_local$/,
    );
    expect(parallel.revoked).toHaveLength(1);
    expect(github.head(REF)).toBe(undefined);
  });

  test('takes an internal repository for one that others read, by GitHub’s own description too', async () => {
    github.faults.add({ on: 'repo', times: 99, answer: { body: { visibility: 'internal', private: true } } });
    expect((await logIn()).annotations[0]?.text).toContain('Others can read this log');
  });

  test.each([
    ['public', { visibility: 'public', private: false }, 1],
    ['internal', { visibility: 'internal', private: true }, 1],
    ['private', { visibility: 'private', private: true }, 0],
    ['private, by an older server', { private: true }, 0],
  ])('believes the event that the repository of the run is %s', async (_, repository, exitCode) => {
    await restart({ github: { private: exitCode === 1 } });
    const folder = mkdtempSync(join(tmpdir(), 'event-'));
    writeFileSync(join(folder, 'event.json'), JSON.stringify({ repository }));
    const step = await logIn({}, undefined, { env: { GITHUB_EVENT_PATH: join(folder, 'event.json') } });
    expect(step.exitCode).toBe(exitCode);
    expect(github.requests.filter(({ kind }) => kind === 'repo')).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  test('does not believe the organization of a login that only the previous key opens', async () => {
    await logIn();
    github.faults.add({ on: 'repo', times: 99, answer: { body: { private: false } } });
    const keys = { 'state-key': OTHER_KEY, 'previous-state-key': KEY };
    expect(await logIn(keys)).toMatchObject({ exitCode: 1, annotations: [{ level: 'error' }] });
    expect(await logIn({ ...keys, 'expected-org-id': 'org_local' })).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toHaveLength(2);
  });

  const granted = (scope: unknown) => ({ on: 'poll', acts: true, times: 99, answer: withFields({ scope }) }) as const;

  test.each([
    ['nothing', undefined, []],
    ['only what was asked', 'balance:read', []],
    ['words that name no scope', 'openid offline', [/openid offline/]],
    ['more to read', 'balance:read usage:read', [/usage:read/]],
  ])('stores a login that was granted %s', async (_, scope, warnings) => {
    parallel.faults.add(granted(scope));
    const step = await logIn();
    expect(step.exitCode).toBe(0);
    expect(step.annotations.map(({ text }) => text)).toEqual(warnings.map((text) => expect.stringMatching(text)));
  });

  test.each([
    ['other scopes', 'usage:read', /without balance:read/],
    ['a power', 'balance:add balance:read', /more than it asked for: balance:add/],
    ['a power that hides', `balance:read ${'x:read '.repeat(50)}keys:create\n### [x](http://x)`, /keys:create/],
  ])('revokes a login that was granted %s, and keeps the one before', async (_, scope, message) => {
    await logIn();
    const before = github.head(REF);
    parallel.faults.add(granted(scope));
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ level: 'error' }] });
    expect(step.annotations[0]?.text).toMatch(message);
    expect(step.summary).not.toContain('[x](http');
    expect(parallel.revoked).toHaveLength(1);
    expect(github.head(REF)).toBe(before);
    expect(await gate()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  test.each([
    ['denied', (code: string) => parallel.deny(code), /denied in the browser/],
    ['not approved in time', () => parallel.expireDeviceCodes(), /Nobody approved the login before its code expired/],
  ])('changes nothing where the login is %s', async (_, meet, message) => {
    const step = await logIn({}, meet);
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ level: 'error', title: 'Parallel login failed' }] });
    expect(step.annotations[0]?.text).toMatch(message);
    expect(github.head(REF)).toBe(undefined);
  });

  test('shows a missing permission before a human is asked', async () => {
    const step = await logIn({ 'github-token': github.readOnlyToken });
    expect(step.annotations[0]?.text).toContain('lacks the permission contents: write');
    expect(parallel.requests).toEqual([]);
  });

  test('runs on workflow_dispatch only', async () => {
    const step = await logIn({}, undefined, { env: { GITHUB_EVENT_NAME: 'push' } });
    expect(step.annotations[0]?.text).toContain('this run was started by push');
    expect([...parallel.requests, ...github.requests]).toEqual([]);
  });

  test('registers again where the client is unknown', async () => {
    parallel.faults.add({ on: 'device', answer: { status: 401, body: { error: 'invalid_client' } } });
    expect(await logIn()).toMatchObject({ exitCode: 0 });
    expect(parallel.requests.filter(({ kind }) => kind === 'register')).toHaveLength(2);
  });

  test('survives a connection lost while polling', async () => {
    parallel.faults.add({ on: 'poll', answer: 'cut', times: 2 });
    expect(await logIn()).toMatchObject({ exitCode: 0 });
    expect(parallel.requests.filter(({ kind }) => kind === 'poll').length).toBeGreaterThan(2);
  });

  test('does not take its own first write, whose reply was lost, for another login', async () => {
    github.faults.add({ on: 'first', acts: true, answer: 'cut' });
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toEqual([]);
    expect(await github.commits(REF)).toHaveLength(1);
  });

  test('waits out the limits of GitHub to store the login', async () => {
    const limit = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } };
    github.faults.add({ on: 'first', answer: limit });
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  test('warns where Parallel does not confirm that the replaced login is revoked', async () => {
    await logIn();
    parallel.faults.add({ on: 'revoke', answer: { status: 503 } });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
    expect(step.annotations[0]?.text).toContain('did not confirm that the replaced login is revoked');
  });

  test.runIf(process.platform !== 'win32')(
    'revokes the login where it is cancelled while its approval is answered',
    async () => {
      await restart({ parallel: { interval: 1 } });
      let stop = (_: NodeJS.Signals) => {};
      parallel.faults.add({ on: 'poll', answerDelayMs: 2000 });
      const step = logIn({}, undefined, { onStart: (signal) => (stop = signal) });
      await expect
        .poll(() => parallel.requests.some(({ kind, status }) => kind === 'poll' && status === 200))
        .toBe(true);
      stop('SIGINT');
      const text = expect.stringMatching(/^The run was cancelled while it logged in\. .* was revoked\. Run the login/);
      expect(await step).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed', text }] });
      expect(parallel.revoked).toHaveLength(1);
      expect(github.head(REF)).toBe(undefined);
    },
  );

  test('gives way to a login with a new key, and says so', async () => {
    await logIn();
    const step = await logIn({}, async (code) => {
      await logIn({ 'state-key': OTHER_KEY, 'previous-state-key': KEY });
      await parallel.approve(code);
    });
    const text = expect.stringMatching(
      /Something that this key does not open was put on .*If it is a login with a new key, nothing/,
    );
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ text }] });
    expect(await gate({ 'state-key': OTHER_KEY })).toMatchObject({ outputs: { verdict: 'ok' } });
  });

  test('revokes a login that cannot be stored', async () => {
    const forbidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
    github.faults.add({ on: 'first', times: 99, answer: forbidden });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed' }] });
    expect(step.annotations[0]?.text).toMatch(
      /did not take the login within two minutes\. .*lacks the permission contents: write.* was revoked/,
    );
    expect(step.debug.join()).toContain('Resource not accessible');
    expect(github.requests.filter(({ kind }) => kind === 'first').length).toBeGreaterThan(20);
    expect(parallel.revoked).toHaveLength(1);
    expect(github.head(REF)).toBe(undefined);
  });

  test.each([{ access_token: 'not a token' }, { org_id: undefined }])(
    'revokes a login whose answer lacks something: %j',
    async (fields) => {
      parallel.faults.add({ on: 'poll', times: 9, acts: true, answer: withFields(fields) });
      const step = await logIn();
      expect(step.annotations[0]?.text).toMatch(/lost or incomplete: it lacks an organization, an access token/);
      expect(parallel.revoked).toHaveLength(1);
      expect(github.head(REF)).toBe(undefined);
    },
  );

  test('is stored anew where the ref was deleted while the human was asked', async () => {
    await logIn();
    const step = await logIn({}, async (code) => {
      await github.deleteRef(REF);
      await parallel.approve(code);
    });
    expect(step).toMatchObject({ exitCode: 0 });
    expect(await github.commits(REF)).toHaveLength(1);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('does not name a day for the end of a refresh token that has no lifetime', async () => {
    const bare = withFields({ refresh_token_expires_in: undefined });
    parallel.faults.add({ on: 'poll', times: 9, acts: true, answer: bare });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    expect(step.summary).toContain('Login ends');
    expect(step.summary).not.toContain('Unused, it ends');
  });

  test('is not thrown away for refusals of GitHub that pass', async () => {
    const forbidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
    github.faults.add({ on: ['create', 'first', 'ref'], after: 'poll', times: 3, answer: forbidden });
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toEqual([]);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test.runIf(process.platform !== 'win32')('leaves the earlier login untouched where it is cancelled', async () => {
    await logIn();
    const before = github.head(REF);
    let stop = (_: NodeJS.Signals) => {};
    const step = await logIn({}, () => stop('SIGINT'), { onStart: (signal) => (stop = signal) });
    expect(step.exitCode).not.toBe(0);
    expect(github.head(REF)).toBe(before);
    expect(await gate()).toMatchObject({ exitCode: 0 });
  });
});
