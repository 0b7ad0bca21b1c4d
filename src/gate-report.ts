import type { Inputs, Policy } from './inputs.ts';
import { type Cents, formatAmount, formatCents, formatDollars } from './money.ts';
import {
  type Annotation,
  type Fact,
  formatDay,
  formatTime,
  LOG_IN,
  type LoginFacts,
  type Report,
  renderLines,
  renderSummary,
} from './report.ts';
import { tellSimulated } from './simulate.ts';
import { formatSnapshot } from './snapshot.ts';
import { type Policies, type Telling, tell } from './tell.ts';
import type { Verdict } from './verdict.ts';

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
  'minimum-cents',
  'running-low',
  'runs-affordable',
  'simulated',
  'snapshot',
  'spent-cents',
  'spent-settled',
  'authorization-expires-at',
] as const;

type OutputName = (typeof OUTPUTS)[number];

/** How long before its end a login is worth a warning: time to log in again without a red job. */
export const WARN_DAYS_BEFORE_END = 14;

/** What a report needs to know of the inputs, whatever the verdict. */
type Asked = Policies & Pick<Inputs, 'minCents'>;

/**
 * The report of a verdict reached at `at`, with a stored login where one is known. Policies choose the level of the
 * verdict's annotation and nothing else.
 */
export function renderGate(verdict: Verdict, inputs: Asked, at: Date, stored?: LoginFacts): Report {
  // A login that does not work has no end worth telling.
  const login = verdict.word === 'login-required' ? undefined : stored;
  // Most set-ups keep a login, which a simulated run does not look at.
  const told = tell(verdict, inputs, login !== undefined || verdict.simulated === true);
  const telling = verdict.simulated ? tellSimulated(told) : told;
  const { sufficient, title, message, nextStep, level, notes = [], aside = '' } = telling;
  const text = nextStep === '' ? message : `${message} ${nextStep}`;
  const warnings = [...renderAgeing(login), ...renderPowers(login)];
  const facts = renderFacts(verdict, telling, at, login);
  const icon = level === undefined ? '✅' : ICONS[level];
  const paragraphs = filled([message, nextStep, ...notes, ...warnings.map((warning) => warning.text)]);
  return {
    outputs: renderOutputs(verdict, telling, inputs, login),
    summary: renderSummary(`${icon} ${title}`, paragraphs, facts),
    annotations: [...(level === undefined ? [] : [{ level, title, text }]), ...warnings],
    log: filled([
      ...(sufficient ? [level === undefined ? text : `${icon} ${text}`] : renderLines(facts)),
      ...notes,
      aside,
    ]),
    debug: telling.debug,
    fails: level === 'fail',
  };
}

const ICONS: Record<Policy, string> = { fail: '❌', warn: '⚠️', notice: 'ℹ️' };

function renderOutputs(
  { word, simulated = false }: Verdict,
  { sufficient, message, balance, held, shortfall }: Telling,
  { minCents }: Asked,
  login: LoginFacts | undefined,
): Record<OutputName, string> {
  const spent = held?.spent;
  const cents = (amount: Cents | undefined) => (amount === undefined ? '' : formatCents(amount));
  return {
    verdict: word,
    sufficient: String(sufficient),
    message,
    'org-id': balance?.orgId ?? '',
    'credit-balance-cents': cents(held?.balance.credit),
    'pending-debit-balance-cents': cents(held?.balance.pendingDebit),
    'will-invoice': balance ? String(balance.willInvoice) : '',
    'compared-cents': cents(held?.compared),
    'shortfall-cents': cents(shortfall),
    'minimum-cents': minCents === 'none' ? '' : cents(minCents),
    'running-low': String(held?.warning?.runsLow ?? ''),
    'runs-affordable': String(held?.affordable?.runs ?? ''),
    simulated: String(simulated),
    snapshot: held === undefined || simulated ? '' : formatSnapshot(held.balance),
    'spent-cents': spent?.kind === 'fell' ? cents(spent.most) : '',
    'spent-settled': spent === undefined || spent.kind === 'no-snapshot' ? '' : String(spent.isSettled),
    'authorization-expires-at': login?.endsAt === undefined ? '' : new Date(login.endsAt).toISOString(),
  };
}

/** What a reader at 2 a.m. looks up, as label and value; the values hold no remote text but the checked org_id. */
function renderFacts(
  { word, simulated = false }: Verdict,
  { step, balance, held, shortfall }: Telling,
  at: Date,
  login: LoginFacts | undefined,
): Fact[] {
  const facts: Fact[] = [['Verdict', simulated ? `${word} (simulated)` : word]];
  if (held !== undefined) {
    const { compared, deducted, minimum, warning } = held;
    const pending = formatDollars(held.balance.pendingDebit);
    facts.push(['Credit', formatDollars(held.balance.credit)]);
    facts.push(['Pending debits', `${pending} (${deducted ? 'deducted' : 'not deducted'})`]);
    if (deducted) facts.push(['Compared', formatDollars(compared)]);
    facts.push(['Minimum', minimum === 'none' ? 'none' : formatAmount(minimum)]);
    if (warning !== undefined) facts.push(['Warning line', formatAmount(warning.line)]);
  }
  if (shortfall !== undefined && shortfall.digits > 0n) facts.push(['Short by', formatDollars(shortfall)]);
  if (balance !== undefined) facts.push(['Organization', balance.orgId]);
  if (login?.endsAt !== undefined) facts.push(['Login ends', formatEnd(login.endsAt, login.now)]);
  const how = simulated ? 'Simulated' : balance === undefined ? 'Tried' : 'Read';
  facts.push(['This step', step], [`${how} at`, formatTime(at)]);
  return facts;
}

/** The warning about a login that ends soon. */
function renderAgeing(login: LoginFacts | undefined): Annotation[] {
  if (login?.endsAt === undefined || daysLeft(login.endsAt, login.now) >= WARN_DAYS_BEFORE_END) return [];
  const text = `The stored login of ${login.orgId} ends on ${formatEnd(login.endsAt, login.now)}. ${LOG_IN} before then.`;
  return [{ level: 'warn', title: 'Parallel login ends soon', text }];
}

/** A login never asks for more than to read the balance; what it got at a renewal is not to be stopped here, but told. */
function renderPowers(login: LoginFacts | undefined): Annotation[] {
  if (login === undefined || login.powers.length === 0) return [];
  const text =
    `Parallel renewed the login of ${login.orgId} with more than balance:read: ${login.powers.join(' ')}. ` +
    `${LOG_IN} to have it replaced.`;
  return [{ level: 'warn', title: 'Parallel login can do more than read', text }];
}

function filled(lines: readonly string[]): string[] {
  return lines.filter((line) => line !== '');
}

function formatEnd(endsAt: number, now: number): string {
  return `${formatDay(endsAt)} (days left: ${daysLeft(endsAt, now)})`;
}

function daysLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.floor((endsAt - now) / 86_400_000));
}
