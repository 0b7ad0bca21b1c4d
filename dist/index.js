(() => { // webpackBootstrap
"use strict";
var __webpack_modules__ = ({

926:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  Failure: () => (Failure),
  unknown: () => (unknown),
  loginRequired: () => (loginRequired),
  isWrong: () => (isWrong),
  failureOf: () => (failureOf),
  wrongInputs: () => (wrongInputs),
  otherThanExpected: () => (otherThanExpected),
  error: () => (error)
});
var _secrets_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(349);
var _version_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(992);

/** Something expected went wrong: what happened (`message`, one sentence, no remote text) and what to do about it. */
class Failure extends Error {
	name = 'Failure';
	word;
	nextStep;
	/** For a debug message only: the server's own words, or the stack of a bug. Free of secrets (`oneLine`, `redact`). */
	detail;
	constructor(word, message, nextStep, detail) {
		super(message);
		this.word = word;
		this.nextStep = nextStep;
		this.detail = detail;
	}
}
// A Failure of each word.
const unknown = (...words) => new Failure('unknown', ...words);
const loginRequired = (...words) => new Failure('login-required', ...words);
const error = (...words) => new Failure('error', ...words);
/** Whether there is any of them. */
function isWrong({ problems, environmentProblems }) {
	return problems.length + environmentProblems.length > 0;
}
/** The Failure of a run that was given something wrong. */
function wrongInputs({ problems, environmentProblems }) {
	const told = [
		['Wrong environment', environmentProblems, 'Correct what runs this step: its with: block cannot mend it.'],
		['Wrong inputs', problems, 'Correct the inputs of this step (its with: block).'],
	].filter(([, { length }]) => length > 0);
	const message = told.map(([what, list]) => `${what}: ${list.join('; ')}.`).join(' ');
	return new Failure('error', message, [...told.map(([, , nextStep]) => nextStep), 'No request was made.'].join(' '));
}
/** The Failure of a run whose credentials lead to another organization than `expected-org-id` names. */
function otherThanExpected(what, got, expected) {
	return new Failure('error', `${what} is of the organization ${got}, but expected-org-id says ${expected}.`, `Use credentials of ${expected} (the login workflow, approved with an account of it), or set expected-org-id to ${got} if that is the right one.`);
}
/** What was thrown, as a Failure: all but a Failure is a bug of this action, and its message may hold anything. */
function failureOf(error) {
	if (error instanceof Failure)
		return error;
	const [name, stack] = error instanceof Error ? [error.name, error.stack] : [typeof error, undefined];
	return new Failure('error', `The action stopped on an unexpected ${name}.`, `Please report it at https://github.com/${_version_js__WEBPACK_IMPORTED_MODULE_1__.REPOSITORY}/issues, with the debug log (re-run with debug logging).`, stack === undefined ? undefined : (0,_secrets_js__WEBPACK_IMPORTED_MODULE_0__.redact)(stack));
}

}),

292:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  isSecret: () => (isSecret),
  isWord: () => (isWord),
  isSafeOrigin: () => (isSafeOrigin),
  readName: () => (readName),
  isOrgId: () => (isOrgId),
  fieldsOf: () => (fieldsOf),
  oneLine: () => (oneLine),
  MIN_SECRET_LENGTH: () => (MIN_SECRET_LENGTH),
  hostOf: () => (hostOf)
});
var _secrets_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(349);

// What comes from elsewhere, as text or JSON: checked here before anything believes or shows it.
// Of every script. Patterns of these are made where they are needed: as literals they would cost every run a millisecond.
const WORD = '\\p{L}\\p{N}';
const CONTROL = '\\p{C}';
/** The fields of a JSON object; of anything else, none. */
function fieldsOf(json) {
	return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
/** Whether `value` is fit to be an organization's id. People paste outputs into `run:` scripts: a plain word or nothing. */
function isOrgId(value) {
	return typeof value === 'string' && /^\w[\w.-]{0,127}$/.test(value);
}
/** What is shorter is no secret, and not worth masking: it would star the log, and drop every job output that holds it. */
const MIN_SECRET_LENGTH = 16;
/** Whether `value` can travel in a header or a form as one word: visible ASCII (VCHAR, RFC 5234, B.1), and not endless. */
function isWord(value) {
	return typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value);
}
/** Whether `value` has the length and the characters of a token. */
function isSecret(value) {
	return isWord(value) && value.length >= MIN_SECRET_LENGTH;
}
/** Whether nobody between here and there can listen: https, or http on loopback. */
function isSafeOrigin({ protocol, hostname }) {
	if (protocol === 'https:')
		return true;
	return protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
/** The host of `url` as messages show it: a URL allows hosts that a shell would run. */
function hostOf(url) {
	const { host } = new URL(url);
	return /^[\w.:[\]-]+$/.test(host) ? host : 'a host with an unusual name';
}
/** A name that a server sent, without what a log, Markdown or a shell would read as more than a name. */
function readName(value) {
	if (typeof value !== 'string')
		return undefined;
	const plain = value
		.replace(new RegExp(`[^${WORD} ,.-]+`, 'gu'), ' ')
		.replace(new RegExp(`(?<![${WORD}])-|-(?![${WORD}])`, 'gu'), ' ');
	return cut(plain.replace(/ +/g, ' ').trim(), 100) || undefined;
}
/**
 * A server's own words, fit for a debug message: one line of at most 200 characters, without any secret of this run.
 * Undefined where there are none.
 */
function oneLine(words) {
	if (typeof words !== 'string')
		return undefined;
	return cut((0,_secrets_js__WEBPACK_IMPORTED_MODULE_0__.redact)(words).replace(new RegExp(`[${CONTROL}\\s]+`, 'gu'), ' '), 200);
}
/** At most `length` UTF-16 units of `text`, never half of a surrogate pair. */
function cut(text, length) {
	return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

}),

514:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  parseBaseUrl: () => (parseBaseUrl),
  readExpectedOrgId: () => (readExpectedOrgId),
  show: () => (show),
  ORG_ID: () => (ORG_ID),
  InputReader: () => (InputReader),
  parseBoolean: () => (parseBoolean)
});
var _foreign_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(292);

/**
 * Reads the inputs of one action from its environment (the runner passes `min-cents` as `INPUT_MIN-CENTS`). Never
 * throws: what is wrong is listed in `problems`, a sentence each, free of secrets.
 */
class InputReader {
	problems = [];
	environmentProblems = [];
	env;
	defaults;
	#mask;
	constructor(env, defaults, mask) {
		this.env = env;
		this.defaults = defaults;
		this.#mask = mask;
		this.#checkArrival();
	}
	/** The runner passes every declared input, given or not. */
	#checkArrival() {
		const dashed = Object.keys(this.defaults).filter((name) => name.includes('-'));
		if (this.env['GITHUB_ACTIONS'] !== 'true' || dashed.some((name) => this.given(name) !== undefined))
			return;
		this.environmentProblems.push(`no input with a dash in its name has arrived, not even ${dashed[0]}, and a runner passes them all: in a job with container:, a docker command that is a shell script or a snap drops such names`);
	}
	/** The text as given; undefined where the input is absent, as it is without a runner. */
	given(name) {
		return this.env[`INPUT_${name.toUpperCase()}`]?.trim();
	}
	/** A composite action or a reusable workflow forwards an input nobody set as an empty string: it means the default. */
	text(name) {
		return this.given(name) || this.defaults[name];
	}
	/** For an input that guards something: an empty variable must not disarm it. */
	refuseEmpty(name, accepts) {
		if (this.given(name) === '')
			this.problems.push(`${name} is empty, but must be ${accepts}`);
	}
	/** The parsed text, or the parsed default where `parse` returns undefined, with a problem that says what is accepted. */
	parse(name, accepts, parse) {
		const value = parse(this.text(name));
		if (value !== undefined)
			return value;
		this.problems.push(`${name} is ${show(this.text(name))}, but must be ${accepts}`);
		return parse(this.defaults[name]);
	}
	/** A secret, masked in the statement that reads it; undefined where it is empty, or what an expression without one gives. */
	secret(name) {
		// The runner knows a secret "Bearer abc" as a whole only.
		const secret = this.text(name).replace(/^bearer(\s+|$)/i, '');
		// `a && secrets.B` gives false where a does not hold.
		if (secret === '' || secret === 'false')
			return undefined;
		// No secret either; masked, the word would drop every output of the job that holds it.
		if (secret !== 'true')
			this.#mask(secret);
		return secret;
	}
}
/** The spellings of YAML 1.2's core schema, as in @actions/core's getBooleanInput. */
function parseBoolean(text) {
	if (/^(true|True|TRUE)$/.test(text))
		return true;
	if (/^(false|False|FALSE)$/.test(text))
		return false;
	return undefined;
}
/** An https URL, or http on loopback, without a place for secrets and without trailing slashes. */
function parseBaseUrl(text) {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || /[@?#\s]/.test(text))
		return undefined;
	return (0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__.isSafeOrigin)(url) ? url.href.replace(/\/+$/, '') : undefined;
}
/** What `expected-org-id` must be, in words. */
const ORG_ID = 'an organization id such as org_abc, or none';
/** The organization that alone may count, as the input `expected-org-id` has it; undefined for `none`. */
function readExpectedOrgId(reader) {
	const orgId = reader.parse('expected-org-id', ORG_ID, (text) => ((0,_foreign_js__WEBPACK_IMPORTED_MODULE_0__.isOrgId)(text) ? text : undefined));
	return orgId === 'none' ? undefined : orgId;
}
/**
 * Shows a wrong value unless it may hold a secret: a token pasted into the wrong input, or a URL with a password. An
 * ellipsis stands for what a shell or a workflow command could read, and \u00d7 for its asterisk: people paste messages into
 * `run:` scripts.
 */
function show(text) {
	if (text.length > 60 || /[\w+/=-]{20}/.test(text))
		return `a text of ${text.length} characters`;
	if (/[@?#]/.test(text))
		return 'a text with @, ? or # inside';
	return `\u201c${text.replace(/[^\w .,:/*+-]+/g, '\u2026').replaceAll('*', '\u00d7')}\u201d`;
}

}),

60:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  digitsOf: () => (digitsOf),
  parseJson: () => (parseJson)
});
/** The source text of numbers that a double would not give back, by the object or array that holds them. */
const sources = new WeakMap();
/** Parses JSON; undefined where `text` is none. */
function parseJson(text) {
	try {
		return JSON.parse(text, keepSource);
	}
	catch {
		return undefined;
	}
}
/**
 * The digits of the number `holder[name]` as they were sent, where `holder` came out of `parseJson`; else, and where Node
 * does not tell (before 22), those of the double. Undefined where it is no number.
 */
function digitsOf(holder, name) {
	const value = holder[name];
	return typeof value === 'number' ? (sources.get(holder)?.get(name) ?? String(value)) : undefined;
}
function keepSource(name, value, context) {
	const source = context?.source;
	if (typeof value === 'number' && source !== undefined && source !== String(value)) {
		const kept = sources.get(this) ?? new Map();
		sources.set(this, kept.set(name, source));
	}
	return value;
}

}),

65:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  refuseMisspelt: () => (refuseMisspelt)
});
var _input_reader_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(514);

