"use strict";
exports.id = 475;
exports.ids = [475];
exports.modules = {

551:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  TokenRejected: () => (TokenRejected),
  balanceUrl: () => (balanceUrl),
  fetchBalance: () => (fetchBalance)
});

var failure = __webpack_require__(926);
var foreign = __webpack_require__(292);
var json = __webpack_require__(60);
var money = __webpack_require__(528);
var lib_reply = __webpack_require__(240);
var secrets = __webpack_require__(349);
;// CONCATENATED MODULE: ./lib/token.js

/**
 * Why Parallel answered 401 to `token`, and what to do. The token's shape and `exp` only explain a 401 that has come; they
 * never prevent a request, because clocks are wrong at times. `nowMs` is the server's time.
 */
function explainRejected(token, nowMs) {
	const claims = readClaims(token);
	if (claims === undefined) {
		return {
			why: 'what it was given looks like an API key, not like an Account API access token',
			nextStep: 'PARALLEL_API_KEY cannot read the balance: set up state-key, or pass an access token of the OAuth device flow (scope balance:read) as token.',
		};
	}
	const { exp } = claims;
	const age = typeof exp === 'number' ? nowMs / 1000 - exp : 0;
	return {
		why: age > 0
			? `the access token expired ${formatAge(age)} ago; access tokens live for minutes`
			: 'the access token is revoked or not valid here',
		nextStep: 'Mint a fresh access token (scope balance:read) in the same job, or set up state-key, which renews its own login.',
	};
}
/** The payload of a JWT, unverified, or undefined where `token` is not of that form. */
function readClaims(token) {
	const [header, payload, signature, ...rest] = token.split('.');
	if (!header || !payload || !signature || rest.length > 0)
		return undefined;
	return (0,foreign.fieldsOf)((0,json.parseJson)(Buffer.from(payload, 'base64url').toString()));
}
/** A duration in its largest whole unit: `3 hours`. */
function formatAge(seconds) {
	const units = [
		[86_400, 'day'],
		[3_600, 'hour'],
		[60, 'minute'],
	];
	const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 'second'];
	const count = Math.max(1, Math.floor(seconds / size));
	return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./lib/balance.js

/** The API answered 401: the access token does not work, or no longer. */
class TokenRejected extends failure.Failure {
}
/** Where the balance is read: `GET /service/v1/balance` of Parallel's Account API. */
function balanceUrl(apiUrl) {
	return `${apiUrl}/service/v1/balance`;
}
/**
 * Reads the balance (https://docs.parallel.ai/api-reference/account-api). Throws a Failure where there is none to be had.
 */
async function fetchBalance(http, apiUrl, token) {
	const host = (0,foreign.hostOf)(apiUrl);
	const reply = await http.get(balanceUrl(apiUrl), { authorization: `Bearer ${token}` });
	const detail = readDetail(reply.json);
	const now = (0,lib_reply.readDate)(reply.headers) ?? Date.now();
	switch (reply.status) {
		case 200:
			if (reply.json === undefined)
				throw notJson(host, reply);
			return parseBalance(reply.json, now);
		case 401: {
			const { why, nextStep } = explainRejected(token, now);
			throw new TokenRejected('login-required', `Parallel answered HTTP 401: ${why}.`, nextStep, detail);
		}
		case 403:
			if (reply.json === undefined)
				throw notJson(host, reply);
			if (!isRefusal(reply.json))
				throw notTheApi(host, reply);
			throw new failure.Failure('login-required', `${host} answered HTTP 403: the access token may not read the balance (most likely its scope lacks balance:read).`, 'Log in again with an account that may see the balance; a token of your own needs the scope balance:read.', detail);
		case 404:
			throw new failure.Failure('unknown', `${host} answered HTTP 404: the balance is not at this address.`, 'Check the input api-url: the base URL of the Account API, https://api.parallel.ai/account unless you run a copy.', detail);
		default:
			throw new failure.Failure('unknown', `${host} answered HTTP ${reply.status}, which this action does not know.`, 'Check for a newer version of this action; the debug log (re-run with debug logging) may hold the reason.', detail);
	}
}
/**
 * Checks the body of a 200. As Parallel's own CLI does, it takes a missing or null pending debit for 0 and a missing or
 * null `will_invoice` for false. Throws a Failure (`unknown`) for anything else the API's document does not allow.
 */
function parseBalance(body, readAt) {
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw malformed('the body');
	const fields = (0,foreign.fieldsOf)(body);
	const orgId = fields['org_id'];
	if (!(0,foreign.isOrgId)(orgId) || (0,secrets.redact)(orgId) !== orgId)
		throw malformed('org_id');
	const willInvoice = fields['will_invoice'] ?? false;
	if (typeof willInvoice !== 'boolean')
		throw malformed('will_invoice');
	return {
		orgId,
		credit: readCents(fields, 'credit_balance_cents'),
		pendingDebit: (fields[PENDING] ?? null) === null ? money.NOTHING : readCents(fields, PENDING),
		willInvoice,
		readAt,
	};
}
const PENDING = 'pending_debit_balance_cents';
function readCents(fields, name) {
	try {
		return (0,money.parseCents)((0,json.digitsOf)(fields, name) ?? '');
	}
	catch {
		throw malformed(name);
	}
}
function malformed(field) {
	return new failure.Failure('unknown', `Parallel answered HTTP 200, but ${field} is not of the documented form.`, 'Check for a newer version of this action: the API may have changed. Until then this balance cannot be read.');
}
function notJson(host, { status }) {
	return new failure.Failure('unknown', `${host} answered HTTP ${status} without JSON: a proxy, a firewall or a login page may have answered in its place.`, 'Check what stands between the runner and the API, and the input api-url if you set it.');
}
/** Gateways and firewalls send JSON, too; what they mean is not known. */
function notTheApi(host, { status }) {
	return new failure.Failure('unknown', `${host} answered HTTP ${status}, but not in the words of the API: a gateway or a firewall may have answered in its place.`, 'Check what stands between the runner and the API, and the input api-url if you set it.');
}
/** Whether `json` is an error of the API's own, in a form of FastAPI: a `detail` that is a text or a list of `{ loc, msg, type }`. */
function isRefusal(json) {
	const { detail } = (0,foreign.fieldsOf)(json);
	if (Array.isArray(detail))
		return detail.length > 0 && detail.every((each) => typeof (0,foreign.fieldsOf)(each)['msg'] === 'string');
	return typeof detail === 'string';
}
/** The `detail` string of a FastAPI error, fit for a debug message. All else that a server sends stays unread. */
function readDetail(json) {
	return (0,foreign.oneLine)((0,foreign.fieldsOf)(json)['detail']);
}

}),

978:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  backOffMs: () => (backOffMs),
  MIN_ATTEMPT_MS: () => (MIN_ATTEMPT_MS),
  Http: () => (Http),
  MAX_ATTEMPTS: () => (MAX_ATTEMPTS)
});
var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(926);
var _foreign_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(292);
var _reply_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(240);
var _send_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(597);

/** How often a request is made at the most, by whoever repeats one. */
const MAX_ATTEMPTS = 4;
const MAX_ATTEMPT_MS = 10_000;
/** An attempt with less time would only be cut, and hide why the one before failed. */
const MIN_ATTEMPT_MS = 250;
// Neither node:perf_hooks nor node:timers/promises, which every run would have to load.
const SYSTEM_CLOCK = {
	now: () => Number(process.hrtime.bigint()) / 1e6,
	sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
	random: Math.random,
};
const TRY_LATER = "Start a new run once that host works again; if it already does, check the runner's network and proxy.";
/** Milliseconds to wait after the given attempt (1, 2, \u2026): up to 1, 2 and 4 s, with full jitter. */
function backOffMs(clock, attempt) {
	return clock.random() * 1000 * 2 ** (attempt - 1);
}
/** Requests under one deadline: a run has one for all it does, what must not be lost has its own. */
class Http {
	clock;
	#send;
	#deadline;
	#timeoutMs;
	/** `timeoutMs` starts to run now. */
	constructor(timeoutMs, { clock = SYSTEM_CLOCK, send = _send_js__WEBPACK_IMPORTED_MODULE_2__.sendRequest } = {}) {
		this.clock = clock;
		this.#send = send;
		this.#timeoutMs = timeoutMs;
		this.#deadline = clock.now() + timeoutMs;
	}
	/** The same network under a deadline of its own, whatever is left of this one. */
	startAnew(timeoutMs) {
		return new Http(timeoutMs, { clock: this.clock, send: this.#send });
	}
	/**
	 * GETs JSON, with at most 4 attempts on broken connections, 408, 425, 429 and 5xx. Resolves to every other reply
	 * but a redirect: what it means is the caller's to tell. Throws a Failure (`unknown`) for all else.
	 */
	async get(url, headers) {
		const host = (0,_foreign_js__WEBPACK_IMPORTED_MODULE_1__.hostOf)(url);
		for (let attempt = 1;; attempt++) {
			const outcome = usable(await this.once({ method: 'GET', url, headers }));
			if (outcome.kind === 'reply')
				return outcome;
			const { what, nextStep = TRY_LATER, isTemporary, retryAfterMs } = outcome;
			if (!isTemporary)
				throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('unknown', `${host} ${what}.`, nextStep);
			const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
			if (attempt === MAX_ATTEMPTS)
				throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('unknown', `${host} ${what}, ${tries}.`, nextStep);
			const waitMs = retryAfterMs ?? backOffMs(this.clock, attempt);
			if (waitMs + MIN_ATTEMPT_MS >= this.remainingMs()) {
				const asked = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
				const limit = `the ${this.#timeoutMs / 1000} s of timeout-seconds`;
				throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__.Failure('unknown', `${host} ${what}${asked}, ${tries} within ${limit}.`, nextStep);
			}
			await this.clock.sleep(waitMs);
		}
	}
	/** A single attempt, cut off after `maxMs` or at the deadline, whatever comes of it. */
	once(request, maxMs = MAX_ATTEMPT_MS) {
		return this.#send(request, Math.max(0, Math.min(maxMs, this.remainingMs())));
	}
	/** Below 0 once the deadline is over. */
	remainingMs() {
		return this.#deadline - this.clock.now();
	}
}
/** Takes out the replies that are as good as none: those worth another try, and redirects (304 is none). */
function usable(outcome) {
	if (outcome.kind !== 'reply')
		return outcome;
	const { status, headers } = outcome;
	if ((0,_reply_js__WEBPACK_IMPORTED_MODULE_3__.isTemporaryStatus)(status)) {
		const nextStep = status === 429 ? 'That is a limit: start a new run later.' : undefined;
		return { ...(0,_reply_js__WEBPACK_IMPORTED_MODULE_3__.passing)(`answered HTTP ${status}`, 'no-answer'), nextStep, retryAfterMs: (0,_reply_js__WEBPACK_IMPORTED_MODULE_3__.parseRetryAfter)(headers) };
	}
	if (outcome.isTooLarge)
		return (0,_reply_js__WEBPACK_IMPORTED_MODULE_3__.refused)('answered with more than 1 MiB', 'Check the address of the API.', 'no-answer');
	if (status < 300 || status >= 400 || status === 304)
		return outcome;
	const what = `answered HTTP ${status}, a redirect, which is never followed`;
	return (0,_reply_js__WEBPACK_IMPORTED_MODULE_3__.refused)(what, 'Check the address of the API.', 'no-answer');
}

}),

998:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

__webpack_require__.d(__webpack_exports__, {
  printBug: () => (printBug),
  runGate: () => (/* reexport */ runGate),
  runLogin: () => (runLogin)
});

var core = __webpack_require__(303);
var lib_failure = __webpack_require__(926);
var balance = __webpack_require__(551);
var money = __webpack_require__(528);
var report = __webpack_require__(444);
var snapshot = __webpack_require__(890);
;// CONCATENATED MODULE: ./lib/verdict.js

/**
 * Holds a balance against the minimum. One of another organization than expected is an error, as is a snapshot of
 * another. Exact, and total: it never throws.
 */
function judge(balance, criteria) {
	const { minCents: minimum, warnCents: line = 'none', centsPerRun: price = 'none', expectedOrgId, since = 'none', } = criteria;
	if (expectedOrgId !== undefined && balance.orgId !== expectedOrgId) {
		return verdictOf((0,lib_failure.otherThanExpected)('The balance', balance.orgId, expectedOrgId));
	}
	const mismatch = typeof since === 'string' ? undefined : (0,snapshot.findMismatch)(since, balance);
	if (mismatch !== undefined)
		return verdictOf(mismatch);
	if (balance.willInvoice)
		return { word: 'invoiced', balance };
	// A negative debit would raise what is compared above the credit that there is.
	const deducted = criteria.deductPending && !(0,money.isLess)(balance.pendingDebit, money.NOTHING);
	const compared = deducted ? (0,money.subtract)(balance.credit, balance.pendingDebit) : balance.credit;
	const isLow = minimum !== 'none' && (0,money.isLess)(compared, minimum);
	const warning = line === 'none' ? undefined : { line, runsLow: isLow || (0,money.isLess)(compared, line) };
	const affordable = price === 'none' ? undefined : { runs: (0,money.countAffordable)(compared, price), price };
	const held = { balance, compared, deducted, warning, affordable, spent: findSpent(since, balance) };
	if (!isLow)
		return { word: 'ok', ...held, minimum };
	return { word: 'low', ...held, minimum, shortfall: (0,money.subtract)(minimum, compared) };
}
function findSpent(since, balance) {
	if (since === 'none')
		return undefined;
	return since === 'empty' ? { kind: 'no-snapshot' } : (0,snapshot.measureSpent)(since, balance);
}
/** The verdict of a run that threw `error`. */
function verdictOf(error) {
	const failure = (0,lib_failure.failureOf)(error);
	return { word: failure.word, failure };
}

;// CONCATENATED MODULE: ./lib/simulate.js

const NEXT_STEP = 'No request was made: remove the input simulate for a real answer.';
/** The verdict that `simulate` asks for, reached without credentials. None of them lets a job start. */
function simulateVerdict(word, inputs) {
	return { ...reach(word, inputs), simulated: true };
}
function reach(word, inputs) {
	switch (word) {
		case 'low':
			return inventLow(inputs);
		case 'unknown':
			return verdictOf(new lib_failure.Failure(word, 'nobody was asked.', ''));
		case 'login-required':
			return verdictOf(new lib_failure.Failure(word, 'The login does not work, or there is none.', ''));
		case 'no-credentials':
			return { word };
		case 'error':
			return verdictOf(new lib_failure.Failure(word, 'An input, a permission or the organization is wrong.', ''));
	}
}
/** A credit of half of the minimum; where that is 0, a cent of debt. */
function inventLow(inputs) {
	const { minCents, expectedOrgId: orgId = 'org_simulated' } = inputs;
	const minimum = minCents === 'none' ? money.NOTHING : minCents;
	const half = { digits: minimum.digits * 5n, scale: minimum.scale + 1 };
	const credit = half.digits === 0n ? { digits: -1n, scale: 0 } : half;
	const balance = { orgId, credit, pendingDebit: money.NOTHING, willInvoice: false, readAt: 0 };
	return judge(balance, { ...inputs, minCents: minimum, since: 'none' });
}
/** Says of all that is told that it is simulated. */
function tellSimulated(telling) {
	return {
		...telling,
		title: `${telling.title} (simulated)`,
		message: `Simulated: ${telling.message}`,
		notes: telling.notes?.map((note) => `Simulated: ${note}`) ?? [],
		nextStep: `${telling.nextStep} ${NEXT_STEP}`.trimStart(),
	};
}

;// CONCATENATED MODULE: ./lib/tell.js

