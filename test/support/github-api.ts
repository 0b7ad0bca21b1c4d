import { readFileSync } from 'node:fs';

/** As much of an OpenAPI document as the tests read. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, Response>>;
    readonly examples?: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;
  };
}

export interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Response>>;
}

/** A `$ref` stands in the place of all else. */
export interface Response extends Partial<Content> {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

interface Content {
  readonly content: { readonly 'application/json'?: { readonly schema: Schema } };
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** What GitHub's own OpenAPI description says of the calls that the action makes; write-github-api.ts takes it from there. */
export const githubApi: OpenApi = JSON.parse(
  readFileSync(new URL('../fixtures/github-api.json', import.meta.url), 'utf8'),
);

const { schemas, examples = {} } = githubApi.components;
const example = examples['full-repository-default-response']?.value ?? {};

/** All that a reply about a repository must hold, with the values of GitHub's own example, which lacks some. */
export const exampleRepository = Object.fromEntries(
  (schemas['full-repository']?.required ?? []).map((name) => [name, example[name] ?? null]),
);