/**
 * Adds a problem for each name that the runner only warns about although it looks like one of `guarded` that was not
 * given. Every other undeclared name passes: the inputs of other actions reach a step in several legitimate ways
 * (GITHUB_ENV, `env:`, the runner's own environment), and so does an empty one of a wrapper.
 */
function refuseMisspelt(reader, guarded) {
	const { env, defaults, problems } = reader;
	const declared = new Set(Object.keys(defaults).map((name) => name.toUpperCase()));
	for (const [variable, value = ''] of Object.entries(env)) {
		const [, name] = /^INPUT_([^a-z]+)$/.exec(variable) ?? [];
		if (name === undefined || declared.has(name))
			continue;
		const meant = lookUp(bare(name), guarded);
		if (meant === undefined || reader.text(meant) !== defaults[meant])
			continue;
		// What says no more than the default is no loss.
		if (['', defaults[meant]].includes(value.trim()))
			continue;
		problems.push(`${(0,_input_reader_js__WEBPACK_IMPORTED_MODULE_0__.show)(name.toLowerCase())} is no input of this action: probably ${meant} was meant, which is not set`);
	}
}
/** The nearest of `guarded` that `name` may be taken for. */
function lookUp(name, guarded) {
	const near = guarded
		.map((input) => ({ ...input, distance: countEdits(name, bare(input.name.toUpperCase())) }))
		.filter(({ distance, edits }) => distance <= edits)
		.sort((a, b) => a.distance - b.distance);
	return (near[0] ?? guarded.find(({ otherNames }) => otherNames?.test(name)))?.name;
}
function bare(name) {
	return name.replace(/[\W_]/g, '');
}
/** Levenshtein's distance: the letters to insert, delete or replace. */
function countEdits(a, b) {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (const [i, letter] of [...a].entries()) {
		const next = [i + 1];
		for (const [j, other] of [...b].entries()) {
			const [left = 0, above = 0, before = 0] = [next[j], row[j + 1], row[j]];
			next.push(Math.min(left + 1, above + 1, before + (letter === other ? 0 : 1)));
		}
		row = next;
	}
	return row.at(-1) ?? 0;
}

}),

528:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  formatCents: () => (formatCents),
  parseAmount: () => (parseAmount),
  parseCents: () => (parseCents),
  NOTHING: () => (NOTHING),
  subtract: () => (subtract),
  countAffordable: () => (countAffordable),
  formatAmount: () => (formatAmount),
  lacksFactor: () => (lacksFactor),
  formatDollars: () => (formatDollars),
  isLess: () => (isLess)
});
const NOTHING = { digits: 0n, scale: 0 };
const MAX_LENGTH = 64;
const MAX_EXPONENT = 400;
const MAX_FACTORS = 10;
/**
 * Cents from a decimal in plain (`1234.5`) or exponent (`1.5e+21`) notation, the source text of a JSON number. Throws a
 * SyntaxError for anything else, and a RangeError for more than 64 characters or an exponent beyond \u00b1400: no amount has
 * them, and `1e300000000` would keep BigInt busy past any deadline. Callers check foreign text first, or catch.
 */
function parseCents(text) {
	if (text.length > MAX_LENGTH)
		throw new RangeError('too long for an amount');
	const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
	if (match === null)
		throw new SyntaxError('not a decimal number');
	const [, whole = '', fraction = '', exponent = '0'] = match;
	if (Math.abs(Number(exponent)) > MAX_EXPONENT)
		throw new RangeError('too large or small for an amount');
	const digits = BigInt(whole + fraction);
	const scale = fraction.length - Number(exponent);
	return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}
/**
 * The amount that an input says: a decimal, or two to ten of them above 0 joined by `*`. Undefined for anything else: an
 * omitted number arrives as 0 or as nothing, and must not make a minimum that everything covers.
 */
function parseAmount(text) {
	const factors = splitFactors(text);
	if (factors.length > MAX_FACTORS || !factors.every((factor) => /^\d{1,15}(\.\d{1,6})?$/.test(factor)))
		return undefined;
	const [first = NOTHING, ...others] = factors.map(parseCents);
	if (others.length === 0)
		return first;
	const product = others.reduce(multiply, first);
	return product.digits === 0n ? undefined : { ...product, factors };
}
/** Whether `text` is a product of which a factor is missing, as one of an empty variable is. */
function lacksFactor(text) {
	const factors = splitFactors(text);
	return factors.length > 1 && factors.includes('');
}
/** `a` \u2212 `b`, exactly. */
function subtract(a, b) {
	const scale = Math.max(a.scale, b.scale);
	return { digits: scaled(a, scale) - scaled(b, scale), scale };
}
/** Whether `a` < `b`, exactly. */
function isLess(a, b) {
	return subtract(a, b).digits < 0n;
}
/** How often `amount` pays `price`, which is above 0: rounded down, and never below 0. */
function countAffordable(amount, price) {
	const scale = Math.max(amount.scale, price.scale);
	const times = scaled(amount, scale) / scaled(price, scale);
	return times < 0n ? 0n : times;
}
/** Cents as the shortest plain decimal, for outputs: `1234.5`, `-0.01`, never `1e21`. */
function formatCents(cents) {
	return plain(cents, 0);
}
/** Dollars with every digit there is and at least two decimals: `$19.996`, `-$3.20`. Never rounded. */
function formatDollars(cents) {
	const text = plain({ digits: cents.digits, scale: cents.scale + 2 }, 2);
	return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}
/**
 * An amount in dollars, with the product that it is: `$20.00 = 8 \u00d7 250 cents`. Never with `*`, which a shell would replace
 * by the names of files.
 */
