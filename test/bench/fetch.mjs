// What one would write today: the same request by the global fetch, and one output.
import { appendFileSync } from 'node:fs';

const { env } = process;
const headers = { accept: 'application/json', authorization: `Bearer ${env['INPUT_TOKEN']}` };

const response = await fetch(`${env['INPUT_API-URL']}/service/v1/balance`, { headers });
const balance = await response.json();
appendFileSync(env['GITHUB_OUTPUT'], `credit-balance-cents=${balance.credit_balance_cents}\n`);
