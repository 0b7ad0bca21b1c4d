import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { open, seal } from '../../src/credentials/seal.ts';
import { BINDING, REF, REPOSITORY_ID } from '../support/fixtures.ts';

const KEY = randomBytes(32);
const HEADER = { alg: 'dir', enc: 'A256GCM', repository_id: REPOSITORY_ID, ref: REF };

test('what is sealed opens again, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(open(seal(text, KEY, BINDING), KEY, BINDING)).toBe(text);
    }),
  );
});

test('no two seals of the same text are alike', () => {
  expect(new Set(Array.from({ length: 100 }, () => seal('same', KEY, BINDING))).size).toBe(100);
});

test('jose opens what is sealed here', async () => {
  const { plaintext, protectedHeader } = await compactDecrypt(seal('état', KEY, BINDING), KEY);
  expect(new TextDecoder().decode(plaintext)).toBe('état');
  expect(protectedHeader).toEqual(HEADER);
});

test('what jose seals opens here', async () => {
  const jwe = await joseSeal(HEADER);
  expect(open(jwe, KEY, BINDING)).toBe('état');
});

describe('a seal', () => {
  test.each([
    ['with another key', () => seal('x', randomBytes(32), BINDING)],
    ['from another repository', () => seal('x', KEY, { ...BINDING, repositoryId: '43' })],
    ['from another ref', () => seal('x', KEY, { ...BINDING, ref: 'refs/parallel-balance/other' })],
    ['with another algorithm', () => joseSeal({ ...HEADER, alg: 'A256KW' })],
    ['with another encryption', () => joseSeal({ ...HEADER, enc: 'A128CBC-HS256' })],
    ['when compressed or extended', () => joseSeal({ ...HEADER, typ: 'JWT' })],
    ['without its binding', () => joseSeal({ alg: 'dir', enc: 'A256GCM' })],
    ['with a part missing', () => seal('x', KEY, BINDING).split('.').slice(0, 4).join('.')],
    ['with a part more', () => `${seal('x', KEY, BINDING)}.x`],
    ['with an encrypted key', () => seal('x', KEY, BINDING).replace('..', '.x.')],
    ['when it is no JWE', () => 'Update README'],
    ['when it is nothing', () => ''],
  ])('does not open %s', async (_, make) => {
    expect(open(await make(), KEY, BINDING)).toBeUndefined();
  });

  test('does not open with any bit flipped, or the tag cut short', () => {
    const jwe = seal('a text', KEY, BINDING);
    const parts = jwe.split('.');
    for (const index of [2, 3, 4]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(open(parts.with(index, flipped.toString('base64url')).join('.'), KEY, BINDING)).toBeUndefined();
      }
    }
    const short = Buffer.from(parts[4] ?? '', 'base64url')
      .subarray(0, 12)
      .toString('base64url');
    expect(open(parts.with(4, short).join('.'), KEY, BINDING)).toBeUndefined();
  });
});

function joseSeal(header: { alg: string; enc: string; [name: string]: string }): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode('état')).setProtectedHeader(header).encrypt(KEY);
}
