import { afterEach, expect, vi } from 'vitest';
import { type LocalParallel, type LocalParallelOptions, type Login, startLocalParallel } from './local-parallel.ts';
import { DEVICE_CODE, DEVICE_GRANT, REGISTER, TOKEN } from './oauth-provider.ts';

// How its own tests talk to the local Parallel, which each starts for itself and nobody has to close.

export let server: LocalParallel;

export async function start(options?: LocalParallelOptions) {
  server = await startLocalParallel(options);
}

export async function read(reply: Response) {
  const raw = await reply.text();
  return { status: reply.status, body: raw === '' ? undefined : JSON.parse(raw), headers: reply.headers };
}

export async function post(path: string, form: Record<string, string>, signal: AbortSignal | null = null) {
  const body = new URLSearchParams(form);
  return read(await fetch(server.platformUrl + path, { method: 'POST', body, signal }));
}

export async function register() {
  const body = JSON.stringify({ client_name: 'test', platform: { system: 'Linux', machine: 'x86_64' } });
  const headers = { 'content-type': 'application/json' };
  return read(await fetch(server.platformUrl + REGISTER, { method: 'POST', body, headers }));
}

export async function askForCode(scope = 'balance:read') {
  const { client_id } = (await register()).body;
  const { body } = await post(DEVICE_CODE, { client_id, scope });
  const poll = () => post(TOKEN, { grant_type: DEVICE_GRANT, client_id, device_code: body.device_code });
  return { client_id, userCode: body.user_code, body, poll };
}

export const refresh = (login: Login, refresh_token = login.refresh_token, signal: AbortSignal | null = null) =>
  post(TOKEN, { grant_type: 'refresh_token', client_id: login.client_id, refresh_token }, signal);

export async function balance(accessToken?: string) {
  const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  return read(await fetch(`${server.apiUrl}/service/v1/balance`, { headers }));
}

export const invalidGrant = { status: 400, body: { error: 'invalid_grant' } };

const prints = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  for (const print of prints) expect(print).not.toHaveBeenCalled();
});
