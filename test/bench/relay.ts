import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Makes a server on loopback a far one: what either side sends arrives half a round trip later, and what a client sends
 * before a TCP handshake could have ended counts as sent when it would have. Resolves to the port.
 */
export function startRelay(target: number, roundTripMs: number): Promise<number> {
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const connectedAt = performance.now() + roundTripMs;
    deliver(client, upstream, roundTripMs / 2, connectedAt);
    deliver(upstream, client, roundTripMs / 2);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function deliver(from: Socket, to: Socket, delayMs: number, notBefore = 0): void {
  let last: Promise<unknown> = Promise.resolve();
  const later = (act: () => void) => {
    const due = Math.max(performance.now(), notBefore) + delayMs;
    last = last.then(() => sleep(Math.max(0, due - performance.now()))).then(act);
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}
