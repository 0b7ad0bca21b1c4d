import { readFileSync } from 'node:fs';
import { Ajv, type AnySchema } from 'ajv';
import { parse } from 'yaml';
import type { Asked, Reply } from './faults.ts';
import type { Seen } from './faulty-server.ts';
import { githubApi, type OpenApi, type Operation, type Response } from './github-api.ts';

// What the servers say of themselves, held against what the action asks and what their doubles answer: GitHub's OpenAPI
// description, and Parallel's document of the balance. Nothing of the kind describes Parallel's OAuth endpoints.

interface Description {
  readonly name: 'github' | 'parallel';
  readonly document: OpenApi;
  /** A path as the document has it; undefined where it is none of this server's. */
  readonly pathOf: (path: string) => string | undefined;
  /** What every error looks like that the document leaves out. */
  readonly error: AnySchema;
}

const accountApi = readFileSync(new URL('../fixtures/parallel-account-api.yaml', import.meta.url), 'utf8');

const DESCRIPTIONS: readonly Description[] = [
  {
    name: 'github',
    document: githubApi,
    // A renamed repository is sent on to its id.
    pathOf: (path) =>
      /^\/repos(itories)?\//.test(path) ? path.replace(/^\/repositories\/\d+/, '/repos/x/x') : undefined,
    error: { $ref: 'github#/components/schemas/basic-error' },
  },
  {
    name: 'parallel',
    document: parse(accountApi),
    // Behind whatever base URL it is.
    pathOf: (path) => /\/service\/v1\/.*$/.exec(path)?.[0],
    // FastAPI's.
    error: { type: 'object', required: ['detail'], properties: { detail: { type: ['string', 'array'] } } },
  },
];

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat('uri', (text) => URL.canParse(text));
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
for (const { name, document } of DESCRIPTIONS) ajv.addSchema(document as AnySchema, name);

/**
 * Throws where the action has asked for what no description knows, and, of a server that is to be faithful, where a reply of its
 * own differs from its description. Other clients try what they like.
 */
export function expectDescribed(requests: readonly Seen[], isFaithful: boolean): void {
  const wrong = requests.flatMap((request) => {
    const isOfAction = request.headers['user-agent']?.startsWith('parallel-balance-action/');
    const asked = isOfAction ? judgeRequest(request) : [];
    const answered = isFaithful && request.own ? judgeReply(request, request.own) : [];
    const label = `${request.method} ${request.path}`;
    return [
      ...asked.map((what) => `the request ${label}: ${what}`),
      ...answered.map((what) => `the reply ${request.own?.status ?? 200} to ${label}: ${what}`),
    ];
  });
  if (wrong.length > 0) throw new Error(`Not as described:\n${[...new Set(wrong)].join('\n')}`);
}

/** What is wrong with a request that a description knows; nothing for any other, unless it is one to GitHub. */
export function judgeRequest(
  asked: Asked & { readonly headers: Pick<Seen['headers'], 'authorization' | 'content-type'> },
): string[] {
  const found = find(asked);
  if (found === undefined) return [];
  const { operation, pointer } = found;
  if (operation === undefined) return ['no description knows it'];
  const wrong = /^Bearer [\w.~+/=-]+$/.test(asked.headers['authorization'] ?? '') ? [] : ['it has no bearer token'];
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema === undefined) return asked.body === '' ? wrong : [...wrong, 'it has a body'];
  if (asked.headers['content-type'] !== 'application/json') wrong.push('its body is not called JSON');
  const body = JSON.parse(asked.body);
  const strange = Object.keys(body).filter((name) => !(name in (schema.properties ?? {})));
  const schemaRef = [...pointer, 'requestBody', 'content', 'application/json', 'schema'];
  return [...wrong, ...strange.map((name) => `/${name} is not described`), ...judge(refTo(found, schemaRef), body)];
}

/** What is wrong with a reply that a description knows. A page is no reply of an API. */
export function judgeReply(asked: Asked, { status = 200, headers = {}, body = {} }: Reply): string[] {
  const found = find(asked);
  if (found === undefined || typeof body === 'string') return [];
  if (status === 304 && asked.method === 'GET') return [];
  const { description, operation, pointer } = found;
  const own = operation?.responses[status];
  if (own === undefined) {
    return status >= 400 && status < 500 ? judge(description.error, body) : [`HTTP ${status} is not described`];
  }
  const shared = own.$ref?.split('/').slice(1);
  const response = (
    shared === undefined ? own : description.document.components.responses?.[shared[2] ?? '']
  ) as Response;
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const missing = Object.keys(response.headers ?? {}).filter((name) => !names.includes(name.toLowerCase()));
  const at = [...(shared ?? [...pointer, 'responses', String(status)]), 'content', 'application/json', 'schema'];
  return [...missing.map((name) => `the header ${name} is missing`), ...judge(refTo(found, at), body)];
}

interface Found {
  readonly description: Description;
  readonly operation: Operation | undefined;
  /** Where the operation stands in the document. */
  readonly pointer: readonly string[];
}

function find({ method, path }: Asked): Found | undefined {
  for (const description of DESCRIPTIONS) {
    const described = description.pathOf(path);
    if (described === undefined) continue;
    const { paths } = description.document;
    const template = Object.keys(paths).find((each) => patternOf(each).test(described)) ?? '';
    const verb = method.toLowerCase();
    return { description, operation: paths[template]?.[verb], pointer: ['paths', template, verb] };
  }
  return undefined;
}

/** `/git/ref/{ref}`: a ref has slashes, nothing else has. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace('{ref}', '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
}

function refTo({ description }: Found, pointer: readonly string[]): AnySchema {
  const segments = pointer.map((each) => encodeURIComponent(each.replaceAll('~', '~0').replaceAll('/', '~1')));
  return { $ref: `${description.name}#/${segments.join('/')}` };
}

const compiled = new Map<string, ReturnType<Ajv['compile']>>();

/** Compiles what it needs when it needs it: of GitHub's repository alone there are some 200 lines. */
function judge(schema: AnySchema, value: unknown): string[] {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'the body'} ${message}`);
}
