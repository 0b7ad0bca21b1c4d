import { request as requestHttp } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions, request as requestHttps } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyAddress } from './surroundings.ts';

/** The proxy let no connection through: it answered `status`, or could not be talked to (`cause`). */
export class ProxyError extends Error {
  readonly status: number | undefined;

  constructor(status: number | undefined, cause?: Error) {
    super('no way through the proxy', { cause });
    this.status = status;
  }
}

/**
 * TLS through a proxy (CONNECT: RFC 9110, 9.3.6). http-client's own way, the package tunnel, does not fit Node any more:
 * it prints deprecation warnings, sends an invalid authority for an IPv6 address, checks the certificate of a secure
 * proxy against the name of the target, and cannot be cut.
 */
export class Tunnel extends Agent {
  readonly #proxy: ProxyAddress;
  /** Handed on to the connection to the proxy, which is a request of its own. */
  readonly #connectOptions: RequestOptions;

  constructor(proxy: ProxyAddress, connectOptions: RequestOptions, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#connectOptions = connectOptions;
  }

  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { isSecure, host, port, authorization } = this.#proxy;
    const target = `${isIPv6(options.host ?? '') ? `[${options.host}]` : options.host}:${options.port}`;
    const fail = (error: ProxyError) => callback(error, undefined as never);
    const request = (isSecure ? requestHttps : requestHttp)({
      ...this.#connectOptions,
      method: 'CONNECT',
      host,
      port,
      path: target,
      headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
      // Node would take it from the header host; and an address is no server name (RFC 6066, 3).
      servername: isIP(host) ? '' : host,
      agent: false,
    });
    request.once('error', (error) => fail(new ProxyError(undefined, error)));
    request.once('connect', ({ statusCode }, socket, head) => {
      // The TLS on top of it tells of its end.
      socket.on('error', () => {});
      if (statusCode === 200 && head.length === 0) {
        callback(null, super.createConnection({ ...options, socket } as RequestOptions) as Duplex);
        return;
      }
      socket.destroy();
      fail(new ProxyError(statusCode));
    });
    request.end();
  }
}