function formatAmount(amount) {
	const { factors } = amount;
	return factors === undefined ? formatDollars(amount) : `${formatDollars(amount)} = ${factors.join(' \u00d7 ')} cents`;
}
function splitFactors(text) {
	return text.split('*').map((factor) => factor.replace(/^ +| +$/g, ''));
}
function multiply(a, b) {
	return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}
function scaled(cents, scale) {
	return cents.digits * 10n ** BigInt(scale - cents.scale);
}
function plain({ digits, scale }, minDecimals) {
	const sign = digits < 0n ? '-' : '';
	const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
	const point = text.length - scale;
	let end = text.length;
	while (end > point + minDecimals && text[end - 1] === '0')
		end--;
	const fraction = text.slice(point, end).padEnd(minDecimals, '0');
	return sign + text.slice(0, point) + (fraction === '' ? '' : `.${fraction}`);
}

}),

349:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  redact: () => (redact),
  mask: () => (mask)
});
const secrets = new Set();
/**
 * Has the runner mask `secret` in the log from here on, and remembers it for `redact`. As setSecret of @actions/core does
 * it, which would load node:crypto: that takes longer than all else that is to be there before the first packet is out.
 */
function mask(secret) {
	// As it is, and as it travels in a form.
	for (const form of [secret, encodeURIComponent(secret.toWellFormed())])
		secrets.add(form);
	const data = secret.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
	process.stdout.write(`::add-mask::${data}\n`);
}
/** `text` without any secret of this run. The runner masks a secret only where it stands whole: cut nothing before. */
function redact(text) {
	// The longest first: one secret may be a part of another.
	const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
	return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

}),

890:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  readSince: () => (readSince),
  measureSpent: () => (measureSpent),
  formatSnapshot: () => (formatSnapshot),
  findMismatch: () => (findMismatch)
});
/* unused harmony export parseSnapshot */
var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(926);
var _foreign_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(292);
var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(60);
var _money_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(528);

const MAX_LENGTH = 4000;
/** The clocks of two servers may differ. */
const MAX_AHEAD_MS = 5 * 60_000;
/** The output `snapshot`: one line of JSON, without any secret. */
function formatSnapshot({ orgId, credit, pendingDebit, readAt }) {
	return JSON.stringify({
		version: 1,
		'org-id': orgId,
		'credit-balance-cents': (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.formatCents)(credit),
		'pending-debit-balance-cents': (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.formatCents)(pendingDebit),
		'read-at': new Date(readAt).toISOString(),
	});
}
/** Reads what `formatSnapshot` wrote. Undefined for every other text: it comes from another job, and may be anybody's. */
function parseSnapshot(text) {
	if (text.length > MAX_LENGTH)
		return undefined;
	const fields = (0,_foreign_js__WEBPACK_IMPORTED_MODULE_1__.fieldsOf)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__.parseJson)(text));
	const orgId = fields['org-id'];
	if (!(0,_foreign_js__WEBPACK_IMPORTED_MODULE_1__.isOrgId)(orgId))
		return undefined;
	try {
		const amount = (name) => (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.parseCents)(String(fields[name]));
		const [credit, pendingDebit] = [amount('credit-balance-cents'), amount('pending-debit-balance-cents')];
		const snapshot = { orgId, credit, pendingDebit, readAt: Date.parse(String(fields['read-at'])) };
		// The rest of the form, the version included.
		return formatSnapshot(snapshot) === text ? snapshot : undefined;
	}
	catch {
		return undefined;
	}
}
/** Reads `since`. The problem of a wrong one shows nothing of it. */
function readSince(reader) {
	if (reader.given('since') === '')
		return 'empty';
	const text = reader.text('since');
	const snapshot = text === 'none' ? text : parseSnapshot(text);
	if (snapshot === undefined) {
		reader.problems.push('since is no snapshot of this version, but must be the output snapshot of an earlier gate, or none');
	}
	return snapshot ?? 'none';
}
/** Why a balance cannot be held against a snapshot: undefined where it can. */
function findMismatch({ orgId, readAt }, balance) {
	const nextStep = 'Pass the output snapshot of an earlier gate of the same run, with the same credentials.';
	if (orgId !== balance.orgId) {
		const message = `The snapshot in since is of another organization than the balance, which is of ${balance.orgId}.`;
		return new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('error', message, nextStep);
	}
	if (readAt <= balance.readAt + MAX_AHEAD_MS)
		return undefined;
	return new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('error', 'The snapshot in since is of a later time than the balance.', nextStep);
}
/**
 * What was spent between two balances. Whether credit is net of pending debits is not documented, so there are two
 * readings: what the credit fell by, and what credit less pending fell by.
 */
function measureSpent(before, now) {
	const byCredit = (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.subtract)(before.credit, now.credit);
	const byBoth = (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.subtract)(byCredit, (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.subtract)(before.pendingDebit, now.pendingDebit));
	const [least, most] = (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.isLess)(byBoth, byCredit) ? [byBoth, byCredit] : [byCredit, byBoth];
	if ((0,_money_js__WEBPACK_IMPORTED_MODULE_3__.isLess)(least, _money_js__WEBPACK_IMPORTED_MODULE_3__.NOTHING))
		return { kind: (0,_money_js__WEBPACK_IMPORTED_MODULE_3__.isLess)(byCredit, _money_js__WEBPACK_IMPORTED_MODULE_3__.NOTHING) ? 'rose' : 'released', isSettled: false };
	return { kind: 'fell', least, most, isSettled: !(0,_money_js__WEBPACK_IMPORTED_MODULE_3__.isLess)(least, most) };
}

}),

753:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  BASE_URL: () => (BASE_URL),
  LOCATION_DEFAULTS: () => (LOCATION_DEFAULTS),
  readKey: () => (readKey),
  isKey: () => (isKey),
  readLocation: () => (readLocation)
});
var _input_reader_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(514);

