import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { loadProtocol } from './protocol.ts';

const INTERLEAVINGS = Number(process.env['INTERLEAVINGS'] ?? 8_000);
/** What so many interleavings must have met at least, per thousand: else they show nothing. */
const PER_THOUSAND = {
  runs: 5000,
  tokens: 2500,
  refreshes: 2500,
  takeovers: 400,
  relogins: 400,
  crashes: 400,
  lost: 4000,
  ended: 150,
  killed: 150,
  hindered: 3,
};

// Fixed, so that a change is red for what it changed; `SEED=$RANDOM INTERLEAVINGS=200000` goes where nobody has been.
const SEED = Number(process.env['SEED'] ?? 1);

test('no interleaving of runs, logins, crashes and faults breaks an invariant', { timeout: 600_000 }, async () => {
  const protocol = await loadProtocol();
  const { total, failure } = await explore(protocol, INTERLEAVINGS, SEED);
  console.log(total);
  expect(failure).toBe(undefined);
  for (const [name, least] of Object.entries(PER_THOUSAND)) {
    expect(total[name as keyof typeof total], name).toBeGreaterThanOrEqual((least * INTERLEAVINGS) / 1000);
  }
});
