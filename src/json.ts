/** The source text of numbers that a double would not give back, by the object or array that holds them. */
const sources = new WeakMap<object, Map<string, string>>();

/** Parses JSON; undefined where `text` is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, keepSource);
  } catch {
    return undefined;
  }
}

/**
 * The digits of the number `holder[name]` as they were sent, where `holder` came out of `parseJson`; else, and where Node
 * does not tell (before 22), those of the double. Undefined where it is no number.
 */
export function digitsOf(holder: object, name: string): string | undefined {
  const value = (holder as Record<string, unknown>)[name];
  return typeof value === 'number' ? (sources.get(holder)?.get(name) ?? String(value)) : undefined;
}

function keepSource(this: object, name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value === 'number' && source !== undefined && source !== String(value)) {
    const kept = sources.get(this) ?? new Map<string, string>();
    sources.set(this, kept.set(name, source));
  }
  return value;
}