/** The defaults of the inputs that gate and login share. */
const LOCATION_DEFAULTS = {
	'state-key': '',
	'state-ref': 'refs/parallel-balance/state',
	'state-repository': '',
	// In action.yml it is an expression that only the runner can evaluate.
	'github-token': '',
	'platform-url': 'https://platform.parallel.ai',
};
/** What a base URL must be, in words. */
const BASE_URL = 'an https URL (http on loopback) without user name, query or fragment';
const KEY = '32 random bytes in base64, made by: openssl rand -base64 32';
/** Reads where the state is kept. Undefined where any of it is wrong, which the problems then tell. */
function readLocation(reader, keyText = '') {
	const before = reader.problems.length;
	const githubToken = reader.secret('github-token') ?? '';
	if (!isOneToken(githubToken)) {
		const what = githubToken === ''
			? 'is empty (was the step that mints it skipped, as in a fork?)'
			: 'has white space, control or non-ASCII characters inside';
		reader.problems.push(`github-token ${what}, but must be the token of the job, or of a GitHub App with state-repository`);
	}
	const key = readKey(reader, 'state-key', keyText);
	const ref = reader.parse('state-ref', 'refs/<namespace>/<name>, and none of heads, tags, pull, remotes and notes', parseRef);
	const platformUrl = reader.parse('platform-url', BASE_URL, _input_reader_js__WEBPACK_IMPORTED_MODULE_0__.parseBaseUrl);
	const named = reader.parse('state-repository', 'owner/name of a repository', parseRepository);
	const isOwn = named === '' || named.toLowerCase() === reader.env['GITHUB_REPOSITORY']?.toLowerCase();
	const shared = isOwn ? undefined : named;
	const repository = readRepository(reader, shared);
	if (key === undefined || repository === undefined || reader.problems.length > before)
		return undefined;
	return { key, ref, githubToken, platformUrl, repository, shared };
}
/** Reads a sealing key. Undefined where it is none, which the problems then tell. */
function readKey({ problems }, name, text) {
	if (isKey(text))
		return Buffer.from(text, 'base64');
	const what = text === '' ? 'is empty (is there a secret of that name?), but must be' : 'is not a key: it must be';
	problems.push(`${name} ${what} ${KEY}`);
	return undefined;
}
/** Whether `text` is 32 bytes in base64. */
function isKey(text) {
	return /^[A-Za-z0-9+/]{43}=$/.test(text);
}
function readRepository({ env, environmentProblems }, shared) {
	const before = environmentProblems.length;
	const isNumber = (value) => /^\d+$/.test(value);
	const read = (name, form, isValid) => {
		const value = env[name] ?? '';
		if (!isValid(value))
			environmentProblems.push(`${name} ${value === '' ? 'is missing' : `is not ${form}`}`);
		return value;
	};
	const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '';
	const repository = {
		// Never guessed: the token of a GitHub Enterprise Server must not go to github.com.
		apiUrl: (0,_input_reader_js__WEBPACK_IMPORTED_MODULE_0__.parseBaseUrl)(read('GITHUB_API_URL', BASE_URL, (url) => (0,_input_reader_js__WEBPACK_IMPORTED_MODULE_0__.parseBaseUrl)(url) !== undefined)) ?? '',
		name: read('GITHUB_REPOSITORY', 'owner/name', (name) => name !== '' && parseRepository(name) !== undefined),
		id: shared === undefined ? read('GITHUB_REPOSITORY_ID', 'a number', isNumber) : undefined,
		runId: read('GITHUB_RUN_ID', 'a number', isNumber),
		runAttempt: isNumber(attempt) ? attempt : '1',
	};
	return environmentProblems.length > before ? undefined : repository;
}
/** GitHub's own form of a name, which is a part of addresses here; empty for none. */
function parseRepository(text) {
	return text === '' || (/^[\w-]+\/[\w.-]+$/.test(text) && !/\/\.{1,2}$/.test(text)) ? text : undefined;
}
/** Plain segments, in a namespace that neither git nor GitHub uses. */
function parseRef(text) {
	const isTheirs = /^refs\/(heads|tags|pull|remotes|notes)\//i.test(text);
	return /^refs(\/[\w-]+){2,}$/.test(text) && !isTheirs ? text : undefined;
}
/** Whether `text` can travel in a header as one token. */
function isOneToken(text) {
	return /^[\x21-\x7e]+$/.test(text);
}

}),

769:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  ADDRESS_TIMEOUT_MS: () => (ADDRESS_TIMEOUT_MS),
  surroundings: () => (surroundings),
  withoutBrackets: () => (withoutBrackets)
});
var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(926);

/**
 * How long each address of a host may take to connect before the next one is tried. Node's own 250 ms leave every far
 * host with several addresses unreachable (https://github.com/nodejs/node/issues/54359).
 */
const ADDRESS_TIMEOUT_MS = 3000;
let taken;
/** Those of this process, taken at the first call, which must come before any connection. Throws a Failure as below. */
function surroundings() {
	taken ??= remember(() => takeSurroundings(process.env));
	return taken();
}
/** `act`, done once: every call comes to the same, an error too. */
function remember(act) {
	try {
		const value = act();
		return () => value;
	}
	catch (error) {
		return () => {
			throw error;
		};
	}
}
/**
 * Reads `env`, and takes out of it what Node and http-client would act on by themselves: to check no certificate, to go
 * through a proxy in http-client's way, and to tell every host the id of the run. Throws a Failure (`error`) for a proxy
 * that nobody could go through.
 */
