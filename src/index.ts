import { debug, ExitCode, setFailed } from '@actions/core';
import { failureOf } from './failure.ts';
import { runGate } from './gate.ts';

// A promise that never settles ends the process with the code that stands here; a report that passes clears it last.
process.exitCode = ExitCode.Failure;

run().catch((error) => {
  // The report itself could not be published: the runner's files are missing, or this is a bug.
  const { message, nextStep, detail } = failureOf(error);
  if (detail !== undefined) debug(detail);
  setFailed(`${message} ${nextStep}`);
});

/** One bundle for both actions, because every job downloads all of it: login/index.js asks for the login. */
async function run(): Promise<void> {
  if (process.argv[2] !== 'login') return runGate();
  const { runLogin } = await import(/* webpackChunkName: "credentials" */ './credentials/index.ts');
  return runLogin();
}
