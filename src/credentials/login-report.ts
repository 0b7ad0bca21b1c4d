import type { Failure } from '../failure.ts';
import { hostOf } from '../foreign.ts';
import { type Annotation, type Fact, formatDay, formatTime, type Report, renderSummary } from '../report.ts';
import type { DeviceCode } from './oauth.ts';
import type { State } from './state.ts';

/** How a login ended. */
export type LoginResult =
  | { readonly kind: 'stored'; readonly state: State; readonly warnings: readonly LoginWarning[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What a human should look at after a login that was stored. */
export type LoginWarning =
  | { readonly kind: 'replaced-not-opened' | 'replaced-not-revoked' }
  | { readonly kind: 'replaced-elsewhere'; readonly platform: string }
  | { readonly kind: 'other-scopes'; readonly words: readonly string[] };

/** The outputs of login/action.yml. */
export const LOGIN_OUTPUTS = ['org-id', 'org-name', 'authorization-expires-at'] as const;

/** The lines that send a human to the browser; short, because the live log is all there is to see meanwhile. */
export function renderCode(code: DeviceCode): string[] {
  const { verificationUri, verificationUriComplete, userCode, expiresInSeconds, otherHost } = code;
  return [
    '',
    'Log in to Parallel to let this repository read the credit (scope balance:read):',
    `  open      ${verificationUriComplete ?? verificationUri}`,
    ...(otherHost === undefined
      ? []
      : [`  (that is ${otherHost}, not the host of platform-url: go on only if you know why)`]),
    `  and check that the code is  ${userCode}`,
    `  within ${Math.round(expiresInSeconds / 60)} minutes of the first of these lines. Waiting …`,
  ];
}

/** What stands before the code where others can read it, and nothing says whose approval may count. */
export function renderUnpinned(): string[] {
  return [
    'Others can read this log, and whoever approves first decides whose login this is. So nothing will be stored:',
    'this login will only tell the organization that approved, for the input expected-org-id.',
  ];
}

/** The report of a login that ended at `at`. */
export function renderLogin(result: LoginResult, at: Date): Report {
  return result.kind === 'failed'
    ? renderFailed(result.failure, at)
    : renderStored(result.state, result.warnings.map(renderWarning), at);
}

function renderStored(state: State, warnings: readonly string[], at: Date): Report {
  const endsAt = state.authorizationExpiresAt;
  const end = endsAt === undefined ? 'a day that Parallel did not name' : formatDay(endsAt);
  const message = `Logged in for the organization ${state.orgId}, until ${end}.`;
  const nextStep = 'Gates now renew it by themselves, as long as one of them runs every few days.';
  const facts: Fact[] = [
    ['Organization', state.orgId],
    ['Name', state.orgName ?? 'none given'],
    ['Scope', state.scopes.join(' ') || 'balance:read, as asked'],
    ['Login ends', end],
    ...(state.refreshTokenExpiresAt === undefined
      ? []
      : [['Unused, it ends', formatDay(state.refreshTokenExpiresAt)] as const]),
    ['Stored at', formatTime(at)],
  ];
  const annotations: Annotation[] = warnings.map((text) => ({ level: 'warn', title: 'Parallel login stored', text }));
  return {
    outputs: {
      'org-id': state.orgId,
      'org-name': state.orgName ?? '',
      'authorization-expires-at': endsAt === undefined ? '' : new Date(endsAt).toISOString(),
    } satisfies Record<(typeof LOGIN_OUTPUTS)[number], string>,
    summary: renderSummary('✅ Parallel login stored', [message, ...warnings, nextStep], facts),
    annotations,
    log: [message, nextStep],
    debug: undefined,
    fails: false,
  };
}

function renderWarning(warning: LoginWarning): string {
  switch (warning.kind) {
    case 'replaced-not-opened':
      return 'The login that was replaced could not be opened with this key, so it was not revoked. It ends by itself within days; previous-state-key lets a login revoke it.';
    case 'replaced-not-revoked':
      return 'Parallel did not confirm that the replaced login is revoked. It ends by itself within days.';
    case 'replaced-elsewhere':
      return `The login that was replaced is one of ${hostOf(warning.platform)}, so it was not revoked here.`;
    case 'other-scopes':
      return `Besides balance:read the login was granted what it did not ask for: ${warning.words.join(' ')}.`;
  }
}

function renderFailed({ message, nextStep, detail }: Failure, at: Date): Report {
  const title = 'Parallel login failed';
  return {
    outputs: Object.fromEntries(LOGIN_OUTPUTS.map((name) => [name, ''])),
    summary: renderSummary(`❌ ${title}`, [message, nextStep], [['Tried at', formatTime(at)]]),
    annotations: [{ level: 'fail', title, text: `${message} ${nextStep}` }],
    log: [],
    debug: detail,
    fails: true,
  };
}