/** What a verdict means, whichever it is. `isStored`: by a login that lives on. */
function tell(verdict, policies, isStored) {
	switch (verdict.word) {
		case 'ok':
			return tellOk(verdict);
		case 'invoiced':
			return tellInvoiced(verdict);
		case 'low':
			return tellLow(verdict, policies, isStored);
		case 'unknown':
			return tellUnknown(verdict.failure, policies);
		case 'no-credentials':
			return tellNoCredentials(policies);
		case 'login-required':
			return { title: 'Parallel login is required', ...failed(verdict.failure) };
		case 'error':
			return { title: 'Parallel balance action cannot run', ...failed(verdict.failure) };
	}
}
function tellOk(verdict) {
	const { balance, minimum, warning } = verdict;
	const credit = `Parallel credit of ${balance.orgId}`;
	const amount = describeCompared(verdict);
	const told = minimum === 'none'
		? { title: 'Parallel credit', what: `${credit} is ${amount}`, nextStep: 'No minimum set: reporting only.' }
		: {
			title: 'Parallel credit is sufficient',
			what: `${credit}, ${amount}, covers the minimum ${(0,money.formatAmount)(minimum)}`,
			nextStep: '',
			shortfall: money.NOTHING,
		};
	const passes = { sufficient: true, step: 'passes', ...told, ...tellHeld(verdict) };
	if (!warning?.runsLow)
		return { ...passes, message: withSpent(told.what, verdict), level: undefined };
	return {
		...passes,
		title: 'Parallel credit is running low',
		message: withSpent(`${told.what}, but lies below the warning line ${(0,money.formatAmount)(warning.line)}`, verdict),
		nextStep: `${told.nextStep} ${addCredit(balance)}.`.trimStart(),
		level: 'warn',
	};
}
function tellInvoiced({ balance }) {
	return {
		sufficient: true,
		title: 'Parallel bills this organization by invoice',
		message: `Organization ${balance.orgId} is billed by invoice: there is no prepaid credit that could run out.`,
		nextStep: '',
		level: undefined,
		step: 'passes',
		balance,
	};
}
function tellLow(verdict, { onLow }, isStored) {
	const { balance, minimum, shortfall } = verdict;
	const [amount, least, gap] = [describeCompared(verdict), (0,money.formatAmount)(minimum), (0,money.formatDollars)(shortfall)];
	const again = isStored ? 're-run the failed jobs' : 'start a new run with a fresh token';
	return {
		sufficient: false,
		title: 'Parallel credit is too low',
		message: withSpent(`Parallel credit of ${balance.orgId}, ${amount}, is below the minimum ${least} (short by ${gap})`, verdict),
		...by('on-low', onLow, `${addCredit(balance)}, then ${again}.`),
		...tellHeld(verdict),
		shortfall,
	};
}
function tellUnknown({ message, nextStep, detail }, { onUnknown }) {
	return {
		sufficient: false,
		title: 'Parallel credit is unknown',
		message: `The balance could not be read: ${message}`,
		...by('on-unknown', onUnknown, nextStep),
		debug: detail,
	};
}
function tellNoCredentials({ onNoCredentials }) {
	return {
		sufficient: false,
		title: 'Parallel credentials are missing',
		message: 'No credentials were given: the inputs token and state-key are empty.',
		...by('on-no-credentials', onNoCredentials, 'Check that the secret behind them exists and is spelled as in the workflow. Runs of pull requests from forks get no ' +
			'secrets; those of Dependabot get only the ones under Settings \u2192 Secrets and variables \u2192 Dependabot.'),
	};
}
/** The level that an input chose, and what it means for the step and for what to do. */
function by(input, level, nextStep) {
	if (level === 'fail')
		return { level, step: `fails, because ${input} is ${level}`, nextStep };
	// Nothing has failed, so GitHub offers no "Re-run failed jobs", which would not ask this gate again either.
	const forAll = nextStep.replace(/(re-run) the failed jobs/gi, '$1 all jobs');
	return { level, step: `passes, because ${input} is ${level}`, nextStep: forAll };
}
/** A failure that no policy softens. */
function failed({ message, nextStep, detail }) {
	return { sufficient: false, message, nextStep, level: 'fail', step: 'fails', debug: detail };
}
/** What is told of a balance that was held against a minimum, whether it covers it or not. */
function tellHeld(held) {
	const { balance, minimum, warning, affordable } = held;
	const isIdle = warning !== undefined && minimum !== 'none' && !(0,money.isLess)(minimum, warning.line);
	return {
		balance,
		held,
		notes: affordable === undefined ? [] : [describeAffordable(affordable)],
		...(isIdle && { aside: 'The warning line (warn-cents) is not above the minimum, so it adds nothing.' }),
	};
}
/** `what`, and what the credit has fallen by, as one message. */
function withSpent(what, { spent }) {
	return spent === undefined ? `${what}.` : `${what}. ${describeSpent(spent)}`;
}
/** It is the organization's credit that fell: other runs spend it, too. */
function describeSpent(spent) {
	switch (spent.kind) {
		case 'fell': {
			const [least, most] = [(0,money.formatDollars)(spent.least), (0,money.formatDollars)(spent.most)];
			if (spent.isSettled)
				return `The organization's credit fell by ${most} while this ran.`;
			return `The organization's credit fell by ${least} to ${most} while this ran (pending debits are not settled).`;
		}
		case 'rose':
			return 'Credit came in while this ran, so what was spent is not known.';
		case 'released':
			return 'Pending debits fell by more than the credit while this ran (released, or credit came in), so what was spent is not known.';
		case 'no-snapshot':
			return 'The input since is empty (the earlier gate failed or was skipped), so what was spent is not known.';
	}
}
/** `Enough for 1,234 runs at $0.025.` */
function describeAffordable({ runs, price }) {
	const count = runs.toString().replace(/\B(?=(\d{3})+$)/g, ',');
	return `Enough for ${count} ${runs === 1n ? 'run' : 'runs'} at ${(0,money.formatAmount)(price)}.`;
}
function addCredit({ orgId }) {
	return `Add credit for ${orgId} at https://platform.parallel.ai`;
}
function describeCompared({ balance, compared, deducted }) {
	if (!deducted)
		return (0,money.formatDollars)(compared);
	const [credit, pending] = [(0,money.formatDollars)(balance.credit), (0,money.formatDollars)(balance.pendingDebit)];
	return `${(0,money.formatDollars)(compared)} (${credit} less ${pending} pending)`;
}

;// CONCATENATED MODULE: ./lib/gate-report.js

/** The outputs of action.yml; every run sets all of them. */
const OUTPUTS = (/* unused pure expression or super */ null && ([
	'verdict',
	'sufficient',
	'message',
	'org-id',
	'credit-balance-cents',
	'pending-debit-balance-cents',
	'will-invoice',
	'compared-cents',
	'shortfall-cents',
	'minimum-cents',
	'running-low',
	'runs-affordable',
	'simulated',
	'snapshot',
	'spent-cents',
	'spent-settled',
	'authorization-expires-at',
]));
/** How long before its end a login is worth a warning: time to log in again without a red job. */
const WARN_DAYS_BEFORE_END = 14;
/**
 * The report of a verdict reached at `at`, with a stored login where one is known. Policies choose the level of the
 * verdict's annotation and nothing else.
 */
function renderGate(verdict, inputs, at, stored) {
	// A login that does not work has no end worth telling.
	const login = verdict.word === 'login-required' ? undefined : stored;
	// Most set-ups keep a login, which a simulated run does not look at.
	const told = tell(verdict, inputs, login !== undefined || verdict.simulated === true);
	const telling = verdict.simulated ? tellSimulated(told) : told;
	const { sufficient, title, message, nextStep, level, notes = [], aside = '' } = telling;
	const text = nextStep === '' ? message : `${message} ${nextStep}`;
	const warnings = [...renderAgeing(login), ...renderPowers(login)];
	const facts = renderFacts(verdict, telling, at, login);
	const icon = level === undefined ? '\u2705' : ICONS[level];
	const paragraphs = filled([message, nextStep, ...notes, ...warnings.map((warning) => warning.text)]);
	return {
		outputs: renderOutputs(verdict, telling, inputs, login),
		summary: (0,report.renderSummary)(`${icon} ${title}`, paragraphs, facts),
		annotations: [...(level === undefined ? [] : [{ level, title, text }]), ...warnings],
		log: filled([
			...(sufficient ? [level === undefined ? text : `${icon} ${text}`] : (0,report.renderLines)(facts)),
			...notes,
			aside,
		]),
		debug: telling.debug,
		fails: level === 'fail',
	};
}
const ICONS = { fail: '\u274c', warn: '\u26a0\ufe0f', notice: '\u2139\ufe0f' };
function renderOutputs({ word, simulated = false }, { sufficient, message, balance, held, shortfall }, { minCents }, login) {
	const spent = held?.spent;
	const cents = (amount) => (amount === undefined ? '' : (0,money.formatCents)(amount));
	return {
		verdict: word,
		sufficient: String(sufficient),
		message,
		'org-id': balance?.orgId ?? '',
		'credit-balance-cents': cents(held?.balance.credit),
		'pending-debit-balance-cents': cents(held?.balance.pendingDebit),
		'will-invoice': balance ? String(balance.willInvoice) : '',
		'compared-cents': cents(held?.compared),
		'shortfall-cents': cents(shortfall),
		'minimum-cents': minCents === 'none' ? '' : cents(minCents),
		'running-low': String(held?.warning?.runsLow ?? ''),
		'runs-affordable': String(held?.affordable?.runs ?? ''),
		simulated: String(simulated),
		snapshot: held === undefined || simulated ? '' : (0,snapshot.formatSnapshot)(held.balance),
		'spent-cents': spent?.kind === 'fell' ? cents(spent.most) : '',
		'spent-settled': spent === undefined || spent.kind === 'no-snapshot' ? '' : String(spent.isSettled),
		'authorization-expires-at': login?.endsAt === undefined ? '' : new Date(login.endsAt).toISOString(),
	};
}
/** What a reader at 2 a.m. looks up, as label and value; the values hold no remote text but the checked org_id. */
function renderFacts({ word, simulated = false }, { step, balance, held, shortfall }, at, login) {
	const facts = [['Verdict', simulated ? `${word} (simulated)` : word]];
	if (held !== undefined) {
		const { compared, deducted, minimum, warning } = held;
		const pending = (0,money.formatDollars)(held.balance.pendingDebit);
		facts.push(['Credit', (0,money.formatDollars)(held.balance.credit)]);
		facts.push(['Pending debits', `${pending} (${deducted ? 'deducted' : 'not deducted'})`]);
		if (deducted)
			facts.push(['Compared', (0,money.formatDollars)(compared)]);
		facts.push(['Minimum', minimum === 'none' ? 'none' : (0,money.formatAmount)(minimum)]);
		if (warning !== undefined)
			facts.push(['Warning line', (0,money.formatAmount)(warning.line)]);
	}
	if (shortfall !== undefined && shortfall.digits > 0n)
		facts.push(['Short by', (0,money.formatDollars)(shortfall)]);
	if (balance !== undefined)
		facts.push(['Organization', balance.orgId]);
	if (login?.endsAt !== undefined)
		facts.push(['Login ends', formatEnd(login.endsAt, login.now)]);
	const how = simulated ? 'Simulated' : balance === undefined ? 'Tried' : 'Read';
	facts.push(['This step', step], [`${how} at`, (0,report.formatTime)(at)]);
	return facts;
}
/** The warning about a login that ends soon. */
function renderAgeing(login) {
	if (login?.endsAt === undefined || daysLeft(login.endsAt, login.now) >= WARN_DAYS_BEFORE_END)
		return [];
	const text = `The stored login of ${login.orgId} ends on ${formatEnd(login.endsAt, login.now)}. ${report.LOG_IN} before then.`;
	return [{ level: 'warn', title: 'Parallel login ends soon', text }];
}
/** A login never asks for more than to read the balance; what it got at a renewal is not to be stopped here, but told. */
function renderPowers(login) {
	if (login === undefined || login.powers.length === 0)
		return [];
	const text = `Parallel renewed the login of ${login.orgId} with more than balance:read: ${login.powers.join(' ')}. ` +
		`${report.LOG_IN} to have it replaced.`;
	return [{ level: 'warn', title: 'Parallel login can do more than read', text }];
}
function filled(lines) {
	return lines.filter((line) => line !== '');
}
function formatEnd(endsAt, now) {
	return `${(0,report.formatDay)(endsAt)} (days left: ${daysLeft(endsAt, now)})`;
}
function daysLeft(endsAt, now) {
	return Math.max(0, Math.floor((endsAt - now) / 86_400_000));
}

