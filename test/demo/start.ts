import { jwt, REF } from '../support/fixtures.ts';
import { startLocalApi } from '../support/local-api.ts';
import { runAction, type Step } from '../support/run-action.ts';
import { runGate, runLogin, startServers } from '../support/stored.ts';
import { SITUATIONS } from './situations.ts';

// What `npm start` shows: the built action, run as the runner would, and everything it leaves behind. With
// PARALLEL_ACCESS_TOKEN set it asks the real API once; without, servers on loopback play the telling situations.

const accessToken = process.env['PARALLEL_ACCESS_TOKEN'];
if (accessToken) {
  show('The real API', await runAction({ token: accessToken }));
} else {
  for (const { title, answer, inputs } of Object.values(SITUATIONS)) {
    await using api = await startLocalApi([answer]);
    const token = jwt({ exp: 4_000_000_000 });
    show(title, await runAction({ token, 'min-cents': '2000', 'api-url': api.url, ...inputs }));
  }
  await using servers = await startServers();
  const { github, parallel } = servers;
  show('A gate before any login', await runGate(servers));
  show('The login; the demo approves it as a human would', await runLogin(servers));
  show('A gate that finds a good access token', await runGate(servers));
  for (const time of ['first', 'second']) {
    parallel.expireAccessTokens();
    show(`A gate that renews the login, for the ${time} time`, await runGate(servers));
  }
  parallel.endAuthorization();
  parallel.expireAccessTokens();
  show('A gate whose login has ended', await runGate(servers));
  section(
    `what the repository holds: ${REF}, newest first`,
    (await github.commits(REF)).map(({ sha, message }) => `${sha.slice(0, 7)} ${message.slice(0, 80)}…`),
  );
}

function show(title: string, { exitCode, annotations, log, outputs, summary }: Step): void {
  const annotated = annotations.map(({ level, title, text }) => `${level.toUpperCase()}  ${title}: ${text}`);
  console.log(`\n${'═'.repeat(100)}\n${title}: the step ${exitCode === 0 ? 'passes' : 'FAILS'}\n${'═'.repeat(100)}`);
  section('log', [...annotated, ...log]);
  section(
    'outputs',
    Object.entries(outputs).map(([name, value]) => `${`${name}:`.padEnd(29)}${value}`),
  );
  section('summary', summary.trimEnd().split('\n'));
}

function section(name: string, lines: string[]): void {
  console.log(`\n── ${name}\n${lines.map((line) => `   ${line}`).join('\n')}`);
}
