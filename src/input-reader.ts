import type { Problems } from './failure.ts';
import { isOrgId, isSafeOrigin } from './foreign.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the inputs of one action from its environment (the runner passes `min-cents` as `INPUT_MIN-CENTS`). Never
 * throws: what is wrong is listed in `problems`, a sentence each, free of secrets.
 */
export class InputReader<Name extends string> implements Problems {
  readonly problems: string[] = [];
  readonly environmentProblems: string[] = [];
  readonly env: Environment;
  readonly defaults: Readonly<Record<Name, string>>;
  readonly #mask: (secret: string) => void;

  constructor(env: Environment, defaults: Readonly<Record<Name, string>>, mask: (secret: string) => void) {
    this.env = env;
    this.defaults = defaults;
    this.#mask = mask;
    this.#checkArrival();
  }

  /** The runner passes every declared input, given or not. */
  #checkArrival(): void {
    const dashed = (Object.keys(this.defaults) as Name[]).filter((name) => name.includes('-'));
    if (this.env['GITHUB_ACTIONS'] !== 'true' || dashed.some((name) => this.given(name) !== undefined)) return;
    this.environmentProblems.push(
      `no input with a dash in its name has arrived, not even ${dashed[0]}, and a runner passes them all: in a job with container:, a docker command that is a shell script or a snap drops such names`,
    );
  }

  /** The text as given; undefined where the input is absent, as it is without a runner. */
  given(name: Name): string | undefined {
    return this.env[`INPUT_${name.toUpperCase()}`]?.trim();
  }

  /** A composite action or a reusable workflow forwards an input nobody set as an empty string: it means the default. */
  text(name: Name): string {
    return this.given(name) || this.defaults[name];
  }

  /** For an input that guards something: an empty variable must not disarm it. */
  refuseEmpty(name: Name, accepts: string): void {
    if (this.given(name) === '') this.problems.push(`${name} is empty, but must be ${accepts}`);
  }

  /** The parsed text, or the parsed default where `parse` returns undefined, with a problem that says what is accepted. */
  parse<T>(name: Name, accepts: string, parse: (text: string) => T | undefined): T {
    const value = parse(this.text(name));
    if (value !== undefined) return value;
    this.problems.push(`${name} is ${show(this.text(name))}, but must be ${accepts}`);
    return parse(this.defaults[name]) as T;
  }

  /** A secret, masked in the statement that reads it; undefined where it is empty, or what an expression without one gives. */
  secret(name: Name): string | undefined {
    // The runner knows a secret "Bearer abc" as a whole only.
    const secret = this.text(name).replace(/^bearer(\s+|$)/i, '');
    // `a && secrets.B` gives false where a does not hold.
    if (secret === '' || secret === 'false') return undefined;
    // No secret either; masked, the word would drop every output of the job that holds it.
    if (secret !== 'true') this.#mask(secret);
    return secret;
  }
}

/** The spellings of YAML 1.2's core schema, as in @actions/core's getBooleanInput. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return undefined;
}

/** An https URL, or http on loopback, without a place for secrets and without trailing slashes. */
export function parseBaseUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || /[@?#\s]/.test(text)) return undefined;
  return isSafeOrigin(url) ? url.href.replace(/\/+$/, '') : undefined;
}

/** What `expected-org-id` must be, in words. */
export const ORG_ID = 'an organization id such as org_abc, or none';

/** The organization that alone may count, as the input `expected-org-id` has it; undefined for `none`. */
export function readExpectedOrgId(reader: Pick<InputReader<'expected-org-id'>, 'parse'>): string | undefined {
  const orgId = reader.parse('expected-org-id', ORG_ID, (text) => (isOrgId(text) ? text : undefined));
  return orgId === 'none' ? undefined : orgId;
}

/**
 * Shows a wrong value unless it may hold a secret: a token pasted into the wrong input, or a URL with a password. An
 * ellipsis stands for what a shell or a workflow command could read, and × for its asterisk: people paste messages into
 * `run:` scripts.
 */
export function show(text: string): string {
  if (text.length > 60 || /[\w+/=-]{20}/.test(text)) return `a text of ${text.length} characters`;
  if (/[@?#]/.test(text)) return 'a text with @, ? or # inside';
  return `“${text.replace(/[^\w .,:/*+-]+/g, '…').replaceAll('*', '×')}”`;
}