var lib_http = __webpack_require__(978);
var publish = __webpack_require__(947);
var secrets = __webpack_require__(349);
var send = __webpack_require__(597);
;// CONCATENATED MODULE: ./lib/gate.js

/** The story of the gate: inputs \u2192 access token \u2192 balance \u2192 verdict \u2192 report. */
async function runGate(inputs, early) {
	if (early !== undefined)
		(0,send.useEarly)(early, (0,balance.balanceUrl)(inputs.apiUrl));
	const { verdict, login } = await reachVerdict(inputs)
		.catch((error) => ({ verdict: verdictOf(error) }))
		// Left open, it would keep the process alive.
		.finally(() => early?.socket.destroy());
	(0,publish.publish)(renderGate(verdict, inputs, new Date(), login), inputs.summary);
}
async function reachVerdict(inputs) {
	const { credentials, apiUrl, expectedOrgId, simulate } = inputs;
	if ((0,lib_failure.isWrong)(inputs) || credentials.kind === 'wrong')
		throw (0,lib_failure.wrongInputs)(inputs);
	if (simulate !== 'none')
		return { verdict: simulateVerdict(simulate, inputs) };
	const http = new lib_http.Http(inputs.timeoutMs);
	switch (credentials.kind) {
		case 'none':
			return { verdict: { word: 'no-credentials' } };
		case 'token':
			return { verdict: judge(await (0,balance.fetchBalance)(http, apiUrl, credentials.token), inputs) };
		case 'stored': {
			// A chunk of its own: a run with a token need not load what renews one.
			const { readStoredBalance } = await __webpack_require__.e(/* import() | credentials */ 195).then(__webpack_require__.bind(__webpack_require__, 165));
			const { balance, login } = await readStoredBalance(credentials.location, http, apiUrl, {
				mask: secrets.mask,
				debug: core.debug,
				expectedOrgId,
			});
			return { verdict: balance instanceof lib_failure.Failure ? verdictOf(balance) : judge(balance, inputs), login };
		}
	}
}

;// CONCATENATED MODULE: ./lib/late.js

// All that index.ts loads late, as one chunk of the bundle.

/** A chunk of its own: a run with a token need not load it. */
async function runLogin() {
	const { runLogin } = await __webpack_require__.e(/* import() | credentials */ 195).then(__webpack_require__.bind(__webpack_require__, 165));
	return runLogin();
}
/** The report itself could not be published: this is a bug. */
function printBug(error) {
	const { message, nextStep, detail } = (0,lib_failure.failureOf)(error);
	if (detail !== undefined)
		(0,core.debug)(detail);
	(0,core.error)(`${message} ${nextStep}`, { title: 'Parallel balance action cannot run' });
}

}),

947:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  publish: () => (publish)
});
var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(24);
var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
var _actions_core__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(303);
var _report_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(444);

/**
 * Emits a report: outputs first, so that later steps have them whatever follows, then the summary, the annotations,
 * the log, and the exit code.
 */
function publish(report, withSummary) {
	const lost = writeOutputs(report.outputs);
	if (report.debug !== undefined)
		_actions_core__WEBPACK_IMPORTED_MODULE_1__.debug(report.debug);
	if (withSummary)
		writeSummary(lost === undefined ? report.summary : `${renderLost(lost)}\n${report.summary}`);
	for (const { level, title, text } of lost === undefined ? report.annotations : [...report.annotations, lost]) {
		const annotate = { fail: _actions_core__WEBPACK_IMPORTED_MODULE_1__.error, warn: _actions_core__WEBPACK_IMPORTED_MODULE_1__.warning, notice: _actions_core__WEBPACK_IMPORTED_MODULE_1__.notice }[level];
		annotate(text, { title });
	}
	for (const line of report.log)
		_actions_core__WEBPACK_IMPORTED_MODULE_1__.info(line);
	// index.ts has set the code of a failure; only a report that passes takes it back.
	process.exitCode = report.fails || lost !== undefined ? _actions_core__WEBPACK_IMPORTED_MODULE_1__.ExitCode.Failure : undefined;
}
/** The annotation of outputs that could not be written: whoever goes by them must not find a step that passed. */
function writeOutputs(outputs) {
	try {
		for (const [name, value] of Object.entries(outputs))
			_actions_core__WEBPACK_IMPORTED_MODULE_1__.setOutput(name, value);
		return undefined;
	}
	catch (error) {
		// For a file that is not there @actions/core has no code.
		const reason = error instanceof Error && 'code' in error ? error.code : 'there is no such file';
		const text = `The outputs could not be written to ${process.env['GITHUB_OUTPUT']} (${reason}), which GITHUB_OUTPUT names. ` +
			'Check that nothing removes or replaces this file of the runner, that the user of the step (in a container: of its ' +
			'image) may write to it, and that its disk is not full. Then re-run the failed jobs.';
		return { level: 'fail', title: 'Parallel outputs could not be written', text };
	}
}
function renderLost({ title, text }) {
	return (0,_report_js__WEBPACK_IMPORTED_MODULE_2__.renderSummary)(`\u274c ${title}`, [text], [['This step', 'fails, whatever is said below']]);
}
/** A summary that cannot be written is no reason to fail a gate, nor worth an annotation. */
function writeSummary(markdown) {
	try {
		(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(process.env['GITHUB_STEP_SUMMARY'] ?? '', markdown);
	}
	catch {
		_actions_core__WEBPACK_IMPORTED_MODULE_1__.info('Warning: the job summary could not be written (GITHUB_STEP_SUMMARY names no file that can be written).');
	}
}

}),

240:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  refused: () => (refused),
  readDate: () => (readDate),
  parseRetryAfter: () => (parseRetryAfter),
  passing: () => (passing),
  isTemporaryStatus: () => (isTemporaryStatus)
});
/** Whether a status tells of a passing trouble of the server or its network. */
function isTemporaryStatus(status) {
	return status === 408 || status === 425 || status === 429 || status >= 500;
}
/**
 * Milliseconds that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3). A date is held against the
 * server's own `Date`: the clocks of runners are wrong at times.
 */
function parseRetryAfter({ 'retry-after': value, date }) {
	if (value === undefined)
		return undefined;
	if (/^\d{1,9}$/.test(value))
		return Number(value) * 1000;
	// Date.parse alone would take "-1" for a year.
	const ms = value.endsWith(' GMT') ? Date.parse(value) - (Date.parse(date ?? '') || Date.now()) : Number.NaN;
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
/** The time of a reply by its server's clock, in milliseconds since 1970. Undefined where there is none, or an absurd one. */
function readDate({ date = '' }) {
	const ms = Date.parse(date);
	return Math.abs(ms - Date.now()) < TEN_YEARS_MS ? ms : undefined;
}
/** No reply, and no other try would bring one. */
function refused(what, nextStep, kind) {
	return { kind, what, nextStep, isTemporary: false };
}
/** No reply this time: another try may bring one. */
function passing(what, kind) {
	return { what, kind, isTemporary: true };
}

}),

444:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  renderSummary: () => (renderSummary),
  renderLines: () => (renderLines),
  LOG_IN: () => (LOG_IN),
  formatTime: () => (formatTime),
  formatDay: () => (formatDay)
});
var _version_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(992);

