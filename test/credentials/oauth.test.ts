import { describe, expect, test } from 'vitest';
import { OAuth } from '../../src/credentials/oauth.ts';
import { Http } from '../../src/http.ts';
import type { NoReply, Reply, Request } from '../../src/reply.ts';
import { broken, reply } from '../support/outcomes.ts';

// What every answer of the token endpoint means for a refresh token that has just been presented.

const GRANT = {
  access_token: 'access-token-0001',
  refresh_token: 'refresh-token-01',
  expires_in: 600,
  org_id: 'org_abc',
  org_name: 'A\u202e##[add-mask]\nb: www.c.d',
};

async function refresh(answer: Reply | NoReply) {
  const requests: Request[] = [];
  const masked: string[] = [];
  const limits: number[] = [];
  const send = async (request: Request, timeoutMs: number) => {
    requests.push(request);
    limits.push(timeoutMs);
    return answer;
  };
  const oauth = new OAuth('https://platform.parallel.ai', (secret) => masked.push(secret));
  const outcome = await oauth.refresh(new Http(60_000, { send }), 'client-1', 'spent token', 15_000);
  return { outcome, requests, masked, limits };
}

test('the token goes in the body of a form, never in the URL', async () => {
  const { requests } = await refresh(reply(200, GRANT));
  expect(requests).toEqual([
    {
      method: 'POST',
      url: 'https://platform.parallel.ai/getServiceKeys/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token&refresh_token=spent+token&client_id=client-1',
    },
  ]);
});

test('every token is masked, and the name of the organization made one plain line', async () => {
  const { outcome, masked } = await refresh(reply(200, GRANT));
  expect(masked).toEqual(['access-token-0001', 'refresh-token-01']);
  expect(outcome).toMatchObject({
    kind: 'granted',
    value: { accessToken: 'access-token-0001', orgName: 'A add-mask b www.c.d' },
  });
});

describe('an odd field', () => {
  test.each([
    [{ access_token: 'access-token-0001' }],
    [{ access_token: 'access-token-0001', refresh_token: null, expires_in: '600', org_id: 'a b', scope: [] }],
    [{ access_token: 'access-token-0001', refresh_token: 'odd \u00e9\n', authorization_expires_in: 1e15 }],
    [
      {
        access_token: 'access-token-0001',
        refresh_token_expires_in: -1,
        authorization_expires_in: null,
        org_name: null,
      },
    ],
  ])('does not lose the grant: %j', async (body) => {
    expect((await refresh(reply(200, body))).outcome).toMatchObject({
      kind: 'granted',
      value: { accessToken: 'access-token-0001' },
    });
  });

  test.each([[{}], [{ access_token: '' }], [{ access_token: 'a b' }], [{ access_token: { secret: 1 } }]])(
    'in place of the access token does not lose the refresh token: %j',
    async (fields) => {
      const { outcome, masked } = await refresh(reply(200, { refresh_token: 'refresh-token-001', ...fields }));
      const value = { accessToken: undefined, refreshToken: 'refresh-token-001' };
      expect(outcome).toMatchObject({ kind: 'granted', value });
      expect(masked).toEqual(['refresh-token-001']);
    },
  );
});

test.each<[string, Reply | NoReply, object]>([
  ['invalid_grant', reply(400, { error: 'invalid_grant' }), { kind: 'denied', error: 'invalid_grant' }],
  ['invalid_client', reply(401, { error: 'invalid_client' }), { kind: 'denied', error: 'invalid_client' }],
  ['another error', reply(400, { error: 'invalid_request' }), { kind: 'denied', error: 'invalid_request' }],
  ['invalid_grant with a 403', reply(403, { error: 'invalid_grant' }), { kind: 'denied', error: 'invalid_grant' }],
  ['invalid_grant with a 200', reply(200, { error: 'invalid_grant' }), { kind: 'denied', error: 'invalid_grant' }],
  ['invalid_client with a 428', reply(428, { error: 'invalid_client' }), { kind: 'denied', error: 'invalid_client' }],
  ["a gateway's error", reply(403, { error: 'forbidden' }), { kind: 'no-answer' }],
  ['a token with a 500', reply(500, GRANT), { kind: 'no-answer' }],
  ['a token with a redirect', reply(302, GRANT), { kind: 'no-answer' }],
  ['server_error with a 400', reply(400, { error: 'server_error' }), { kind: 'no-answer' }],
  ['an error that is no OAuth word', reply(400, { error: '<b>' }), { kind: 'no-answer' }],
  ['invalid_grant with a 500', reply(500, { error: 'invalid_grant' }), { kind: 'no-answer' }],
  ['429', reply(429, {}), { kind: 'never-sent', retryAfterMs: 1000 }],
  ['429 with Retry-After', reply(429, undefined, { 'retry-after': '3' }), { kind: 'never-sent', retryAfterMs: 3000 }],
  ['500', reply(500, { detail: 'no' }), { kind: 'no-answer', what: 'platform.parallel.ai answered HTTP 500' }],
  ['HTML', reply(200, undefined), { kind: 'no-answer' }],
  ['200 without a token', reply(200, { ok: true }), { kind: 'no-answer' }],
  ['200 with a token that is no token', reply(200, { access_token: 'a b' }), { kind: 'no-answer' }],
  [
    '200 with a token of a word, such as one that masking would star',
    reply(200, { access_token: 'true' }),
    { kind: 'no-answer' },
  ],
  [
    '200 with a refresh token that is no text',
    reply(200, { access_token: 'access-token-0001', refresh_token: 7 }),
    { kind: 'no-answer' },
  ],
  [
    '200 with an empty refresh token',
    reply(200, { access_token: 'access-token-0001', refresh_token: '' }),
    { kind: 'no-answer' },
  ],
  ['403', reply(403, { detail: 'no' }), { kind: 'no-answer' }],
  ['a refused connection', broken('never-sent'), { kind: 'never-sent', retryAfterMs: 0 }],
  ['a broken connection', broken('no-answer'), { kind: 'no-answer' }],
  ['silence', broken('no-answer'), { kind: 'no-answer' }],
])('an answer to a refresh means what its words say: %s', async (_, answer, outcome) => {
  expect((await refresh(answer)).outcome).toMatchObject(outcome);
});

