import { createHash, randomBytes } from 'node:crypto';
import type { Faults, GithubKind, HeaderFields, Kind, Reply } from './faults.ts';
import { type FaultyServer, type Seen, startFaultyServer } from './faulty-server.ts';
import { REPOSITORY, REPOSITORY_ID } from './fixtures.ts';
import { type Commit, createGitRepository, isSha, type Target } from './git-repository.ts';
import { exampleRepository } from './github-api.ts';

/** What can be wrong with GitHub as a whole; what can be wrong with one request is a rule of `faults`. */
export interface Weather {
  /** For this long after a write to come, the ref reads as before and a commit that it names first as 404. */
  readLagMs: number;
  /** GitHub's clock against ours, in `Date`, commits and `x-ratelimit-reset`. */
  clockOffsetMs: number;
  /** Requests left before all are 403. A 304 is free. `undefined`: no limit. */
  rateLimitRemaining: number | undefined;
}

export interface LocalGithub extends AsyncDisposable {
  /** What the action gets as GITHUB_API_URL. */
  readonly url: string;
  /** The bare repository. */
  readonly gitDir: string;
  readonly requests: FaultyServer['requests'];
  readonly connections: FaultyServer['connections'];
  readonly faults: Faults<GithubKind>;
  readonly weather: Weather;
  readonly token: string;
  /** Accepted, but every write is 403. */
  readonly readOnlyToken: string;
  head(ref: string): string | undefined;
  /** Newest first; none for a missing ref. */
  commits(ref: string): Promise<Commit[]>;
  /** What a person with push access can do, forced. */
  setRef(ref: string, sha: string): Promise<void>;
  deleteRef(ref: string): Promise<void>;
  close(): Promise<void>;
}

export interface LocalGithubOptions {
  readonly repository?: string;
  readonly id?: string;
  readonly private?: boolean;
  readonly decided?: Set<Kind>;
}

type Body = Record<string, unknown>;

/** Of every commit: nobody signs here. */
const verification = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

const DOCS = 'https://docs.github.com/rest';

