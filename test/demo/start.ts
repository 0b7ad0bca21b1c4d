import { jwt, REF } from '../support/fixtures.ts';
import { startLocalApi } from '../support/local-api.ts';
import { runAction, type Step } from '../support/run-action.ts';
import { runGate, runLogin, startServers } from '../support/stored.ts';
import { heading, show } from './show.ts';
import { SITUATIONS } from './situations.ts';

// What `npm start` shows: the built action, run as the runner would, and what it leaves behind. With
// PARALLEL_ACCESS_TOKEN set it asks the real API once; without, servers on loopback play the telling situations.
// `npm start -- low ended` shows those two.

const STORED = ['unstored', 'login', 'fresh', 'renewed', 'ended', 'ref'];
const wanted = process.argv.slice(2);
const names = [...Object.keys(SITUATIONS), ...STORED];
const accessToken = process.env['PARALLEL_ACCESS_TOKEN'];

if (accessToken) {
  console.log(show('real', 'The real API', await runAction({ token: accessToken })));
} else if (wanted.every((name) => names.includes(name))) {
  await showGates();
  if (STORED.some(isWanted)) await showStoredLogin();
  if (wanted.length === 0) console.log('\nOne of them alone, by its name: npm start -- low');
} else {
  console.error(`There are ${names.join(', ')}.`);
  process.exitCode = 1;
}

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

async function showGates(): Promise<void> {
  for (const [name, { title, answer, inputs }] of Object.entries(SITUATIONS)) {
    if (!isWanted(name)) continue;
    await using api = await startLocalApi([answer]);
    const token = jwt({ exp: 4_000_000_000 });
    print(name, title, await runAction({ token, 'min-cents': '2000', 'api-url': api.url, ...inputs }));
  }
}

/** The life of a login. Each situation stands on those before it, so all are played, shown or not. */
async function showStoredLogin(): Promise<void> {
  await using servers = await startServers();
  const { github, parallel } = servers;
  print('unstored', 'A gate before any login', await runGate(servers));
  print('login', 'The login; the demo approves it as a human would', await runLogin(servers));
  print('fresh', 'A gate that finds a good access token', await runGate(servers));
  parallel.expireAccessTokens();
  print('renewed', 'A gate that renews the login', await runGate(servers));
  parallel.endAuthorization();
  parallel.expireAccessTokens();
  print('ended', 'A gate whose login has ended', await runGate(servers));
  if (!isWanted('ref')) return;
  console.log(heading('ref', `What the repository holds: ${REF}, newest first`));
  for (const { sha, message } of await github.commits(REF)) {
    console.log(`${sha.slice(0, 7)} ${message.slice(0, 80)}…`);
  }
}

function print(name: string, title: string, step: Step): void {
  if (isWanted(name)) console.log(show(name, title, step));
}
