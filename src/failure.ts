import { redact } from './secrets.ts';
import { REPOSITORY } from './version.ts';

/** The verdicts a failure can end in; verdict.ts says what each means. */
export type FailedWord = 'unknown' | 'login-required' | 'error';

/** Something expected went wrong: what happened (`message`, one sentence, no remote text) and what to do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly word: FailedWord;
  readonly nextStep: string;
  /** For a debug message only: the server's own words, or the stack of a bug. Free of secrets (`oneLine`, `redact`). */
  readonly detail: string | undefined;

  constructor(word: FailedWord, message: string, nextStep: string, detail?: string) {
    super(message);
    this.word = word;
    this.nextStep = nextStep;
    this.detail = detail;
  }
}

type Words = [message: string, nextStep: string, detail?: string | undefined];
// A Failure of each word.
export const unknown = (...words: Words) => new Failure('unknown', ...words);
export const loginRequired = (...words: Words) => new Failure('login-required', ...words);
export const error = (...words: Words) => new Failure('error', ...words);

/** What is wrong with what a run was given, a sentence each. */
export interface Problems {
  readonly problems: readonly string[];
  /** What the `with:` block of the step cannot mend. */
  readonly environmentProblems: readonly string[];
}

/** Whether there is any of them. */
export function isWrong({ problems, environmentProblems }: Problems): boolean {
  return problems.length + environmentProblems.length > 0;
}

/** The Failure of a run that was given something wrong. */
export function wrongInputs({ problems, environmentProblems }: Problems): Failure {
  const told = [
    ['Wrong environment', environmentProblems, 'Correct what runs this step: its with: block cannot mend it.'] as const,
    ['Wrong inputs', problems, 'Correct the inputs of this step (its with: block).'] as const,
  ].filter(([, { length }]) => length > 0);
  const message = told.map(([what, list]) => `${what}: ${list.join('; ')}.`).join(' ');
  return new Failure('error', message, [...told.map(([, , nextStep]) => nextStep), 'No request was made.'].join(' '));
}

/** The Failure of a run whose credentials lead to another organization than `expected-org-id` names. */
export function otherThanExpected(what: string, got: string, expected: string): Failure {
  return new Failure(
    'error',
    `${what} is of the organization ${got}, but expected-org-id says ${expected}.`,
    `Use credentials of ${expected} (the login workflow, approved with an account of it), or set expected-org-id to ${got} if that is the right one.`,
  );
}

/** What was thrown, as a Failure: all but a Failure is a bug of this action, and its message may hold anything. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const [name, stack] = error instanceof Error ? [error.name, error.stack] : [typeof error, undefined];
  return new Failure(
    'error',
    `The action stopped on an unexpected ${name}.`,
    `Please report it at https://github.com/${REPOSITORY}/issues, with the debug log (re-run with debug logging).`,
    stack === undefined ? undefined : redact(stack),
  );
}
