import { readFileSync } from 'node:fs';
import { isTemporaryStatus, type NoReply, passing, refused } from './reply.ts';
import { ProxyError } from './tunnel.ts';

/**
 * Turns an error of the network into words, by its code: messages may hold anything. `isCheckWaived`: somebody told Node
 * to check no certificates. Throws all that is no error of the network.
 */
export function explain(error: unknown, kind: NoReply['kind'], isCheckWaived: boolean): NoReply {
  if (error instanceof ProxyError) return explainProxy(error, isCheckWaived);
  // A TypeError is Node's word for a wrong argument: a bug, not a network.
  const isNetwork = error instanceof Error && !(error instanceof TypeError) && 'code' in error;
  if (!isNetwork || typeof error.code !== 'string') throw error;
  const { code, message } = error;
  // The server refused the TLS, by an alert that has a number (RFC 8446, 6) but not always a code.
  const alert = ALERTS[/SSL alert number (\d+)/.exec(message)?.[1] ?? ''];
  if (alert !== undefined) return refused(`${alert[0]} (${code})`, alert[1], kind);
  const [, what, advice] = CERTIFICATES.find(([codes]) => codes.test(code)) ?? [];
  if (what === undefined) return passing(`${words(code)} (${code})`, kind);
  const nextStep = advice ?? adviseOnTrust(process.env['NODE_EXTRA_CA_CERTS']);
  const waived = isCheckWaived ? ' NODE_TLS_REJECT_UNAUTHORIZED=0 is not obeyed.' : '';
  return refused(`${what} (${code})`, nextStep + waived, kind);
}

function explainProxy({ status, cause }: ProxyError, isCheckWaived: boolean): NoReply {
  if (status === undefined) {
    const reply = explain(cause, 'never-sent', isCheckWaived);
    const nextStep = reply.isTemporary ? 'Check https_proxy on the runner, and that proxy.' : reply.nextStep;
    return { ...reply, what: `was not reached: the proxy ${reply.what}`, nextStep };
  }
  return {
    kind: 'never-sent',
    what: `was not reached: the proxy answered HTTP ${status}`,
    nextStep:
      PROXY_ANSWERS[status] ?? 'Check https_proxy on the runner: the address must be that of a proxy for https.',
    isTemporary: isTemporaryStatus(status),
  };
}

const UNREACHABLE =
  'Check that the proxy of the runner can reach that host; an internal host that it cannot reach belongs into no_proxy.';

const PROXY_ANSWERS: Record<number, string> = {
  403: 'Have that host allowed on the proxy of the runner; an internal host belongs into no_proxy.',
  407: 'Check https_proxy on the runner: its user name and password.',
  502: UNREACHABLE,
  504: UNREACHABLE,
};

function words(code: string): string {
  // The codes of Node's HTTP parser.
  return CODES[code] ?? (code.startsWith('HPE_') ? 'answered with what is not HTTP' : 'could not be reached');
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'broke the connection',
  ENOTFOUND: 'was not found by name',
  EAI_AGAIN: 'was not found by name',
  EPROTO: 'answered with what is not TLS, or none that Node speaks',
  HPE_HEADER_OVERFLOW: 'answered with more than 16 KiB of headers',
};

const WANTS_CERTIFICATE = [
  'wants a client certificate, and this action has none',
  'Lead the runner to it through a proxy that presents the certificate, or by an address that wants none.',
] as const;

const ALERTS: Record<string, readonly [what: string, nextStep: string]> = {
  40: [
    'refused the TLS handshake',
    'It may want a client certificate, which this action has none of, or a cipher that Node does not offer.',
  ],
  42: WANTS_CERTIFICATE,
  116: WANTS_CERTIFICATE,
};

/**
 * What Node's codes of a failed certificate check mean
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and what to do; none: see `adviseOnTrust`.
 */
const CERTIFICATES: readonly (readonly [codes: RegExp, what: string, nextStep?: string])[] = [
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    'has a certificate that is not valid today',
    'Have the certificate of that host (or of the proxy that signs for it) renewed, or set the clock of the runner right.',
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'has a certificate for another host',
    'Check the address of the API, and where the DNS or the proxy of the runner leads it.',
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/,
    'has a certificate that this runner does not trust',
  ],
  [
    /^(CERT_|CRL_|UNABLE_TO_(GET|DEC)|ERROR_IN_C|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|UNSPECIFIED$)/,
    'has a certificate, or one of its CA, that is made wrong or revoked',
    'Have it made anew by whoever signs it: no setting of the runner makes it valid.',
  ],
];

/** `file` is what NODE_EXTRA_CA_CERTS says: Node goes on without it where it cannot be read. */
function adviseOnTrust(file: string | undefined): string {
  if (!file)
    return 'If a private CA or a proxy signs it, set NODE_EXTRA_CA_CERTS on the runner to the PEM file of that CA.';
  try {
    const isPem = /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(readFileSync(file, 'latin1'));
    return isPem
      ? 'The file in NODE_EXTRA_CA_CERTS does not hold the CA that signs it: add that CA to it.'
      : 'The file in NODE_EXTRA_CA_CERTS holds no certificate in PEM form: put the CA that signs it there.';
  } catch {
    return 'The file in NODE_EXTRA_CA_CERTS cannot be read here: in a container job its path must be that of the container.';
  }
}
