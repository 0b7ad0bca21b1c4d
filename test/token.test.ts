import { describe, expect, test } from 'vitest';
import { explainRejected, formatAge } from '../src/token.ts';
import { jwt } from './support/fixtures.ts';

const NOW = Date.UTC(2026, 10, 23) / 1000;

describe('a 401', () => {
  test.each([
    ['an API key', 'pk_0123456789abcdef', 'looks like an API key'],
    ['of two segments', 'aaaa.bbbb', 'looks like an API key'],
    ['of an empty segment', 'aaaa..cccc', 'looks like an API key'],
    [
      'expired for hours',
      jwt({ exp: NOW - 3 * 3600 }),
      'the access token expired 3 hours ago; access tokens live for minutes',
    ],
    ['expired for seconds', jwt({ exp: NOW - 5 }), 'the access token expired 5 seconds ago'],
    ['not yet expired', jwt({ exp: NOW + 60 }), 'the access token is revoked or not valid here'],
    ['a JWT without exp', jwt({}), 'the access token is revoked or not valid here'],
    ['a JWT with a foreign exp', jwt({ exp: 'tomorrow' }), 'the access token is revoked or not valid here'],
    ['a JWT whose payload is not JSON', 'aaaa.bbbb.cccc', 'the access token is revoked or not valid here'],
    [
      'a JWT whose payload is null',
      `aaaa.${Buffer.from('null').toString('base64url')}.cccc`,
      'the access token is revoked',
    ],
  ])('is explained by a token that is %s', (_, token, text) => {
    const { why, nextStep } = explainRejected(token, NOW * 1000);
    expect(why).toContain(text);
    expect(why + nextStep).not.toContain(token);
  });
});

test.each([
  [0.2, '1 second'],
  [59, '59 seconds'],
  [60, '1 minute'],
  [3599, '59 minutes'],
  [3600, '1 hour'],
  [86_400 * 2.9, '2 days'],
])('an age of %d seconds is told as %s', (seconds, text) => {
  expect(formatAge(seconds)).toBe(text);
});
