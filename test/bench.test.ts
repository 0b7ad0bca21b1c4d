import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measure } from './bench/measure.ts';
import { ACTION, FETCH, FLOOR, RENEWAL, STORED, STORED_FLOOR, STORED_FLOOR_KEPT } from './bench/variants.ts';

// Nothing about time: what is compared must succeed, or `measure` throws, and do the same work.
test('`npm run bench` compares programs that make as many requests as it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-bench-'));
  const variants = [FLOOR, ACTION, FETCH, STORED_FLOOR, STORED_FLOOR_KEPT, STORED, RENEWAL];
  const results = await measure(variants, { rounds: 1, roundTripMs: 1, folder });
  expect(results.map(({ requests }) => requests)).toEqual([1, 1, 1, 3, 3, 3, 9]);
  for (const { cpuMs, peakMiB } of results) expect([cpuMs > 0, peakMiB > 0]).toEqual([true, true]);
  rmSync(folder, { recursive: true });
});
