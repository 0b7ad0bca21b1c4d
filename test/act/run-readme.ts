import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEY } from '../support/fixtures.ts';
import { documents, readmeWorkflows } from '../support/readme.ts';
import { startServers } from '../support/stored.ts';
import { Act } from './act.ts';
import { type Run, SCENARIOS } from './scenarios.ts';

// Puts every workflow of README and docs through its scenarios with a runner (act): first the login of the set-up, then
// all others with it. `npm run readme-on-act` with act on the PATH; `npm run readme-on-act -- 'A matrix'` runs that alone.

const UNSAID = 'it does not say';
const wanted = process.argv.slice(2);
const recipes = readRecipes();
const unknown = [...Object.keys(SCENARIOS), ...wanted].filter((heading) => !recipes.has(heading));
const untried = [...recipes.keys()].filter((heading) => !(heading in SCENARIOS));
if (unknown.length + untried.length > 0) throw new Error(`no recipe: ${unknown}; without a scenario: ${untried}`);

await using servers = await startServers();
const { github, parallel } = servers;
const slack = await startSlackAndBroker(async () => (await parallel.login()).access_token);
using act = new Act(servers, {
  PARALLEL_STATE_KEY: KEY,
  SLACK_WEBHOOK_URL: slack.url,
  BROKER_URL: slack.url,
});

const [[login = '', loginFiles = {}] = []] = recipes;
await check(login, loginFiles, { passes: true, says: ['Logged in for the organization org_local'] });
parallel.expireAccessTokens();
const before = (await github.commits('refs/parallel-balance/state')).length;
await check(login, loginFiles, { event: 'schedule', passes: true, says: ['reporting only'] });
if ((await github.commits('refs/parallel-balance/state')).length === before) throw new Error('keep renewed nothing');

// The same login once more, in a repository that keeps it for others.
const STATE = { name: 'my-org/parallel-login', id: '77' };
await using stateServers = await startServers({ github: { repository: STATE.name, id: STATE.id } });
const shared = { PARALLEL_STATE_KEY: KEY, PARALLEL_LOGIN_KEY: 'the private key of an App' };
using stateAct = new Act(stateServers, shared, STATE);
using sharingAct = new Act(stateServers, shared);
await check(login, loginFiles, { passes: true, says: ['Logged in for the organization'] }, stateAct, stateServers);

let runs = 3;
for (const [heading, files] of recipes) {
  if (wanted.length > 0 && !wanted.includes(heading)) continue;
  for (const run of SCENARIOS[heading] ?? []) {
    if (run.isShared) await check(heading, files, run, sharingAct, stateServers);
    else await check(heading, files, run);
    runs++;
  }
}
slack.close();
console.log(`${runs} runs with act: every workflow of README and docs does what it says.`);

/** The files of each recipe: a heading may have several that belong together. */
function readRecipes(): Map<string, Record<string, string>> {
  const found = documents().flatMap((document) => readmeWorkflows(document));
  const recipes = new Map<string, Record<string, string>>();
  for (const [heading, { file, text }] of found) {
    // Several files are one recipe where they name each other; their headings differ by a number.
    const owner = file === undefined ? heading : heading.replace(/ \d+$/, '');
    recipes.set(owner, { ...recipes.get(owner), [file ?? 'recipe.yml']: text });
  }
  return recipes;
}

async function check(...played: Parameters<typeof play>): Promise<void> {
  const [heading, , run] = played;
  let { problems, output } = await play(...played);
  // Under load act can lose what a step of some milliseconds prints: what is not said, and nothing else, is asked for again.
  if (problems.length > 0 && problems.every((problem) => problem.startsWith(UNSAID))) {
    ({ problems, output } = await play(...played));
  }
  if (problems.length > 0) throw new Error(`${heading}, ${JSON.stringify(run)}: ${problems.join('; ')}\n${output}`);
  console.log(`${heading}: ${run.passes ? 'passes' : 'stops'}`);
}

/** What is wrong with a run, if anything. */
async function play(
  _: string,
  files: Record<string, string>,
  run: Run,
  runner = act,
  { parallel } = servers,
): Promise<{ problems: string[]; output: string }> {
  const { creditCents = 5000, laterCreditCents, pendingCents = 0, isDown, passes, says, saysNot = [], told } = run;
  Object.assign(parallel.balance, { credit_balance_cents: creditCents, pending_debit_balance_cents: pendingCents });
  parallel.faults.clear();
  const down = { status: 503, headers: { 'retry-after': '600' } };
  if (laterCreditCents !== undefined) {
    const later = { ...parallel.balance, credit_balance_cents: laterCreditCents, org_id: 'org_local' };
    parallel.faults.add({ on: 'balance', skip: 1, answer: { body: later } });
  }
  if (isDown) parallel.faults.add({ on: 'balance', answer: down, times: 99 });
  slack.texts.length = 0;
  const { exitCode, output, gh } = await runner.run(files, run.file ?? 'recipe.yml', run);
  const reached = [...slack.texts, gh].join('\n').trim();
  const problems = [
    (exitCode === 0) === passes ? '' : `act ended with ${exitCode}`,
    ...says.filter((text) => !output.includes(text)).map((text) => `${UNSAID} ${text}`),
    ...[KEY, ...saysNot].filter((text) => output.includes(text)).map((text) => `it says ${text}`),
    told === undefined || (told === '' ? reached === '' : reached.includes(told)) ? '' : `told was: ${reached}`,
  ];
  return { problems: problems.filter((problem) => problem !== ''), output };
}

/** Slack's end of a webhook, which keeps what it is told; asked for anything, it hands out an access token. */
async function startSlackAndBroker(mintToken: () => Promise<string>) {
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') return response.end(await mintToken());
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    texts.push(JSON.parse(body).text);
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, texts, close: () => server.close() };
}
