import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { LocalApi } from './local-api.ts';
import { tlsPair } from './tls.ts';

/** A proxy on loopback: sends every CONNECT to `target`, whatever its name, or refuses it, or never answers. */
export async function startLocalProxy(
  target: Pick<LocalApi, 'url'> | { status: number } | 'hang',
  { tls = false } = {},
) {
  const connects: (string | undefined)[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = (tls ? createTlsServer(tlsPair) : createServer()).on('connect', (request, socket) => {
    connects.push(request.url);
    authorizations.push(request.headers['proxy-authorization']);
    if (target === 'hang') return;
    if ('status' in target) return socket.end(`HTTP/1.1 ${target.status} No\r\n\r\n`);
    const upstream = connect(Number(new URL(target.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    authorizations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
