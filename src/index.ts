import { setFailed } from '@actions/core';
import { run } from './run.ts';

// Awaited here, so that a promise that never settles ends the process with code 13, not silently with 0.
try {
  await run();
} catch (error) {
  // The report itself could not be published: the runner's files are missing, or this is a bug.
  setFailed(error instanceof Error ? error : String(error));
}
