import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';

export type Fault =
  /** The connection is cut; nothing was done. */
  | 'drop-before'
  /** Done, then the connection is cut: a lost reply. */
  | 'drop-after'
  /** No answer, ever; nothing was done. */
  | 'hang'
  /** Answered instead of acting. A text is sent as HTML; a header given as `undefined` is left out. */
  | { status: number; body?: unknown; headers?: HeaderFields }
  /** Acts that much later; with `drop` the connection is cut at once: a write that lands late. */
  | { delayMs: number; drop?: boolean };

export interface Faults {
  /** For this long after a write to come, the ref reads as before and a commit that it names first as 404. */
  readLagMs: number;
  /** GitHub's clock against ours, in `Date`, commits and `x-ratelimit-reset`. */
  clockOffsetMs: number;
  /** Requests left before all are 403. A 304 is free. `undefined`: no limit. */
  rateLimitRemaining: number | undefined;
  /** The next `times` requests that match meet this fault; the oldest match wins. */
  next(match: Match, fault: Fault, times?: number): void;
  /** Forgets what `next` still holds. */
  clear(): void;
}

export interface LocalGithub extends AsyncDisposable {
  /** What the action gets as GITHUB_API_URL. */
  readonly url: string;
  /** The bare repository. Its `refs/heads/main` holds a file: a repository with a workflow is never empty. */
  readonly gitDir: string;
  /** Every request, in order of arrival; the status is 0 as long as no reply was sent. */
  readonly requests: { readonly method: string; readonly path: string; status: number }[];
  readonly faults: Faults;
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

type Commit = { sha: string; tree: string; parents: string[]; message: string };
type Match = (method: string, path: string) => boolean;
type HeaderFields = Record<string, string | undefined>;
type Reply = { status: number; body?: unknown; headers?: HeaderFields };
type Body = Record<string, unknown>;
type Target = { sha: string; type: string };
type GitObject = Target & { content: string };

const DOCS = 'https://docs.github.com/rest';

/** The calls of GitHub's REST API that can keep state in a git ref, on loopback, over a real bare repository. */
export async function startLocalGithub(
  options: { repository?: string; id?: number; private?: boolean } = {},
): Promise<LocalGithub> {
  const { repository = 'octo/evals', id = 987_654_321, private: isPrivate = true } = options;
  const [token, readOnlyToken] = [1, 2].map(() => `ghs_${randomBytes(18).toString('hex')}`) as [string, string];
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'));
  const gitDir = join(folder, 'repository.git');
  const requests: LocalGithub['requests'] = [];
  const queue: { match: Match; fault: Fault; left: number }[] = [];
  const faults: Faults = {
    readLagMs: 0,
    clockOffsetMs: 0,
    rateLimitRemaining: undefined,
    next: (match, fault, times = 1) => void queue.push({ match, fault, left: times }),
    clear: () => void queue.splice(0),
  };
  const now = () => Date.now() + faults.clockOffsetMs;
  const startedAt = Date.now();
  const closing = new AbortController();

  // Made from nothing: a test run from a git hook would hand its GIT_DIR down. Git knows /dev/null on Windows, too, and
  // refuses Node's name for it there.
  const environment = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_DEFAULT_HASH: 'sha1',
    GIT_DEFAULT_REF_FORMAT: 'files',
  };
  const setup = ['--git-dir', gitDir, '-c', 'user.name=github-actions[bot]', '-c', 'user.email=bot@example.com'];