/** What mends a login, in the words of every message. */
const LOG_IN = `Run the login workflow (the one that uses ${_version_js__WEBPACK_IMPORTED_MODULE_0__.REPOSITORY}/login)`;
/** The job summary, in Markdown: what happened, what to do, and the facts as a table. */
function renderSummary(heading, paragraphs, facts) {
	const [message = '', ...others] = paragraphs.map(escapeMarkdown);
	const [header, ...rows] = facts.map(([label, value]) => `| ${label} | ${escapeMarkdown(value)} |`);
	// Markdown tables need a header row; the first fact makes a good one.
	const table = [header, '| :-- | :-- |', ...rows].join('\n');
	return `${[`### ${heading}`, `**${message}**`, ...others, table].join('\n\n')}\n`;
}
/** The facts as aligned lines, for the log. */
function renderLines(facts) {
	return facts.map(([label, value]) => `${`${label}:`.padEnd(17)}${value}`);
}
/** `2026-11-23 02:00:07 UTC` */
function formatTime(at) {
	return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
/** `2026-11-23` */
function formatDay(ms) {
	return new Date(ms).toISOString().slice(0, 10);
}
/** Keeps text that a user or a server wrote from being read as Markdown or HTML. */
function escapeMarkdown(text) {
	return text.replace(/[\\`*[\]<>|&]/g, '\\$&');
}

}),

597:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  sendRequest: () => (sendRequest),
  useEarly: () => (useEarly)
});

var external_node_events_ = __webpack_require__(474);
var external_node_http_ = __webpack_require__(67);
var external_node_https_ = __webpack_require__(708);
var external_node_net_ = __webpack_require__(30);
var external_node_tls_ = __webpack_require__(692);
var external_http_ = __webpack_require__(611);
var external_http_namespaceObject = /*#__PURE__*/__webpack_require__.t(external_http_, 2);
var external_https_ = __webpack_require__(311);
var external_https_namespaceObject = /*#__PURE__*/__webpack_require__.t(external_https_, 2);
;// CONCATENATED MODULE: ./lib/packages/@actions/http-client/lib/proxy.js
function getProxyUrl(reqUrl) {
	const usingSsl = reqUrl.protocol === 'https:';
	if (checkBypass(reqUrl)) {
		return undefined;
	}
	const proxyVar = (() => {
		if (usingSsl) {
			return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
		}
		else {
			return process.env['http_proxy'] || process.env['HTTP_PROXY'];
		}
	})();
	if (proxyVar) {
		try {
			return new DecodedURL(proxyVar);
		}
		catch (_a) {
			if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
				return new DecodedURL(`http://${proxyVar}`);
		}
	}
	else {
		return undefined;
	}
}
function checkBypass(reqUrl) {
	if (!reqUrl.hostname) {
		return false;
	}
	const reqHost = reqUrl.hostname;
	if (isLoopbackAddress(reqHost)) {
		return true;
	}
	const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
	if (!noProxy) {
		return false;
	}
	let reqPort;
	if (reqUrl.port) {
		reqPort = Number(reqUrl.port);
	}
	else if (reqUrl.protocol === 'http:') {
		reqPort = 80;
	}
	else if (reqUrl.protocol === 'https:') {
		reqPort = 443;
	}
	const upperReqHosts = [reqUrl.hostname.toUpperCase()];
	if (typeof reqPort === 'number') {
		upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
	}
	for (const upperNoProxyItem of noProxy
		.split(',')
		.map(x => x.trim().toUpperCase())
		.filter(x => x)) {
		if (upperNoProxyItem === '*' ||
			upperReqHosts.some(x => x === upperNoProxyItem ||
				x.endsWith(`.${upperNoProxyItem}`) ||
				(upperNoProxyItem.startsWith('.') &&
					x.endsWith(`${upperNoProxyItem}`)))) {
			return true;
		}
	}
	return false;
}
function isLoopbackAddress(host) {
	const hostLower = host.toLowerCase();
	return (hostLower === 'localhost' ||
		hostLower.startsWith('127.') ||
		hostLower.startsWith('[::1]') ||
		hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
	constructor(url, base) {
		super(url, base);
		this._decodedUsername = decodeURIComponent(super.username);
		this._decodedPassword = decodeURIComponent(super.password);
	}
	get username() {
		return this._decodedUsername;
	}
	get password() {
		return this._decodedPassword;
	}
}

;// CONCATENATED MODULE: ./stubs/tunnel/index.js
// @actions/http-client goes through a proxy by the package tunnel, which does not fit Node any more. This action has a
// tunnel of its own, src/tunnel.ts, and never shows the client a proxy. See CONTRIBUTING.md, "Why three packages are stubs".
function httpOverHttp() {
  throw new Error('tunnel is not part of this bundle: see CONTRIBUTING.md');
}

const httpsOverHttp = httpOverHttp;
const httpOverHttps = httpOverHttp;
const httpsOverHttps = httpOverHttp;

;// CONCATENATED MODULE: ./stubs/undici/index.js
// @actions/http-client imports undici (940 kB, 45 ms at every start) for one method, getAgentDispatcher(),
// which this action never calls: proxies go through `src/tunnel.ts`. See CONTRIBUTING.md, "Why three packages are stubs".

;// CONCATENATED MODULE: ./lib/packages/@actions/http-client/lib/index.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
	function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
	return new (P || (P = Promise))(function (resolve, reject) {
		function fulfilled(value) { try {
			step(generator.next(value));
		}
		catch (e) {
			reject(e);
		} }
		function rejected(value) { try {
			step(generator["throw"](value));
		}
		catch (e) {
			reject(e);
		} }
		function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};

var HttpCodes;
(function (HttpCodes) {
	HttpCodes[HttpCodes["OK"] = 200] = "OK";
	HttpCodes[HttpCodes["MultipleChoices"] = 300] = "MultipleChoices";
	HttpCodes[HttpCodes["MovedPermanently"] = 301] = "MovedPermanently";
	HttpCodes[HttpCodes["ResourceMoved"] = 302] = "ResourceMoved";
	HttpCodes[HttpCodes["SeeOther"] = 303] = "SeeOther";
	HttpCodes[HttpCodes["NotModified"] = 304] = "NotModified";
	HttpCodes[HttpCodes["UseProxy"] = 305] = "UseProxy";
	HttpCodes[HttpCodes["SwitchProxy"] = 306] = "SwitchProxy";
	HttpCodes[HttpCodes["TemporaryRedirect"] = 307] = "TemporaryRedirect";
	HttpCodes[HttpCodes["PermanentRedirect"] = 308] = "PermanentRedirect";
	HttpCodes[HttpCodes["BadRequest"] = 400] = "BadRequest";
	HttpCodes[HttpCodes["Unauthorized"] = 401] = "Unauthorized";
	HttpCodes[HttpCodes["PaymentRequired"] = 402] = "PaymentRequired";
	HttpCodes[HttpCodes["Forbidden"] = 403] = "Forbidden";
	HttpCodes[HttpCodes["NotFound"] = 404] = "NotFound";
	HttpCodes[HttpCodes["MethodNotAllowed"] = 405] = "MethodNotAllowed";
	HttpCodes[HttpCodes["NotAcceptable"] = 406] = "NotAcceptable";
	HttpCodes[HttpCodes["ProxyAuthenticationRequired"] = 407] = "ProxyAuthenticationRequired";
	HttpCodes[HttpCodes["RequestTimeout"] = 408] = "RequestTimeout";
	HttpCodes[HttpCodes["Conflict"] = 409] = "Conflict";
	HttpCodes[HttpCodes["Gone"] = 410] = "Gone";
	HttpCodes[HttpCodes["TooManyRequests"] = 429] = "TooManyRequests";
	HttpCodes[HttpCodes["InternalServerError"] = 500] = "InternalServerError";
	HttpCodes[HttpCodes["NotImplemented"] = 501] = "NotImplemented";
	HttpCodes[HttpCodes["BadGateway"] = 502] = "BadGateway";
	HttpCodes[HttpCodes["ServiceUnavailable"] = 503] = "ServiceUnavailable";
	HttpCodes[HttpCodes["GatewayTimeout"] = 504] = "GatewayTimeout";
})(HttpCodes || (HttpCodes = {}));
var Headers;
(function (Headers) {
	Headers["Accept"] = "accept";
	Headers["ContentType"] = "content-type";
})(Headers || (Headers = {}));
var MediaTypes;
(function (MediaTypes) {
	MediaTypes["ApplicationJson"] = "application/json";
})(MediaTypes || (MediaTypes = {}));
const HttpRedirectCodes = [
	HttpCodes.MovedPermanently,
	HttpCodes.ResourceMoved,
	HttpCodes.SeeOther,
	HttpCodes.TemporaryRedirect,
	HttpCodes.PermanentRedirect
];
const HttpResponseRetryCodes = [
	HttpCodes.BadGateway,
	HttpCodes.ServiceUnavailable,
	HttpCodes.GatewayTimeout
];
const RetryableHttpVerbs = ['OPTIONS', 'GET', 'DELETE', 'HEAD'];
const ExponentialBackoffCeiling = 10;
const ExponentialBackoffTimeSlice = 5;
class HttpClientResponse {
	constructor(message) {
		this.message = message;
	}
	readBody() {
		return __awaiter(this, void 0, void 0, function* () {
			return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
				let output = Buffer.alloc(0);
				this.message.on('data', (chunk) => {
					output = Buffer.concat([output, chunk]);
				});
				this.message.on('end', () => {
					resolve(output.toString());
				});
			}));
		});
	}
}
class HttpClient {
	constructor(userAgent, handlers, requestOptions) {
		this._ignoreSslError = false;
		this._allowRedirects = true;
		this._allowRedirectDowngrade = false;
		this._maxRedirects = 50;
		this._allowRetries = false;
		this._maxRetries = 1;
		this._keepAlive = false;
		this._disposed = false;
		this.userAgent = this._getUserAgentWithOrchestrationId(userAgent);
		this.handlers = handlers || [];
		this.requestOptions = requestOptions;
		if (requestOptions) {
			if (requestOptions.ignoreSslError != null) {
				this._ignoreSslError = requestOptions.ignoreSslError;
			}
			this._socketTimeout = requestOptions.socketTimeout;
			if (requestOptions.allowRedirects != null) {
				this._allowRedirects = requestOptions.allowRedirects;
			}
			if (requestOptions.allowRedirectDowngrade != null) {
				this._allowRedirectDowngrade = requestOptions.allowRedirectDowngrade;
			}
			if (requestOptions.maxRedirects != null) {
				this._maxRedirects = Math.max(requestOptions.maxRedirects, 0);
			}
			if (requestOptions.keepAlive != null) {
				this._keepAlive = requestOptions.keepAlive;
			}
			if (requestOptions.allowRetries != null) {
				this._allowRetries = requestOptions.allowRetries;
			}
			if (requestOptions.maxRetries != null) {
				this._maxRetries = requestOptions.maxRetries;
			}
		}
	}
	options(requestUrl, additionalHeaders) {
		return __awaiter(this, void 0, void 0, function* () {
			return this.request('OPTIONS', requestUrl, null, additionalHeaders || {});
		});
	}
	get(requestUrl, additionalHeaders) {
		return __awaiter(this, void 0, void 0, function* () {
			return this.request('GET', requestUrl, null, additionalHeaders || {});
		});
	}
	post(requestUrl, data, additionalHeaders) {
		return __awaiter(this, void 0, void 0, function* () {
			return this.request('POST', requestUrl, data, additionalHeaders || {});
		});
	}
	put(requestUrl, data, additionalHeaders) {
		return __awaiter(this, void 0, void 0, function* () {
			return this.request('PUT', requestUrl, data, additionalHeaders || {});
		});
	}
	head(requestUrl, additionalHeaders) {
		return __awaiter(this, void 0, void 0, function* () {
			return this.request('HEAD', requestUrl, null, additionalHeaders || {});
		});
	}
	request(verb, requestUrl, data, headers) {
		return __awaiter(this, void 0, void 0, function* () {
			if (this._disposed) {
				throw new Error('Client has already been disposed.');
			}
			const parsedUrl = new URL(requestUrl);
			let info = this._prepareRequest(verb, parsedUrl, headers);
			const maxTries = this._allowRetries && RetryableHttpVerbs.includes(verb)
				? this._maxRetries + 1
				: 1;
			let numTries = 0;
			let response;
			do {
				response = yield this.requestRaw(info, data);
				if (response &&
					response.message &&
					response.message.statusCode === HttpCodes.Unauthorized) {
					let authenticationHandler;
					for (const handler of this.handlers) {
						if (handler.canHandleAuthentication(response)) {
							authenticationHandler = handler;
							break;
						}
					}
					if (authenticationHandler) {
						return authenticationHandler.handleAuthentication(this, info, data);
					}
					else {
						return response;
					}
				}
				let redirectsRemaining = this._maxRedirects;
				while (response.message.statusCode &&
					HttpRedirectCodes.includes(response.message.statusCode) &&
					this._allowRedirects &&
					redirectsRemaining > 0) {
					const redirectUrl = response.message.headers['location'];
					if (!redirectUrl) {
						break;
					}
					const parsedRedirectUrl = new URL(redirectUrl);
					if (parsedUrl.protocol === 'https:' &&
						parsedUrl.protocol !== parsedRedirectUrl.protocol &&
						!this._allowRedirectDowngrade) {
						throw new Error('Redirect from HTTPS to HTTP protocol. This downgrade is not allowed for security reasons. If you want to allow this behavior, set the allowRedirectDowngrade option to true.');
					}
					yield response.readBody();
					if (parsedRedirectUrl.hostname !== parsedUrl.hostname) {
						for (const header in headers) {
							if (header.toLowerCase() === 'authorization') {
								delete headers[header];
							}
						}
					}
					info = this._prepareRequest(verb, parsedRedirectUrl, headers);
					response = yield this.requestRaw(info, data);
					redirectsRemaining--;
				}
				if (!response.message.statusCode ||
					!HttpResponseRetryCodes.includes(response.message.statusCode)) {
					return response;
				}
				numTries += 1;
				if (numTries < maxTries) {
					yield response.readBody();
					yield this._performExponentialBackoff(numTries);
				}
			} while (numTries < maxTries);
			return response;
		});
	}
	requestRaw(info, data) {
		return __awaiter(this, void 0, void 0, function* () {
			return new Promise((resolve, reject) => {
				function callbackForResult(err, res) {
					if (err) {
						reject(err);
					}
					else if (!res) {
						reject(new Error('Unknown error'));
					}
					else {
						resolve(res);
					}
				}
				this.requestRawWithCallback(info, data, callbackForResult);
			});
		});
	}
	requestRawWithCallback(info, data, onResult) {
		if (typeof data === 'string') {
			if (!info.options.headers) {
				info.options.headers = {};
			}
			info.options.headers['Content-Length'] = Buffer.byteLength(data, 'utf8');
		}
		let callbackCalled = false;
		function handleResult(err, res) {
			if (!callbackCalled) {
				callbackCalled = true;
				onResult(err, res);
			}
		}
		const req = info.httpModule.request(info.options, (msg) => {
			const res = new HttpClientResponse(msg);
			handleResult(undefined, res);
		});
		let socket;
		req.on('socket', sock => {
			socket = sock;
		});
		req.setTimeout(this._socketTimeout || 3 * 60000, () => {
			if (socket) {
				socket.end();
			}
			handleResult(new Error(`Request timeout: ${info.options.path}`));
		});
		req.on('error', function (err) {
			handleResult(err);
		});
		if (data && typeof data === 'string') {
			req.write(data, 'utf8');
		}
		if (data && typeof data !== 'string') {
			data.on('close', function () {
				req.end();
			});
			data.pipe(req);
		}
		else {
			req.end();
		}
	}
	_prepareRequest(method, requestUrl, headers) {
		const info = {};
		info.parsedUrl = requestUrl;
		const usingSsl = info.parsedUrl.protocol === 'https:';
		info.httpModule = usingSsl ? external_https_namespaceObject : external_http_namespaceObject;
		const defaultPort = usingSsl ? 443 : 80;
		info.options = {};
		info.options.host = info.parsedUrl.hostname;
		info.options.port = info.parsedUrl.port
			? parseInt(info.parsedUrl.port)
			: defaultPort;
		info.options.path =
			(info.parsedUrl.pathname || '') + (info.parsedUrl.search || '');
		info.options.method = method;
		info.options.headers = this._mergeHeaders(headers);
		if (this.userAgent != null) {
			info.options.headers['user-agent'] = this.userAgent;
		}
		info.options.agent = this._getAgent(info.parsedUrl);
		if (this.handlers) {
			for (const handler of this.handlers) {
				handler.prepareRequest(info.options);
			}
		}
		return info;
	}
	_mergeHeaders(headers) {
		if (this.requestOptions && this.requestOptions.headers) {
			return Object.assign({}, lowercaseKeys(this.requestOptions.headers), lowercaseKeys(headers || {}));
		}
		return lowercaseKeys(headers || {});
	}
	_getAgent(parsedUrl) {
		let agent;
		const proxyUrl = getProxyUrl(parsedUrl);
		const useProxy = proxyUrl && proxyUrl.hostname;
		if (this._keepAlive && useProxy) {
			agent = this._proxyAgent;
		}
		if (!useProxy) {
			agent = this._agent;
		}
		if (agent) {
			return agent;
		}
		const usingSsl = parsedUrl.protocol === 'https:';
		let maxSockets = 100;
		if (this.requestOptions) {
			maxSockets = this.requestOptions.maxSockets || external_http_.globalAgent.maxSockets;
		}
		if (proxyUrl && proxyUrl.hostname) {
			const agentOptions = {
				maxSockets,
				keepAlive: this._keepAlive,
				proxy: Object.assign(Object.assign({}, ((proxyUrl.username || proxyUrl.password) && {
					proxyAuth: `${proxyUrl.username}:${proxyUrl.password}`
				})), { host: proxyUrl.hostname, port: proxyUrl.port })
			};
			let tunnelAgent;
			const overHttps = proxyUrl.protocol === 'https:';
			if (usingSsl) {
				tunnelAgent = overHttps ? httpsOverHttps : httpsOverHttp;
			}
			else {
				tunnelAgent = overHttps ? httpOverHttps : httpOverHttp;
			}
			agent = tunnelAgent(agentOptions);
			this._proxyAgent = agent;
		}
		if (!agent) {
			const options = { keepAlive: this._keepAlive, maxSockets };
			agent = usingSsl ? new external_https_.Agent(options) : new external_http_.Agent(options);
			this._agent = agent;
		}
		if (usingSsl && this._ignoreSslError) {
			agent.options = Object.assign(agent.options || {}, {
				rejectUnauthorized: false
			});
		}
		return agent;
	}
	_getUserAgentWithOrchestrationId(userAgent) {
		const baseUserAgent = userAgent || 'actions/http-client';
		const orchId = process.env['ACTIONS_ORCHESTRATION_ID'];
		if (orchId) {
			const sanitizedId = orchId.replace(/[^a-z0-9_.-]/gi, '_');
			return `${baseUserAgent} actions_orchestration_id/${sanitizedId}`;
		}
		return baseUserAgent;
	}
	_performExponentialBackoff(retryNumber) {
		return __awaiter(this, void 0, void 0, function* () {
			retryNumber = Math.min(ExponentialBackoffCeiling, retryNumber);
			const ms = ExponentialBackoffTimeSlice * Math.pow(2, retryNumber);
			return new Promise(resolve => setTimeout(() => resolve(), ms));
		});
	}
}
const lowercaseKeys = (obj) => Object.keys(obj).reduce((c, k) => ((c[k.toLowerCase()] = obj[k]), c), {});

