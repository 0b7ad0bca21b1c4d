/** All that the action ever asks for: enough to read the balance, and nothing else. */
export const SCOPE = 'balance:read';

/** What a grant may be used for, held against what was asked. */
export interface ScopeFinding {
  /** Scopes were named (`x:y`), and the one asked for is not among them. */
  readonly lacksRead: boolean;
  /** Named scopes that do more than read. */
  readonly powers: readonly string[];
  /** Words that were not asked for and give no power as far as their name tells. */
  readonly others: readonly string[];
}

/** The words of a `scope` that a server sent: plain, at most 20 of at most 64 characters, powers first. */
export function readScopes(scope: string): readonly string[] {
  const words = scope.split(/\s+/).filter((word) => word !== '');
  const plain = words.map((word) => word.replace(/[^\w.:/-]/g, '?').slice(0, 64));
  return [...new Set(plain)].sort((a, b) => Number(isPower(b)) - Number(isPower(a))).slice(0, 20);
}

/**
 * Nobody has seen which words Parallel sends (docs/security.md), so no word of the form `x:y` at all means: as asked
 * (RFC 6749, 5.1, lets a server say nothing then).
 */
export function judgeScopes(scopes: readonly string[]): ScopeFinding {
  const isNamed = scopes.some((word) => /^[^:]+:[^:]/.test(word));
  return {
    lacksRead: isNamed && !scopes.includes(SCOPE),
    powers: scopes.filter(isPower),
    others: scopes.filter((word) => word !== SCOPE && !isPower(word)),
  };
}

function isPower(word: string): boolean {
  return /^[^:]+:./.test(word) && !word.endsWith(':read');
}
