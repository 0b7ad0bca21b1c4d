import { REPOSITORY } from '../../src/version.ts';
import { runGate, runLogin, startServers } from './stored.ts';

/** The pictures of the README, in its order. */
export const PICTURES = ['low', 'ended'] as const;

/**
 * The summaries that the pictures show, in Markdown: what the built action writes where the balance is low, and where the
 * login has ended; at a fixed time and for a neutral owner, so that they change only with what is said.
 */
export async function readPictured(): Promise<Record<(typeof PICTURES)[number], string>> {
  const balance = { credit_balance_cents: 1234, pending_debit_balance_cents: 150, will_invoice: false };
  await using servers = await startServers({ parallel: { orgId: 'org_abc', balance } });
  await runLogin(servers, { 'expected-org-id': 'org_abc' });
  const low = await runGate(servers, { 'min-cents': '2000' });
  servers.parallel.endAuthorization();
  servers.parallel.expireAccessTokens();
  const ended = await runGate(servers, { 'min-cents': '2000' });
  return { low: makeTimeless(low.summary), ended: makeTimeless(ended.summary) };
}

function makeTimeless(summary: string): string {
  return summary
    .replaceAll(/\d{4}-\d\d-\d\d \(days left: \d+\)/g, 'END')
    .replaceAll(/\d{4}-\d\d-\d\d/g, '2026-11-24')
    .replaceAll(/\d\d:\d\d:\d\d/g, '02:07:41')
    .replaceAll('END', '2027-02-21 (days left: 89)')
    .replaceAll(REPOSITORY, `my-org/${REPOSITORY.split('/')[1]}`);
}
