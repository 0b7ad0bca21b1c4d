/** The verdicts a failure can end in; verdict.ts says what each means. */
export type FailedWord = 'unknown' | 'login-required' | 'error';

/** Something expected went wrong: what happened (`message`, one sentence, no remote text) and what to do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly word: FailedWord;
  readonly nextStep: string;
  /** For a debug message only: the server's own words, see `remoteDetail`. */
  readonly detail: string | undefined;

  constructor(word: FailedWord, message: string, nextStep: string, detail?: string) {
    super(message);
    this.word = word;
    this.nextStep = nextStep;
    this.detail = detail;
  }
}
