import type { Problems } from './failure.ts';
import {
  type Environment,
  InputReader,
  ORG_ID,
  parseBaseUrl,
  parseBoolean,
  readExpectedOrgId,
  show,
} from './input-reader.ts';
import { type Guarded, refuseMisspelt } from './misspelt.ts';
import { type Amount, lacksFactor, parseAmount } from './money.ts';
import { readSince, type Since } from './snapshot.ts';
import { BASE_URL, isKey, LOCATION_DEFAULTS, readLocation, type StateLocation } from './state-location.ts';

const POLICIES = ['fail', 'warn', 'notice'] as const;
/** How loudly a verdict speaks; only `fail` fails the step. */
export type Policy = (typeof POLICIES)[number];

const SIMULATED = ['low', 'unknown', 'login-required', 'no-credentials', 'error'] as const;
/** What can be simulated: no verdict that lets a job start, so that a forgotten `simulate` can only stop. */
export type Simulated = (typeof SIMULATED)[number];

/** An amount of cents, or none: without a minimum the balance is reported only. */
export type Minimum = Amount | 'none';

/** The inputs of action.yml, typed. Those named in `problems` hold their default. */
export interface Inputs extends Problems {
  readonly credentials: Credentials;
  readonly minCents: Minimum;
  /** The line below which credit that covers the minimum runs low. */
  readonly warnCents: Minimum;
  /** What one run costs, above 0. */
  readonly centsPerRun: Minimum;
  /** Undefined: any. */
  readonly expectedOrgId: string | undefined;
  readonly simulate: Simulated | 'none';
  readonly since: Since;
  readonly deductPending: boolean;
  readonly onLow: Policy;
  readonly onUnknown: Policy;
  readonly onNoCredentials: Policy;
  readonly summary: boolean;
  readonly timeoutMs: number;
  readonly apiUrl: string;
}

type Credentials =
  | { readonly kind: 'none' }
  /** What is wrong with them is among the problems. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'stored'; readonly location: StateLocation };

/** The defaults of action.yml (a test compares them), so that the bare `node dist/index.js` behaves as the action. */
export const DEFAULTS = {
  token: '',
  'min-cents': 'none',
  'warn-cents': 'none',
  'cents-per-run': '',
  'expected-org-id': 'none',
  simulate: '',
  since: 'none',
  'deduct-pending': 'false',
  'on-low': 'fail',
  'on-unknown': 'fail',
  'on-no-credentials': 'fail',
  summary: 'true',
  'timeout-seconds': '60',
  'api-url': 'https://api.parallel.ai/account',
  ...LOCATION_DEFAULTS,
} as const;

type Name = keyof typeof DEFAULTS;

/** Reads the inputs of the gate from `env`, handing every secret to `mask` first. Never throws. */
export function readInputs(env: Environment, mask: (secret: string) => void): Inputs {
  const reader = new InputReader<Name>(env, DEFAULTS, mask);
  const { problems } = reader;
  const readPolicy = (name: Name) => reader.parse(name, oneOf(POLICIES), parsePolicy);
  const readBoolean = (name: Name) => reader.parse(name, 'true or false', parseBoolean);

  const simulate = reader.parse('simulate', oneOf(SIMULATED), parseSimulated);
  const credentials = readCredentials(reader, simulate !== 'none');
  refuseMisspelt(reader, credentials.kind === 'none' ? [...GUARDED, ...CREDENTIALS] : GUARDED);
  // Forks get no variables either, so without credentials what lacks one is not judged.
  const isJudged = credentials.kind !== 'none';
  if (isJudged) {
    for (const name of ['min-cents', 'warn-cents'] as const) reader.refuseEmpty(name, CENTS);
    reader.refuseEmpty('expected-org-id', ORG_ID);
  }
  const readAmount = (name: Name, accepts: string, parse: (text: string) => Minimum | undefined) =>
    isJudged || !lacksFactor(reader.text(name)) ? reader.parse(name, accepts, parse) : 'none';
  const minCents = readAmount('min-cents', CENTS, parseMinimum);
  if (simulate === 'low' && minCents === 'none') {
    problems.push('simulate is low, but min-cents holds no minimum that credit could be below');
  }
  const timeoutSeconds = reader.parse('timeout-seconds', 'a whole number from 1 to 600', parseSeconds);
  if (credentials.kind === 'stored' && timeoutSeconds < 30) {
    problems.push(
      `timeout-seconds is ${show(String(timeoutSeconds))}, but must be at least 30 with state-key, to renew the login safely`,
    );
  }
  return {
    credentials,
    minCents,
    warnCents: readAmount('warn-cents', CENTS, parseMinimum),
    centsPerRun: readAmount('cents-per-run', `${NUMBER} above 0, or ${PRODUCT}`, parsePrice),
    expectedOrgId: readExpectedOrgId(reader),
    simulate,
    since: readSince(reader),
    deductPending: readBoolean('deduct-pending'),
    onLow: readPolicy('on-low'),
    onUnknown: readPolicy('on-unknown'),
    onNoCredentials: readPolicy('on-no-credentials'),
    summary: readBoolean('summary'),
    timeoutMs: timeoutSeconds * 1000,
    apiUrl: reader.parse('api-url', BASE_URL, parseBaseUrl),
    problems,
    environmentProblems: reader.environmentProblems,
  };
}

