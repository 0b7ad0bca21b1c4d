import { type InputReader, parseBaseUrl } from './input-reader.ts';

/** Where the state of a login is kept, what opens it, and who issued the login. */
export interface StateLocation {
  readonly key: Buffer;
  readonly ref: string;
  readonly githubToken: string;
  readonly platformUrl: string;
  readonly repository: Repository;
  /** `owner/name` of the repository that keeps the state for several; undefined: it is that of the run. */
  readonly shared: string | undefined;
}

/** What the runner says of the repository of the run, and of the run. */
interface Repository {
  readonly apiUrl: string;
  readonly name: string;
  /** Undefined where the state is in a shared repository, whose id is asked of GitHub. */
  readonly id: string | undefined;
  readonly runId: string;
  readonly runAttempt: string;
}

/** The defaults of the inputs that gate and login share. */
export const LOCATION_DEFAULTS = {
  'state-key': '',
  'state-ref': 'refs/parallel-balance/state',
  'state-repository': '',
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
    const what =
      githubToken === ''
        ? 'is empty (was the step that mints it skipped, as in a fork?)'
        : 'has white space, control or non-ASCII characters inside';
    reader.problems.push(
      `github-token ${what}, but must be the token of the job, or of a GitHub App with state-repository`,
    );
  }
  const key = readKey(reader, 'state-key', keyText);
  const ref = reader.parse(
    'state-ref',
    'refs/<namespace>/<name>, and none of heads, tags, pull, remotes and notes',
    parseRef,
  );
  const platformUrl = reader.parse('platform-url', BASE_URL, parseBaseUrl);
  const named = reader.parse('state-repository', 'owner/name of a repository', parseRepository);
  const isOwn = named === '' || named.toLowerCase() === reader.env['GITHUB_REPOSITORY']?.toLowerCase();
  const shared = isOwn ? undefined : named;
  const repository = readRepository(reader, shared);
  if (key === undefined || repository === undefined || reader.problems.length > before) return undefined;
  return { key, ref, githubToken, platformUrl, repository, shared };
}

/** Reads a sealing key. Undefined where it is none, which the problems then tell. */
export function readKey(
  { problems }: Pick<LocationReader, 'problems'>,
  name: string,
  text: string,
): Buffer | undefined {
  if (isKey(text)) return Buffer.from(text, 'base64');
  const what = text === '' ? 'is empty (is there a secret of that name?), but must be' : 'is not a key: it must be';
  problems.push(`${name} ${what} ${KEY}`);
  return undefined;
}

/** Whether `text` is 32 bytes in base64. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text);
}

function readRepository({ env, environmentProblems }: LocationReader, shared?: string): Repository | undefined {
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
    name: read('GITHUB_REPOSITORY', 'owner/name', (name) => name !== '' && parseRepository(name) !== undefined),
    id: shared === undefined ? read('GITHUB_REPOSITORY_ID', 'a number', isNumber) : undefined,
    runId: read('GITHUB_RUN_ID', 'a number', isNumber),
    runAttempt: isNumber(attempt) ? attempt : '1',
  };
  return environmentProblems.length > before ? undefined : repository;
}

/** GitHub's own form of a name, which is a part of addresses here; empty for none. */
function parseRepository(text: string): string | undefined {
  return text === '' || (/^[\w-]+\/[\w.-]+$/.test(text) && !/\/\.{1,2}$/.test(text)) ? text : undefined;
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
