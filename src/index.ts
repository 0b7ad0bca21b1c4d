import { debug, setFailed } from '@actions/core';
import { failureOf } from './failure.ts';
import { runGate } from './run.ts';

// Awaited here, so that a promise that never settles ends the process with code 13, not silently with 0.
try {
  // One bundle for both actions, because every job downloads all of it: login/index.js asks for the login.
  if (process.argv[2] === 'login')
    await (await import(/* webpackChunkName: "credentials" */ './credentials/index.ts')).runLogin();
  else await runGate();
} catch (error) {
  // The report itself could not be published: the runner's files are missing, or this is a bug.
  const { message, nextStep, detail } = failureOf(error);
  if (detail !== undefined) debug(detail);
  setFailed(`${message} ${nextStep}`);
}
