const secrets = new Set<string>();

/**
 * Has the runner mask `secret` in the log from here on, and remembers it for `redact`. As setSecret of @actions/core does
 * it, which would load node:crypto: that takes longer than all else that is to be there before the first packet is out.
 */
export function mask(secret: string): void {
  // As it is, and as it travels in a form.
  for (const form of [secret, encodeURIComponent(secret.toWellFormed())]) secrets.add(form);
  const data = secret.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::add-mask::${data}\n`);
}

/** `text` without any secret of this run. The runner masks a secret only where it stands whole: cut nothing before. */
export function redact(text: string): string {
  // The longest first: one secret may be a part of another.
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
