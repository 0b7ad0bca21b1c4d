import { isOrgId } from './balance.ts';
import { type Environment, InputReader, parseBaseUrl, parseBoolean, quote } from './input-reader.ts';
import { type Cents, parseCents } from './money.ts';

/** How loudly a verdict speaks; only `fail` fails the step. */
export type Policy = 'fail' | 'warn' | 'notice';

/** The inputs of action.yml, typed. Those named in `problems` hold their default. */
export interface Inputs {
  readonly credentials: Credentials;
  readonly minCents: Cents | undefined;
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
  | { readonly kind: 'token'; readonly token: string }
  | ({ readonly kind: 'stored' } & StoredLogin);

/** Where a login is kept, and what opens it. */
export interface StoredLogin {
  readonly key: Buffer;
  readonly ref: string;
  readonly githubToken: string;
  readonly platformUrl: string;
  readonly repository: Repository;
}

/** What the runner says of the repository and of this run. */
interface Repository {
  readonly apiUrl: string;
  readonly name: string;
  readonly id: string;
  readonly runId: string;
  readonly runAttempt: string;
}

/** The inputs of login/action.yml. */
export interface LoginInputs {
  readonly login: StoredLogin;
  readonly previousKey: Buffer | undefined;
  readonly expectedOrgId: string | undefined;
  readonly event: string;
  readonly problems: readonly string[];
}

const STORED_DEFAULTS = {
  'state-key': '',
  'state-ref': 'refs/parallel-balance/state',
  // In action.yml it is an expression that only the runner can evaluate.
  'github-token': '',
  'platform-url': 'https://platform.parallel.ai',
} as const;

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
  ...STORED_DEFAULTS,
} as const;

/** The defaults of login/action.yml. */
export const LOGIN_DEFAULTS = { ...STORED_DEFAULTS, 'previous-state-key': '', 'expected-org-id': '' } as const;

