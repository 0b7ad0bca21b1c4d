import { debug, ExitCode, error as printError } from '@actions/core';
import { failureOf } from './failure.ts';
import { runGate } from './gate.ts';

// A promise that never settles ends the process with the code that stands here; a report that passes clears it last.
process.exitCode = ExitCode.Failure;

// A log that nobody takes any more loses its lines, and nothing else: unheard, this error would end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

run().catch((error) => {
  // The report itself could not be published: this is a bug.
  const { message, nextStep, detail } = failureOf(error);
  if (detail !== undefined) debug(detail);
  printError(`${message} ${nextStep}`, { title: 'Parallel balance action cannot run' });
});

/**
 * One bundle for both actions, because every job downloads all of it: login/index.js asks for the login by a last argument,
 * behind those of whatever has started it.
 */
async function run(): Promise<void> {
  if (process.argv.at(-1) !== 'login') return runGate();
  const { runLogin } = await import(/* webpackChunkName: "credentials" */ './credentials/index.ts');
  return runLogin();
}
