import { describe, expect, test } from 'vitest';
import { KEY, REF } from '../support/fixtures.ts';
import { readmeWorkflows } from '../support/readme.ts';
import { gate, github, logIn, parallel, refreshes, restart } from '../support/stored-session.ts';

const SECRET = '${{ secrets.PARALLEL_STATE_KEY }}';

describe('a stored login', () => {
  test('begins with link and code, is sealed and stored, and tells organization and end', async () => {
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    expect(step.outputs).toEqual({
      'org-id': expect.stringMatching(/^\w+$/),
      'org-name': expect.any(String),
      'authorization-expires-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(step.log.join('\n')).toContain(`open      ${parallel.platformUrl}`);
    expect(parallel.requests.find(({ kind }) => kind === 'device')?.form).toMatchObject({
      scope: 'balance:read',
    });
    expect(step.summary).toContain('### ✅ Parallel login stored');
    expect(step.masks).toEqual(expect.arrayContaining([KEY, github.token, ...parallel.issued]));
    const commits = await github.commits(REF);
    expect(commits).toMatchObject([
      { parents: [], message: expect.stringMatching(/^ey[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/) },
    ]);
  });

  test('costs a gate three requests and no write while it is fresh', async () => {
    await logIn();
    const [before, seen] = [github.requests.length, parallel.requests.length];
    const step = await gate();
    expect(step).toMatchObject({ exitCode: 0, annotations: [], outputs: { verdict: 'ok', sufficient: 'true' } });
    const [, accessToken, refreshToken] = parallel.issued;
    expect(step.masks).toEqual(expect.arrayContaining([KEY, github.token, accessToken, refreshToken]));
    expect(step.outputs['authorization-expires-at']).toMatch(/Z$/);
    expect(step.summary).toMatch(/\| Login ends \| \d{4}-\d\d-\d\d \(days left: (89|90)\) \|/);
    expect(github.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(parallel.requests.slice(seen).map(({ path }) => path)).toEqual(['/account/service/v1/balance']);
  });

  test('is renewed when Parallel no longer takes its access token, and the next gate uses the new one', async () => {
    await logIn();
    parallel.expireAccessTokens();
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
    // login ← lease ← renewed
    expect(await github.commits(REF)).toHaveLength(3);
  });

  test('is renewed once for 20 gates at once, which all give the right verdict', async () => {
    await logIn();
    parallel.expireAccessTokens();
    const runs = Array.from({ length: 20 }, (_, index) => gate({}, { env: { GITHUB_RUN_ID: `${2000 + index}` } }));
    const verdicts = (await Promise.all(runs)).map(({ outputs }) => outputs['verdict']);
    expect(verdicts).toEqual(Array(20).fill('ok'));
    expect(refreshes()).toBe(1);
  }, 120_000);
});

test('the set-up of the README works as it is written: its login, what keeps it, and its gate', async () => {
  const steps = readmeWorkflows().flatMap(([heading, { steps }]) => (heading.startsWith('Set up') ? steps : []));
  const [login, keep, balance] = steps.filter(({ uses }) => uses?.includes('parallel-balance-action'));
  expect([login, keep, balance].map((step) => step?.with?.['state-key'])).toEqual(Array(3).fill(SECRET));
  const fill = (step: typeof login) =>
    Object.fromEntries(
      Object.entries(step?.with ?? {}).map(([name, value]) => [name, String(value).replace(SECRET, KEY)]),
    );
  expect(await logIn(fill(login))).toMatchObject({ exitCode: 0 });
  const minimums = [keep, balance].map((step) => fill(step)['min-cents'] ?? 'none');
  expect(minimums).toEqual(['none', '2000']);
  expect(await gate({ 'min-cents': 'none', ...fill(keep) })).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(await gate(fill(balance))).toMatchObject({ exitCode: 0, outputs: { sufficient: 'true' } });
});

describe('a login that ends soon', () => {
  test('is warned of in annotation and summary, with the day and the workflow', async () => {
    await restart({ parallel: { authorizationSeconds: 10 * 86_400 } });
    await logIn();
    const step = await gate();
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning', title: 'Parallel login ends soon' }] });
    expect(step.annotations[0]?.text).toMatch(/ends on \d{4}-\d\d-\d\d \(days left: (9|10)\)\. Run the login workflow/);
    expect(step.summary).toContain('Run the login workflow');
  });
});