/** Reads the inputs of the gate from `env`, handing every secret to `mask` first. Never throws. */
export function readInputs(env: Environment, mask: (secret: string) => void): Inputs {
  const reader = new InputReader<keyof typeof DEFAULTS>(env, DEFAULTS, mask);
  const { problems } = reader;
  const readPolicy = (name: keyof typeof DEFAULTS) => reader.parse(name, 'fail, warn or notice', parsePolicy);
  const readBoolean = (name: keyof typeof DEFAULTS) => reader.parse(name, 'true or false', parseBoolean);

  const credentials = readCredentials(reader);
  for (const name of Object.keys(env).filter(isMisspelledMinCents)) {
    problems.push(`the input ${quote(name.slice('INPUT_'.length).toLowerCase())} must be spelled min-cents`);
  }
  // An empty variable must not disarm the gate. Forks get no variables either, so without credentials it is not judged.
  if (reader.given('min-cents') === '' && credentials.kind !== 'none') {
    problems.push('min-cents is empty, but must be a number of cents such as 2000 or 12.5, or none');
  }
  const minCents = reader.parse('min-cents', 'a number of cents such as 2000 or 12.5, or none', parseMinCents);
  const timeoutSeconds = reader.parse('timeout-seconds', 'a whole number from 1 to 600', parseSeconds);
  if (credentials.kind === 'stored' && timeoutSeconds < 30) {
    problems.push(
      `timeout-seconds is "${timeoutSeconds}", but must be at least 30 with state-key, to renew the login safely`,
    );
  }
  return {
    credentials,
    minCents: minCents ?? undefined,
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

/** Reads the inputs of the login. Never throws. */
export function readLoginInputs(env: Environment, mask: (secret: string) => void): LoginInputs {
  const reader = new InputReader<keyof typeof LOGIN_DEFAULTS>(env, LOGIN_DEFAULTS, mask);
  const key = reader.secret('state-key');
  if (key === undefined) reader.problems.push(`state-key is empty, but must be ${KEY}`);
  const previousKey = reader.secret('previous-state-key');
  const expectedOrgId = reader.text('expected-org-id');
  if (expectedOrgId !== '' && !isOrgId(expectedOrgId)) {
    reader.problems.push(`expected-org-id is ${quote(expectedOrgId)}, but must be an organization id such as org_abc`);
  }
  return {
    login: readStoredLogin(reader, key ?? ''),
    previousKey: previousKey === undefined ? undefined : readKey(reader, 'previous-state-key', previousKey),
    expectedOrgId: expectedOrgId || undefined,
    event: env['GITHUB_EVENT_NAME'] ?? '',
    problems: reader.problems,
  };
}

const BASE_URL = 'an https URL (http on loopback) without user name, query or fragment';
const KEY = '32 random bytes in base64, made by: openssl rand -base64 32';

type StoredReader = Pick<InputReader<keyof typeof STORED_DEFAULTS>, 'given' | 'parse' | 'secret' | 'env' | 'problems'>;

function readCredentials(reader: InputReader<keyof typeof DEFAULTS>): Credentials {
  const token = reader.secret('token');
  const key = reader.secret('state-key');
  if (token !== undefined && key !== undefined) reader.problems.push('give token or state-key, not both');
  if (token !== undefined && !isOneToken(token)) {
    reader.problems.push('token has white space, control or non-ASCII characters inside, but must be one access token');
  }
  if (key !== undefined) return { kind: 'stored', ...readStoredLogin(reader, key) };
  return token === undefined ? { kind: 'none' } : { kind: 'token', token };
}

function readStoredLogin(reader: StoredReader, key: string): StoredLogin {
  const githubToken = reader.secret('github-token');
  if (githubToken === undefined || !isOneToken(githubToken)) {
    const what = githubToken === undefined ? 'is empty' : 'has white space, control or non-ASCII characters inside';
    reader.problems.push(`github-token ${what}, but must be the token of the job`);
  }
  return {
    key: key === '' ? Buffer.alloc(0) : readKey(reader, 'state-key', key),
    ref: reader.parse(
      'state-ref',
      'refs/<namespace>/<name>, and none of heads, tags, pull, remotes and notes',
      parseRef,
    ),
    githubToken: githubToken ?? '',
    platformUrl: reader.parse('platform-url', BASE_URL, parseBaseUrl),
    repository: readRepository(reader),
  };
}

function readKey({ problems }: Pick<StoredReader, 'problems'>, name: string, text: string): Buffer {
  const isKey = /^[A-Za-z0-9+/]{43}=$/.test(text);
  if (!isKey) problems.push(`${name} is not a key: it must be ${KEY}`);
  return Buffer.from(text, 'base64');
}

function readRepository({ env, problems }: StoredReader): Repository {
  const isNumber = (value: string) => /^\d+$/.test(value);
  const read = (name: string, isValid: (value: string) => boolean) => {
    const value = env[name] ?? '';
    if (!isValid(value)) problems.push(`the environment has no valid ${name}, which every runner sets`);
    return value;
  };
  return {
    // Never guessed: the token of a GitHub Enterprise Server must not go to github.com.
    apiUrl: parseBaseUrl(read('GITHUB_API_URL', (url) => parseBaseUrl(url) !== undefined)) ?? '',
    name: read('GITHUB_REPOSITORY', (name) => /^[\w.-]+\/[\w.-]+$/.test(name)),
    id: read('GITHUB_REPOSITORY_ID', isNumber),
    runId: read('GITHUB_RUN_ID', isNumber),
    runAttempt: env['GITHUB_RUN_ATTEMPT'] ?? '1',
  };
}

function parseMinCents(text: string): Cents | null | undefined {
  if (text === 'none') return null;
  return /^\d{1,15}(\.\d{1,6})?$/.test(text) ? parseCents(text) : undefined;
}

function parsePolicy(text: string): Policy | undefined {
  return text === 'fail' || text === 'warn' || text === 'notice' ? text : undefined;
}

function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

/** Plain segments, in a namespace that neither git nor GitHub uses. */
function parseRef(text: string): string | undefined {
  const isTheirs = /^refs\/(heads|tags|pull|remotes|notes)\//i.test(text);
  return /^refs(\/[\w-]+){2,}$/.test(text) && !isTheirs ? text : undefined;
}

function isOneToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** The runner only warns about `min_cents`, and the gate would pass everything. */
function isMisspelledMinCents(name: string): boolean {
  if (name === 'INPUT_MIN-CENTS' || !/^INPUT_/i.test(name)) return false;
  const plain = name.slice('INPUT_'.length).replace(/[_\- ]/g, '');
  return plain.toLowerCase() === 'mincents';
}
