import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { HttpClient } from '@actions/http-client';
import { checkBypass } from '@actions/http-client/lib/proxy';
import type { EarlyConnection } from './early.ts';
import { parseJson } from './json.ts';
import { explain } from './network-errors.ts';
import { isTemporaryStatus, type NoReply, passing, type Reply, type Request } from './reply.ts';
import { ADDRESS_TIMEOUT_MS, type Surroundings, surroundings, withoutBrackets } from './surroundings.ts';
import { Tunnel } from './tunnel.ts';
import { VERSION } from './version.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** By origin, the agent whose connection the last GET there was answered on: it may serve the next one. */
const kept = new Map<string, HttpAgent>();

/** Has the connection, made or under way, for the first GET of that URL. */
let early: { readonly url: string; readonly agent: HttpAgent } | undefined;

/**
 * The real `Send`: connect, headers and body together have `timeoutMs`. Throws a Failure (`error`) where the environment
 * names a proxy that nobody could go through.
 */
export async function sendRequest(request: Request, timeoutMs: number): Promise<Reply | NoReply> {
  const attempt = new Attempt(surroundings());
  const timer = setTimeout(() => attempt.cut.abort(), timeoutMs);
  const isCut = new Promise<Reply | NoReply>((resolve) => {
    const what = `did not answer within ${Math.round(timeoutMs / 100) / 10} s`;
    attempt.cut.signal.addEventListener('abort', () => resolve(attempt.wholeReply() ?? passing(what, attempt.kind)));
  });
  // A race, because some answers (101, for one) leave http-client's promise open for ever.
  return Promise.race([attempt.exchange(request), isCut]).finally(() => clearTimeout(timer));
}

/** One request: a GET on a connection that is there if there is one, all else on one of its own. */
class Attempt {
  readonly cut = new AbortController();
  /** The signal ends the whole request: http-client's own timeout covers inactivity only. */
  readonly #connectOptions = { signal: this.cut.signal, autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS };
  readonly #surroundings: Surroundings;
  #isConnected = false;
  #received: { readonly message: IncomingMessage; readonly chunks: Buffer[] } | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** What the server can have had of the request: nothing, before there was a connection to it. */
  get kind(): NoReply['kind'] {
    return this.#isConnected ? 'no-answer' : 'never-sent';
  }

  async exchange(request: Request): Promise<Reply | NoReply> {
    const ready = request.method === 'GET' ? takeReady(request.url) : undefined;
    if (ready !== undefined) {
      this.#isConnected = true;
      const outcome = await this.#exchangeBy(ready, request);
      // It may have ended unseen while it was idle, which tells nothing of the server: then once more, on a new one.
      if (outcome.kind === 'reply' || this.cut.signal.aborted) return outcome;
    }
    return this.#exchangeBy(this.#createAgent(request), request);
  }