function takeSurroundings(env) {
	const isCheckWaived = env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
	delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
	delete env['ACTIONS_ORCHESTRATION_ID'];
	const name = env['https_proxy'] ? 'https_proxy' : 'HTTPS_PROXY';
	const value = env[name]?.trim();
	delete env['https_proxy'];
	delete env['HTTPS_PROXY'];
	return { proxy: value ? readProxy(name, value) : undefined, isCheckWaived };
}
/** As curl reads it: without a scheme it is http. The value may hold a password, so a Failure shows none of it. */
function readProxy(name, value) {
	const text = value.includes('://') ? value : `http://${value}`;
	if (!URL.canParse(text))
		throw wrongProxy(name, 'is not a URL');
	const { protocol, hostname, port, username, password } = new URL(text);
	if (!/^https?:$/.test(protocol))
		throw wrongProxy(name, 'is not the address of an http or https proxy');
	const isSecure = protocol === 'https:';
	return {
		isSecure,
		host: withoutBrackets(hostname),
		port: Number(port) || (isSecure ? 443 : 80),
		authorization: username || password ? readAuthorization(name, `${username}:${password}`) : undefined,
	};
}
/** Basic authentication (RFC 7617). */
function readAuthorization(name, userAndPassword) {
	try {
		return `Basic ${Buffer.from(decodeURIComponent(userAndPassword)).toString('base64')}`;
	}
	catch {
		throw wrongProxy(name, 'has a % in its user name or password that encodes nothing');
	}
}
function wrongProxy(name, what) {
	return new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('error', `The environment variable ${name} ${what}.`, `Set ${name} on the runner to http://host:port or http://user:password@host:port, with %25 for a % in the password, %40 for @, %3A for : and %2F for /.`);
}
/** Node wants an IPv6 address without the brackets that a URL has around it. */
function withoutBrackets(host) {
	return host.replace(/^\[(.*)\]$/, '$1');
}

}),

992:
((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.d(__webpack_exports__, {
  REPOSITORY: () => (REPOSITORY),
  VERSION: () => (VERSION)
});
/** As in package.json (a test compares them), which runners do not download. */
const VERSION = '0.1.0';
/** Where the project lives; `npm run publish-as` sets it everywhere. */
const REPOSITORY = 'OWNER/parallel-balance-action';

}),

982:
((module) => {

module.exports = require("crypto");

}),

896:
((module) => {

module.exports = require("fs");

}),

611:
((module) => {

module.exports = require("http");

}),

311:
((module) => {

module.exports = require("https");

}),

598:
((module) => {

module.exports = require("node:crypto");

}),

474:
((module) => {

module.exports = require("node:events");

}),

24:
((module) => {

module.exports = require("node:fs");

}),

67:
((module) => {

module.exports = require("node:http");

}),

708:
((module) => {

module.exports = require("node:https");

}),

30:
((module) => {

module.exports = require("node:net");

}),

692:
((module) => {

module.exports = require("node:tls");

}),

857:
((module) => {

module.exports = require("os");

}),

928:
((module) => {

module.exports = require("path");

})

});

// The module cache
var __webpack_module_cache__ = {};

// The require function
function __nccwpck_require__(moduleId) {
	// Check if module is in cache
	var cachedModule = __webpack_module_cache__[moduleId];
	if (cachedModule !== undefined) {
		return cachedModule.exports;
	}
	// Create a new module (and put it into the cache)
	var module = __webpack_module_cache__[moduleId] = {
		// no module.id needed
		// no module.loaded needed
		exports: {}
	};

	// Execute the module function
	var threw = true;
	try {
		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
		threw = false;
	} finally {
		if(threw) delete __webpack_module_cache__[moduleId];
	}

	// Return the exports of the module
	return module.exports;
}

// expose the modules object (__webpack_modules__)
__nccwpck_require__.m = __webpack_modules__;

/* webpack/runtime/asset-relocator-loader */
if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = __dirname + "/";

/* webpack/runtime/compat get default export */
(() => {
	// getDefaultExport function for compatibility with non-harmony modules
	__nccwpck_require__.n = (module) => {
		var getter = module && module.__esModule ?
			() => (module['default']) :
			() => (module);
		__nccwpck_require__.d(getter, { a: getter });
		return getter;
	};
})();

/* webpack/runtime/create fake namespace object */
(() => {
	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
	var leafPrototypes;
	// create a fake namespace object
	// mode & 1: value is a module id, require it
	// mode & 2: merge all properties of value into the ns
	// mode & 4: return value when already ns object
	// mode & 16: return value when it's Promise-like
	// mode & 8|1: behave like require
	__nccwpck_require__.t = function(value, mode) {
		if(mode & 1) value = this(value);
		if(mode & 8) return value;
		if(typeof value === 'object' && value) {
			if((mode & 4) && value.__esModule) return value;
			if((mode & 16) && typeof value.then === 'function') return value;
		}
		var ns = Object.create(null);
		__nccwpck_require__.r(ns);
		var def = {};
		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
		}
		def['default'] = () => (value);
		__nccwpck_require__.d(ns, def);
		return ns;
	};
})();

/* webpack/runtime/define property getters */
(() => {
	// define getter functions for harmony exports
	__nccwpck_require__.d = (exports, definition) => {
		for(var key in definition) {
			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
			}
		}
	};
})();

/* webpack/runtime/ensure chunk */
(() => {
	__nccwpck_require__.f = {};
	// This file contains only the entry chunk.
	// The chunk loading function for additional chunks
	__nccwpck_require__.e = (chunkId) => {
		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
			__nccwpck_require__.f[key](chunkId, promises);
			return promises;
		}, []));
	};
})();

