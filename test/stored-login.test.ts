import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalGithub } from './support/local-github.ts';
import type { LocalParallel } from './support/local-parallel.ts';
import { readmeWorkflows } from './support/readme.ts';
import type { Step } from './support/run-action.ts';
import { KEY, runGate, runLogin, type Servers, startServers } from './support/stored.ts';

// The built dist as processes, against a GitHub made of real git objects and a certified OAuth server.

const REF = 'refs/parallel-balance/state';
const SECRET = '${{ secrets.PARALLEL_STATE_KEY }}';

let servers: Servers;
let github: LocalGithub;
let parallel: LocalParallel;
/** Everything any run showed in a test, to be searched for secrets after it. */
let shown: string[];

async function start(options?: Parameters<typeof startServers>[0]): Promise<void> {
  servers = await startServers(options);
  ({ github, parallel } = servers);
}

beforeEach(async () => {
  shown = [];
  await start();
});

afterEach(async () => {
  const commits = await github.commits(REF);
  const places = [...shown, ...commits.map(({ message }) => message)];
  for (const secret of [...parallel.issued, KEY, github.token]) {
    expect(
      places.filter((place) => place.includes(secret)),
      'places that show a secret',
    ).toEqual([]);
  }
  for (const { tree } of commits) expect(tree).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  await servers[Symbol.asyncDispose]();
});

async function gate(...args: Rest<typeof runGate>): Promise<Step> {
  return record(await runGate(servers, ...args));
}

async function logIn(...args: Rest<typeof runLogin>): Promise<Step> {
  return record(await runLogin(servers, ...args));
}

type Rest<F> = F extends (first: Servers, ...rest: infer R) => unknown ? R : never;

function record(step: Step): Step {
  shown.push(step.printed, step.summary, JSON.stringify(step.outputs));
  return step;
}

function refreshes(): number {
  return parallel.requests.filter(({ form }) => form?.['grant_type'] === 'refresh_token').length;
}

