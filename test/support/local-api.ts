import { type Answer, isReply } from './faults.ts';
import { type FaultyServer, startFaultyServer } from './faulty-server.ts';
import { balanceBody } from './fixtures.ts';

/** An answer that ends in the middle of its body. */
export const truncated: Answer = {
  raw: 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"org_id":',
};
export const oversized: Answer = { body: `"${'x'.repeat(1024 * 1024)}"` };

/** `url` is what a user would pass as `api-url`. */
export type LocalApi = Pick<FaultyServer<'balance'>, 'url' | 'requests' | 'connections'> & AsyncDisposable;

/** An API on loopback that gives `answers` in turn; the last one stays. Without a body, a reply has a balance. */
export async function startLocalApi(
  answers: readonly Answer[],
  options: { tls?: boolean; host?: string } = {},
): Promise<LocalApi> {
  let count = 0;
  const server = await startFaultyServer<'balance'>({
    ...options,
    act: () => withBalance(answers[Math.min(count++, answers.length - 1)] ?? {}),
    headers: () => ({ 'content-type': 'application/json' }),
  });
  return { ...server, url: `${server.url}/account` };
}

/** A reply that says nothing else says this balance. */
export function withBalance(answer: Answer): Answer {
  return isReply(answer) ? { body: balanceBody(), ...answer } : answer;
}
