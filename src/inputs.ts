import { type Cents, parseCents } from './money.ts';

/** How loudly a verdict speaks; only `fail` fails the step. */
export type Policy = 'fail' | 'warn' | 'notice';

/** The inputs of action.yml, typed. Those named in `problems` hold their default. */
export interface Inputs {
  readonly token: string | undefined;
  readonly minCents: Cents | undefined;
  readonly deductPending: boolean;
  readonly onLow: Policy;
  readonly onUnknown: Policy;
  readonly onNoCredentials: Policy;
  readonly summary: boolean;
  readonly timeoutMs: number;
  readonly apiUrl: string;
  /** Everything wrong with the inputs, a sentence each, free of secrets. */
  readonly problems: readonly string[];
}

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
} as const;

type InputName = keyof typeof DEFAULTS;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every input from `env` (the runner passes `min-cents` as `INPUT_MIN-CENTS`), handing the token to `mask` first.
 * Never throws: what is wrong is listed in `problems`.
 */
export function readInputs(env: Environment, mask: (secret: string) => void): Inputs {
  const problems: string[] = [];

  const given = (name: InputName) => env[`INPUT_${name.toUpperCase()}`]?.trim();
  // A composite action or a reusable workflow forwards an input nobody set as an empty string: it means the default.
  const text = (name: InputName) => given(name) || DEFAULTS[name];

  function read<T>(name: InputName, accepts: string, parse: (text: string) => T | undefined): T {
    const value = parse(text(name));
    if (value !== undefined) return value;
    problems.push(`${name} is ${quote(text(name))}, but must be ${accepts}`);
    return parse(DEFAULTS[name]) as T;
  }
  const readPolicy = (name: InputName) => read(name, 'fail, warn or notice', parsePolicy);
  const readBoolean = (name: InputName) => read(name, 'true or false', parseBoolean);

  const token = readSecret(text('token'), mask);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    problems.push('token has white space, control or non-ASCII characters inside, but must be one access token');
  }

  const misspelled = Object.keys(env).find((name) => isMisspelledMinCents(name));
  if (misspelled !== undefined) {
    problems.push(`the input ${quote(misspelled.slice('INPUT_'.length).toLowerCase())} must be spelled min-cents`);
  }
  // An empty variable must not disarm the gate. Forks get no variables either, so without credentials it is not judged.
  if (given('min-cents') === '' && token !== undefined) {
    problems.push('min-cents is empty, but must be a number of cents such as 2000 or 12.5, or none');
  }

  return {
    token,
    minCents: read('min-cents', 'a number of cents such as 2000 or 12.5, or none', parseMinCents) ?? undefined,
    deductPending: readBoolean('deduct-pending'),
    onLow: readPolicy('on-low'),
    onUnknown: readPolicy('on-unknown'),
    onNoCredentials: readPolicy('on-no-credentials'),
    summary: readBoolean('summary'),
    timeoutMs: read('timeout-seconds', 'a whole number from 1 to 600', parseSeconds) * 1000,
    apiUrl: read('api-url', 'an https URL (http on loopback) without user name, query or fragment', parseBaseUrl),
    problems,
  };
}

/** Masks in the statement that reads, also without the `Bearer ` that the runner knows as part of the secret. */
function readSecret(text: string, mask: (secret: string) => void): string | undefined {
  const secret = text.replace(/^bearer(\s+|$)/i, '');
  if (secret === '') return undefined;
  mask(secret);
  return secret;
}

function parseMinCents(text: string): Cents | null | undefined {
  if (text === 'none') return null;
  return /^\d{1,15}(\.\d{1,6})?$/.test(text) ? parseCents(text) : undefined;
}

function parsePolicy(text: string): Policy | undefined {
  return text === 'fail' || text === 'warn' || text === 'notice' ? text : undefined;
}

/** The spellings of YAML 1.2's core schema, as in @actions/core's getBooleanInput. */
function parseBoolean(text: string): boolean | undefined {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return undefined;
}

function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

function parseBaseUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || /[@?#\s]/.test(text)) return undefined;
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) return undefined;
  return url.href.replace(/\/+$/, '');
}

/** The runner only warns about `min_cents`, and the gate would pass everything. */
function isMisspelledMinCents(name: string): boolean {
  return (
    name !== 'INPUT_MIN-CENTS' &&
    /^INPUT_/i.test(name) &&
    name
      .slice(6)
      .replace(/[_\- ]/g, '')
      .toLowerCase() === 'mincents'
  );
}

/** Shows a wrong value unless it may hold a secret: a token pasted into the wrong input, or a URL with a password. */
function quote(text: string): string {
  if (text.length > 40) return `a text of ${text.length} characters`;
  return /[@?#]/.test(text) ? 'a text with @, ? or # inside' : JSON.stringify(text);
}