/** The calls of GitHub's REST API that can keep state in a git ref, on loopback, over a real bare repository. */
export async function startLocalGithub(options: LocalGithubOptions = {}): Promise<LocalGithub> {
  const { repository = REPOSITORY, id = REPOSITORY_ID, private: isPrivate = true } = options;
  const [token, readOnlyToken] = [1, 2].map(() => `ghs_${randomBytes(18).toString('hex')}`) as [string, string];
  const weather: Weather = { readLagMs: 0, clockOffsetMs: 0, rateLimitRemaining: undefined };
  const now = () => Date.now() + weather.clockOffsetMs;
  const startedAt = Date.now();
  const git = await createGitRepository({ now, lagMs: () => weather.readLagMs });
  const { read, readCommit, moveRef } = git;
  const server = await startFaultyServer<GithubKind>({ act, headers, decided: options.decided, isFaithful: true });

  let lastWork: Promise<unknown> = Promise.resolve();
  /** One ref update at a time, as under GitHub's lock. */
  function locked<T>(work: () => Promise<T>): Promise<T> {
    const mine = lastWork.then(work);
    lastWork = mine.catch(() => {});
    return mine;
  }

  const link = (path: string) => `${server.url}/repos/${repository}${path}`;
  const refBody = (ref: string, { sha, type }: Target) => {
    const node_id = Buffer.from(`03:Ref${id}:${ref}`).toString('base64');
    return { ref, node_id, url: link(`/git/${ref}`), object: { sha, type, url: link(`/git/${type}s/${sha}`) } };
  };
  const commitBody = ({ sha, tree, parents, author, committer, message }: Commit) => {
    const page = (object: string) => ({ html_url: `https://github.com/${repository}/commit/${object}` });
    const linked = (kind: string, object: string) => ({ sha: object, url: link(`/git/${kind}/${object}`) });
    const node_id = Buffer.from(`06:Commit${id}:${sha}`).toString('base64');
    const lineage = {
      tree: linked('trees', tree),
      parents: parents.map((parent) => ({ ...linked('commits', parent), ...page(parent) })),
    };
    return { ...linked('commits', sha), node_id, ...page(sha), author, committer, ...lineage, message, verification };
  };

  async function getRepository(): Promise<Reply> {
    const [owner, name] = repository.split('/');
    const names = { name, full_name: repository, owner: { ...Object(exampleRepository['owner']), login: owner } };
    const visibility = { private: isPrivate, visibility: isPrivate ? 'private' : 'public' };
    const own = { id: Number(id), ...names, ...visibility, default_branch: 'main', url: link('') };
    return { status: 200, body: { ...exampleRepository, ...own } };
  }

  async function getRef(name: string): Promise<Reply> {
    const ref = `refs/${name}`;
    return { status: 200, body: refBody(ref, git.readLate(ref) ?? refuse(404, 'Not Found')) };
  }

  async function getCommit(sha: string): Promise<Reply> {
    return { status: 200, body: commitBody(git.readCommitLate(sha) ?? refuse(404, 'Not Found')) };
  }

  async function createCommit(_: string, body: Body): Promise<Reply> {
    const [message, tree] = [textOf(body, 'message'), shaOf(body, 'tree')];
    const parents = textsOf(body, 'parents');
    const { type } = read(tree) ?? refuse(422, 'Tree SHA does not exist');
    if (type !== 'tree') refuse(422, 'Tree SHA is not a tree object');
    for (const parent of parents)
      if (!isSha(parent) || !readCommit(parent)) refuse(422, 'Parent SHA does not exist or is not a commit object');
    const commit = await git.createCommit(message, tree, parents);
    return { status: 201, body: commitBody(commit), headers: { location: link(`/git/commits/${commit.sha}`) } };
  }

  async function createRef(_: string, body: Body): Promise<Reply> {
    const [ref, sha] = [textOf(body, 'ref'), shaOf(body, 'sha')];
    if (!ref.startsWith('refs/')) refuse(422, "Reference name must start with 'refs/'.");
    if (!/^refs\/[^/]+\/./.test(ref))
      refuse(422, 'Reference name must contain at least three slash-separated components.');
    const target = read(sha) ?? refuse(422, 'Object does not exist');
    if (read(ref)) refuse(422, 'Reference already exists');
    // What fails here is a name that git does not take, or refs/a/b next to refs/a/b/c.
    await moveRef(ref, undefined, sha).catch(() => refuse(422, 'Reference update failed'));
    return { status: 201, body: refBody(ref, target), headers: { location: link(`/git/${ref}`) } };
  }

  async function updateRef(name: string, body: Body): Promise<Reply> {
    const [ref, sha, force = false] = [`refs/${name}`, shaOf(body, 'sha'), body['force']];
    if (typeof force !== 'boolean') refuse(422, isNot('force', force, 'a boolean'));
    const old = read(ref) ?? refuse(422, 'Reference does not exist');
    const target = read(sha) ?? refuse(422, 'Object does not exist');
    if (target.type !== 'commit') refuse(422, 'Object is not a commit');
    if (!force && !git.descends(sha, old.sha)) refuse(422, 'Update is not a fast forward');
    // What fails here lost against a push to the repository itself.
    await moveRef(ref, old, sha).catch(() => refuse(422, 'Reference cannot be updated'));
    return { status: 200, body: refBody(ref, target) };
  }

  async function act({ method, path, body, headers }: Seen): Promise<Reply> {
    if (!headers['user-agent']) return { status: 403, body: NO_USER_AGENT };
    const calls: [string, RegExp, string, (part: string, body: Body) => Promise<Reply>][] = [
      ['GET', /^$/, '/repos/repos#get-a-repository', getRepository],
      ['GET', /^\/git\/ref\/(.+)$/, '/git/refs#get-a-reference', getRef],
      ['GET', /^\/git\/commits\/([0-9a-f]{40})$/, '/git/commits#get-a-commit-object', getCommit],
      ['POST', /^\/git\/commits$/, '/git/commits#create-a-commit', createCommit],
      ['POST', /^\/git\/refs$/, '/git/refs#create-a-reference', (...args) => locked(() => createRef(...args))],
      ['PATCH', /^\/git\/refs\/(.+)$/, '/git/refs#update-a-reference', (...args) => locked(() => updateRef(...args))],
    ];
    const [, place, rest = ''] = /^\/(repos\/[^/]+\/[^/]+|repositories\/[^/]+)(.*)$/.exec(path) ?? [];
    const isHere = place === `repos/${repository}` || place === `repositories/${id}`;
    const call = calls.find(([verb, pattern]) => verb === method && isHere && pattern.test(rest));
    const [, pattern, docs = '', answer] = call ?? [];
    try {
      const part = decodeURIComponent(pattern?.exec(rest)?.[1] ?? '');
      const readOnly = headers.authorization === `Bearer ${readOnlyToken}`;
      if (!readOnly && headers.authorization !== `Bearer ${token}`) refuse(401, 'Bad credentials');
      if (weather.rateLimitRemaining === 0) refuse(403, 'API rate limit exceeded for installation.');
      if (weather.rateLimitRemaining !== undefined) weather.rateLimitRemaining -= 1;
      if (!answer) refuse(404, 'Not Found');
      if (readOnly && method !== 'GET')
        refuse(403, 'Resource not accessible by integration', { 'x-accepted-github-permissions': 'contents=write' });
      const reply = await answer(part, method === 'GET' ? {} : parse(body));
      // GitHub's ETags belong to the token too, and are weak wherever the reply was compressed.
      const hash = hashOf(headers.authorization, reply.body);
      const same = method === 'GET' && headers['if-none-match']?.replace('W/', '') === `"${hash}"`;
      if (same && weather.rateLimitRemaining !== undefined) weather.rateLimitRemaining += 1;
      const tagged = { ...reply.headers, etag: `W/"${hash}"` };
      return same ? { status: 304, headers: tagged } : { ...reply, headers: tagged };
    } catch (error) {
      const { status, message, headers: extra } = error instanceof Refusal ? error : new Refusal(500, String(error));
      const documentation_url = status === 401 ? DOCS : `${DOCS}${docs}`;
      return { status, body: { message, documentation_url, status: String(status) }, headers: extra };
    }
  }

  function headers() {
    return {
      date: new Date(now()).toUTCString(),
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': String(weather.rateLimitRemaining ?? 999),
      'x-ratelimit-reset': String(Math.floor((startedAt + weather.clockOffsetMs) / 1000) + 3600),
    };
  }

  async function close(): Promise<void> {
    await server.close().finally(git.remove);
  }

  async function commits(ref: string): Promise<Commit[]> {
    const found = [];
    for (let at = readCommit(ref); at; at = readCommit(at.parents[0] ?? '')) found.push(at);
    return found;
  }

  const { url, requests, connections, faults } = server;
  const handles = {
    url,
    requests,
    connections,
    faults,
    weather,
    token,
    readOnlyToken,
    close,
    [Symbol.asyncDispose]: close,
  };
  return {
    ...handles,
    gitDir: git.gitDir,
    commits,
    head: (ref) => read(ref)?.sha,
    setRef: (ref, sha) => locked(async () => moveRef(ref, read(ref), sha)),
    deleteRef: (ref) => locked(async () => moveRef(ref, read(ref))),
  };
}