var lib_json = __webpack_require__(60);
var external_node_fs_ = __webpack_require__(24);
var lib_reply = __webpack_require__(240);
;// CONCATENATED MODULE: ./lib/tunnel.js

/** The proxy let no connection through: it answered `status`, or could not be talked to (`cause`). */
class ProxyError extends Error {
	status;
	constructor(status, cause) {
		super('no way through the proxy', { cause });
		this.status = status;
	}
}
/**
 * TLS through a proxy (CONNECT: RFC 9110, 9.3.6). http-client's own way, the package tunnel, does not fit Node any more:
 * it prints deprecation warnings, sends an invalid authority for an IPv6 address, checks the certificate of a secure
 * proxy against the name of the target, and cannot be cut.
 */
class Tunnel extends external_node_https_.Agent {
	#proxy;
	/** Handed on to the connection to the proxy, which is a request of its own. */
	#connectOptions;
	constructor(proxy, connectOptions, options) {
		super(options);
		this.#proxy = proxy;
		this.#connectOptions = connectOptions;
	}
	createConnection(options, callback) {
		const { isSecure, host, port, authorization } = this.#proxy;
		const target = `${(0,external_node_net_.isIPv6)(options.host ?? '') ? `[${options.host}]` : options.host}:${options.port}`;
		const fail = (error) => callback(error, undefined);
		const request = (isSecure ? external_node_https_.request : external_node_http_.request)({
			...this.#connectOptions,
			method: 'CONNECT',
			host,
			port,
			path: target,
			headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
			// Node would take it from the header host; and an address is no server name (RFC 6066, 3).
			servername: (0,external_node_net_.isIP)(host) ? '' : host,
			agent: false,
		});
		request.once('error', (error) => fail(new ProxyError(undefined, error)));
		request.once('connect', ({ statusCode }, socket, head) => {
			// The TLS on top of it tells of its end.
			socket.on('error', () => { });
			if (statusCode === 200 && head.length === 0) {
				callback(null, super.createConnection({ ...options, socket }));
				return;
			}
			socket.destroy();
			fail(new ProxyError(statusCode));
		});
		request.end();
	}
}

