import { redact } from './secrets.ts';

// What comes from elsewhere, as text or JSON: checked here before anything believes or shows it.

// Of every script. Patterns of these are made where they are needed: as literals they would cost every run a millisecond.
const WORD = '\\p{L}\\p{N}';
const CONTROL = '\\p{C}';

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; of anything else, none. */
export function fieldsOf(json: unknown): Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : {};
}

/** Whether `value` is fit to be an organization's id. People paste outputs into `run:` scripts: a plain word or nothing. */
export function isOrgId(value: unknown): value is string {
  return typeof value === 'string' && /^\w[\w.-]{0,127}$/.test(value);
}

/** What is shorter is no secret, and not worth masking: it would star the log, and drop every job output that holds it. */
export const MIN_SECRET_LENGTH = 16;

/** Whether `value` can travel in a header or a form as one word: visible ASCII (VCHAR, RFC 5234, B.1), and not endless. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value);
}

/** Whether `value` has the length and the characters of a token. */
export function isSecret(value: unknown): value is string {
  return isWord(value) && value.length >= MIN_SECRET_LENGTH;
}

/** Whether nobody between here and there can listen: https, or http on loopback. */
export function isSafeOrigin({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** The host of `url` as messages show it: a URL allows hosts that a shell would run. */
export function hostOf(url: string): string {
  const { host } = new URL(url);
  return /^[\w.:[\]-]+$/.test(host) ? host : 'a host with an unusual name';
}

/** A name that a server sent, without what a log, Markdown or a shell would read as more than a name. */
export function readName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = value
    .replace(new RegExp(`[^${WORD} ,.-]+`, 'gu'), ' ')
    .replace(new RegExp(`(?<![${WORD}])-|-(?![${WORD}])`, 'gu'), ' ');
  return cut(plain.replace(/ +/g, ' ').trim(), 100) || undefined;
}

/**
 * A server's own words, fit for a debug message: one line of at most 200 characters, without any secret of this run.
 * Undefined where there are none.
 */
export function oneLine(words: unknown): string | undefined {
  if (typeof words !== 'string') return undefined;
  return cut(redact(words).replace(new RegExp(`[${CONTROL}\\s]+`, 'gu'), ' '), 200);
}

/** At most `length` UTF-16 units of `text`, never half of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
