import type { Balance } from './balance.ts';
import type { Failure } from './failure.ts';
import type { Inputs, Policy } from './inputs.ts';
import { type Cents, formatDollars, NOTHING } from './money.ts';
import type { Held, Verdict } from './verdict.ts';

/** The inputs that choose how loudly a verdict speaks. */
export type Policies = Pick<Inputs, 'onLow' | 'onUnknown' | 'onNoCredentials'>;

/** All that a verdict means. */
export interface Telling {
  readonly sufficient: boolean;
  readonly title: string;
  /** One sentence, without remote text. */
  readonly message: string;
  /** Empty where nothing is to be done. */
  readonly nextStep: string;
  /** Undefined: no annotation. */
  readonly level: Policy | undefined;
  readonly step: string;
  readonly balance?: Balance;
  readonly held?: Held;
  readonly shortfall?: Cents;
  readonly debug?: string | undefined;
}

/** What a verdict means, whichever it is. `isStored`: by a login that lives on. */
export function tell(verdict: Verdict, policies: Policies, isStored: boolean): Telling {
  switch (verdict.word) {
    case 'ok':
      return tellOk(verdict);
    case 'invoiced':
      return tellInvoiced(verdict);
    case 'low':
      return tellLow(verdict, policies, isStored);
    case 'unknown':
      return tellUnknown(verdict.failure, policies);
    case 'no-credentials':
      return tellNoCredentials(policies);
    case 'login-required':
      return { title: 'Parallel login is required', ...failed(verdict.failure) };
    case 'error':
      return { title: 'Parallel balance action cannot run', ...failed(verdict.failure) };
  }
}

type Told<Word extends Verdict['word']> = Extract<Verdict, { readonly word: Word }>;

function tellOk(verdict: Told<'ok'>): Telling {
  const { balance, minimum } = verdict;
  const amount = describeCompared(verdict);
  const passes = { sufficient: true, level: undefined, step: 'passes', balance, held: verdict } as const;
  if (minimum === 'none') {
    return {
      ...passes,
      title: 'Parallel credit',
      message: `Parallel credit of ${balance.orgId} is ${amount}.`,
      nextStep: 'No minimum set: reporting only.',
    };
  }
  return {
    ...passes,
    title: 'Parallel credit is sufficient',
    message: `Parallel credit of ${balance.orgId}, ${amount}, covers the minimum ${formatDollars(minimum)}.`,
    nextStep: '',
    shortfall: NOTHING,
  };
}

function tellInvoiced({ balance }: Told<'invoiced'>): Telling {
  return {
    sufficient: true,
    title: 'Parallel bills this organization by invoice',
    message: `Organization ${balance.orgId} is billed by invoice: there is no prepaid credit that could run out.`,
    nextStep: '',
    level: undefined,
    step: 'passes',
    balance,
  };
}

function tellLow(verdict: Told<'low'>, { onLow }: Policies, isStored: boolean): Telling {
  const { balance, minimum, shortfall } = verdict;
  const [amount, least, gap] = [describeCompared(verdict), formatDollars(minimum), formatDollars(shortfall)];
  const again = isStored ? 're-run the failed jobs' : 'start a new run with a fresh token';
  return {
    sufficient: false,
    title: 'Parallel credit is too low',
    message: `Parallel credit of ${balance.orgId}, ${amount}, is below the minimum ${least} (short by ${gap}).`,
    nextStep: `Add credit for ${balance.orgId} at https://platform.parallel.ai, then ${again}.`,
    ...by('on-low', onLow),
    balance,
    held: verdict,
    shortfall,
  };
}

function tellUnknown({ message, nextStep, detail }: Failure, { onUnknown }: Policies): Telling {
  return {
    sufficient: false,
    title: 'Parallel credit is unknown',
    message: `The balance could not be read: ${message}`,
    nextStep,
    ...by('on-unknown', onUnknown),
    debug: detail,
  };
}

function tellNoCredentials({ onNoCredentials }: Policies): Telling {
  return {
    sufficient: false,
    title: 'Parallel credentials are missing',
    message: 'No credentials were given: the inputs token and state-key are empty.',
    nextStep:
      'Check that the secret behind them exists and is spelled as in the workflow. Runs of pull requests from forks get no ' +
      'secrets; those of Dependabot get only the ones under Settings → Secrets and variables → Dependabot.',
    ...by('on-no-credentials', onNoCredentials),
  };
}

/** The level that an input chose, and what it means for the step. */
function by(input: string, level: Policy): Pick<Telling, 'level' | 'step'> {
  return { level, step: `${level === 'fail' ? 'fails' : 'passes'}, because ${input} is ${level}` };
}

/** A failure that no policy softens. */
function failed({ message, nextStep, detail }: Failure): Omit<Telling, 'title'> {
  return { sufficient: false, message, nextStep, level: 'fail', step: 'fails', debug: detail };
}

function describeCompared({ balance, compared, deducted }: Held): string {
  if (!deducted) return formatDollars(compared);
  const [credit, pending] = [formatDollars(balance.credit), formatDollars(balance.pendingDebit)];
  return `${formatDollars(compared)} (${credit} less ${pending} pending)`;
}
