import { Failure } from './failure.ts';

/**
 * Why Parallel answered 401 to `token`, as a Failure (`login-required`). The token's shape and `exp` only explain a 401
 * that has come; they never prevent a request, because clocks are wrong at times. `nowMs` is the server's time.
 */
export function explainRejected(token: string, nowMs: number, detail?: string): Failure {
  const claims = readClaims(token);
  if (claims === undefined) {
    return new Failure(
      'login-required',
      'Parallel answered HTTP 401: what it was given looks like an API key, not like an Account API access token.',
      'Set the input token to an access token from the OAuth device flow (scope balance:read); PARALLEL_API_KEY cannot read the balance.',
      detail,
    );
  }
  const age = typeof claims.exp === 'number' ? nowMs / 1000 - claims.exp : 0;
  const why =
    age > 0 ? `it expired ${formatAge(age)} ago; access tokens live for minutes` : 'it is revoked or not valid here';
  return new Failure(
    'login-required',
    `Parallel answered HTTP 401 to the access token: ${why}.`,
    'Mint a fresh access token (scope balance:read) in the same job, right before this step, and pass it as the input token.',
    detail,
  );
}

/** The payload of a JWT, unverified, or undefined where `token` is not of that form. */
function readClaims(token: string): { exp?: unknown } | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** A duration in its largest whole unit: `3 hours`. */
export function formatAge(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ];
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 'second'];
  const count = Math.max(1, Math.floor(seconds / size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
