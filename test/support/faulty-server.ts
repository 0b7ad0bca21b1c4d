import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Asked,
  actsFirst,
  answerOf,
  type Fault,
  Faults,
  type HeaderFields,
  isReply,
  type Kind,
  kindOf,
  type Reply,
} from './faults.ts';
import { tlsPair } from './tls.ts';

/** A request that arrived, and what came of it. */
export interface Seen extends Asked {
  readonly kind: Kind | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Which of the server's `connections` it came by. */
  readonly port: number | undefined;
  /** Of a body that is a form; else empty. */
  readonly form: Readonly<Record<string, string>>;
  /** What the server decided, even if the client never got to see it; 0 as long as it has not acted nor replied. */
  status: number;
  /** Whether a whole reply was sent. */
  isAnswered: boolean;
  /** What the server itself said, whatever the client got to see. */
  own?: Reply;
}

export interface FaultyServer<K extends Kind = Kind> extends AsyncDisposable {
  readonly url: string;
  /** In order of arrival. */
  readonly requests: readonly Seen[];
  /** The ports that clients connected from, in order, whether a request came or not. */
  readonly connections: readonly (number | undefined)[];
  readonly faults: Faults<K>;
  close(): Promise<void>;
}

interface Options {
  /** Does what was asked, and says what the server answers of its own accord. */
  readonly act: (request: Seen) => Answer | Promise<Answer>;
  /** The headers that every reply has. */
  readonly headers?: () => HeaderFields;
  /** Handed to `Faults`, to be shared by the servers of one world. */
  readonly decided?: Set<Kind> | undefined;
  /** Whether `act` answers as the real server would: then close() throws where it does not. */
  readonly isFaithful?: boolean;
  readonly tls?: boolean;
  readonly host?: string;
  readonly port?: number;
}

/**
 * A server on loopback that does what `act` says, but where a rule of its `faults` wants something else. close() throws where
 * the action has asked for something that no description of the real server knows.
 */
export async function startFaultyServer<K extends Kind = Kind>(options: Options): Promise<FaultyServer<K>> {
  const { headers = () => ({}), isFaithful = false, tls = false, host = '127.0.0.1' } = options;
  const requests: Seen[] = [];
  const connections: (number | undefined)[] = [];
  const faults = new Faults<K>(options.decided);
  const closing = new AbortController();
  const wait = (ms = 0) => (ms > 0 ? sleep(ms, undefined, { signal: closing.signal }) : undefined);

  async function act(request: Seen): Promise<Answer> {
    const answer = await options.act(request);
    if (isReply(answer)) request.own = answer;
    return answer;
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    requests.push(request);
    const fault: Fault = faults.strike(request) ?? {};
    const isLate = fault.acts === 'late';
    if (!isLate) await wait(fault.delayMs);
    const own = actsFirst(fault) ? await act(request) : undefined;
    const answer = answerOf(fault, request, own);
    request.status = statusOf(own ?? answer);
    faults.note(request.kind);
    await wait(fault.answerDelayMs);
    request.isAnswered = isReply(answer) && !incoming.socket.destroyed;
    play(answer, response, headers());
    if (!isLate) return;
    await wait(fault.delayMs);
    request.status = statusOf(await act(request));
  }

  const running = new Set<Promise<void>>();
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    const work = serve(incoming, response).catch((error) => {
      // A mistake in a double or its use, unless the client or close() broke it off.
      if (!closing.signal.aborted && !response.destroyed) response.writeHead(500).end(String(error));
    });
    running.add(work);
    void work.then(() => running.delete(work));
  };
  const server = tls ? createTlsServer(tlsPair, listener) : createServer(listener);
  server.on('connection', ({ remotePort }) => connections.push(remotePort));
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(options.port ?? 0, host, resolve));
  const { port } = server.address() as AddressInfo;

  async function close(): Promise<void> {
    closing.abort();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all([closed, ...running]);
    // Loaded only here: the server that CI tries the action with has no node_modules.
    if (requests.length > 0) (await import('./descriptions.ts')).expectDescribed(requests, isFaithful);
  }

  const url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, requests, connections, faults, close, [Symbol.asyncDispose]: close };
}

async function read(incoming: IncomingMessage): Promise<Seen> {
  const { method = '', url = '', headers } = incoming;
  const [path = ''] = url.split('?');
  const body = await text(incoming);
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = isForm ? Object.fromEntries(new URLSearchParams(body)) : {};
  const { remotePort: port } = incoming.socket;
  return {
    kind: kindOf({ method, path, body }),
    method,
    path,
    body,
    headers,
    port,
    form,
    status: 0,
    isAnswered: false,
  };
}

function statusOf(answer: Answer): number {
  return isReply(answer) ? (answer.status ?? 200) : 0;
}

function play(answer: Answer, response: ServerResponse, defaults: HeaderFields): void {
  const { socket } = response;
  if (typeof answer === 'object') {
    if (isReply(answer)) send(answer, response, defaults);
    else if (answer.staysOpen) socket?.write(answer.raw);
    else socket?.end(answer.raw);
  }
  if (answer === 'cut') socket?.destroy();
  if (answer === 'reset') socket?.resetAndDestroy();
  if (answer === 'drip') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  }
}

function send({ status = 200, headers = {}, body = {} }: Reply, response: ServerResponse, defaults: HeaderFields) {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const all: HeaderFields = {
    date: new Date().toUTCString(),
    'content-type': `${typeof body === 'string' ? 'text/html' : 'application/json'}; charset=utf-8`,
    ...defaults,
    ...Object.fromEntries(given),
  };
  response.sendDate = false;
  for (const [name, value] of Object.entries(all)) if (value !== undefined) response.setHeader(name, value);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status).end(status === 204 || status === 304 ? '' : text);
}
