// The least that Node can do: the same request by node:https, and one output.
const { appendFileSync } = require('node:fs');
const { get } = require('node:https');

const { env } = process;
const headers = { accept: 'application/json', authorization: `Bearer ${env['INPUT_TOKEN']}` };

get(`${env['INPUT_API-URL']}/service/v1/balance`, { headers }, (response) => {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  response.on('end', () => {
    appendFileSync(env['GITHUB_OUTPUT'], `credit-balance-cents=${JSON.parse(text).credit_balance_cents}\n`);
  });
});
