import { REPOSITORY } from './version.ts';

/** The verdicts a failure can end in; verdict.ts says what each means. */
export type FailedWord = 'unknown' | 'login-required' | 'error';

/** Something expected went wrong: what happened (`message`, one sentence, no remote text) and what to do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly word: FailedWord;
  readonly nextStep: string;
  /** For a debug message only: the server's own words, see `readDetail`. */
  readonly detail: string | undefined;

  constructor(word: FailedWord, message: string, nextStep: string, detail?: string) {
    super(message);
    this.word = word;
    this.nextStep = nextStep;
    this.detail = detail;
  }
}

/** The Failure of a run whose inputs have `problems`. */
export function wrongInputs(problems: readonly string[]): Failure {
  const nextStep = 'Correct the inputs of this step (its with: block); no request was made.';
  return new Failure('error', `Wrong inputs: ${problems.join('; ')}.`, nextStep);
}

/** What was thrown, as a Failure: all but a Failure is a bug of this action, and its message may hold anything. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const [name, stack] = error instanceof Error ? [error.name, error.stack] : [typeof error, undefined];
  return new Failure(
    'error',
    `The action stopped on an unexpected ${name}.`,
    `Please report it at https://github.com/${REPOSITORY}/issues, with the debug log (re-run with debug logging).`,
    stack,
  );
}
