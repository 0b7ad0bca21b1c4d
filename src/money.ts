/** An exact amount of cents: `digits` × 10^-`scale`. Doubles cannot hold 1000 − 999.99; this can. */
export interface Cents {
  readonly digits: bigint;
  readonly scale: number;
}

export const NOTHING: Cents = { digits: 0n, scale: 0 };

const MAX_LENGTH = 64;
const MAX_EXPONENT = 400;

/**
 * Cents from a decimal in plain (`1234.5`) or exponent (`1.5e+21`) notation, the source text of a JSON number. Throws a
 * SyntaxError for anything else, and a RangeError for more than 64 characters or an exponent beyond ±400: no amount has
 * them, and `1e300000000` would keep BigInt busy past any deadline. Callers check foreign text first, or catch.
 */
export function parseCents(text: string): Cents {
  if (text.length > MAX_LENGTH) throw new RangeError('too long for an amount');
  const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) throw new SyntaxError('not a decimal number');
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (Math.abs(Number(exponent)) > MAX_EXPONENT) throw new RangeError('too large or small for an amount');
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
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
  const point = text.length - scale;
  let end = text.length;
  while (end > point + minDecimals && text[end - 1] === '0') end--;
  const fraction = text.slice(point, end).padEnd(minDecimals, '0');
  return sign + text.slice(0, point) + (fraction === '' ? '' : `.${fraction}`);
}
