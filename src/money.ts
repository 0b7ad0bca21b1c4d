/** An exact amount of cents: `digits` × 10^-`scale`. Doubles cannot hold 1000 − 999.99; this can. */
export interface Cents {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * Cents from a decimal in plain (`1234.5`) or exponent (`1.5e+21`) notation.
 * Throws a SyntaxError for anything else: callers check foreign text first.
 */
export function parseCents(text: string): Cents {
  const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text);
  if (match === null) throw new SyntaxError('not a decimal number');
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** Cents from a finite JSON number: the shortest decimal that reads back as it (ECMAScript, Number::toString). */
export function centsOf(value: number): Cents {
  return parseCents(String(value));
}

/** `a` − `b`, exactly. */
export function subtract(a: Cents, b: Cents): Cents {
  const scale = Math.max(a.scale, b.scale);
  return { digits: scaled(a, scale) - scaled(b, scale), scale };
}

/** Whether `a` < `b`, exactly. */
export function isLess(a: Cents, b: Cents): boolean {
  return subtract(a, b).digits < 0n;
}

/** Cents as the shortest plain decimal, for outputs: `1234.5`, `-0.01`, never `1e21`. */
export function formatCents(cents: Cents): string {
  return plain(cents, 0);
}

/** Dollars with every digit there is and at least two decimals: `$19.996`, `-$3.20`. Never rounded. */
export function formatDollars(cents: Cents): string {
  const text = plain({ digits: cents.digits, scale: cents.scale + 2 }, 2);
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}

function scaled(cents: Cents, scale: number): bigint {
  return cents.digits * 10n ** BigInt(scale - cents.scale);
}

function plain({ digits, scale }: Cents, minDecimals: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text
    .slice(text.length - scale)
    .replace(/0+$/, '')
    .padEnd(minDecimals, '0');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