  async #exchangeBy(agent: HttpAgent, { method, url, headers, body }: Request): Promise<Reply | NoReply> {
    const handler = {
      prepareRequest: (options: RequestOptions) =>
        Object.assign(options, this.#connectOptions, { agent, host: withoutBrackets(new URL(url).hostname) }),
      canHandleAuthentication: () => false,
      handleAuthentication: () => Promise.reject(new Error('never asked: canHandleAuthentication is false')),
    };
    try {
      // No redirects: a bearer token must not travel.
      const client = new HttpClient(`parallel-balance-action/${VERSION}`, [handler], { allowRedirects: false });
      // Without the second a server may compress what it sends, however seldom one does (RFC 9110, 12.5.3).
      const asked = { accept: 'application/json', 'accept-encoding': 'identity', ...headers };
      const { message } = await client.request(method, url, body ?? null, asked);
      const chunks: Buffer[] = [];
      this.#received = { message, chunks };
      const isWhole = await readBody(message, chunks);
      const reply = isWhole ? replyOf(message, chunks) : { ...replyOf(message, []), isTooLarge: true };
      // Another connection may lead to another server, which is better where this one is in trouble.
      if (method === 'GET' && !isTemporaryStatus(reply.status)) kept.set(new URL(url).origin, agent);
      return reply;
    } catch (error) {
      // An abort is told by isCut, which has already won.
      if (this.cut.signal.aborted) return passing('did not answer', this.kind);
      return this.wholeReply() ?? explain(error, this.kind, this.#surroundings.isCheckWaived);
    }
  }

  /** The reply, where its JSON is whole although its connection broke, or goes on: the only copy of a token may be in it. */
  wholeReply(): Reply | undefined {
    const reply = this.#received && replyOf(this.#received.message, this.#received.chunks);
    return typeof reply?.json === 'object' && reply.json !== null ? reply : undefined;
  }

  /** A POST or PATCH never shares a connection: one that ended while it was idle would look like a lost answer. */
  #createAgent({ method, url: address }: Request): HttpAgent {
    const url = new URL(address);
    const { proxy } = this.#surroundings;
    const options = { keepAlive: method === 'GET' };
    let agent: HttpAgent;
    if (url.protocol === 'http:') agent = new HttpAgent(options);
    else if (proxy === undefined || checkBypass(url)) agent = new HttpsAgent(options);
    else agent = new Tunnel(proxy, this.#connectOptions, options);
    this.#watch(agent);
    return agent;
  }

  /** Notes the moment from which on the server may have had the request: a socket sends nothing before it is connected. */
  #watch(agent: HttpAgent): void {
    const note = (socket: Duplex | null | undefined) => {
      socket?.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
        this.#isConnected = true;
      });
    };
    const createConnection = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => {
      const socket = createConnection(options, (error, stream) => {
        note(stream);
        callback?.(error, stream);
      });
      note(socket);
      return socket;
    };
  }
}

const CLOSED = Object.assign(new Error('closed while it was idle'), { code: 'ECONNRESET' });

/** What a server says unasked answers nothing: most likely, that it has waited long enough. */
function isIdle(stream: TLSSocket): boolean {
  return stream.readable && stream.writable && stream.readableLength === 0;
}

/** Secures `connection` as node:https does, and has the first GET of `url` go by it if that is still possible by then. */
export function useEarly({ host, socket, connected }: EarlyConnection, url: string): void {
  const secured = connected.then(async () => {
    // An address is no server name (RFC 6066, 3).
    const servername = isIP(host) ? '' : host;
    const stream = connectTls({ socket, host, servername, ALPNProtocols: ['http/1.1'] });
    stream.on('error', () => {});
    await once(stream, 'secureConnect');
    return stream;
  });
  secured.catch(() => {});
  const agent = new HttpsAgent();
  agent.createConnection = (_, callback) => {
    secured.then(
      (stream) => callback?.(isIdle(stream) ? null : CLOSED, stream),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  early = { url, agent };
}

/** An agent that has a connection for a GET of `url`, or has one under way. */
function takeReady(url: string): HttpAgent | undefined {
  if (early?.url === url) {
    const { agent } = early;
    early = undefined;
    return agent;
  }
  const { origin } = new URL(url);
  const agent = kept.get(origin);
  kept.delete(origin);
  return Object.keys(agent?.freeSockets ?? {}).length > 0 ? agent : undefined;
}

function replyOf({ statusCode = 0, headers }: IncomingMessage, chunks: readonly Buffer[]): Reply {
  const json = parseJson(new TextDecoder().decode(Buffer.concat(chunks)));
  return { kind: 'reply', status: statusCode, headers, json, isTooLarge: false };
}

/**
 * Reads the body into `chunks`; false where it is beyond 1 MiB. http-client's readBody knows no limit and never settles on a
 * break.
 */
async function readBody(message: IncomingMessage, chunks: Buffer[]): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return false;
  }
  return true;
}
