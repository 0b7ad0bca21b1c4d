const secrets = new Set<string>();

/** `mask`, made to remember what it masks, so that `redact` knows every secret of this run. */
export function remembering(mask: (secret: string) => void): (secret: string) => void {
  return (secret) => {
    // As it is, and as it travels in a form.
    for (const form of [secret, encodeURIComponent(secret.toWellFormed())]) secrets.add(form);
    mask(secret);
  };
}

/** `text` without any secret of this run. The runner masks a secret only where it stands whole: cut nothing before. */
export function redact(text: string): string {
  // The longest first: one secret may be a part of another.
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
