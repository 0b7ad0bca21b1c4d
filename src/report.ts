import type { Inputs, Policy } from './inputs.ts';
import { formatCents, formatDollars } from './money.ts';
import { type Fact, formatDay, formatTime, renderLines, renderSummary } from './summary.ts';
import type { Verdict } from './verdict.ts';
import { REPOSITORY } from './version.ts';

/** Everything a run says, as text; publish.ts emits it. */
export interface Report {
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
  readonly debug: string | undefined;
  readonly fails: boolean;
}

export interface Annotation {
  readonly level: Policy;
  readonly title: string;
  readonly text: string;
}

/** What a stored login tells of itself; times in milliseconds since 1970, `now` by GitHub's clock. */
export interface Login {
  readonly orgId: string;
  /** Undefined where Parallel did not say. */
  readonly endsAt: number | undefined;
  readonly now: number;
}

/** The outputs of action.yml; every run sets all of them. */
export const OUTPUTS = [
  'verdict',
  'sufficient',
  'message',
  'org-id',
  'credit-balance-cents',
  'pending-debit-balance-cents',
  'will-invoice',
  'compared-cents',
  'shortfall-cents',
  'authorization-expires-at',
] as const;

type OutputName = (typeof OUTPUTS)[number];
type Policies = Pick<Inputs, 'onLow' | 'onUnknown' | 'onNoCredentials'>;

const TITLES: Record<Verdict['word'], string> = {
  ok: 'Parallel credit is sufficient',
  invoiced: 'Parallel bills this organization by invoice',
  low: 'Parallel credit is too low',
  unknown: 'Parallel credit is unknown',
  'login-required': 'Parallel login is required',
  'no-credentials': 'Parallel credentials are missing',
  error: 'Parallel balance action cannot run',
};

/**
 * The report of a verdict reached at `at`, with a stored login where one is known. Policies choose the level of the
 * verdict's annotation and nothing else.
 */
export function renderReport(verdict: Verdict, policies: Policies, at: Date, stored?: Login): Report {
  // A login that does not work has no end worth telling.
  const login = verdict.word === 'login-required' ? undefined : stored;
  const message = renderMessage(verdict);
  const nextStep = renderNextStep(verdict, login !== undefined);
  const text = nextStep === '' ? message : `${message} ${nextStep}`;
  const title = renderTitle(verdict);
  const [level, step] = chooseLevel(verdict, policies);
  const ageing = renderAgeing(login);
  const facts = renderFacts(verdict, step, at, login);
  const heading = `${level === undefined ? '✅' : ICONS[level]} ${title}`;
  return {
    outputs: renderOutputs(verdict, message, login),
    summary: renderSummary(
      heading,
      [message, nextStep, ageing?.text ?? ''].filter((line) => line !== ''),
      facts,
    ),
    annotations: [level === undefined ? [] : { level, title, text }, ageing ?? []].flat(),
    log: level === undefined ? [text] : renderLines(facts),
    debug: 'failure' in verdict ? verdict.failure.detail : undefined,
    fails: level === 'fail',
  };
}

/** The warning about a login that ends soon, while there is time to log in again without a red job. */
function renderAgeing(login: Login | undefined): Annotation | undefined {
  if (login?.endsAt === undefined || daysLeft(login.endsAt, login.now) >= 14) return undefined;
  const text =
    `The stored login of ${login.orgId} ends on ${formatEnd(login.endsAt, login.now)}. ` +
    `Run the login workflow (the one that uses ${REPOSITORY}/login) before then.`;
  return { level: 'warn', title: 'Parallel login ends soon', text };
}

function formatEnd(endsAt: number, now: number): string {
  return `${formatDay(endsAt)} (days left: ${daysLeft(endsAt, now)})`;
}

function daysLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.floor((endsAt - now) / 86_400_000));
}

function renderTitle(verdict: Verdict): string {
  const nothingCompared = verdict.word === 'ok' && verdict.minimum === undefined;
  return nothingCompared ? 'Parallel credit' : TITLES[verdict.word];
}

const ICONS: Record<Policy, string> = { fail: '❌', warn: '⚠️', notice: 'ℹ️' };

/** The level a verdict speaks at (none: no annotation) and what that means for the step. */
function chooseLevel(verdict: Verdict, policies: Policies): [level: Policy | undefined, step: string] {
  const by = (input: string, level: Policy): [Policy, string] => [
    level,
    `${level === 'fail' ? 'fails' : 'passes'}, because ${input} is ${level}`,
  ];
  switch (verdict.word) {
    case 'ok':
    case 'invoiced':
      return [undefined, 'passes'];
    case 'low':
      return by('on-low', policies.onLow);
    case 'unknown':
      return by('on-unknown', policies.onUnknown);
    case 'no-credentials':
      return by('on-no-credentials', policies.onNoCredentials);
    case 'login-required':
    case 'error':
      return ['fail', 'fails'];
  }
}

