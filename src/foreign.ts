// What comes from elsewhere, as text or JSON: checked here before anything believes or shows it.

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; of anything else, none. */
export function fieldsOf(json: unknown): Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : {};
}

/** Whether `value` is fit to be an organization's id. People paste outputs into `run:` scripts: a plain word or nothing. */
export function isOrgId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,128}$/.test(value);
}

/** Whether nobody between here and there can listen: https, or http on loopback. */
export function isSafeOrigin({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** A server's own words, fit for a debug message: one line of at most 200 characters. Undefined where there are none. */
export function oneLine(words: unknown): string | undefined {
  return typeof words === 'string' ? words.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200) : undefined;
}
