import { readInputs } from '../../src/inputs.ts';
import { RUNNER } from './fixtures.ts';
import { toInputVariables } from './run-action.ts';

/** The inputs of a gate as the code reads them under a runner, and what it has masked for that. */
export function read(inputs: Record<string, string>) {
  const masked: string[] = [];
  return { ...readInputs({ ...RUNNER, ...toInputVariables(inputs) }, (secret) => masked.push(secret)), masked };
}
