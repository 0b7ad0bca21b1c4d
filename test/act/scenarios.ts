// What each recipe of README and docs is put through with a runner, by its heading. Each run begins with a stored login
// and $50.00 of credit.

/** One run of a recipe. */
export interface Run {
  readonly event?: string;
  /** Of the event, besides what every event has. */
  readonly payload?: object;
  readonly inputs?: Record<string, string>;
  /** The file to start, where a recipe has several. */
  readonly file?: string;
  readonly creditCents?: number;
  /** What is left when a second gate asks. */
  readonly laterCreditCents?: number;
  readonly pendingCents?: number;
  readonly isDown?: boolean;
  /** A run of a fork. */
  readonly hasNoSecrets?: boolean;
  readonly attempt?: number;
  /** What "Re-run failed jobs" does: the gate's outputs of an earlier attempt stand in the place of its job. */
  readonly gateOutputs?: Record<string, string>;
  /** The number of the issue that is open. */
  readonly openIssue?: number;
  /** The state is in another repository, which has a login of its own. */
  readonly isShared?: boolean;
  readonly passes: boolean;
  readonly says: readonly string[];
  readonly saysNot?: readonly string[];
  /** What reached Slack, and what `gh` was asked, joined by line ends. */
  readonly told?: string;
}

const MONEY = 'This is where the money goes';
const spends = (run: Partial<Run> = {}): Run => ({ passes: true, says: [MONEY], ...run });
const stops = (says: string, run: Partial<Run> = {}): Run => ({
  passes: false,
  says: [says],
  saysNot: [MONEY],
  ...run,
});
const pushed = { event: 'push', payload: { ref: 'refs/heads/main' } };
const pullRequest = { pull_request: { number: 7, head: { ref: 'topic' }, base: { ref: 'main' } } };
const labelled = (name: string, event = 'pull_request') => ({
  event,
  payload: { ...pullRequest, action: 'labeled', label: { name } },
});
const skips = (run: Partial<Run>): Run => ({ passes: true, says: [], saysNot: [MONEY], ...run });

export const SCENARIOS: Record<string, readonly Run[]> = {
  'Set up in five minutes': [], // the login, played before all others, and its `keep`, after them
  'Set up in five minutes 2': [spends(), stops('is below the minimum $20.00 (short by $0.01)', { creditCents: 1999 })],
  'Cases × price': [
    spends({ inputs: { cases: '250' }, creditCents: 625 }),
    stops('(short by $0.01)', { inputs: { cases: '250' }, creditCents: 624 }),
    stops('Wrong inputs', { inputs: { cases: '0' } }),
  ],
  'Tell Slack, or the pull request': [
    spends({ told: 'covers the minimum $20.00, but' }),
    spends({ told: 'Runs affordable: 2000.' }),
    spends({ creditCents: 10000, told: '' }),
    stops('is below the minimum', { creditCents: 1000, told: 'Runs affordable: 400.' }),
  ],
  'One at a time': [
    spends({ creditCents: 2500, pendingCents: 500 }),
    stops('$19.99 ($25.00 less $5.01 pending)', { creditCents: 2500, pendingCents: 501 }),
  ],

  'One login for several repositories': [
    spends({ isShared: true }),
    stops('is below the minimum', { isShared: true, creditCents: 1999 }),
    { isShared: true, hasNoSecrets: true, passes: false, says: ['No credentials were given'], saysNot: [MONEY] },
  ],
  'A matrix': [
    spends({ creditCents: 5000, says: [`${MONEY}, on pro.`, `${MONEY}, on pro-fast.`] }),
    stops('is below the minimum', { creditCents: 4999 }),
  ],
  'A list that is computed': [
    spends({ creditCents: 7.5, says: ['first', 'second', 'third'].map((name) => `${MONEY}, for the ${name} case.`) }),
    stops('(short by $0.005)', { creditCents: 7 }),
  ],
  'A size by label': [
    spends({ ...labelled('evaluate-small'), creditCents: 100 }),
    stops('(short by $29.00)', { ...labelled('evaluate-large'), creditCents: 100 }),
    stops('is empty, but must be', labelled('evaluate-huge')),
    skips(labelled('bug')),
  ],
  'One minimum for manual and scheduled runs': [
    spends({ inputs: { 'min-cents': '100 * 3' }, creditCents: 300 }),
    stops('is below the minimum $20.00', { event: 'schedule', creditCents: 1999 }),
  ],
  'The cost of an evaluation': [
    spends({ laterCreditCents: 4680, says: [MONEY, "The organization's credit fell by $3.20 while this ran"] }),
    stops('is below the minimum', { creditCents: 1999 }),
  ],
  'Try the wiring': [stops('Simulated: ')],
  'Only one step is paid': [
    spends({ says: ['Tests that cost nothing.', MONEY, 'A report of what there is.'] }),
    stops('is below the minimum', {
      creditCents: 1999,
      says: ['Tests that cost nothing.', 'A report of what there is.'],
    }),
  ],
  'Run through an outage': [
    spends({ isDown: true, says: [MONEY, 'could not be read'] }),
    stops('is below the minimum', { creditCents: 1999 }),
  ],
  'A required evaluation': [
    spends({ says: [MONEY, 'The evaluation: success'] }),
    stops('The evaluation: skipped', { creditCents: 1999 }),
  ],
  'Re-run all jobs, not the failed ones': [
    spends({ attempt: 2 }),
    stops('The gate was not asked again', {
      attempt: 2,
      gateOutputs: { sufficient: 'true', 'asked-in': '1' },
    }),
  ],
  'Tell the pull request': [
    spends({ event: 'pull_request', payload: pullRequest, told: '' }),
    stops('is below the minimum', {
      event: 'pull_request',
      payload: pullRequest,
      creditCents: 1234,
      told: 'pr comment 7 --repo octo/evals --body Parallel credit of org_local, $12.34, is below the minimum',
    }),
  ],
  'One open issue while credit is low': [
    spends({ told: 'issue create --title Parallel credit is running low --body Parallel credit of' }),
    spends({ openIssue: 12, told: 'api repos/octo/evals/issues?state=open&labels=parallel-credit --jq' }),
    spends({ creditCents: 10000, openIssue: 12, told: 'issue close 12' }),
    stops('could not be read', { isDown: true, openIssue: 12, told: '' }),
  ],
  'Submit one at a time': [
    spends({ file: 'evaluation.yml', says: [MONEY, 'This waits for the results.'] }),
    stops('is below the minimum', { file: 'evaluation.yml', creditCents: 1999, saysNot: [MONEY, 'This waits'] }),
  ],
  'Reusable workflow': [
    spends({ file: 'evaluation.yml', creditCents: 625 }),
    stops('(short by $0.01)', { file: 'evaluation.yml', creditCents: 624 }),
  ],
  'Forks and Dependabot': [
    spends(pushed),
    skips({ event: 'pull_request', payload: pullRequest, hasNoSecrets: true, says: ['No credentials were given'] }),
    stops('No credentials were given', { ...pushed, hasNoSecrets: true }),
  ],
  pull_request_target: [
    spends(labelled('evaluate', 'pull_request_target')),
    skips(labelled('bug', 'pull_request_target')),
  ],
  'A key in an environment': [spends()],
  'A token of your own': [spends(), stops('is below the minimum', { creditCents: 1999 })],
};
