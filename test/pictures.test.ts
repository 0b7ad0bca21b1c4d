import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PICTURES, readPictured } from './support/pictured.ts';
import { readText } from './support/png-text.ts';

test('the pictures of the README show what the action says: if not, `npm run pictures`', async () => {
  const pictured = await readPictured();
  for (const name of PICTURES) {
    for (const scheme of ['light', 'dark']) {
      const png = readFileSync(new URL(`../docs/pictures/${name}-${scheme}.png`, import.meta.url));
      expect(readText(png), `${name}-${scheme}.png`).toBe(pictured[name]);
    }
  }
});
