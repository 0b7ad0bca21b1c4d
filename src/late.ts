import { debug, error as printError } from '@actions/core';
import { failureOf } from './failure.ts';

// All that index.ts loads late, as one chunk of the bundle.
export { runGate } from './gate.ts';

/** A chunk of its own: a run with a token need not load it. */
export async function runLogin(): Promise<void> {
  const { runLogin } = await import(/* webpackChunkName: "credentials" */ './credentials/index.ts');
  return runLogin();
}

/** The report itself could not be published: this is a bug. */
export function printBug(error: unknown): void {
  const { message, nextStep, detail } = failureOf(error);
  if (detail !== undefined) debug(detail);
  printError(`${message} ${nextStep}`, { title: 'Parallel balance action cannot run' });
}
