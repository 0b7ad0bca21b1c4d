import { Failure } from './failure.ts';

/** What the runner's environment says about connections. */
export interface Surroundings {
  /** For https. Plain http is for loopback only, which no proxy is asked for. */
  readonly proxy: ProxyAddress | undefined;
  /** Somebody told Node to check no certificates. It is not obeyed. */
  readonly isCheckWaived: boolean;
}

export interface ProxyAddress {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`: as good as the password. */
  readonly authorization: string | undefined;
}

/**
 * How long each address of a host may take to connect before the next one is tried. Node's own 250 ms leave every far
 * host with several addresses unreachable (https://github.com/nodejs/node/issues/54359).
 */
export const ADDRESS_TIMEOUT_MS = 3000;

let taken: (() => Surroundings) | undefined;

/** Those of this process, taken at the first call, which must come before any connection. Throws a Failure as below. */
export function surroundings(): Surroundings {
  taken ??= remember(() => takeSurroundings(process.env));
  return taken();
}

/** `act`, done once: every call comes to the same, an error too. */
function remember<T>(act: () => T): () => T {
  try {
    const value = act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * Reads `env`, and takes out of it what Node and http-client would act on by themselves: to check no certificate, to go
 * through a proxy in http-client's way, and to tell every host the id of the run. Throws a Failure (`error`) for a proxy
 * that nobody could go through.
 */
function takeSurroundings(env: Record<string, string | undefined>): Surroundings {
  const isCheckWaived = env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
  delete env['ACTIONS_ORCHESTRATION_ID'];
  const name = env['https_proxy'] ? 'https_proxy' : 'HTTPS_PROXY';
  const value = env[name]?.trim();
  delete env['https_proxy'];
  delete env['HTTPS_PROXY'];
  return { proxy: value ? readProxy(name, value) : undefined, isCheckWaived };
}

/** As curl reads it: without a scheme it is http. The value may hold a password, so a Failure shows none of it. */
function readProxy(name: string, value: string): ProxyAddress {
  const text = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(text)) throw wrongProxy(name, 'is not a URL');
  const { protocol, hostname, port, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol)) throw wrongProxy(name, 'is not the address of an http or https proxy');
  const isSecure = protocol === 'https:';
  return {
    isSecure,
    host: withoutBrackets(hostname),
    port: Number(port) || (isSecure ? 443 : 80),
    authorization: username || password ? readAuthorization(name, `${username}:${password}`) : undefined,
  };
}

/** Basic authentication (RFC 7617). */
function readAuthorization(name: string, userAndPassword: string): string {
  try {
    return `Basic ${Buffer.from(decodeURIComponent(userAndPassword)).toString('base64')}`;
  } catch {
    throw wrongProxy(name, 'has a % in its user name or password that encodes nothing');
  }
}

function wrongProxy(name: string, what: string): Failure {
  return new Failure(
    'error',
    `The environment variable ${name} ${what}.`,
    `Set ${name} on the runner to http://host:port or http://user:password@host:port, with %25 for a % in the password, %40 for @, %3A for : and %2F for /.`,
  );
}

/** Node wants an IPv6 address without the brackets that a URL has around it. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