const NUMBER = 'a number of cents such as 2000 or 12.5';
const PRODUCT = 'up to ten of them above 0 joined by an asterisk';
const CENTS = `${NUMBER}, ${PRODUCT}, or none`;

/** A misspelt one would leave the gate open. */
const GUARDED: readonly Guarded<Name>[] = [
  { name: 'min-cents', edits: 2, otherNames: /CENTS?$|^(MINIMUM|THRESHOLD|LIMIT)$/ },
  { name: 'warn-cents', edits: 2 },
  { name: 'expected-org-id', edits: 2 },
  { name: 'deduct-pending', edits: 2 },
];
/** A misspelt one would leave the run without any. */
const CREDENTIALS: readonly Guarded<Name>[] = [
  { name: 'token', edits: 1 },
  { name: 'state-key', edits: 2 },
];

function readCredentials(reader: InputReader<Name>, isSimulated: boolean): Credentials {
  const token = reader.secret('token');
  const key = reader.secret('state-key');
  // They are masked in any case; beyond that a simulated run has no use for them.
  if (isSimulated) return { kind: 'none' };
  if (token !== undefined && key !== undefined) reader.problems.push('give token or state-key, not both');
  if (key !== undefined) {
    const location = readLocation(reader, key);
    return location === undefined ? { kind: 'wrong' } : { kind: 'stored', location };
  }
  if (token === undefined) return { kind: 'none' };
  const problem = findWrong(token);
  if (problem === undefined) return { kind: 'token', token };
  reader.problems.push(`token ${problem}, but must be an access token of Parallel, alone`);
  return { kind: 'wrong' };
}

/** What is not to be sent to Parallel: somebody else's secret, or more than a bearer token (RFC 6750, 2.1). */
function findWrong(token: string): string | undefined {
  if (/^(gh[pousr]|github_pat)_/.test(token)) return 'is a token of GitHub';
  if (isKey(token)) return 'has the form of a sealing key (see state-key)';
  if (token === 'true') return 'is the word true, which an expression gave in place of the secret';
  return /^[\w.~+/-]+=*$/.test(token) ? undefined : 'has white space, quotes or other characters that no token has';
}

function parseMinimum(text: string): Minimum | undefined {
  return text === 'none' ? text : parseAmount(text);
}

/** Empty is the default: no price is given. */
function parsePrice(text: string): Minimum | undefined {
  const price = text === '' ? 'none' : parseAmount(text);
  return price === 'none' || price?.digits !== 0n ? price : undefined;
}

function parseSimulated(text: string): Simulated | 'none' | undefined {
  return text === '' ? 'none' : SIMULATED.find((word) => word === text);
}

/** `fail, warn or notice` */
function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function parsePolicy(text: string): Policy | undefined {
  return POLICIES.find((policy) => policy === text);
}

function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}
