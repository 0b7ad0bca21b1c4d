import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ADDRESS_TIMEOUT_MS, surroundings, withoutBrackets } from './surroundings.ts';

/** How long to stand still while the name of the host is looked up. */
const MAX_LOOKUP_MS = 100;

/** A connection for one GET, begun before most of the action is loaded. Nothing is sent on it before it is asked for. */
export interface EarlyConnection {
  readonly host: string;
  readonly socket: Socket;
  readonly connected: Promise<unknown>;
}

/**
 * Begins to connect to the host of `url`; undefined for plain http or with a proxy. Resolves when the first packet is out: an
 * event loop that is busy with loading would not send it. Rejects as `surroundings` throws.
 */
export async function connectEarly(url: string): Promise<EarlyConnection | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' || surroundings().proxy !== undefined) return undefined;
  const host = withoutBrackets(hostname);
  const socket = connect({ host, port: Number(port) || 443, autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS });
  // Whoever asks for it makes another one in the place of one that failed, and tells of that one's errors.
  socket.on('error', () => {});
  const connected = once(socket, 'connect');
  connected.catch(() => {});
  await new Promise((resolve) => {
    for (const event of ['connectionAttempt', 'error']) socket.once(event, resolve);
    setTimeout(resolve, MAX_LOOKUP_MS).unref();
  });
  return { host, socket, connected };
}
