import { jwt } from '../support/jwt.ts';
import { startLocalApi } from '../support/local-api.ts';
import { runAction, type Step } from '../support/run-action.ts';
import { SITUATIONS } from './situations.ts';

// What `npm start` shows: the built action, run as the runner would, and everything it leaves behind. With
// PARALLEL_ACCESS_TOKEN set it asks the real API once; without, an API on loopback plays the telling situations.

const token = process.env['PARALLEL_ACCESS_TOKEN'];
if (token) {
  show('The real API', await runAction({ token }));
} else {
  for (const { title, answer, inputs } of Object.values(SITUATIONS)) {
    await using api = await startLocalApi([answer]);
    const token = jwt({ exp: 4_000_000_000 });
    show(title, await runAction({ token, 'min-cents': '2000', 'api-url': api.url, ...inputs }));
  }
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
