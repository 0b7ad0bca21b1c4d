import { type Environment, InputReader, parseBaseUrl, parseBoolean, quote } from './input-reader.ts';
import { type Cents, parseCents } from './money.ts';
import { BASE_URL, isOneToken, LOCATION_DEFAULTS, readLocation, type StateLocation } from './state-location.ts';

const POLICIES = ['fail', 'warn', 'notice'] as const;
/** How loudly a verdict speaks; only `fail` fails the step. */
export type Policy = (typeof POLICIES)[number];

/** A minimum of cents, or none: then the balance is reported only. */
export type Minimum = Cents | 'none';

/** The inputs of action.yml, typed. Those named in `problems` hold their default. */
export interface Inputs {
  readonly credentials: Credentials;
  readonly minCents: Minimum;
  readonly deductPending: boolean;
  readonly onLow: Policy;
  readonly onUnknown: Policy;
  readonly onNoCredentials: Policy;
  readonly summary: boolean;
  readonly timeoutMs: number;
  readonly apiUrl: string;
  readonly problems: readonly string[];
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
  'deduct-pending': 'false',
  'on-low': 'fail',
  'on-unknown': 'fail',
  'on-no-credentials': 'fail',
  summary: 'true',
  'timeout-seconds': '60',
  'api-url': 'https://api.parallel.ai/account',
  ...LOCATION_DEFAULTS,
} as const;

/** Reads the inputs of the gate from `env`, handing every secret to `mask` first. Never throws. */
export function readInputs(env: Environment, mask: (secret: string) => void): Inputs {
  const reader = new InputReader<keyof typeof DEFAULTS>(env, DEFAULTS, mask);
  const { problems } = reader;
  const readPolicy = (name: keyof typeof DEFAULTS) =>
    reader.parse(name, `${POLICIES.slice(0, -1).join(', ')} or ${POLICIES.at(-1)}`, parsePolicy);
  const readBoolean = (name: keyof typeof DEFAULTS) => reader.parse(name, 'true or false', parseBoolean);

  const credentials = readCredentials(reader);
  for (const name of Object.keys(env).filter(isMisspelledMinCents)) {
    problems.push(`the input ${quote(name.slice('INPUT_'.length).toLowerCase())} must be spelled min-cents`);
  }
  // An empty variable must not disarm the gate. Forks get no variables either, so without credentials it is not judged.
  if (reader.given('min-cents') === '' && credentials.kind !== 'none') {
    problems.push(`min-cents is empty, but must be ${CENTS}`);
  }
  const minCents = reader.parse('min-cents', CENTS, parseMinimum);
  const timeoutSeconds = reader.parse('timeout-seconds', 'a whole number from 1 to 600', parseSeconds);
  if (credentials.kind === 'stored' && timeoutSeconds < 30) {
    problems.push(
      `timeout-seconds is "${timeoutSeconds}", but must be at least 30 with state-key, to renew the login safely`,
    );
  }
  return {
    credentials,
    minCents,
    deductPending: readBoolean('deduct-pending'),
    onLow: readPolicy('on-low'),
    onUnknown: readPolicy('on-unknown'),
    onNoCredentials: readPolicy('on-no-credentials'),
    summary: readBoolean('summary'),
    timeoutMs: timeoutSeconds * 1000,
    apiUrl: reader.parse('api-url', BASE_URL, parseBaseUrl),
    problems,
  };
}

const CENTS = 'a number of cents such as 2000 or 12.5, or none';
function readCredentials(reader: InputReader<keyof typeof DEFAULTS>): Credentials {
  const token = reader.secret('token');
  const key = reader.secret('state-key');
  if (token !== undefined && key !== undefined) reader.problems.push('give token or state-key, not both');
  if (key !== undefined) {
    const location = readLocation(reader, key);
    return location === undefined ? { kind: 'wrong' } : { kind: 'stored', location };
  }
  if (token === undefined) return { kind: 'none' };
  if (isOneToken(token)) return { kind: 'token', token };
  reader.problems.push('token has white space, control or non-ASCII characters inside, but must be one access token');
  return { kind: 'wrong' };
}

function parseMinimum(text: string): Minimum | undefined {
  if (text === 'none') return text;
  return /^\d{1,15}(\.\d{1,6})?$/.test(text) ? parseCents(text) : undefined;
}

function parsePolicy(text: string): Policy | undefined {
  return POLICIES.find((policy) => policy === text);
}

function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

/** The runner only warns about `min_cents`, and the gate would pass everything. */
function isMisspelledMinCents(name: string): boolean {
  if (name === 'INPUT_MIN-CENTS' || !/^INPUT_/i.test(name)) return false;
  const plain = name.slice('INPUT_'.length).replace(/[_\- ]/g, '');
  return plain.toLowerCase() === 'mincents';
}
