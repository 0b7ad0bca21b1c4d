import { isTemporaryStatus, type NoReply, passing, refused } from './reply.ts';

/** Turns an error of http-client, tunnel or Node into words, by its code: messages may hold anything. Throws all else. */
export function explain(error: unknown): NoReply {
  // A TypeError is Node's word for a wrong argument: a bug, not a network.
  const isNetwork = error instanceof Error && !(error instanceof TypeError) && 'code' in error;
  if (!isNetwork || typeof error.code !== 'string') throw error;
  const { code } = error;
  const proxyStatus = /^tunneling socket could not be established, statusCode=(\d{3})$/.exec(error.message)?.[1];
  if (proxyStatus !== undefined) {
    const what = `was not reached: the proxy answered HTTP ${proxyStatus}`;
    const nextStep = 'Check https_proxy on the runner: its address, user name and password.';
    return { what, nextStep, kind: 'never-sent', isTemporary: isTemporaryStatus(Number(proxyStatus)) };
  }
  if (error.message.startsWith('tunneling socket')) {
    return passing('was not reached: the proxy broke the connection', 'never-sent');
  }
  if (/CERT|SIGNATURE|ISSUER|CRL|HOSTNAME_MISMATCH/.test(code)) {
    const nextStep =
      'If a private CA or a proxy signs it, set NODE_EXTRA_CA_CERTS on the runner to the PEM file of that CA.';
    return refused(`has a certificate that this runner does not trust (${code})`, nextStep, 'never-sent');
  }
  const kind = NEVER_SENT.has(code) ? 'never-sent' : 'no-answer';
  return passing(`${CODES[code] ?? 'could not be reached'} (${code})`, kind);
}

const CODES: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ERR_STREAM_PREMATURE_CLOSE: 'broke the connection',
  ENOTFOUND: 'was not found by name',
  EAI_AGAIN: 'was not found by name',
};

/** Errors of the way to the server: no request has reached it. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