;// CONCATENATED MODULE: ./lib/network-errors.js

/**
 * Turns an error of the network into words, by its code: messages may hold anything. `isCheckWaived`: somebody told Node
 * to check no certificates. Throws all that is no error of the network.
 */
function explain(error, kind, isCheckWaived) {
	if (error instanceof ProxyError)
		return explainProxy(error, isCheckWaived);
	// A TypeError is Node's word for a wrong argument: a bug, not a network.
	const isNetwork = error instanceof Error && !(error instanceof TypeError) && 'code' in error;
	if (!isNetwork || typeof error.code !== 'string')
		throw error;
	const { code, message } = error;
	// The server refused the TLS, by an alert that has a number (RFC 8446, 6) but not always a code.
	const alert = ALERTS[/SSL alert number (\d+)/.exec(message)?.[1] ?? ''];
	if (alert !== undefined)
		return (0,lib_reply.refused)(`${alert[0]} (${code})`, alert[1], kind);
	const [, what, advice] = CERTIFICATES.find(([codes]) => codes.test(code)) ?? [];
	if (what === undefined)
		return (0,lib_reply.passing)(`${words(code)} (${code})`, kind);
	const nextStep = advice ?? adviseOnTrust(process.env['NODE_EXTRA_CA_CERTS']);
	const waived = isCheckWaived ? ' NODE_TLS_REJECT_UNAUTHORIZED=0 is not obeyed.' : '';
	return (0,lib_reply.refused)(`${what} (${code})`, nextStep + waived, kind);
}
function explainProxy({ status, cause }, isCheckWaived) {
	if (status === undefined) {
		const reply = explain(cause, 'never-sent', isCheckWaived);
		const nextStep = reply.isTemporary ? 'Check https_proxy on the runner, and that proxy.' : reply.nextStep;
		return { ...reply, what: `was not reached: the proxy ${reply.what}`, nextStep };
	}
	return {
		kind: 'never-sent',
		what: `was not reached: the proxy answered HTTP ${status}`,
		nextStep: PROXY_ANSWERS[status] ?? 'Check https_proxy on the runner: the address must be that of a proxy for https.',
		isTemporary: (0,lib_reply.isTemporaryStatus)(status),
	};
}
const UNREACHABLE = 'Check that the proxy of the runner can reach that host; an internal host that it cannot reach belongs into no_proxy.';
const PROXY_ANSWERS = {
	403: 'Have that host allowed on the proxy of the runner; an internal host belongs into no_proxy.',
	407: 'Check https_proxy on the runner: its user name and password.',
	502: UNREACHABLE,
	504: UNREACHABLE,
};
function words(code) {
	// The codes of Node's HTTP parser.
	return CODES[code] ?? (code.startsWith('HPE_') ? 'answered with what is not HTTP' : 'could not be reached');
}
const CODES = {
	ECONNREFUSED: 'refused the connection',
	ECONNRESET: 'broke the connection',
	EPIPE: 'broke the connection',
	ERR_STREAM_PREMATURE_CLOSE: 'broke the connection',
	ENOTFOUND: 'was not found by name',
	EAI_AGAIN: 'was not found by name',
	EPROTO: 'answered with what is not TLS, or none that Node speaks',
	HPE_HEADER_OVERFLOW: 'answered with more than 16 KiB of headers',
};
const WANTS_CERTIFICATE = [
	'wants a client certificate, and this action has none',
	'Lead the runner to it through a proxy that presents the certificate, or by an address that wants none.',
];
const ALERTS = {
	40: [
		'refused the TLS handshake',
		'It may want a client certificate, which this action has none of, or a cipher that Node does not offer.',
	],
	42: WANTS_CERTIFICATE,
	116: WANTS_CERTIFICATE,
};
/**
 * What Node's codes of a failed certificate check mean
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes), and what to do; none: see `adviseOnTrust`.
 */
const CERTIFICATES = [
	[
		/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
		'has a certificate that is not valid today',
		'Have the certificate of that host (or of the proxy that signs for it) renewed, or set the clock of the runner right.',
	],
	[
		/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
		'has a certificate for another host',
		'Check the address of the API, and where the DNS or the proxy of the runner leads it.',
	],
	[
		/^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/,
		'has a certificate that this runner does not trust',
	],
	[
		/^(CERT_|CRL_|UNABLE_TO_(GET|DEC)|ERROR_IN_C|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|UNSPECIFIED$)/,
		'has a certificate, or one of its CA, that is made wrong or revoked',
		'Have it made anew by whoever signs it: no setting of the runner makes it valid.',
	],
];
/** `file` is what NODE_EXTRA_CA_CERTS says: Node goes on without it where it cannot be read. */
function adviseOnTrust(file) {
	if (!file)
		return 'If a private CA or a proxy signs it, set NODE_EXTRA_CA_CERTS on the runner to the PEM file of that CA.';
	try {
		const isPem = /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test((0,external_node_fs_.readFileSync)(file, 'latin1'));
		return isPem
			? 'The file in NODE_EXTRA_CA_CERTS does not hold the CA that signs it: add that CA to it.'
			: 'The file in NODE_EXTRA_CA_CERTS holds no certificate in PEM form: put the CA that signs it there.';
	}
	catch {
		return 'The file in NODE_EXTRA_CA_CERTS cannot be read here: in a container job its path must be that of the container.';
	}
}

var surroundings = __webpack_require__(769);
var version = __webpack_require__(992);
;// CONCATENATED MODULE: ./lib/send.js

const MAX_BODY_BYTES = 1024 * 1024;
/** By origin, the agent whose connection the last GET there was answered on: it may serve the next one. */
const kept = new Map();
/** Has the connection, made or under way, for the first GET of that URL. */
let early;
/**
 * The real `Send`: connect, headers and body together have `timeoutMs`. Throws a Failure (`error`) where the environment
 * names a proxy that nobody could go through.
 */
