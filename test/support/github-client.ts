import { execFileSync } from 'node:child_process';
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { EMPTY_TREE, REF } from './fixtures.ts';
import { type LocalGithub, startLocalGithub } from './local-github.ts';

// How its own tests talk to the local GitHub. Importing this gives every test of a file one of its own.

/** As it stands in a path. */
export const NAME = REF.slice('refs/'.length);

export let github: LocalGithub;
beforeEach(async () => {
  github = await startLocalGithub();
});
afterEach(() => github.close());

// biome-ignore lint/suspicious/noExplicitAny: replies are whatever JSON the server sends
export type Answer = { status: number; headers: IncomingHttpHeaders; body: any };

/** One request on a connection of its own; a header given as `undefined` is not sent. */
export function call(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string | undefined>; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { body, headers = {}, signal } = options;
  const all = {
    authorization: `Bearer ${github.token}`,
    'user-agent': 'test',
    'x-github-api-version': '2022-11-28',
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const url = /^\/repo(s|sitories)\//.test(path) ? `${github.url}${path}` : `${github.url}/repos/octo/evals${path}`;
    const outgoing = request(url, { method, headers: sent, agent: false, ...(signal && { signal }) }, (response) => {
      text(response).then((raw) => {
        const isJson = response.headers['content-type']?.startsWith('application/json') && raw !== '';
        const parsed = isJson ? JSON.parse(raw) : raw;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}

export const getRef = (headers = {}) => call('GET', `/git/ref/${NAME}`, { headers });
export const getCommit = (sha: string) => call('GET', `/git/commits/${sha}`);
export const postCommit = (parents: string[], message = `state ${Math.random()}`, tree = EMPTY_TREE) =>
  call('POST', '/git/commits', { body: { message, tree, parents } });
export const commit = async (...parents: string[]): Promise<string> => (await postCommit(parents)).body.sha;
export const postRef = (sha: unknown, ref: unknown = REF) => call('POST', '/git/refs', { body: { ref, sha } });
export const patchRef = (sha: unknown, force?: boolean, name = NAME) =>
  call('PATCH', `/git/refs/${name}`, { body: { sha, force } });

/** Real git on the bare repository. */
export const git = (...args: string[]) =>
  execFileSync('git', ['--git-dir', github.gitDir, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

/** A ref at the first of `count` commits in a row. */
export async function chain(count: number): Promise<string[]> {
  const shas = [await commit()];
  while (shas.length < count) shas.push(await commit(...shas.slice(-1)));
  await postRef(shas[0]);
  return shas;
}

/** A refusal as GitHub words it. */
export const refused = (status: number, message: string, docs: string) => ({
  status,
  body: { message, documentation_url: `https://docs.github.com/rest${docs}`, status: String(status) },
});
