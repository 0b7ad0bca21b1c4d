import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tlsPair } from './tls.ts';

/** One scripted answer: a reply, or something that happens to the connection instead. */
export type Answer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

export interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export interface LocalApi extends AsyncDisposable {
  /** What a user would pass as `api-url`. */
  readonly url: string;
  /** Every request that arrived. */
  readonly requests: Seen[];
}

/** A balance as the API sends it. */
export function balanceBody(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    org_id: 'org_abc',
    credit_balance_cents: 2500,
    pending_debit_balance_cents: 0,
    will_invoice: false,
    ...fields,
  };
}

/** Connections that misbehave. */
export const reset: Answer = (response) => response.socket?.resetAndDestroy();
export const hang: Answer = () => {};
export const drip: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
export const truncate: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"org_id":', () => response.socket?.destroy());
};
export const oversized: Answer = { body: `"${'x'.repeat(1024 * 1024)}"` };

/** Plays one scripted answer. */
export function answerWith(answer: Answer, response: ServerResponse): void {
  if (typeof answer === 'function') {
    answer(response);
    return;
  }
  const { status = 200, headers = {}, body = balanceBody() } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An API on loopback that gives `answers` in turn; the last one stays. */
export async function startLocalApi(
  answers: Answer[],
  options: { tls?: boolean; host?: string } = {},
): Promise<LocalApi> {
  const { tls = false, host = '127.0.0.1' } = options;
  const requests: Seen[] = [];
  const listener: RequestListener = ({ method, url, headers }, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ method, path: url, headers });
    answerWith(answer, response);
  };
  const server = tls ? createTlsServer(tlsPair, listener) : createServer(listener);
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}/account`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
