import { type Fields, fieldsOf } from './foreign.ts';
import { parseJson } from './json.ts';

/**
 * Why Parallel answered 401 to `token`, and what to do. The token's shape and `exp` only explain a 401 that has come; they
 * never prevent a request, because clocks are wrong at times. `nowMs` is the server's time.
 */
export function explainRejected(token: string, nowMs: number): { why: string; nextStep: string } {
  const claims = readClaims(token);
  if (claims === undefined) {
    return {
      why: 'what it was given looks like an API key, not like an Account API access token',
      nextStep:
        'PARALLEL_API_KEY cannot read the balance: set up state-key, or pass an access token of the OAuth device flow (scope balance:read) as token.',
    };
  }
  const { exp } = claims;
  const age = typeof exp === 'number' ? nowMs / 1000 - exp : 0;
  return {
    why:
      age > 0
        ? `the access token expired ${formatAge(age)} ago; access tokens live for minutes`
        : 'the access token is revoked or not valid here',
    nextStep:
      'Mint a fresh access token (scope balance:read) in the same job, or set up state-key, which renews its own login.',
  };
}

/** The payload of a JWT, unverified, or undefined where `token` is not of that form. */
function readClaims(token: string): Fields | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  return fieldsOf(parseJson(Buffer.from(payload, 'base64url').toString()));
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
