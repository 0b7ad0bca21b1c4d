import { describe, expect, test } from 'vitest';
import { TOKEN } from './support/fixtures.ts';
import { startLocalApi } from './support/local-api.ts';
import { startLocalProxy } from './support/local-proxy.ts';
import { runAction } from './support/run-action.ts';
import { certificateFile } from './support/tls.ts';

// The built dist as a process, through proxies.

// Loopback addresses always bypass a proxy, so these ask for a name that only the proxy knows.
const somewhere = { token: TOKEN, 'api-url': 'https://localhost.example/account', 'timeout-seconds': '2' };

/** Nothing that Node calls deprecated goes unnoticed. */
const strict = { NODE_OPTIONS: '--throw-deprecation', NODE_EXTRA_CA_CERTS: certificateFile };

describe('through https_proxy', () => {
  test.each([
    ['with a password', 'http://user:hunter%402@', 'user:hunter@2'],
    ['with a name only', 'http://user@', 'user:'],
    ['without a scheme', 'user:hunter2@', 'user:hunter2'],
  ])('the balance is read %s', async (_, prefix, sent) => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    const step = await runAction(somewhere, { env: { ...strict, https_proxy: proxy.url.replace('http://', prefix) } });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(step.printed).not.toMatch(/Warning|DEP\d+|hunter/);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(sent).toString('base64')}`]);
  });

  test.each([
    ['a name', 'localhost.example', 'localhost.example:443'],
    ['an IPv4 address', '203.0.113.9', '203.0.113.9:443'],
    ['an IPv6 address', '[2001:db8::9]:8443', '[2001:db8::9]:8443'],
  ])('%s is asked for as HTTP has it', async (_, host, authority) => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api);
    const inputs = { ...somewhere, 'api-url': `https://${host}/account` };
    const step = await runAction(inputs, { env: { ...strict, HTTPS_PROXY: proxy.url } });
    expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
    expect(proxy.connects).toEqual([authority]);
    expect(api.requests).toHaveLength(1);
    expect(step.printed).not.toMatch(/Warning|DEP\d+/);
  });

  test('a secure proxy is held to its own name', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    await using proxy = await startLocalProxy(api, { tls: true });
    expect(await runAction(somewhere, { env: { ...strict, https_proxy: proxy.url } })).toMatchObject({ exitCode: 0 });
    expect((await runAction(somewhere, { env: { https_proxy: proxy.url } })).outputs['message']).toMatch(
      /was not reached: the proxy has a certificate that this runner does not trust/,
    );
  });

  test('no_proxy leads around it', async () => {
    await using proxy = await startLocalProxy({ status: 403 });
    const env = { https_proxy: proxy.url, no_proxy: '.example' };
    const step = await runAction({ ...somewhere, 'timeout-seconds': '1' }, { env });
    expect(step.outputs['verdict']).toBe('unknown');
    expect(step.outputs['message']).not.toContain('proxy');
    expect(proxy.connects).toEqual([]);
  });

  test.each([
    [403, 'Have that host allowed on the proxy of the runner; an internal host belongs into no_proxy.'],
    [407, 'Check https_proxy on the runner: its user name and password.'],
    [502, 'Check that the proxy of the runner can reach that host;'],
    [504, 'Check that the proxy of the runner can reach that host;'],
    [405, 'Check https_proxy on the runner: the address must be that of a proxy for https.'],
  ])('an answer of HTTP %i is told as what it is', async (status, nextStep) => {
    await using proxy = await startLocalProxy({ status });
    const url = proxy.url.replace('//', '//user:hunter2@');
    const step = await runAction({ ...somewhere, 'timeout-seconds': '1' }, { env: { https_proxy: url } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.outputs['message']).toContain(`was not reached: the proxy answered HTTP ${status}`);
    expect(step.annotations[0]?.text).toContain(nextStep);
    expect(step.printed + step.summary).not.toContain('hunter2');
  });

  test('ends at the deadline where the proxy never answers', async () => {
    await using proxy = await startLocalProxy('hang');
    const step = await runAction(somewhere, { env: { https_proxy: proxy.url } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown' } });
    expect(step.outputs['message']).toContain('did not answer within 2 s');
  });

  test('a proxy that is not there is told as the proxy', async () => {
    const step = await runAction(
      { ...somewhere, 'timeout-seconds': '1' },
      { env: { https_proxy: 'http://127.0.0.1:1' } },
    );
    expect(step.outputs['message']).toContain('was not reached: the proxy refused the connection (ECONNREFUSED)');
    expect(step.annotations[0]?.text).toContain('Check https_proxy on the runner');
  });
});

describe('a proxy variable that nobody could go through is an error before any request', () => {
  test.each([
    ['https_proxy', 'http://', 'is not a URL'],
    ['https_proxy', '::::', 'is not a URL'],
    ['HTTPS_PROXY', 'http://user:hunter2@:3128', 'is not a URL'],
    ['https_proxy', 'http://user:hunter2%zz@proxy.example:3128', 'has a % in its user name or password'],
    ['HTTPS_PROXY', 'socks5://user:hunter2@proxy.example:1080', 'is not the address of an http or https proxy'],
  ])('%s=%s %s', async (name, value, what) => {
    await using api = await startLocalApi([{}], { tls: true });
    const inputs = { token: TOKEN, 'api-url': api.url, 'on-unknown': 'notice' };
    const step = await runAction(inputs, { env: { ...strict, [name]: value } });
    expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'error', sufficient: 'false' } });
    expect(step.outputs['message']).toMatch(new RegExp(`^The environment variable ${name} ${what}`));
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.text).toContain(`Set ${name} on the runner to http://host:port`);
    expect(step.printed + step.summary).not.toMatch(/hunter|zz/);
    expect(api.requests).toEqual([]);
  });

  test('an empty one is none', async () => {
    await using api = await startLocalApi([{}], { tls: true });
    const env = { ...strict, https_proxy: '  ', HTTPS_PROXY: '' };
    expect(await runAction({ token: TOKEN, 'api-url': api.url }, { env })).toMatchObject({ exitCode: 0 });
  });
});