  function git(args: string[], input = ''): Promise<string> {
    const date = `${Math.floor(now() / 1000)} +0000`;
    const env = { ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, stdout: string) => (error ? reject(error) : resolve(stdout.trim()));
      const { stdin } = execFile('git', [...setup, ...args], { env }, done);
      stdin?.on('error', () => {}); // git may fail before it has read everything
      stdin?.end(input);
    });
  }

  await git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=']);
  await git(['mktree']); // the empty tree
  const tree = await git(['mktree'], `100644 blob ${await git(['hash-object', '-w', '--stdin'], '# evals')}\tREADME\n`);
  await git(['update-ref', 'refs/heads/main', await git(['commit-tree', tree], 'Initial commit')]);

  /** The object of a full hash, or of a ref of plain segments. Read from its loose file: nothing here ever packs. */
  function read(name: string): GitObject | undefined {
    if (!isSha(name) && !/^refs(\/[\w-][\w.-]*)+$/.test(name)) return undefined;
    try {
      const sha = isSha(name) ? name : readFileSync(join(gitDir, name), 'utf8').trim();
      const raw = inflateSync(readFileSync(join(gitDir, 'objects', sha.slice(0, 2), sha.slice(2)))).toString();
      return { sha, type: raw.slice(0, raw.indexOf(' ')), content: raw.slice(raw.indexOf('\0') + 1) };
    } catch {
      return undefined;
    }
  }

  function readCommit(name: string): Commit | undefined {
    const found = read(name);
    if (found?.type !== 'commit') return undefined;
    const end = found.content.indexOf('\n\n');
    const head = found.content.slice(0, end);
    const [tree = '', ...parents] = [...head.matchAll(/^(?:tree|parent) (.*)$/gm)].map(([, sha = '']) => sha);
    return { sha: found.sha, tree, parents, message: found.content.slice(end + 2) };
  }

  function descends(sha: string, ancestor: string): boolean {
    const lineage = new Set([sha]);
    for (const each of lineage) for (const parent of readCommit(each)?.parents ?? []) lineage.add(parent);
    return lineage.has(ancestor);
  }

  const writes: { ref: string; old: Target | undefined; until: number }[] = [];
  const hiddenUntil = new Map<string, number>();
  const lags = (until = 0) => performance.now() < until;

  /** Moves a ref from `old`. Noted before it happens, so that no read can be ahead of the lag. */
  async function moveRef(ref: string, old: Target | undefined, sha?: string): Promise<void> {
    const write = { ref, old, until: performance.now() + faults.readLagMs };
    writes.push(write);
    if (sha && !hiddenUntil.has(sha)) hiddenUntil.set(sha, write.until);
    try {
      await git(['update-ref', ...(sha ? [ref, sha] : ['-d', ref]), old?.sha ?? '0'.repeat(40)]);
    } catch (error) {
      writes.splice(writes.indexOf(write), 1);
      throw error;
    }
  }

  let lastWork: Promise<unknown> = Promise.resolve();
  /** One ref update at a time, as under GitHub's lock. */
  function locked<T>(work: () => Promise<T>): Promise<T> {
    const mine = lastWork.then(work);
    lastWork = mine.catch(() => {});
    return mine;
  }

  const link = (path: string) => `${url}/repos/${repository}${path}`;
  const refBody = (ref: string, { sha, type }: Target) => {
    const node_id = Buffer.from(`03:Ref${id}:${ref}`).toString('base64');
    return { ref, node_id, url: link(`/git/${ref}`), object: { sha, type, url: link(`/git/${type}s/${sha}`) } };
  };
  const commitBody = ({ sha, tree, parents, message }: Commit) => {
    const linked = (kind: string, object: string) => ({ sha: object, url: link(`/git/${kind}/${object}`) });
    const lineage = { tree: linked('trees', tree), parents: parents.map((parent) => linked('commits', parent)) };
    return { ...linked('commits', sha), ...lineage, message };
  };

  async function getRepository(): Promise<Reply> {
    const names = { full_name: repository, owner: { login: repository.split('/')[0] }, default_branch: 'main' };
    return { status: 200, body: { id, ...names, private: isPrivate, url: link('') } };
  }

  async function getRef(name: string): Promise<Reply> {
    const ref = `refs/${name}`;
    const late = writes.find((write) => write.ref === ref && lags(write.until));
    const target = late ? late.old : read(ref);
    return { status: 200, body: refBody(ref, target ?? refuse(404, 'Not Found')) };
  }

  async function getCommit(sha: string): Promise<Reply> {
    const commit = readCommit(sha);
    if (!commit || lags(hiddenUntil.get(sha))) refuse(404, 'Not Found');
    return { status: 200, body: commitBody(commit) };
  }

  async function createCommit(_: string, body: Body): Promise<Reply> {
    const [message, tree] = [textOf(body, 'message'), shaOf(body, 'tree')];
    const parents = Array.isArray(body['parents']) ? body['parents'].map(String) : [];
    const { type } = read(tree) ?? refuse(422, 'Tree SHA does not exist');
    if (type !== 'tree') refuse(422, 'Tree SHA is not a tree object');
    for (const parent of parents)
      if (!isSha(parent) || !readCommit(parent)) refuse(422, 'Parent SHA does not exist or is not a commit object');
    const sha = await git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], message);
    return { status: 201, body: commitBody({ sha, tree, parents, message }) };
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
    const [ref, sha] = [`refs/${name}`, shaOf(body, 'sha')];
    const old = read(ref) ?? refuse(422, 'Reference does not exist');
    const target = read(sha) ?? refuse(422, 'Object does not exist');
    if (target.type !== 'commit') refuse(422, 'Object is not a commit');
    if (body['force'] !== true && !descends(sha, old.sha)) refuse(422, 'Update is not a fast forward');
    // What fails here lost against a push to the repository itself.
    await moveRef(ref, old, sha).catch(() => refuse(422, 'Reference cannot be updated'));
    return { status: 200, body: refBody(ref, target) };
  }

  const calls: [string, RegExp, string, (part: string, body: Body) => Promise<Reply>][] = [
    ['GET', /^$/, '/repos/repos#get-a-repository', getRepository],
    ['GET', /^\/git\/ref\/(.+)$/, '/git/refs#get-a-reference', getRef],
    ['GET', /^\/git\/commits\/([0-9a-f]{40})$/, '/git/commits#get-a-commit-object', getCommit],
    ['POST', /^\/git\/commits$/, '/git/commits#create-a-commit', createCommit],
    ['POST', /^\/git\/refs$/, '/git/refs#create-a-reference', (...args) => locked(() => createRef(...args))],
    ['PATCH', /^\/git\/refs\/(.+)$/, '/git/refs#update-a-reference', (...args) => locked(() => updateRef(...args))],
  ];

  async function act({ method, headers }: IncomingMessage, path: string, content: string): Promise<Reply> {
    if (!headers['user-agent']) return { status: 403, body: NO_USER_AGENT };
    const [, name, rest = ''] = /^\/repos\/([^/]+\/[^/]+)(.*)$/.exec(path) ?? [];
    const call = calls.find(([verb, pattern]) => verb === method && name === repository && pattern.test(rest));
    const [, pattern, docs = '', answer] = call ?? [];
    try {
      const part = decodeURIComponent(pattern?.exec(rest)?.[1] ?? '');
      const readOnly = headers.authorization === `Bearer ${readOnlyToken}`;
      if (!readOnly && headers.authorization !== `Bearer ${token}`) refuse(401, 'Bad credentials');
      if (faults.rateLimitRemaining === 0) refuse(403, 'API rate limit exceeded for installation.');
      if (faults.rateLimitRemaining !== undefined) faults.rateLimitRemaining -= 1;
      if (!answer) refuse(404, 'Not Found');
      if (readOnly && method !== 'GET')
        refuse(403, 'Resource not accessible by integration', { 'x-accepted-github-permissions': 'contents=write' });
      const reply = await answer(part, method === 'GET' ? {} : parse(content));
      // GitHub's ETags belong to the token too, and are weak wherever the reply was compressed.
      const hash = hashOf(headers.authorization, reply.body);
      const same = method === 'GET' && headers['if-none-match']?.replace('W/', '') === `"${hash}"`;
      if (same && faults.rateLimitRemaining !== undefined) faults.rateLimitRemaining += 1;
      const tagged = { ...reply.headers, etag: `W/"${hash}"` };
      return same ? { status: 304, headers: tagged } : { ...reply, headers: tagged };
    } catch (error) {
      const { status, message, headers: extra } = error instanceof Refusal ? error : new Refusal(500, String(error));
      const documentation_url = status === 401 ? DOCS : `${DOCS}${docs}`;
      return { status, body: { message, documentation_url, status: String(status) }, headers: extra };
    }
  }

  function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
    const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const all: HeaderFields = {
      date: new Date(now()).toUTCString(),
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': String(faults.rateLimitRemaining ?? 999),
      'x-ratelimit-reset': String(Math.floor((startedAt + faults.clockOffsetMs) / 1000) + 3600),
      'content-type': `${typeof body === 'string' ? 'text/html' : 'application/json'}; charset=utf-8`,
      ...Object.fromEntries(given),
    };
    response.sendDate = false;
    for (const [name, value] of Object.entries(all)) if (value !== undefined) response.setHeader(name, value);
    response.writeHead(status).end(typeof body === 'string' || status === 304 ? body : JSON.stringify(body));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '', socket } = request;
    const [path = ''] = target.split('?');
    const seen = { method, path, status: 0 };
    requests.push(seen);
    const due = queue.find(({ left, match }) => left > 0 && match(method, path));
    if (due) due.left -= 1;
    const fault = due?.fault;
    const content = await text(request);
    if (fault === 'hang') return;
    if (fault === 'drop-before') return void socket.destroy();
    if (typeof fault === 'object' && 'delayMs' in fault) {
      if (fault.drop) socket.destroy();
      await sleep(fault.delayMs, undefined, { signal: closing.signal });
    }
    const scripted = typeof fault === 'object' && 'status' in fault;
    const reply = scripted ? { body: { message: 'Server Error' }, ...fault } : await act(request, path, content);
    if (fault === 'drop-after') socket.destroy();
    if (socket.destroyed) return;
    seen.status = reply.status;
    send(response, reply);
  }

  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work = serve(request, response).catch(() => {}); // a request that broke off, or that close() cut short
    running.add(work);
    void work.then(() => running.delete(work));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function close(): Promise<void> {
    closing.abort();
    server.close();
    server.closeAllConnections();
    await Promise.all(running);
    await rm(folder, { recursive: true, force: true });
  }

  async function commits(ref: string): Promise<Commit[]> {
    const found = [];
    for (let at = readCommit(ref); at; at = readCommit(at.parents[0] ?? '')) found.push(at);
    return found;
  }

  const handles = { url, gitDir, requests, faults, token, readOnlyToken, close, [Symbol.asyncDispose]: close };
  return {
    ...handles,
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

const isSha = (value: string) => /^[0-9a-f]{40}$/.test(value);

function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : refuse(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
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
