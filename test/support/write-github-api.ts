import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Writes test/fixtures/github-api.json: what GitHub's own OpenAPI description says of the calls that the action makes. Of the
// package's 417 MB that is all there is to test against, so it is no dependency:
//   npm install --no-save @octokit/openapi@latest && node test/support/write-github-api.ts && npm run fix && npm ci

type Json = { readonly [name: string]: Json } | readonly Json[] | string | number | boolean | null;
type Fields = Record<string, Json>;

const CALLS = [
  ['get', '/repos/{owner}/{repo}'],
  ['get', '/repos/{owner}/{repo}/git/ref/{ref}'],
  ['get', '/repos/{owner}/{repo}/git/commits/{commit_sha}'],
  ['post', '/repos/{owner}/{repo}/git/commits'],
  ['post', '/repos/{owner}/{repo}/git/refs'],
  ['patch', '/repos/{owner}/{repo}/git/refs/{ref}'],
] as const;
/** Prose, and what only generators of documents read. */
const LEFT_OUT = new Set(['description', 'summary', 'tags', 'externalDocs', 'operationId', 'x-github', 'x-octokit']);

// biome-ignore lint/suspicious/noExplicitAny: a document of 13 MB
const all: any = createRequire(import.meta.url)('@octokit/openapi/generated/api.github.com.json');
const paths: Record<string, Fields> = {};
const components: Record<string, Fields> = {};
for (const [method, path] of CALLS) paths[path] = { ...paths[path], [method]: take(all.paths[path][method]) };
const { version, license } = all.info;
const info = { title: 'Excerpt of @octokit/openapi, api.github.com.json', version, license };
const excerpt = { openapi: all.openapi, info, paths, components };
writeFileSync(new URL('../fixtures/github-api.json', import.meta.url), JSON.stringify(excerpt, null, 2));

/** A part of the description, without prose; what it refers to comes along. */
function take(part: Json): Json {
  if (Array.isArray(part)) return part.map(take);
  if (typeof part !== 'object' || part === null) return part;
  const fields = Object.entries(part as Fields).filter(
    ([name, value]) => !LEFT_OUT.has(name) || (typeof value === 'object' && name === 'description'),
  );
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (name === '$ref') follow(String(value));
      // An example is data: no name in it is prose.
      return [name, name === 'examples' || name === 'example' ? comeAlong(value) : take(value)];
    }),
  );
}

function comeAlong(example: Json): Json {
  for (const [, ref = ''] of JSON.stringify(example).matchAll(/"\$ref":"([^"]+)"/g)) follow(ref);
  return example;
}

/** `#/components/schemas/git-ref` */
function follow(ref: string): void {
  const [, , kind = '', name = ''] = ref.split('/');
  components[kind] ??= {};
  if (components[kind][name] !== undefined) return;
  // Entered before what it refers to: schemas refer to each other.
  components[kind][name] = null;
  const found = all.components[kind][name];
  components[kind][name] = kind === 'examples' ? found : take(found);
}
