import { type InputReader, parseBaseUrl } from './input-reader.ts';

/** Where the state of a login is kept, what opens it, and who issued the login. */
export interface StateLocation {
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

/** The defaults of the inputs that gate and login share. */
export const LOCATION_DEFAULTS = {
  'state-key': '',
  'state-ref': 'refs/parallel-balance/state',
  // In action.yml it is an expression that only the runner can evaluate.
  'github-token': '',
  'platform-url': 'https://platform.parallel.ai',
} as const;

/** What a base URL must be, in words. */
export const BASE_URL = 'an https URL (http on loopback) without user name, query or fragment';
const KEY = '32 random bytes in base64, made by: openssl rand -base64 32';

type LocationReader = Pick<
  InputReader<keyof typeof LOCATION_DEFAULTS>,
  'parse' | 'secret' | 'env' | 'problems' | 'environmentProblems'
>;

/** Reads where the state is kept. Undefined where any of it is wrong, which the problems then tell. */
export function readLocation(reader: LocationReader, keyText = ''): StateLocation | undefined {
  const before = reader.problems.length;
  const githubToken = reader.secret('github-token') ?? '';
  if (!isOneToken(githubToken)) {
    const what = githubToken === '' ? 'is empty' : 'has white space, control or non-ASCII characters inside';
    reader.problems.push(`github-token ${what}, but must be the token of the job`);
  }
  const key = readKey(reader, 'state-key', keyText);
  const ref = reader.parse(
    'state-ref',
    'refs/<namespace>/<name>, and none of heads, tags, pull, remotes and notes',
    parseRef,
  );
  const platformUrl = reader.parse('platform-url', BASE_URL, parseBaseUrl);
  const repository = readRepository(reader);
  if (key === undefined || repository === undefined || reader.problems.length > before) return undefined;
  return { key, ref, githubToken, platformUrl, repository };
}

/** Reads a sealing key. Undefined where it is none, which the problems then tell. */
export function readKey(
  { problems }: Pick<LocationReader, 'problems'>,
  name: string,
  text: string,
): Buffer | undefined {
  if (isKey(text)) return Buffer.from(text, 'base64');
  problems.push(text === '' ? `${name} is empty, but must be ${KEY}` : `${name} is not a key: it must be ${KEY}`);
  return undefined;
}

/** Whether `text` is 32 bytes in base64. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}

function readRepository({ env, environmentProblems }: LocationReader): Repository | undefined {
  const before = environmentProblems.length;
  const isNumber = (value: string) => /^\d+$/.test(value);
  const read = (name: string, form: string, isValid: (value: string) => boolean) => {
    const value = env[name] ?? '';
    if (!isValid(value)) environmentProblems.push(`${name} ${value === '' ? 'is missing' : `is not ${form}`}`);
    return value;
  };
  const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '';
  const repository = {
    // Never guessed: the token of a GitHub Enterprise Server must not go to github.com.
    apiUrl: parseBaseUrl(read('GITHUB_API_URL', BASE_URL, (url) => parseBaseUrl(url) !== undefined)) ?? '',
    name: read('GITHUB_REPOSITORY', 'owner/name', (name) => /^[\w.-]+\/[\w.-]+$/.test(name)),
    id: read('GITHUB_REPOSITORY_ID', 'a number', isNumber),
    runId: read('GITHUB_RUN_ID', 'a number', isNumber),
    runAttempt: isNumber(attempt) ? attempt : '1',
  };
  return environmentProblems.length > before ? undefined : repository;
}

/** Plain segments, in a namespace that neither git nor GitHub uses. */
function parseRef(text: string): string | undefined {
  const isTheirs = /^refs\/(heads|tags|pull|remotes|notes)\//i.test(text);
  return /^refs(\/[\w-]+){2,}$/.test(text) && !isTheirs ? text : undefined;
}

/** Whether `text` can travel in a header as one token. */
function isOneToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
