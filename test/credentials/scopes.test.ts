import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeScopes, readScopes } from '../../src/credentials/scopes.ts';

test('scopes are kept as at most 20 plain words of at most 64 characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (scope) => {
      const words = readScopes(scope);
      expect(words.length).toBeLessThanOrEqual(20);
      for (const word of words) expect(word).toMatch(/^[\w.:/?-]{1,64}$/);
    }),
  );
});

test('a power is found among however many other words', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}(:read)?$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), fc.nat(60), (words, at) => {
      const scope = words.toSpliced(at, 0, 'keys:create').join(' ');
      expect(judgeScopes(readScopes(scope)).powers).toEqual(['keys:create']);
    }),
  );
});

test.each([
  ['', false, [], []],
  ['balance:read', false, [], []],
  ['openid', false, [], ['openid']],
  ['usage:read', true, [], ['usage:read']],
  ['balance:read balance:add', false, ['balance:add'], []],
  ['keys:create', true, ['keys:create'], []],
  ['balance:reader balance:read', false, ['balance:reader'], []],
])('what %j grants is told by its words', (scope, lacksRead, powers, others) => {
  expect(judgeScopes(readScopes(scope))).toEqual({ lacksRead, powers, others });
});
