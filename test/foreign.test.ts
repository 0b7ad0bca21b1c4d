import { EOL } from 'node:os';
import { setSecret } from '@actions/core';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readDetail } from '../src/balance.ts';
import { failureOf } from '../src/failure.ts';
import { hostOf, isOrgId, oneLine, readName } from '../src/foreign.ts';
import { show } from '../src/input-reader.ts';
import { mask } from '../src/secrets.ts';

// Text that reaches a shell, a summary or a person.

describe('a wrong value', () => {
  test.each([
    ['stop', '“stop”'],
    ['1,000', '“1,000”'],
    ['http://x.example:80/a_b', '“http://x.example:80/a_b”'],
    ['2000 * 3', '“2000 × 3”'],
    ['20"; touch x; "', '“20… touch x… …”'],
    ['$(id)', '“…id…”'],
    ['a`b`', '“a…b…”'],
    ["'\\%0A", '“…0A”'],
    ['a\n::b', '“a…::b”'],
    ['a\u202eb\u2028c', '“a…b…c”'],
    ['<b>|&', '“…b…”'],
    ['a@b', 'a text with @, ? or # inside'],
    ['x'.repeat(20), 'a text of 20 characters'],
    ['a b '.repeat(16), 'a text of 64 characters'],
  ])('%j is shown as %s', (text, shown) => {
    expect(show(text)).toBe(shown);
  });

  test('is never shown with a character that a shell or a workflow command reads', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' })), (text) => {
        expect(show(text)).toMatch(/^(“[\w .,:/×+…-]*”|a text [\w @,?#]+)$/);
      }),
    );
  });
});

describe('a host', () => {
  test.each([
    ['https://api.parallel.ai/account', 'api.parallel.ai'],
    ['http://127.0.0.1:8787', '127.0.0.1:8787'],
    ['http://[::1]:8787', '[::1]:8787'],
    ['https://$({touch,x})/account', 'a host with an unusual name'],
    ['https://a`b`', 'a host with an unusual name'],
    ['https://a;b', 'a host with an unusual name'],
  ])('of %s is shown as %s', (url, shown) => {
    expect(hostOf(url)).toBe(shown);
  });
});

describe('the name of an organization', () => {
  test.each([
    ['Acme Inc.', 'Acme Inc.'],
    ['Müller, Söhne-Werke 東京', 'Müller, Söhne-Werke 東京'],
    ['-rf x- -y a--b', 'rf x y a b'],
    ["A&B's (old) `x` $(y); z", 'A B s old x y z'],
    ['A\u202e##[add-mask]\nb: www', 'A add-mask b www'],
    ['a\u2028b\u3000c', 'a b c'],
    ['a.b', 'a.b'],
    ['!!', undefined],
    [null, undefined],
    [7, undefined],
  ])('%j is kept as %j', (name, kept) => {
    expect(readName(name)).toBe(kept);
  });

  test('is at most 100 units long, and never ends in half a letter', () => {
    expect(readName(`${'x'.repeat(99)}𠀀𠀀`)).toBe('x'.repeat(99));
    expect(readName('x'.repeat(300))).toHaveLength(100);
  });

  test('has letters, digits, space, comma, full stop and inner hyphens only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' })), (name) => {
        expect(readName(name) ?? '').toMatch(/^([\p{L}\p{N} ,.]|(?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}]))*$/u);
      }),
    );
  });
});

test.each(['org_abc', 'a', '7.x-y', 'x'.repeat(128)])('%s is the id of an organization', (id) => {
  expect(isOrgId(id)).toBe(true);
});

test.each(['', '-rf', '.', '.x', 'a b', 'a\n', 'a;b', 'x'.repeat(129), 'é', 7, null])('%j is none', (id) => {
  expect(isOrgId(id)).toBe(false);
});

/** What `act` writes to the log. */
function write(act: () => unknown): string {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    act();
    return stdout.mock.calls.join('').replaceAll(EOL, '\n');
  } finally {
    stdout.mockRestore();
  }
}

test.each(['SECRET', '100%\r\n:a,b::add-mask::c', '%0A'])('a secret is masked as the toolkit does it: %j', (secret) => {
  expect(write(() => mask(secret))).toBe(write(() => setSecret(secret)));
});

describe('the words of a server', () => {
  test('are one line of at most 200 units, never cut inside a surrogate pair', () => {
    expect(oneLine('a\r\nb\u0007\u2028c\u202ed')).toBe('a b c d');
    expect(oneLine(`${'x'.repeat(199)}😀`)).toBe('x'.repeat(199));
    expect(oneLine(`${'x'.repeat(198)}😀y`)).toBe(`${'x'.repeat(198)}😀`);
    expect(oneLine('\ud800x')).toBe(' x');
    expect(oneLine(7)).toBeUndefined();
  });

  test('are shown without any secret of the run, also where the cut would leave a part of one', () => {
    write(() => ['SECRET', 'SECRET+/AND=MORE', 'ghs_0123456789'].map(mask));
    expect(oneLine('Bad SECRET, ghs_0123456789!')).toBe('Bad ***, ***!');
    expect(oneLine('SECRET+/AND=MORE or SECRET%2B%2FAND%3DMORE')).toBe('*** or ***');
    expect(oneLine(`${'x'.repeat(195)}ghs_0123456789`)).toBe(`${'x'.repeat(195)}***`);
    expect(readDetail({ detail: 'Token SECRET is not good' })).toBe('Token *** is not good');
    expect(failureOf(new TypeError('at SECRET')).detail).toMatch(/^TypeError: at \*\*\*\n/);
  });
});
