import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A server on loopback below HTTP: does this to each connection, the first being number 1; by TLS where `tls` is given. */
export async function startRawServer(act: (socket: Socket, count: number) => void, tls?: TlsOptions) {
  const sockets: Socket[] = [];
  const accept = (socket: Socket) => {
    sockets.push(socket.on('error', () => {}));
    act(socket, sockets.length);
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept).on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
