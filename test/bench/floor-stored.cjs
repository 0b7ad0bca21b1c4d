// The least that Node can do with a stored login: its three requests one after the other, and one output. With an
// argument each has a connection of its own; without, Node's agent keeps that of GitHub.
const { appendFileSync } = require('node:fs');
const { get } = require('node:https');

const { env, argv } = process;
const options = argv[2] === undefined ? {} : { agent: false };

function read(url, token) {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}`, 'user-agent': 'floor' };
  return new Promise((resolve) => {
    get(url, { headers, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
  });
}

async function run() {
  const git = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/git`;
  const { object } = await read(`${git}/ref/parallel-balance/state`, env['INPUT_GITHUB-TOKEN']);
  await read(`${git}/commits/${object.sha}`, env['INPUT_GITHUB-TOKEN']);
  const balance = await read(`${env['INPUT_API-URL']}/service/v1/balance`, env.INPUT_TOKEN);
  appendFileSync(env.GITHUB_OUTPUT, `credit-balance-cents=${balance.credit_balance_cents}\n`);
}

run();