test.each<[string, Reply | NoReply, RegExp | undefined]>([
  ['a server that is down', reply(503, undefined), undefined],
  ['a limit', reply(429, {}), undefined],
  ['a broken connection', broken('no-answer'), undefined],
  ['an error of a gateway', reply(403, { error: 'forbidden' }), undefined],
  ['a certificate', { ...broken('never-sent'), nextStep: 'Set NODE_EXTRA_CA_CERTS.' }, /^Set NODE_EXTRA_CA_CERTS\.$/],
  ['another address', reply(404, undefined), /^Check what stands between .* platform-url if you set it\.$/],
  ['JSON of somebody else', reply(403, { message: 'Forbidden' }), /^Check what stands between /],
  ['a refusal of how it was asked', reply(400, { error: 'unauthorized_client' }), /^Look for a newer version/],
])('an OAuth endpoint asks for more than patience only where that helps: %s', async (_, answer, expected) => {
  const { advice } = (await refresh(answer)).outcome as { advice?: string };
  if (expected === undefined) expect(advice).toBeUndefined();
  else expect(advice).toMatch(expected);
});

test('lifetimes sent as text count', async () => {
  const { outcome } = await refresh(
    reply(200, { ...GRANT, expires_in: '600', refresh_token_expires_in: '604800', authorization_expires_in: 'soon' }),
  );
  expect(outcome).toMatchObject({
    value: { accessTokenSeconds: 600, refreshTokenSeconds: 604_800, authorizationSeconds: undefined },
  });
});

test('a lifetime beyond reason is none, so that no date overflows', async () => {
  const { outcome } = await refresh(
    reply(200, { ...GRANT, authorization_expires_in: 1e15, refresh_token_expires_in: 60 }),
  );
  expect(outcome).toMatchObject({ value: { authorizationSeconds: undefined, refreshTokenSeconds: 60 } });
});

test('a refresh token is taken as it comes, and masked', async () => {
  const { outcome, masked } = await refresh(reply(200, { ...GRANT, refresh_token: 'odd \u00e9 refresh token' }));
  expect(outcome).toMatchObject({ value: { refreshToken: 'odd \u00e9 refresh token' } });
  expect(masked).toContain('odd \u00e9 refresh token');
});

test('a refresh token that is a mere word is taken, but not masked: that would star the log', async () => {
  const { outcome, masked } = await refresh(reply(200, { ...GRANT, refresh_token: 'true' }));
  expect(outcome).toMatchObject({ value: { refreshToken: 'true' } });
  expect(masked).not.toContain('true');
});

test('an exchange has 15 s, which fit into what a lease must have left', async () => {
  expect((await refresh(reply(200, GRANT))).limits).toEqual([15_000]);
});

test.each(['a b', 'a\n::error::b', '', 'x'.repeat(129)])('an organization that is %j is none', async (org_id) => {
  const { outcome } = await refresh(reply(200, { ...GRANT, org_id }));
  expect(outcome).toMatchObject({ kind: 'granted', value: { orgId: undefined } });
});

describe('a device code', () => {
  const CODE = {
    device_code: 'device-code-00001',
    user_code: 'ABCD-1234',
    verification_uri: 'https://platform.parallel.ai/device',
  };

  async function request(fields: object) {
    const masked: string[] = [];
    const oauth = new OAuth('https://platform.parallel.ai', (secret) => masked.push(secret));
    const http = new Http(60_000, { send: async () => reply(200, { ...CODE, ...fields }) });
    return { outcome: await oauth.requestDeviceCode(http, 'client-1', 'balance:read'), masked };
  }

  test('is masked, and good for 10 min and a poll every 5 s where nothing else is said', async () => {
    const { outcome, masked } = await request({});
    expect(outcome).toMatchObject({ kind: 'granted', value: { expiresInSeconds: 600, intervalSeconds: 5 } });
    expect(masked).toEqual(['device-code-00001']);
  });

  test.each([
    { device_code: 'of-15-character' },
    { user_code: 'ABCD\n::error::x' },
    { user_code: 'ABCD EFGH' },
    { verification_uri: 'http://platform.parallel.ai/device' },
    { verification_uri: 'http://127.0.0.1.example.com/' },
    { verification_uri: 'javascript:alert(1)' },
    { verification_uri: 'https://platform.parallel.ai@example.com/device' },
    { verification_uri: 'https://:x@platform.parallel.ai/device' },
    { verification_uri: `https://example.com/${'x'.repeat(500)}` },
  ])('is shown to nobody with %j', async (fields) => {
    expect((await request(fields)).outcome).toMatchObject({ kind: 'no-answer' });
  });

  test('loses a complete link that is none, and no more', async () => {
    const { outcome } = await request({ verification_uri_complete: 'javascript:alert(1)' });
    expect(outcome).toMatchObject({ kind: 'granted', value: { verificationUriComplete: undefined } });
  });
});