function renderMessage(verdict: Verdict): string {
  switch (verdict.word) {
    case 'ok': {
      const amount = describeCompared(verdict);
      return verdict.minimum === undefined
        ? `Parallel credit is ${amount}.`
        : `Parallel credit ${amount} covers the minimum ${formatDollars(verdict.minimum)}.`;
    }
    case 'low': {
      const [amount, minimum, gap] = [describeCompared(verdict), verdict.minimum, verdict.shortfall];
      return `Parallel credit ${amount} is below the minimum ${formatDollars(minimum)} (short by ${formatDollars(gap)}).`;
    }
    case 'invoiced':
      return `Organization ${verdict.balance.orgId} is billed by invoice: there is no prepaid credit that could run out.`;
    case 'no-credentials':
      return 'No credentials were given: the inputs token and state-key are empty.';
    case 'unknown':
      return `The balance could not be read: ${verdict.failure.message}`;
    default:
      return verdict.failure.message;
  }
}

function describeCompared({ balance, compared, deducted }: Extract<Verdict, { word: 'ok' | 'low' }>): string {
  if (!deducted) return formatDollars(compared);
  const [credit, pending] = [formatDollars(balance.credit), formatDollars(balance.pendingDebit)];
  return `${formatDollars(compared)} (${credit} less ${pending} pending)`;
}

function renderNextStep(verdict: Verdict, isStored: boolean): string {
  switch (verdict.word) {
    case 'ok':
      return verdict.minimum === undefined ? 'No minimum set: reporting only.' : '';
    case 'invoiced':
      return '';
    case 'low': {
      const { orgId } = verdict.balance;
      const again = isStored ? 're-run the failed jobs' : 'start a new run with a fresh token';
      return `Add credit for ${orgId} at https://platform.parallel.ai, then ${again}.`;
    }
    case 'no-credentials':
      return (
        'Check that the secret behind them exists and is spelled as in the workflow. Runs of pull requests from forks get no ' +
        'secrets; those of Dependabot get only the ones under Settings → Secrets and variables → Dependabot.'
      );
    default:
      return verdict.failure.nextStep;
  }
}

function renderOutputs(verdict: Verdict, message: string, login: Login | undefined): Record<OutputName, string> {
  const balance = 'balance' in verdict ? verdict.balance : undefined;
  const held = 'compared' in verdict ? verdict : undefined;
  return {
    verdict: verdict.word,
    sufficient: String(verdict.word === 'ok' || verdict.word === 'invoiced'),
    message,
    'org-id': balance?.orgId ?? '',
    'credit-balance-cents': held ? formatCents(held.balance.credit) : '',
    'pending-debit-balance-cents': held ? formatCents(held.balance.pendingDebit) : '',
    'will-invoice': balance ? String(balance.willInvoice) : '',
    'compared-cents': held ? formatCents(held.compared) : '',
    'shortfall-cents': renderShortfall(verdict),
    'authorization-expires-at': login?.endsAt === undefined ? '' : new Date(login.endsAt).toISOString(),
  };
}

function renderShortfall(verdict: Verdict): string {
  if (verdict.word === 'low') return formatCents(verdict.shortfall);
  return verdict.word === 'ok' && verdict.minimum !== undefined ? '0' : '';
}

/** What a reader at 2 a.m. looks up, as label and value; the values hold no remote text but the checked org_id. */
function renderFacts(verdict: Verdict, step: string, at: Date, login: Login | undefined): Fact[] {
  const facts: Fact[] = [['Verdict', verdict.word]];
  if ('compared' in verdict) {
    const { balance, compared, deducted, minimum } = verdict;
    facts.push(['Credit', formatDollars(balance.credit)]);
    facts.push([
      'Pending debits',
      `${formatDollars(balance.pendingDebit)} (${deducted ? 'deducted' : 'not deducted'})`,
    ]);
    if (deducted) facts.push(['Compared', formatDollars(compared)]);
    facts.push(['Minimum', minimum === undefined ? 'none' : formatDollars(minimum)]);
  }
  if (verdict.word === 'low') facts.push(['Short by', formatDollars(verdict.shortfall)]);
  if ('balance' in verdict) facts.push(['Organization', verdict.balance.orgId]);
  if (login?.endsAt !== undefined) facts.push(['Login ends', formatEnd(login.endsAt, login.now)]);
  facts.push(['This step', step], ['balance' in verdict ? 'Read at' : 'Tried at', formatTime(at)]);
  return facts;
}