class Refusal extends Error {
  readonly status: number;
  readonly headers: HeaderFields;

  constructor(status: number, message: string, headers: HeaderFields = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

// The wording of every refusal is GitHub's, as recorded in public test suites and issues.
function refuse(status: number, message: string, headers?: HeaderFields): never {
  throw new Refusal(status, message, headers);
}
const NO_USER_AGENT = [
  'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
  '(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).',
  'Check https://developer.github.com for other possible causes.',
].join(' ');

const hashOf = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

function textOf(body: Body, name: string): string {
  const value = body[name];
  if (value === undefined) refuse(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
  return typeof value === 'string' ? value : refuse(422, isNot(name, value, 'a string'));
}

function textsOf(body: Body, name: string): string[] {
  const { [name]: value = [] } = body;
  if (!Array.isArray(value)) refuse(422, isNot(name, value, 'an array'));
  const odd = value.find((each) => typeof each !== 'string');
  return odd === undefined
    ? value
    : refuse(422, `Invalid request.\n\nFor 'items', ${JSON.stringify(odd)} is not a string.`);
}

function isNot(name: string, value: unknown, type: string): string {
  return `Invalid request.\n\nFor 'properties/${name}', ${value === null ? 'nil' : JSON.stringify(value)} is not ${type}.`;
}

function shaOf(body: Body, name: string): string {
  const value = textOf(body, name);
  if (isSha(value)) return value;
  return refuse(422, `The ${name} parameter must be exactly 40 characters and contain only [0-9a-f].`);
}

function parse(content: string): Body {
  try {
    return Object(JSON.parse(content));
  } catch {
    return refuse(400, 'Problems parsing JSON');
  }
}
