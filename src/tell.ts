import type { Balance } from './balance.ts';
import type { Failure } from './failure.ts';
import type { Inputs, Policy } from './inputs.ts';
import { type Cents, formatAmount, formatDollars, isLess, NOTHING } from './money.ts';
import type { Spent } from './snapshot.ts';
import type { Affordable, Held, Verdict } from './verdict.ts';

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
  /** More sentences, for summary and log. */
  readonly notes?: readonly string[];
  /** A word for the log alone. */
  readonly aside?: string;
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
  const { balance, minimum, warning } = verdict;
  const credit = `Parallel credit of ${balance.orgId}`;
  const amount = describeCompared(verdict);
  const told =
    minimum === 'none'
      ? { title: 'Parallel credit', what: `${credit} is ${amount}`, nextStep: 'No minimum set: reporting only.' }
      : {
          title: 'Parallel credit is sufficient',
          what: `${credit}, ${amount}, covers the minimum ${formatAmount(minimum)}`,
          nextStep: '',
          shortfall: NOTHING,
        };
  const passes = { sufficient: true, step: 'passes', ...told, ...tellHeld(verdict) };
  if (!warning?.runsLow) return { ...passes, message: withSpent(told.what, verdict), level: undefined };
  return {
    ...passes,
    title: 'Parallel credit is running low',
    message: withSpent(`${told.what}, but lies below the warning line ${formatAmount(warning.line)}`, verdict),
    nextStep: `${told.nextStep} ${addCredit(balance)}.`.trimStart(),
    level: 'warn',
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
  const [amount, least, gap] = [describeCompared(verdict), formatAmount(minimum), formatDollars(shortfall)];
  const again = isStored ? 're-run the failed jobs' : 'start a new run with a fresh token';
  return {
    sufficient: false,
    title: 'Parallel credit is too low',
    message: withSpent(
      `Parallel credit of ${balance.orgId}, ${amount}, is below the minimum ${least} (short by ${gap})`,
      verdict,
    ),
    ...by('on-low', onLow, `${addCredit(balance)}, then ${again}.`),
    ...tellHeld(verdict),
    shortfall,
  };
}

function tellUnknown({ message, nextStep, detail }: Failure, { onUnknown }: Policies): Telling {
  return {
    sufficient: false,
    title: 'Parallel credit is unknown',
    message: `The balance could not be read: ${message}`,
    ...by('on-unknown', onUnknown, nextStep),
    debug: detail,
  };
}

function tellNoCredentials({ onNoCredentials }: Policies): Telling {
  return {
    sufficient: false,
    title: 'Parallel credentials are missing',
    message: 'No credentials were given: the inputs token and state-key are empty.',
    ...by(
      'on-no-credentials',
      onNoCredentials,
      'Check that the secret behind them exists and is spelled as in the workflow. Runs of pull requests from forks get no ' +
        'secrets; those of Dependabot get only the ones under Settings → Secrets and variables → Dependabot.',
    ),
  };
}

/** The level that an input chose, and what it means for the step and for what to do. */
function by(input: string, level: Policy, nextStep: string): Pick<Telling, 'level' | 'step' | 'nextStep'> {
  if (level === 'fail') return { level, step: `fails, because ${input} is ${level}`, nextStep };
  // Nothing has failed, so GitHub offers no "Re-run failed jobs", which would not ask this gate again either.
  const forAll = nextStep.replace(/(re-run) the failed jobs/gi, '$1 all jobs');
  return { level, step: `passes, because ${input} is ${level}`, nextStep: forAll };
}

/** A failure that no policy softens. */
function failed({ message, nextStep, detail }: Failure): Omit<Telling, 'title'> {
  return { sufficient: false, message, nextStep, level: 'fail', step: 'fails', debug: detail };
}

/** What is told of a balance that was held against a minimum, whether it covers it or not. */
function tellHeld(held: Held): Pick<Telling, 'balance' | 'held' | 'notes' | 'aside'> {
  const { balance, minimum, warning, affordable } = held;
  const isIdle = warning !== undefined && minimum !== 'none' && !isLess(minimum, warning.line);
  return {
    balance,
    held,
    notes: affordable === undefined ? [] : [describeAffordable(affordable)],
    ...(isIdle && { aside: 'The warning line (warn-cents) is not above the minimum, so it adds nothing.' }),
  };
}

/** `what`, and what the credit has fallen by, as one message. */
function withSpent(what: string, { spent }: Held): string {
  return spent === undefined ? `${what}.` : `${what}. ${describeSpent(spent)}`;
}

/** It is the organization's credit that fell: other runs spend it, too. */
function describeSpent(spent: Spent): string {
  switch (spent.kind) {
    case 'fell': {
      const [least, most] = [formatDollars(spent.least), formatDollars(spent.most)];
      if (spent.isSettled) return `The organization's credit fell by ${most} while this ran.`;
      return `The organization's credit fell by ${least} to ${most} while this ran (pending debits are not settled).`;
    }
    case 'rose':
      return 'Credit came in while this ran, so what was spent is not known.';
    case 'released':
      return 'Pending debits fell by more than the credit while this ran (released, or credit came in), so what was spent is not known.';
    case 'no-snapshot':
      return 'The input since is empty (the earlier gate failed or was skipped), so what was spent is not known.';
  }
}

/** `Enough for 1,234 runs at $0.025.` */
function describeAffordable({ runs, price }: Affordable): string {
  const count = runs.toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `Enough for ${count} ${runs === 1n ? 'run' : 'runs'} at ${formatAmount(price)}.`;
}

function addCredit({ orgId }: Balance): string {
  return `Add credit for ${orgId} at https://platform.parallel.ai`;
}

function describeCompared({ balance, compared, deducted }: Held): string {
  if (!deducted) return formatDollars(compared);
  const [credit, pending] = [formatDollars(balance.credit), formatDollars(balance.pendingDebit)];
  return `${formatDollars(compared)} (${credit} less ${pending} pending)`;
}