async function sendRequest(request, timeoutMs) {
	const attempt = new Attempt((0,surroundings.surroundings)());
	const timer = setTimeout(() => attempt.cut.abort(), timeoutMs);
	const isCut = new Promise((resolve) => {
		const what = `did not answer within ${Math.round(timeoutMs / 100) / 10} s`;
		attempt.cut.signal.addEventListener('abort', () => resolve(attempt.wholeReply() ?? (0,lib_reply.passing)(what, attempt.kind)));
	});
	// A race, because some answers (101, for one) leave http-client's promise open for ever.
	return Promise.race([attempt.exchange(request), isCut]).finally(() => clearTimeout(timer));
}
/** One request: a GET on a connection that is there if there is one, all else on one of its own. */
class Attempt {
	cut = new AbortController();
	/** The signal ends the whole request: http-client's own timeout covers inactivity only. */
	#connectOptions = { signal: this.cut.signal, autoSelectFamilyAttemptTimeout: surroundings.ADDRESS_TIMEOUT_MS };
	#surroundings;
	#isConnected = false;
	#received;
	constructor(surroundings) {
		this.#surroundings = surroundings;
	}
	/** What the server can have had of the request: nothing, before there was a connection to it. */
	get kind() {
		return this.#isConnected ? 'no-answer' : 'never-sent';
	}
	async exchange(request) {
		const ready = request.method === 'GET' ? takeReady(request.url) : undefined;
		if (ready !== undefined) {
			this.#isConnected = true;
			const outcome = await this.#exchangeBy(ready, request);
			// It may have ended unseen while it was idle, which tells nothing of the server: then once more, on a new one.
			if (outcome.kind === 'reply' || this.cut.signal.aborted)
				return outcome;
		}
		return this.#exchangeBy(this.#createAgent(request), request);
	}
	async #exchangeBy(agent, { method, url, headers, body }) {
		const handler = {
			prepareRequest: (options) => Object.assign(options, this.#connectOptions, { agent, host: (0,surroundings.withoutBrackets)(new URL(url).hostname) }),
			canHandleAuthentication: () => false,
			handleAuthentication: () => Promise.reject(new Error('never asked: canHandleAuthentication is false')),
		};
		try {
			// No redirects: a bearer token must not travel.
			const client = new HttpClient(`parallel-balance-action/${version.VERSION}`, [handler], { allowRedirects: false });
			// Without the second a server may compress what it sends, however seldom one does (RFC 9110, 12.5.3).
			const asked = { accept: 'application/json', 'accept-encoding': 'identity', ...headers };
			const { message } = await client.request(method, url, body ?? null, asked);
			const chunks = [];
			this.#received = { message, chunks };
			const isWhole = await readBody(message, chunks);
			const reply = isWhole ? replyOf(message, chunks) : { ...replyOf(message, []), isTooLarge: true };
			// Another connection may lead to another server, which is better where this one is in trouble.
			if (method === 'GET' && !(0,lib_reply.isTemporaryStatus)(reply.status))
				kept.set(new URL(url).origin, agent);
			return reply;
		}
		catch (error) {
			// An abort is told by isCut, which has already won.
			if (this.cut.signal.aborted)
				return (0,lib_reply.passing)('did not answer', this.kind);
			return this.wholeReply() ?? explain(error, this.kind, this.#surroundings.isCheckWaived);
		}
	}
	/** The reply, where its JSON is whole although its connection broke, or goes on: the only copy of a token may be in it. */
	wholeReply() {
		const reply = this.#received && replyOf(this.#received.message, this.#received.chunks);
		return typeof reply?.json === 'object' && reply.json !== null ? reply : undefined;
	}
	/** A POST or PATCH never shares a connection: one that ended while it was idle would look like a lost answer. */
	#createAgent({ method, url: address }) {
		const url = new URL(address);
		const { proxy } = this.#surroundings;
		const options = { keepAlive: method === 'GET' };
		let agent;
		if (url.protocol === 'http:')
			agent = new external_node_http_.Agent(options);
		else if (proxy === undefined || checkBypass(url))
			agent = new external_node_https_.Agent(options);
		else
			agent = new Tunnel(proxy, this.#connectOptions, options);
		this.#watch(agent);
		return agent;
	}
	/** Notes the moment from which on the server may have had the request: a socket sends nothing before it is connected. */
	#watch(agent) {
		const note = (socket) => {
			socket?.once(socket instanceof external_node_tls_.TLSSocket ? 'secureConnect' : 'connect', () => {
				this.#isConnected = true;
			});
		};
		const createConnection = agent.createConnection.bind(agent);
		agent.createConnection = (options, callback) => {
			const socket = createConnection(options, (error, stream) => {
				note(stream);
				callback?.(error, stream);
			});
			note(socket);
			return socket;
		};
	}
}
const CLOSED = Object.assign(new Error('closed while it was idle'), { code: 'ECONNRESET' });
/** What a server says unasked answers nothing: most likely, that it has waited long enough. */
function isIdle(stream) {
	return stream.readable && stream.writable && stream.readableLength === 0;
}
/** Secures `connection` as node:https does, and has the first GET of `url` go by it if that is still possible by then. */
function useEarly({ host, socket, connected }, url) {
	const secured = connected.then(async () => {
		// An address is no server name (RFC 6066, 3).
		const servername = (0,external_node_net_.isIP)(host) ? '' : host;
		const stream = (0,external_node_tls_.connect)({ socket, host, servername, ALPNProtocols: ['http/1.1'] });
		stream.on('error', () => { });
		await (0,external_node_events_.once)(stream, 'secureConnect');
		return stream;
	});
	secured.catch(() => { });
	const agent = new external_node_https_.Agent();
	agent.createConnection = (_, callback) => {
		secured.then((stream) => callback?.(isIdle(stream) ? null : CLOSED, stream), (error) => callback?.(error, undefined));
		return undefined;
	};
	early = { url, agent };
}
/** An agent that has a connection for a GET of `url`, or has one under way. */
function takeReady(url) {
	if (early?.url === url) {
		const { agent } = early;
		early = undefined;
		return agent;
	}
	const { origin } = new URL(url);
	const agent = kept.get(origin);
	kept.delete(origin);
	return Object.keys(agent?.freeSockets ?? {}).length > 0 ? agent : undefined;
}
function replyOf({ statusCode = 0, headers }, chunks) {
	const json = (0,lib_json.parseJson)(new TextDecoder().decode(Buffer.concat(chunks)));
	return { kind: 'reply', status: statusCode, headers, json, isTooLarge: false };
}
/**
 * Reads the body into `chunks`; false where it is beyond 1 MiB. http-client's readBody knows no limit and never settles on a
 * break.
 */
async function readBody(message, chunks) {
	let bytes = 0;
	for await (const chunk of message) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes > MAX_BODY_BYTES)
			return false;
	}
	return true;
}

}),

303:
((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  ExitCode: () => (ExitCode),
  debug: () => (debug),
  error: () => (error),
  info: () => (info),
  notice: () => (notice),
  setOutput: () => (setOutput),
  warning: () => (warning)
});

var external_os_ = __webpack_require__(857);
;// CONCATENATED MODULE: ./lib/packages/@actions/core/lib/utils.js
function utils_toCommandValue(input) {
	if (input === null || input === undefined) {
		return '';
	}
	else if (typeof input === 'string' || input instanceof String) {
		return input;
	}
	return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) {
		return {};
	}
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}

;// CONCATENATED MODULE: ./lib/packages/@actions/core/lib/command.js

function command_issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + external_os_.EOL);
}
const CMD_STRING = '::';
class Command {
	constructor(command, properties, message) {
		if (!command) {
			command = 'missing.command';
		}
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += ' ';
			let first = true;
			for (const key in this.properties) {
				if (this.properties.hasOwnProperty(key)) {
					const val = this.properties[key];
					if (val) {
						if (first) {
							first = false;
						}
						else {
							cmdStr += ',';
						}
						cmdStr += `${key}=${escapeProperty(val)}`;
					}
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
}
function escapeData(s) {
	return utils_toCommandValue(s)
		.replace(/%/g, '%25')
		.replace(/\r/g, '%0D')
		.replace(/\n/g, '%0A');
}
function escapeProperty(s) {
	return utils_toCommandValue(s)
		.replace(/%/g, '%25')
		.replace(/\r/g, '%0D')
		.replace(/\n/g, '%0A')
		.replace(/:/g, '%3A')
		.replace(/,/g, '%2C');
}

var external_crypto_ = __webpack_require__(982);
var external_fs_ = __webpack_require__(896);
;// CONCATENATED MODULE: ./lib/packages/@actions/core/lib/file-command.js

function file_command_issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) {
		throw new Error(`Unable to find environment variable for file command ${command}`);
	}
	if (!external_fs_.existsSync(filePath)) {
		throw new Error(`Missing file at path: ${filePath}`);
	}
	external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
		encoding: 'utf8'
	});
}
function file_command_prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${external_crypto_.randomUUID()}`;
	const convertedValue = utils_toCommandValue(value);
	if (key.includes(delimiter)) {
		throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	}
	if (convertedValue.includes(delimiter)) {
		throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	}
	return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}

var external_path_ = __webpack_require__(928);
;// CONCATENATED MODULE: ./lib/packages/@actions/core/lib/core.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
	function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
	return new (P || (P = Promise))(function (resolve, reject) {
		function fulfilled(value) { try {
			step(generator.next(value));
		}
		catch (e) {
			reject(e);
		} }
		function rejected(value) { try {
			step(generator["throw"](value));
		}
		catch (e) {
			reject(e);
		} }
		function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};

var ExitCode;
(function (ExitCode) {
	ExitCode[ExitCode["Success"] = 0] = "Success";
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setOutput(name, value) {
	const filePath = process.env['GITHUB_OUTPUT'] || '';
	if (filePath) {
		return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
	}
	process.stdout.write(external_os_.EOL);
	command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
function debug(message) {
	command_issueCommand('debug', {}, message);
}
function error(message, properties = {}) {
	command_issueCommand('error', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
	command_issueCommand('warning', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function notice(message, properties = {}) {
	command_issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
	process.stdout.write(message + external_os_.EOL);
}

})

};
;