import { describe, expect, onTestFinished, test } from 'vitest';
import { withFields } from '../support/faults.ts';
import { REF } from '../support/fixtures.ts';
import { startLocalParallel } from '../support/local-parallel.ts';
import { expectFailure, gate, github, logIn, logInLongAgo, parallel } from '../support/stored-session.ts';

// Who issued a login, and what it may do.

describe('a login that another platform issued', () => {
  test('is an error in the gate before anything is sent to the given one', async () => {
    await logIn();
    const other = await startLocalParallel({ interval: 0 });
    onTestFinished(() => other.close());
    const step = await gate({ 'platform-url': other.platformUrl, 'on-unknown': 'notice' });
    await expectFailure(
      step,
      'error',
      /was issued by 127\.0\.0\.1:\d+, but platform-url is 127\.0\.0\.1:\d+/,
      /platform-url/,
    );
    expect(other.requests).toEqual([]);
  });

  test('is neither believed nor revoked by a login, which warns', async () => {
    await logIn();
    const other = await startLocalParallel({ interval: 0 });
    onTestFinished(() => other.close());
    const approve = (code: string) => other.approve(code, { orgId: 'org_other' });
    const step = await logIn({ 'platform-url': other.platformUrl }, approve);
    expect(step).toMatchObject({
      exitCode: 0,
      outputs: { 'org-id': 'org_other' },
      annotations: [{ level: 'warning' }],
    });
    expect(step.annotations[0]?.text).toMatch(/is one of 127\.0\.0\.1:\d+, so it was not revoked here/);
    expect([...parallel.revoked, ...other.revoked]).toEqual([]);
  });
});

describe('a power that comes with a renewal', () => {
  test('is told by every gate, and stops none', async () => {
    await logInLongAgo();
    parallel.faults.add({ on: 'refresh', acts: true, answer: withFields({ scope: 'balance:read keys:create' }) });
    for (const step of [await gate(), await gate()]) {
      expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' }, annotations: [{ level: 'warning' }] });
      expect(step.annotations[0]?.text).toContain('more than balance:read: keys:create');
      expect(step.summary).toContain('keys:create');
    }
    expect(await github.commits(REF)).toHaveLength(3);
  });
});

describe('the link to approve', () => {
  const link = (fields: object) => ({ on: 'device', acts: true, times: 9, answer: withFields(fields) }) as const;

  test('is shown with a sentence that says so, where it leads elsewhere', async () => {
    parallel.faults.add(link({ verification_uri_complete: 'https://elsewhere.example/device?code=1' }));
    const step = await logIn();
    expect(step.printed).toContain('https://elsewhere.example/device?code=1');
    expect(step.printed).toContain('that is elsewhere.example, not the host of platform-url');
  });

  test('has no user name or password in it', async () => {
    const evil = 'http://parallel.ai:pass@127.0.0.1/device';
    parallel.faults.add(link({ verification_uri: evil, verification_uri_complete: evil }));
    const step = await logIn();
    expect(step.exitCode).toBe(1);
    expect(step.printed + step.summary).not.toContain('parallel.ai:pass');
  });
});