/* webpack/runtime/get javascript chunk filename */
(() => {
	// This function allow to reference async chunks
	__nccwpck_require__.u = (chunkId) => {
		// return url for filenames based on template
		return "" + chunkId + ".index.js";
	};
})();

/* webpack/runtime/hasOwnProperty shorthand */
(() => {
	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
})();

/* webpack/runtime/make namespace object */
(() => {
	// define __esModule on exports
	__nccwpck_require__.r = (exports) => {
		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
		}
		Object.defineProperty(exports, '__esModule', { value: true });
	};
})();

/* webpack/runtime/require chunk loading */
(() => {
	// no baseURI
	
	// object to store loaded chunks
	// "1" means "loaded", otherwise not loaded yet
	var installedChunks = {
		792: 1
	};
	
	// no on chunks loaded
	
	var installChunk = (chunk) => {
		var moreModules = chunk.modules, chunkIds = chunk.ids, runtime = chunk.runtime;
		for(var moduleId in moreModules) {
			if(__nccwpck_require__.o(moreModules, moduleId)) {
				__nccwpck_require__.m[moduleId] = moreModules[moduleId];
			}
		}
		if(runtime) runtime(__nccwpck_require__);
		for(var i = 0; i < chunkIds.length; i++)
			installedChunks[chunkIds[i]] = 1;
	
	};
	
	// require() chunk loading for javascript
	__nccwpck_require__.f.require = (chunkId, promises) => {
		// "1" is the signal for "already loaded"
		if(!installedChunks[chunkId]) {
			if(true) { // all chunks have JS
				installChunk(require("./" + __nccwpck_require__.u(chunkId)));
			} else installedChunks[chunkId] = 1;
		}
	};
	
	// no external install chunk
	
	// no HMR
	
	// no HMR manifest
})();

var __webpack_exports__ = {};

var external_node_events_ = __nccwpck_require__(474);
var external_node_net_ = __nccwpck_require__(30);
var surroundings = __nccwpck_require__(769);
;// CONCATENATED MODULE: ./lib/early.js

/** How long to stand still while the name of the host is looked up. */
const MAX_LOOKUP_MS = 100;
/**
 * Begins to connect to the host of `url`; undefined for plain http or with a proxy. Resolves when the first packet is out: an
 * event loop that is busy with loading would not send it. Rejects as `surroundings` throws.
 */
async function connectEarly(url) {
	const { protocol, hostname, port } = new URL(url);
	if (protocol !== 'https:' || (0,surroundings.surroundings)().proxy !== undefined)
		return undefined;
	const host = (0,surroundings.withoutBrackets)(hostname);
	const socket = (0,external_node_net_.connect)({ host, port: Number(port) || 443, autoSelectFamilyAttemptTimeout: surroundings.ADDRESS_TIMEOUT_MS });
	// Whoever asks for it makes another one in the place of one that failed, and tells of that one's errors.
	socket.on('error', () => { });
	const connected = (0,external_node_events_.once)(socket, 'connect');
	connected.catch(() => { });
	await new Promise((resolve) => {
		for (const event of ['connectionAttempt', 'error'])
			socket.once(event, resolve);
		setTimeout(resolve, MAX_LOOKUP_MS).unref();
	});
	return { host, socket, connected };
}

var failure = __nccwpck_require__(926);
var input_reader = __nccwpck_require__(514);
var misspelt = __nccwpck_require__(65);
var money = __nccwpck_require__(528);
var snapshot = __nccwpck_require__(890);
var state_location = __nccwpck_require__(753);
;// CONCATENATED MODULE: ./lib/inputs.js