describe('one login, then gates', () => {
  test('a login shows link and code, stores the sealed state, and tells organization and end', async () => {
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    expect(step.outputs).toEqual({
      'org-id': expect.stringMatching(/^\w+$/),
      'org-name': expect.any(String),
      'authorization-expires-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(step.log.join('\n')).toContain(`open      ${parallel.platformUrl}`);
    expect(parallel.requests.find(({ path }) => path.endsWith('/device/code'))?.form).toMatchObject({
      scope: 'balance:read',
    });
    expect(step.summary).toContain('### ✅ Parallel login stored');
    expect(step.masks).toEqual(expect.arrayContaining([KEY, github.token, ...parallel.issued]));
    const commits = await github.commits(REF);
    expect(commits).toMatchObject([
      { parents: [], message: expect.stringMatching(/^ey[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/) },
    ]);
  });

  test('a gate with a fresh stored login costs three requests and writes nothing', async () => {
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

  test('an access token that Parallel no longer takes is renewed, and the next gate uses the new one', async () => {
    await logIn();
    parallel.expireAccessTokens();
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
    // login ← lease ← renewed
    expect(await github.commits(REF)).toHaveLength(3);
  });

  test('20 gates at once on an expired access token: one refresh, 20 right verdicts', async () => {
    await logIn();
    parallel.expireAccessTokens();
    const runs = Array.from({ length: 20 }, (_, index) => gate({}, { env: { GITHUB_RUN_ID: `${2000 + index}` } }));
    const verdicts = (await Promise.all(runs)).map(({ outputs }) => outputs['verdict']);
    expect(verdicts).toEqual(Array(20).fill('ok'));
    expect(refreshes()).toBe(1);
  }, 120_000);
});

/** A login whose access token GitHub's clock calls too old, so that the next gate renews it. */
async function logInLongAgo(): Promise<void> {
  await logIn();
  github.faults.clockOffsetMs = 3_600_000;
  parallel.expireAccessTokens();
}

const isRefresh = (_method: string, _path: string, form: Record<string, string>) =>
  form['grant_type'] === 'refresh_token';
const isCommit = (method: string, path: string) => method === 'POST' && path.endsWith('/git/commits');
const isMove = (method: string) => method === 'PATCH';
const isPoll = (_method: string, _path: string, form: Record<string, string>) => form['device_code'] !== undefined;

/** As a runner would, for a run that nothing special has started: the last alternative of an expression. */
function evaluate(text: string): string {
  return text.replace(SECRET, KEY).replace(/\$\{\{.* '(\w+)' \}\}/, '$1');
}

test('the set-up of the README works as it is written: its login, then its gate', async () => {
  const steps = readmeWorkflows().flatMap(([heading, { steps }]) => (heading.startsWith('Set up') ? steps : []));
  const [login, balance] = steps.filter(({ uses }) => uses?.includes('parallel-balance-action'));
  expect([login?.with?.['state-key'], balance?.with?.['state-key']]).toEqual(Array(2).fill(SECRET));
  const fill = (step: typeof login) =>
    Object.fromEntries(Object.entries(step?.with ?? {}).map(([name, value]) => [name, evaluate(String(value))]));
  expect(await logIn(fill(login))).toMatchObject({ exitCode: 0 });
  expect(await gate(fill(balance))).toMatchObject({ exitCode: 0, outputs: { sufficient: 'true' } });
});

describe('a run that dies or is stopped', () => {
  test('killed after the server took the refresh token: the next run asks once, and then says that the login has ended', async () => {
    await logInLongAgo();
    let kill = (_: NodeJS.Signals) => {};
    parallel.faults.next(isRefresh, { delayReplyMs: 60_000 });
    const killed = gate({}, { onStart: (signal) => (kill = signal) });
    await expect.poll(refreshes).toBe(1);
    kill('SIGKILL');
    expect((await killed).exitCode).toBe(null);
    github.faults.clockOffsetMs += 40_000;
    const next = await gate();
    expect(next).toMatchObject({ exitCode: 1, outputs: { verdict: 'login-required', sufficient: 'false' } });
    expect(next.outputs['message']).toMatch(/^The login of \S+ has ended: Parallel refused to renew it on /);
    expect(next.annotations[0]?.text).toContain('Run the login workflow');
    expect(refreshes()).toBe(2);
    expect(await gate()).toMatchObject({ exitCode: 1, outputs: { verdict: 'login-required' } });
    expect(refreshes()).toBe(2);
  });

  test('killed before the server took it: the next run waits for the lease to lapse, and renews', async () => {
    await logInLongAgo();
    let kill = (_: NodeJS.Signals) => {};
    parallel.faults.next(isRefresh, 'hang');
    const killed = gate({}, { onStart: (signal) => (kill = signal) });
    await expect.poll(() => parallel.requests.filter(({ form }) => form?.['refresh_token']).length).toBe(1);
    kill('SIGKILL');
    await killed;
    const next = gate();
    await expect.poll(() => github.requests.filter(({ status }) => status === 304).length).toBeGreaterThan(1);
    github.faults.clockOffsetMs += 40_000;
    expect(await next).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('stopped between token answer and write: it stores the new login first', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    // The second commit is the renewed state; the first is the lease.
    let commits = 0;
    github.faults.next((method, path) => isCommit(method, path) && ++commits === 2, { delayMs: 3000 });
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(() => commits).toBe(2);
    stop('SIGINT');
    stop('SIGTERM');
    expect(await stopped).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test.runIf(process.platform !== 'win32')('stopped once the renewed login is stored: it ends at once', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    parallel.faults.next((_, path) => path.endsWith('/balance'), 'hang');
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(() => parallel.requests.at(-1)?.path).toMatch(/balance$/);
    stop('SIGINT');
    expect((await stopped).exitCode).toBe(null);
  });

  test.runIf(process.platform !== 'win32')('stopped while nothing is at stake: it ends at once', async () => {
    await logInLongAgo();
    let stop = (_: NodeJS.Signals) => {};
    github.faults.next((method) => method === 'GET', 'hang');
    const stopped = gate({}, { onStart: (signal) => (stop = signal) });
    await expect.poll(() => github.requests.at(-1)?.status).toBe(0);
    stop('SIGINT');
    expect((await stopped).exitCode).toBe(null);
  });
});

describe('what can go wrong says what to do', () => {
  async function expectFailure(step: Step, verdict: string, message: RegExp, nextStep: RegExp): Promise<void> {
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict, sufficient: 'false' } });
    expect(step.outputs['message']).toMatch(message);
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.text).toMatch(nextStep);
  }

  test('no login yet', async () => {
    await expectFailure(
      await gate(),
      'login-required',
      /There is no stored login/,
      /Run the login workflow \(the one that uses/,
    );
  });

  test('another key', async () => {
    await logIn();
    const step = await gate({ 'state-key': Buffer.alloc(32, 9).toString('base64') });
    await expectFailure(step, 'login-required', /sealed with another key or for another repository/, /restore the key/);
    expect(await github.commits(REF)).toHaveLength(1);
  });

  test('another repository', async () => {
    await logIn();
    const step = await gate({}, { env: { GITHUB_REPOSITORY_ID: '43' } });
    await expectFailure(step, 'login-required', /sealed with another key or for another repository/, /Run the login/);
  });

  test('no permission to write, found before anything is spent', async () => {
    await logInLongAgo();
    const step = await gate({ 'github-token': github.readOnlyToken, 'on-unknown': 'notice' });
    await expectFailure(step, 'error', /lacks the permission contents: write/, /permissions: contents: write/);
    expect(refreshes()).toBe(0);
  });

  test('a github-token that GitHub does not know', async () => {
    await logIn();
    const step = await gate({ 'github-token': 'ghs_wrong' });
    await expectFailure(step, 'error', /github-token is not a valid token/, /default/);
  });

  test('a ref that holds files is never built on', async () => {
    const main = github.head('refs/heads/main') ?? '';
    await github.setRef('refs/other/place', main);
    const step = await gate({ 'state-ref': 'refs/other/place' });
    await expectFailure(
      step,
      'error',
      /refs\/other\/place holds something that this action did not put there/,
      /state-ref/,
    );
    const login = await logIn({ 'state-ref': 'refs/other/place' });
    expect(login).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed' }] });
    expect(github.head('refs/other/place')).toBe(main);
  });

  test('the ref deleted while the login was renewed: a log-out, and the new chain is revoked', async () => {
    await logInLongAgo();
    parallel.faults.next(isRefresh, { delayReplyMs: 3000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    await github.deleteRef(REF);
    await expectFailure(
      await step,
      'login-required',
      /Somebody deleted refs\/parallel-balance\/state/,
      /Run the login/,
    );
    expect(parallel.revoked).toHaveLength(1);
  });

  test('the ref rolled back to a spent login: asked once, then ended', async () => {
    await logIn();
    const old = github.head(REF) ?? '';
    parallel.expireAccessTokens();
    await gate();
    await github.setRef(REF, old);
    await expectFailure(await gate(), 'login-required', /has ended: Parallel refused/, /Run the login/);
    expect(refreshes()).toBe(2);
  });

  test('GitHub down', async () => {
    await logIn();
    github.faults.next(() => true, { status: 503 }, 100);
    const step = await gate({ 'timeout-seconds': '30' });
    await expectFailure(step, 'unknown', /127\.0\.0\.1:\d+ answered HTTP 503, 4 attempts/, /Start a new run/);
  });

  test.each([
    ['primary', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4000000000' }, 'Forbidden'],
    ['secondary', { 'retry-after': '600' }, 'Forbidden'],
    ['secondary without headers', {}, 'You have exceeded a secondary rate limit'],
  ])('GitHub limited (%s), which is no missing permission', async (_, headers, message) => {
    await logIn();
    github.faults.next(() => true, { status: 403, headers, body: { message } }, 100);
    await expectFailure(await gate(), 'unknown', /rate limit for this repository leaves no room/, /in one job/);
  });

  test('too few requests left to store what would come back: nothing is spent', async () => {
    await logInLongAgo();
    github.faults.rateLimitRemaining = 15;
    await expectFailure(await gate(), 'unknown', /rate limit for this repository leaves no room/, /later/);
    expect(refreshes()).toBe(0);
  });

  test('Parallel down: temporary, the login stays, the next run renews it', async () => {
    await logInLongAgo();
    parallel.faults.next(isRefresh, { status: 503 });
    await expectFailure(await gate(), 'unknown', /could not be renewed: 127\.0\.0\.1:\d+ answered HTTP 503/, /Re-run/);
    github.faults.clockOffsetMs += 40_000;
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('a connection that breaks before the server acts is tried once more, at once', async () => {
    await logInLongAgo();
    parallel.faults.next(isRefresh, 'drop-before');
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test.each([
    ['of a truncated 200', { status: 200, headers: { 'content-length': '999' }, body: '{' }],
    ['of HTML', { status: 200, body: '<html>' }],
  ])(
    'the answer %s is lost: the refresh token is not presented again',
    async (_, fault) => {
      await logInLongAgo();
      parallel.faults.next(isRefresh, fault);
      await expectFailure(await gate({ 'timeout-seconds': '30' }), 'unknown', /could not be renewed/, /Re-run/);
      expect(parallel.requests.filter(({ form }) => form?.['refresh_token'])).toHaveLength(1);
    },
    60_000,
  );

  test('a proxy that answers 200 for GitHub wins no lease and stores nothing: only a reply that names the commit counts', async () => {
    await logInLongAgo();
    github.faults.next(isMove, { status: 200, body: '<html>Sign in</html>' }, 2);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await github.commits(REF)).toHaveLength(3);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('a 429 of Parallel, which has not acted, is waited out', async () => {
    await logInLongAgo();
    parallel.faults.next(isRefresh, { status: 429, headers: { 'retry-after': '1' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('another login while the old one was renewed: its renewal is revoked, the new login is used', async () => {
    await logInLongAgo();
    parallel.faults.next(isRefresh, { delayReplyMs: 3000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    await logIn();
    expect(await step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    // By the login what it replaced, and by the gate what came of that.
    expect(new Set(parallel.revoked).size).toBe(2);
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('another login while Parallel refused to renew the old one: it is used, and not ended', async () => {
    await logInLongAgo();
    parallel.endAuthorization();
    parallel.faults.next(isRefresh, { delayReplyMs: 3000 });
    const step = gate();
    await expect.poll(refreshes).toBe(1);
    await logIn();
    expect(await step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  });

  test('a renewed login that GitHub does not take: spent, so log in again', async () => {
    await logInLongAgo();
    let commits = 0;
    github.faults.next((method, path) => isCommit(method, path) && ++commits === 2, {
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    await expectFailure(await gate(), 'login-required', /GitHub did not take the renewed login/, /may be spent\. Run/);
  });

  test('a limit of GitHub is waited out to store the renewed login, past timeout-seconds too', async () => {
    await logInLongAgo();
    let commits = 0;
    const limit = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } };
    github.faults.next((method, path) => isCommit(method, path) && ++commits > 1, limit, 3);
    expect(await gate({ 'timeout-seconds': '30' })).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  }, 90_000);

  const isHead = (method: string, path: string) => method === 'GET' && path.includes('/git/commits/');
  test.each([
    ['misses the parent', isCommit, 422, 'Parent SHA does not exist or is not a commit object'],
    ['misses the commit to point to', isMove, 422, 'Object does not exist'],
    ['misses the commit of the head', isHead, 404, 'Not Found'],
    ['is down', isCommit, 502, 'Server Error'],
  ] as const)('a replica of GitHub that %s is asked again', async (_, match, status, message) => {
    await logInLongAgo();
    github.faults.next(match, { status, body: { message } });
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(refreshes()).toBe(1);
  });

  test('a client that Parallel has forgotten', async () => {
    await logInLongAgo();
    parallel.forgetClients();
    await expectFailure(await gate(), 'login-required', /no longer knows the client/, /Run the login/);
    // Nothing is written: the lease lapses, and the state stays as it was.
    expect(await github.commits(REF)).toHaveLength(2);
  });

  test('an authorization that has ended', async () => {
    await logInLongAgo();
    parallel.endAuthorization();
    const step = await gate();
    await expectFailure(step, 'login-required', /has ended: Parallel refused to renew it/, /Run the login/);
    expect(step.outputs['authorization-expires-at']).toBe('');
    expect(step.summary).not.toContain('Login ends');
  });

  test('a balance of another organization', async () => {
    await logIn();
    parallel.faults.next((method, path) => path.endsWith('/balance') && method === 'GET', {
      status: 200,
      body: { org_id: 'org_other', credit_balance_cents: 5000 },
    });
    await expectFailure(
      await gate(),
      'error',
      /is of the organization \S+, but the balance belongs to org_other/,
      /api-url/,
    );
  });

  test('a 401 to an access token that was just issued', async () => {
    await logInLongAgo();
    parallel.faults.next((_, path) => path.endsWith('/balance'), { status: 401, body: { detail: 'no' } }, 9);
    await expectFailure(
      await gate(),
      'login-required',
      /HTTP 401 to an access token that it had issued moments/,
      /api-url/,
    );
    expect(refreshes()).toBe(1);
  });

  test('a lost reply to the write of the renewed login changes nothing', async () => {
    await logInLongAgo();
    let moves = 0;
    github.faults.next((method) => isMove(method) && ++moves === 2, 'drop-after');
    expect(await gate()).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(await github.commits(REF)).toHaveLength(3);
  });

  test('reads that lag behind writes change nothing', async () => {
    await logInLongAgo();
    github.faults.readLagMs = 3000;
    const runs = [gate(), gate(), gate()];
    for (const { outputs } of await Promise.all(runs)) expect(outputs['verdict']).toBe('ok');
    expect(refreshes()).toBe(1);
  });
});

describe('a login that ends soon', () => {
  test('is warned of in annotation and summary, with the day and the workflow', async () => {
    await servers[Symbol.asyncDispose]();
    await start({ parallel: { authorizationSeconds: 10 * 86_400 } });
    await logIn();
    const step = await gate();
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning', title: 'Parallel login ends soon' }] });
    expect(step.annotations[0]?.text).toMatch(/ends on \d{4}-\d\d-\d\d \(days left: (9|10)\)\. Run the login workflow/);
    expect(step.summary).toContain('Run the login workflow');
  });
});

describe('the login', () => {
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

  test('with a new key opens the old state by previous-state-key, to revoke it', async () => {
    const newKey = Buffer.alloc(32, 2).toString('base64');
    await logIn();
    const step = await logIn({ 'state-key': newKey, 'previous-state-key': KEY });
    expect(step).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toHaveLength(1);
    expect(await gate({ 'state-key': newKey })).toMatchObject({ exitCode: 0 });
  });

  test('with a new key alone warns that the old login could not be revoked', async () => {
    await logIn();
    const step = await logIn({ 'state-key': Buffer.alloc(32, 2).toString('base64') });
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
    expect(step.annotations[0]?.text).toContain('previous-state-key');
    expect(parallel.revoked).toEqual([]);
  });

  test('by another organization than expected is revoked, and nothing changes', async () => {
    await logIn();
    const before = github.head(REF);
    for (const inputs of [{}, { 'expected-org-id': 'org_expected' }]) {
      const step = await logIn(inputs, (code) => parallel.approve(code, { orgId: 'org_stranger' }));
      expect(step).toMatchObject({ exitCode: 1, outputs: { 'org-id': '', 'authorization-expires-at': '' } });
      expect(step.annotations[0]?.text).toMatch(
        /approved for the organization org_stranger, but .* The login that was just approved was revoked/,
      );
    }
    expect(parallel.revoked).toHaveLength(2);
    expect(github.head(REF)).toBe(before);
    expect(await gate()).toMatchObject({ exitCode: 0 });
  });

  test('says so where Parallel does not confirm that a wrong login is revoked', async () => {
    parallel.faults.next((_, path) => path.endsWith('/revoke'), { status: 503 });
    const step = await logIn({ 'expected-org-id': 'org_expected' });
    expect(step.annotations[0]?.text).toContain('did not confirm that the login that was just approved is revoked');
  });

  test('moves to another organization where expected-org-id says so', async () => {
    await logIn();
    const inputs = { 'expected-org-id': 'org_next' };
    const step = await logIn(inputs, (code) => parallel.approve(code, { orgId: 'org_next' }));
    expect(step).toMatchObject({ exitCode: 0, outputs: { 'org-id': 'org_next' } });
  });

  test('in a public repository with expected-org-id has nothing to warn of', async () => {
    await servers[Symbol.asyncDispose]();
    await start({ github: { private: false } });
    expect(await logIn({ 'expected-org-id': 'org_local' })).toMatchObject({ exitCode: 0, annotations: [] });
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  test('in a public repository without expected-org-id warns, naming the organization', async () => {
    await servers[Symbol.asyncDispose]();
    await start({ github: { private: false } });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
    expect(step.annotations[0]?.text).toMatch(
      /a stranger could have approved .* make sure that \S+ is your organization/,
    );
  });

  test.each([
    ['denied', (code: string) => parallel.deny(code), /denied in the browser/],
    ['not approved in time', () => parallel.expireDeviceCodes(), /Nobody approved the login before its code expired/],
  ])('%s changes nothing', async (_, meet, message) => {
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
    parallel.faults.next((_, path) => path.endsWith('/device/code'), {
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await logIn()).toMatchObject({ exitCode: 0 });
    expect(parallel.requests.filter(({ path }) => path.endsWith('/register'))).toHaveLength(2);
  });

  test('survives a connection lost while polling', async () => {
    const isPoll = (_: string, __: string, form: Record<string, string>) => form['device_code'] !== undefined;
    parallel.faults.next(isPoll, 'drop-before', 2);
    expect(await logIn()).toMatchObject({ exitCode: 0 });
    expect(parallel.requests.filter(({ form }) => form?.['device_code']).length).toBeGreaterThan(2);
  });

  test('whose first write is answered by nobody is not taken for another login', async () => {
    github.faults.next((method, path) => method === 'POST' && path.endsWith('/git/refs'), 'drop-after');
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
    expect(parallel.revoked).toEqual([]);
    expect(await github.commits(REF)).toHaveLength(1);
  });

  test('waits for the limits of GitHub to be stored', async () => {
    const limit = { status: 403, headers: { 'retry-after': '600' }, body: { message: 'Slow down' } };
    github.faults.next((method, path) => method === 'POST' && path.endsWith('/git/refs'), limit);
    expect(await logIn()).toMatchObject({ exitCode: 0, annotations: [] });
  });

  test('warns where Parallel does not confirm that the replaced login is revoked', async () => {
    await logIn();
    parallel.faults.next((_, path) => path.endsWith('/revoke'), { status: 503 });
    const step = await logIn();
    expect(step).toMatchObject({ exitCode: 0, annotations: [{ level: 'warning' }] });
    expect(step.annotations[0]?.text).toContain('did not confirm that the replaced login is revoked');
  });

  test.runIf(process.platform !== 'win32')('cancelled while its approval is answered revokes itself', async () => {
    await servers[Symbol.asyncDispose]();
    await start({ parallel: { interval: 1 } });
    let stop = (_: NodeJS.Signals) => {};
    parallel.faults.next(isPoll, { delayReplyMs: 2000 });
    const step = logIn({}, undefined, { onStart: (signal) => (stop = signal) });
    const isGranted = ({ form, status }: (typeof parallel.requests)[number]) => form?.['device_code'] && status === 200;
    await expect.poll(() => parallel.requests.some(isGranted)).toBe(true);
    stop('SIGINT');
    expect(await step).toMatchObject({ exitCode: 1, annotations: [{ title: 'Parallel login failed' }] });
    expect(parallel.revoked).toHaveLength(1);
    expect(github.head(REF)).toBe(undefined);
  });

  test('that cannot be stored revokes itself', async () => {
    github.faults.next((method, path) => method === 'POST' && path.endsWith('/git/refs'), {
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    expect(await logIn()).toMatchObject({ exitCode: 1 });
    expect(parallel.revoked).toHaveLength(1);
    expect(github.head(REF)).toBe(undefined);
  });

  test.runIf(process.platform !== 'win32')('cancelled leaves the earlier login untouched', async () => {
    await logIn();
    const before = github.head(REF);
    let stop = (_: NodeJS.Signals) => {};
    const step = await logIn({}, () => stop('SIGINT'), { onStart: (signal) => (stop = signal) });
    expect(step.exitCode).not.toBe(0);
    expect(github.head(REF)).toBe(before);
    expect(await gate()).toMatchObject({ exitCode: 0 });
  });
});
