/** An exact amount of cents: `digits` × 10^-`scale`. Doubles cannot hold 1000 − 999.99; this can. */
export interface Cents {
  readonly digits: bigint;
  readonly scale: number;
}

export const NOTHING: Cents = { digits: 0n, scale: 0 };

/** An amount that a user gave; `factors`, as they were written, where it is a product of them. */
export interface Amount extends Cents {
  readonly factors?: readonly string[];
}

const MAX_LENGTH = 64;
const MAX_EXPONENT = 400;
const MAX_FACTORS = 10;

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

/**
 * The amount that an input says: a decimal, or two to ten of them above 0 joined by `*`. Undefined for anything else: an
 * omitted number arrives as 0 or as nothing, and must not make a minimum that everything covers.
 */
export function parseAmount(text: string): Amount | undefined {
  const factors = splitFactors(text);
  if (factors.length > MAX_FACTORS || !factors.every((factor) => /^\d{1,15}(\.\d{1,6})?$/.test(factor)))
    return undefined;
  const [first = NOTHING, ...others] = factors.map(parseCents);
  if (others.length === 0) return first;
  const product = others.reduce(multiply, first);
  return product.digits === 0n ? undefined : { ...product, factors };
}

/** Whether `text` is a product of which a factor is missing, as one of an empty variable is. */
export function lacksFactor(text: string): boolean {
  const factors = splitFactors(text);
  return factors.length > 1 && factors.includes('');
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

/** How often `amount` pays `price`, which is above 0: rounded down, and never below 0. */
export function countAffordable(amount: Cents, price: Cents): bigint {
  const scale = Math.max(amount.scale, price.scale);
  const times = scaled(amount, scale) / scaled(price, scale);
  return times < 0n ? 0n : times;
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

/**
 * An amount in dollars, with the product that it is: `$20.00 = 8 × 250 cents`. Never with `*`, which a shell would replace
 * by the names of files.
 */
export function formatAmount(amount: Amount): string {
  const { factors } = amount;
  return factors === undefined ? formatDollars(amount) : `${formatDollars(amount)} = ${factors.join(' × ')} cents`;
}

function splitFactors(text: string): string[] {
  return text.split('*').map((factor) => factor.replace(/^ +| +$/g, ''));
}

function multiply(a: Cents, b: Cents): Cents {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
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