const POLICIES = ['fail', 'warn', 'notice'];
const SIMULATED = ['low', 'unknown', 'login-required', 'no-credentials', 'error'];
/** The defaults of action.yml (a test compares them), so that the bare `node dist/index.js` behaves as the action. */
const DEFAULTS = {
	token: '',
	'min-cents': 'none',
	'warn-cents': 'none',
	'cents-per-run': '',
	'expected-org-id': 'none',
	simulate: '',
	since: 'none',
	'deduct-pending': 'false',
	'on-low': 'fail',
	'on-unknown': 'fail',
	'on-no-credentials': 'fail',
	summary: 'true',
	'timeout-seconds': '60',
	'api-url': 'https://api.parallel.ai/account',
	...state_location.LOCATION_DEFAULTS,
};
/** Reads the inputs of the gate from `env`, handing every secret to `mask` first. Never throws. */
function readInputs(env, mask) {
	const reader = new input_reader.InputReader(env, DEFAULTS, mask);
	const { problems } = reader;
	const readPolicy = (name) => reader.parse(name, oneOf(POLICIES), parsePolicy);
	const readBoolean = (name) => reader.parse(name, 'true or false', input_reader.parseBoolean);
	const simulate = reader.parse('simulate', oneOf(SIMULATED), parseSimulated);
	const credentials = readCredentials(reader, simulate !== 'none');
	(0,misspelt.refuseMisspelt)(reader, credentials.kind === 'none' ? [...GUARDED, ...CREDENTIALS] : GUARDED);
	// Forks get no variables either, so without credentials what lacks one is not judged.
	const isJudged = credentials.kind !== 'none';
	if (isJudged) {
		for (const name of ['min-cents', 'warn-cents'])
			reader.refuseEmpty(name, CENTS);
		reader.refuseEmpty('expected-org-id', input_reader.ORG_ID);
	}
	const readAmount = (name, accepts, parse) => isJudged || !(0,money.lacksFactor)(reader.text(name)) ? reader.parse(name, accepts, parse) : 'none';
	const minCents = readAmount('min-cents', CENTS, parseMinimum);
	if (simulate === 'low' && minCents === 'none') {
		problems.push('simulate is low, but min-cents holds no minimum that credit could be below');
	}
	const timeoutSeconds = reader.parse('timeout-seconds', 'a whole number from 1 to 600', parseSeconds);
	if (credentials.kind === 'stored' && timeoutSeconds < 30) {
		problems.push(`timeout-seconds is ${(0,input_reader.show)(String(timeoutSeconds))}, but must be at least 30 with state-key, to renew the login safely`);
	}
	return {
		credentials,
		minCents,
		warnCents: readAmount('warn-cents', CENTS, parseMinimum),
		centsPerRun: readAmount('cents-per-run', `${NUMBER} above 0, or ${PRODUCT}`, parsePrice),
		expectedOrgId: (0,input_reader.readExpectedOrgId)(reader),
		simulate,
		since: (0,snapshot.readSince)(reader),
		deductPending: readBoolean('deduct-pending'),
		onLow: readPolicy('on-low'),
		onUnknown: readPolicy('on-unknown'),
		onNoCredentials: readPolicy('on-no-credentials'),
		summary: readBoolean('summary'),
		timeoutMs: timeoutSeconds * 1000,
		apiUrl: reader.parse('api-url', state_location.BASE_URL, input_reader.parseBaseUrl),
		problems,
		environmentProblems: reader.environmentProblems,
	};
}
const NUMBER = 'a number of cents such as 2000 or 12.5';
const PRODUCT = 'up to ten of them above 0 joined by an asterisk';
const CENTS = `${NUMBER}, ${PRODUCT}, or none`;
/** A misspelt one would leave the gate open. */
const GUARDED = [
	{ name: 'min-cents', edits: 2, otherNames: /CENTS?$|^(MINIMUM|THRESHOLD|LIMIT)$/ },
	{ name: 'warn-cents', edits: 2 },
	{ name: 'expected-org-id', edits: 2 },
	{ name: 'deduct-pending', edits: 2 },
];
/** A misspelt one would leave the run without any. */
const CREDENTIALS = [
	{ name: 'token', edits: 1 },
	{ name: 'state-key', edits: 2 },
];
function readCredentials(reader, isSimulated) {
	const token = reader.secret('token');
	const key = reader.secret('state-key');
	// They are masked in any case; beyond that a simulated run has no use for them.
	if (isSimulated)
		return { kind: 'none' };
	if (token !== undefined && key !== undefined)
		reader.problems.push('give token or state-key, not both');
	if (key !== undefined) {
		const location = (0,state_location.readLocation)(reader, key);
		return location === undefined ? { kind: 'wrong' } : { kind: 'stored', location };
	}
	if (token === undefined)
		return { kind: 'none' };
	const problem = findWrong(token);
	if (problem === undefined)
		return { kind: 'token', token };
	reader.problems.push(`token ${problem}, but must be an access token of Parallel, alone`);
	return { kind: 'wrong' };
}
/** What is not to be sent to Parallel: somebody else's secret, or more than a bearer token (RFC 6750, 2.1). */
function findWrong(token) {
	if (/^(gh[pousr]|github_pat)_/.test(token))
		return 'is a token of GitHub';
	if ((0,state_location.isKey)(token))
		return 'has the form of a sealing key (see state-key)';
	if (token === 'true')
		return 'is the word true, which an expression gave in place of the secret';
	return /^[\w.~+/-]+=*$/.test(token) ? undefined : 'has white space, quotes or other characters that no token has';
}
function parseMinimum(text) {
	return text === 'none' ? text : (0,money.parseAmount)(text);
}
/** Empty is the default: no price is given. */
function parsePrice(text) {
	const price = text === '' ? 'none' : (0,money.parseAmount)(text);
	return price === 'none' || price?.digits !== 0n ? price : undefined;
}
function parseSimulated(text) {
	return text === '' ? 'none' : SIMULATED.find((word) => word === text);
}
/** `fail, warn or notice` */
function oneOf(words) {
	return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
function parsePolicy(text) {
	return POLICIES.find((policy) => policy === text);
}
function parseSeconds(text) {
	const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
	return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

var secrets = __nccwpck_require__(349);
;// CONCATENATED MODULE: ./lib/index.js

// What the runner starts: what must be there before the first packet is out. All else is loaded while that one travels.
// A promise that never settles ends the process with the code that stands here; a report that passes clears it last.
process.exitCode = 1;
// Whatever was to be done or written is by then.
process.once('beforeExit', () => process.exit());
// A log that nobody takes any more loses its lines, and nothing else: unheard, this error would end the process.
for (const stream of [process.stdout, process.stderr])
	stream.on('error', () => { });
run()
	.catch(async (error) => {
	const { printBug } = await loadLate();
	printBug(error);
})
	.finally(() => {
	// With the log written, too, all that is left is to close connections and to take Node's own machinery down: 4 ms.
	if (process.stdout.writableLength === 0)
		process.exit();
});
/**
 * One bundle for both actions, because every job downloads all of it: login/index.cjs asks for the login by a last argument,
 * behind those of whatever has started it.
 */
async function run() {
	if (process.argv.at(-1) === 'login') {
		const { runLogin } = await loadLate();
		return runLogin();
	}
	const inputs = readInputs(process.env, secrets.mask);
	const willAsk = !(0,failure.isWrong)(inputs) && inputs.credentials.kind !== 'none';
	// What is wrong with the surroundings is told by the request that meets it.
	const early = willAsk ? await connectEarly(inputs.apiUrl).catch(() => undefined) : undefined;
	const { runGate } = await loadLate();
	return runGate(inputs, early);
}
function loadLate() {
	return __nccwpck_require__.e(/* import() | late */ 475).then(__nccwpck_require__.bind(__nccwpck_require__, 998));
}

module.exports = __webpack_exports__;
})()
;