/** A token of the form of an Account API access token; nobody here verifies signatures. */
export function jwt(claims: Record<string, unknown> = {}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [encode({ alg: 'RS256' }), encode(claims), 'c2lnbmF0dXJl'].join('.');
}
