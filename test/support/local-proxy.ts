import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { LocalApi } from './local-api.ts';

/** A proxy on loopback: sends every CONNECT to `target`, whatever its name, or refuses it, or never answers. */
export async function startLocalProxy(target: LocalApi | { status: number } | 'hang') {
  const connects: (string | undefined)[] = [];
  const server = createServer().on('connect', (request, socket) => {
    connects.push(request.url);
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
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
