// The APIs, in a process of their own so that a client never waits for the benchmark's event loop. Sends its port to
// the parent, then answers every message with the number of requests since the last one.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const BALANCE = { org_id: 'org_bench', credit_balance_cents: 123456, pending_debit_balance_cents: 0 };
const ROUTES: Record<string, object> = { '/account/service/v1/balance': BALANCE };

const readPem = (name: string) => readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url));
let requests = 0;

const server = createServer({ key: readPem('key'), cert: readPem('cert') }, ({ url, headers }, response) => {
  requests++;
  const body = headers.authorization === undefined ? undefined : ROUTES[url ?? ''];
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  process.send?.(requests);
  requests = 0;
});
process.on('disconnect', () => process.exit());
