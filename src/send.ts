import type { IncomingMessage, RequestOptions } from 'node:http';
import { HttpClient } from '@actions/http-client';
import { parseJson } from './json.ts';
import { explain } from './network-errors.ts';
import { type NoReply, passing, type Reply, type Request, refused } from './reply.ts';
import { VERSION } from './version.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The real `Send`: connect, headers and body together have `timeoutMs`. */
export async function sendRequest(request: Request, timeoutMs: number): Promise<Reply | NoReply> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeoutMs);
  const isCut = new Promise<NoReply>((resolve) => {
    const late = passing(`did not answer within ${Math.round(timeoutMs / 100) / 10} s`, 'no-answer');
    cut.signal.addEventListener('abort', () => resolve(late));
  });
  // A race, because some answers (101, for one) leave http-client's promise open for ever.
  return Promise.race([exchange(request, cut.signal), isCut]).finally(() => clearTimeout(timer));
}

async function exchange({ method, url, headers, body }: Request, signal: AbortSignal): Promise<Reply | NoReply> {
  let hasAnswered = false;
  try {
    // No redirects: the APIs have none, and a bearer token must not travel.
    const client = new HttpClient(`parallel-balance-action/${VERSION}`, [cutBy(signal)], { allowRedirects: false });
    const { message } = await client.request(method, url, body ?? null, { accept: 'application/json', ...headers });
    hasAnswered = true;
    const text = await readBody(message);
    if (text === undefined)
      return refused('answered with more than 1 MiB', 'Check the address of the API.', 'no-answer');
    return { kind: 'reply', status: message.statusCode ?? 0, headers: message.headers, json: parseJson(text) };
  } catch (error) {
    // An abort is told by isCut, which has already won.
    if (signal.aborted) return passing('did not answer', 'no-answer');
    const broken = explain(error);
    // A server that has begun to answer has acted.
    return hasAnswered ? { ...broken, kind: 'no-answer' } : broken;
  }
}

/**
 * Lets `signal` end the whole request. http-client's own timeout covers inactivity only, and its CONNECT to a proxy is
 * a request of its own, made by the package tunnel from `proxyOptions`, that nothing else would ever end.
 */
function cutBy(signal: AbortSignal) {
  return {
    prepareRequest(options: RequestOptions): void {
      options.signal = signal;
      const agent = options.agent as { proxyOptions?: RequestOptions };
      if (agent.proxyOptions !== undefined) agent.proxyOptions.signal = signal;
      // Node wants an IPv6 address without the brackets that a URL has around it.
      options.host = options.host?.replace(/^\[(.*)\]$/, '$1');
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('never asked: canHandleAuthentication is false')),
  };
}

/** The body as text, or undefined beyond 1 MiB. http-client's readBody knows no limit and never settles on a break. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
