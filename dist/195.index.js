"use strict";
exports.id = 195;
exports.ids = [195];
exports.modules = {

165:
((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.d(__webpack_exports__, {
  readStoredBalance: () => (/* reexport */ readStoredBalance),
  runLogin: () => (/* reexport */ runLogin)
});

var core = __webpack_require__(303);
var failure = __webpack_require__(926);
var lib_http = __webpack_require__(978);
var publish = __webpack_require__(947);
var secrets = __webpack_require__(349);
;// CONCATENATED MODULE: ./lib/credentials/login-failures.js

// What can go wrong with a login, each with what to do about it.
const LOG_IN_AGAIN = 'Run the login workflow again.';
const notDispatched = (event) => (0,failure.error)(`A login needs a human, so it runs on workflow_dispatch only; this run was started by ${event || 'nothing known'}.`, 'Start the login workflow by hand: Actions \u2192 the workflow \u2192 Run workflow.');
/** `advice`: what to do before another try. */
const notStarted = (what, advice = '') => (0,failure.unknown)(`Parallel did not start the login: ${what}.`, `${advice} ${LOG_IN_AGAIN}`.trimStart());
const notAnswered = (what, advice = '') => (0,failure.unknown)(`The code expired, and Parallel did not say whether anybody had approved it: ${what}.`, `${advice} ${LOG_IN_AGAIN}`.trimStart());
const loginCancelled = () => (0,failure.unknown)('The run was cancelled while it logged in.', LOG_IN_AGAIN);
const loginRefused = (what, advice = '') => (0,failure.unknown)(`Parallel refused the login: ${what}.`, `${advice} ${LOG_IN_AGAIN} Nothing was changed.`.trimStart());
const accessDenied = () => (0,failure.loginRequired)('The login was denied in the browser (access_denied).', 'Run the login workflow again and approve it. Nothing was changed.');
const codeExpired = () => (0,failure.loginRequired)('Nobody approved the login before its code expired.', `${LOG_IN_AGAIN} Nothing was changed.`);
const answerLost = (what) => (0,failure.unknown)(`The answer to an approved login was lost or incomplete: ${what}.`, `${LOG_IN_AGAIN} Nothing was changed.`);
const unpinned = (orgId) => (0,failure.error)(`Others can read this log, so anybody could have approved the login; it was approved for the organization ${orgId}.`, `If that organization is yours, add this line to the with: block of the login, and run it again: expected-org-id: ${orgId}`);
const scopeMissing = (scopes) => (0,failure.error)(`The login was granted ${scopes.join(' ')}, without balance:read: it could not read the balance.`, 'Approve all that the login asks for, with an account that may see the balance.');
const scopeTooWide = (powers) => (0,failure.error)(`The login was granted more than it asked for: ${powers.join(' ')}. It must not be able to do more than read.`, 'Run the login workflow again; if it is granted more once more, please report it.');
const wrongOrganization = (got, wanted, isInput) => (0,failure.error)(`The login was approved for the organization ${got}, but ${isInput ? 'expected-org-id says' : 'the stored login is of'} ${wanted}.`, `Approve with an account of ${wanted}. To move to another organization on purpose, set expected-org-id to it.`);
/** `why`: what GitHub said last, where it refused. */
const loginNotStored = (why) => (0,failure.unknown)(`GitHub did not take the login within two minutes. ${why?.message ?? ''}`.trimEnd(), why === undefined ? 'Run the login workflow again once GitHub works.' : `${why.nextStep} Then: ${LOG_IN_AGAIN}`, why?.detail);
const resealed = (ref) => (0,failure.unknown)(`Something that this key does not open was put on ${ref} while the login was approved.`, 'If it is a login with a new key, nothing is to be done: gates need that key as state-key. Else find out what it is, delete it, and run the login workflow again.');
const otherLogin = () => (0,failure.unknown)('Somebody else logged in at the same moment, and their login is kept.', 'Nothing is to be done, unless the organization of their login is not yours.');
/** A failure of a login that was already approved, with what became of the chain that it began. */
function afterApproval(thrown, isRevoked) {
	if (!(thrown instanceof failure.Failure))
		return thrown;
	const fate = isRevoked
		? 'The login that was just approved was revoked.'
		: 'Parallel did not confirm that the login that was just approved is revoked: end it at https://platform.parallel.ai.';
	return new failure.Failure(thrown.word, thrown.message, `${fate} ${thrown.nextStep}`, thrown.detail);
}

;// CONCATENATED MODULE: ./lib/credentials/scopes.js
/** All that the action ever asks for: enough to read the balance, and nothing else. */
const SCOPE = 'balance:read';
/** The words of a `scope` that a server sent: plain, at most 20 of at most 64 characters, powers first. */
function readScopes(scope) {
	const words = scope.split(/\s+/).filter((word) => word !== '');
	const plain = words.map((word) => word.replace(/[^\w.:/-]/g, '?').slice(0, 64));
	return [...new Set(plain)].sort((a, b) => Number(isPower(b)) - Number(isPower(a))).slice(0, 20);
}
/**
 * Nobody has seen which words Parallel sends (docs/security.md), so no word of the form `x:y` at all means: as asked
 * (RFC 6749, 5.1, lets a server say nothing then).
 */
function judgeScopes(scopes) {
	const isNamed = scopes.some((word) => /^[^:]+:[^:]/.test(word));
	return {
		lacksRead: isNamed && !scopes.includes(SCOPE),
		powers: scopes.filter(isPower),
		others: scopes.filter((word) => word !== SCOPE && !isPower(word)),
	};
}
function isPower(word) {
	return /^[^:]+:./.test(word) && !word.endsWith(':read');
}

;// CONCATENATED MODULE: ./lib/credentials/device.js

/** How often the link and the code are printed again: people open a log in its middle. */
const REPEAT_MS = 30_000;
/** A server that asks for an interval of 0 is not to be hammered. */
const MIN_INTERVAL_MS = 200;
/** Registers a client and lets a human approve it (RFC 8628). Throws a Failure; until then nothing has changed. */
async function authorize(flow) {
	const { http, oauth } = flow;
	// A client may be forgotten as soon as it is registered: then once more from the start.
	for (let registration = 1; registration <= 2; registration++) {
		const client = await insist(http, () => oauth.register(http));
		if (client.kind !== 'granted')
			throw notStarted(client.what, client.advice);
		const code = await insist(http, () => oauth.requestDeviceCode(http, client.value, SCOPE));
		if (code.kind === 'denied' && code.error === 'invalid_client')
			continue;
		if (code.kind !== 'granted')
			throw notStarted(code.what, code.advice);
		const authorization = await pollUntilApproved(flow, client.value, code.value);
		if (authorization !== undefined)
			return authorization;
	}
	throw notStarted('it does not know the client that it has just registered');
}
/** Polls as RFC 8628, 3.5 says. Undefined where the client is unknown (`invalid_client`). Throws a Failure. */
async function pollUntilApproved({ http: starting, oauth, interrupts, show }, clientId, code) {
	const http = starting.startAnew(code.expiresInSeconds * 1000);
	const { now, sleep } = http.clock;
	let intervalMs = Math.max(code.intervalSeconds * 1000, MIN_INTERVAL_MS);
	let shownAt = Number.NEGATIVE_INFINITY;
	/** Why the newest poll brought no answer. */
	let unanswered;
	const over = () => (unanswered ? notAnswered(unanswered.what, unanswered.advice) : codeExpired());
	for (;;) {
		if (now() - shownAt >= REPEAT_MS) {
			show(code);
			shownAt = now();
		}
		if (intervalMs >= http.remainingMs())
			throw over();
		await sleep(intervalMs);
		// Held back during the poll only: while it waits, a cancelled login ends at once.
		const hold = interrupts.hold();
		const sentAt = now();
		const outcome = await oauth.pollDeviceCode(http, clientId, code.deviceCode);
		if (outcome.kind === 'granted') {
			const { accessToken, refreshToken, orgId } = outcome.value;
			if (accessToken !== undefined && refreshToken !== undefined && orgId !== undefined) {
				return { grant: { ...outcome.value, refreshToken, orgId }, clientId, sentAt, hold };
			}
			if (refreshToken !== undefined)
				await oauth.revoke(http, refreshToken);
		}
		hold.release();
		if (hold.received())
			throw loginCancelled();
		switch (outcome.kind) {
			case 'granted':
				throw answerLost('it lacks an organization, an access token or a refresh token');
			case 'denied':
				switch (outcome.error) {
					case 'authorization_pending':
					case 'slow_down':
						unanswered = undefined;
						if (outcome.error === 'slow_down')
							intervalMs += 5000;
						break;
					case 'access_denied':
						throw accessDenied();
					case 'expired_token':
						throw over();
					case 'invalid_grant':
						// The code is spent: by the poll whose answer did not come.
						throw unanswered
							? answerLost(unanswered.what)
							: loginRefused(outcome.what, outcome.advice);
					case 'invalid_client':
						return undefined;
					default:
						throw loginRefused(outcome.what, outcome.advice);
				}
				break;
			default:
				unanswered = outcome;
				// RFC 8628 asks for an exponential back-off when connections fail.
				intervalMs = Math.max(intervalMs, Math.min(intervalMs * 2, 60_000));
		}
	}
}
/** Repeats a request that did not get an answer: nothing is at stake yet, a second client or code does no harm. */
async function insist(http, request) {
	for (let attempt = 1;; attempt++) {
		const outcome = await request();
		if (outcome.kind === 'granted' || outcome.kind === 'denied' || attempt === lib_http.MAX_ATTEMPTS)
			return outcome;
		const askedMs = outcome.kind === 'never-sent' ? outcome.retryAfterMs : 0;
		const waitMs = Math.max(askedMs, (0,lib_http.backOffMs)(http.clock, attempt));
		if (waitMs >= http.remainingMs())
			return outcome;
		await http.clock.sleep(waitMs);
	}
}

;// CONCATENATED MODULE: ./lib/credentials/interrupts.js
/**
 * A runner sends SIGINT, 7.5 s later SIGTERM (on Windows Ctrl+Break, which Node calls SIGBREAK), and 2.5 s later kills
 * (https://docs.github.com/en/actions/reference/workflow-cancellation-reference). A terminal or session that ends sends
 * SIGHUP.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'];
const holds = new Set();
/** The signals of this process. */
const PROCESS_INTERRUPTS = {
	hold() {
		// Listening goes on after the release: a signal that has been caught, but not delivered yet, would be dropped.
		for (const signal of SIGNALS)
			process.off(signal, receive).on(signal, receive);
		const hold = { isReceived: false };
		holds.add(hold);
		return { received: () => hold.isReceived, release: () => void holds.delete(hold) };
	},
};
function receive(signal) {
	for (const hold of holds)
		hold.isReceived = true;
	if (holds.size > 0)
		return;
	// Nothing is at stake: the signal does what it would have done.
	for (const name of SIGNALS)
		process.off(name, receive);
	process.kill(process.pid, signal);
}

var input_reader = __webpack_require__(514);
var misspelt = __webpack_require__(65);
var state_location = __webpack_require__(753);
;// CONCATENATED MODULE: ./lib/credentials/login-inputs.js

/** The defaults of login/action.yml. */
const LOGIN_DEFAULTS = { ...state_location.LOCATION_DEFAULTS, 'previous-state-key': '', 'expected-org-id': 'none' };
/** A misspelt one would let any organization be stored. */
const GUARDED = [{ name: 'expected-org-id', edits: 2 }];
/** Reads the inputs of the login. Never throws. */
function readLoginInputs(env, mask) {
	const reader = new input_reader.InputReader(env, LOGIN_DEFAULTS, mask);
	const key = reader.secret('state-key');
	const previousKey = reader.secret('previous-state-key');
	const location = (0,state_location.readLocation)(reader, key);
	(0,misspelt.refuseMisspelt)(reader, GUARDED);
	reader.refuseEmpty('expected-org-id', input_reader.ORG_ID);
	return {
		location,
		previousKey: previousKey === undefined ? undefined : (0,state_location.readKey)(reader, 'previous-state-key', previousKey),
		expectedOrgId: (0,input_reader.readExpectedOrgId)(reader),
		event: env['GITHUB_EVENT_NAME'] ?? '',
		eventPath: env['GITHUB_EVENT_PATH'],
		problems: reader.problems,
		environmentProblems: reader.environmentProblems,
	};
}

var foreign = __webpack_require__(292);
var report = __webpack_require__(444);
;// CONCATENATED MODULE: ./lib/credentials/login-report.js

/** The outputs of login/action.yml. */
const LOGIN_OUTPUTS = ['org-id', 'org-name', 'authorization-expires-at'];
/** The lines that send a human to the browser; short, because the live log is all there is to see meanwhile. */
function renderCode(code) {
	const { verificationUri, verificationUriComplete, userCode, expiresInSeconds, otherHost } = code;
	return [
		'',
		'Log in to Parallel to let this repository read the credit (scope balance:read):',
		`  open      ${verificationUriComplete ?? verificationUri}`,
		...(otherHost === undefined
			? []
			: [`  (that is ${otherHost}, not the host of platform-url: go on only if you know why)`]),
		`  and check that the code is  ${userCode}`,
		`  within ${Math.round(expiresInSeconds / 60)} minutes of the first of these lines. Waiting \u2026`,
	];
}
/** What stands before the code where others can read it, and nothing says whose approval may count. */
function renderUnpinned() {
	return [
		'Others can read this log, and whoever approves first decides whose login this is. So nothing will be stored:',
		'this login will only tell the organization that approved, for the input expected-org-id.',
	];
}
/** The report of a login that ended at `at`. */
function renderLogin(result, at) {
	return result.kind === 'failed'
		? renderFailed(result.failure, at)
		: renderStored(result.state, result.warnings.map(renderWarning), at);
}
function renderStored(state, warnings, at) {
	const endsAt = state.authorizationExpiresAt;
	const end = endsAt === undefined ? 'a day that Parallel did not name' : (0,report.formatDay)(endsAt);
	const message = `Logged in for the organization ${state.orgId}, until ${end}.`;
	const nextStep = 'Gates now renew it by themselves, as long as one of them runs every few days.';
	const facts = [
		['Organization', state.orgId],
		['Name', state.orgName ?? 'none given'],
		['Scope', state.scopes.join(' ') || 'balance:read, as asked'],
		['Login ends', end],
		...(state.refreshTokenExpiresAt === undefined
			? []
			: [['Unused, it ends', (0,report.formatDay)(state.refreshTokenExpiresAt)]]),
		['Stored at', (0,report.formatTime)(at)],
	];
	const annotations = warnings.map((text) => ({ level: 'warn', title: 'Parallel login stored', text }));
	return {
		outputs: {
			'org-id': state.orgId,
			'org-name': state.orgName ?? '',
			'authorization-expires-at': endsAt === undefined ? '' : new Date(endsAt).toISOString(),
		},
		summary: (0,report.renderSummary)('\u2705 Parallel login stored', [message, ...warnings, nextStep], facts),
		annotations,
		log: [message, nextStep],
		debug: undefined,
		fails: false,
	};
}
function renderWarning(warning) {
	switch (warning.kind) {
		case 'replaced-not-opened':
			return 'The login that was replaced could not be opened with this key, so it was not revoked. It ends by itself within days; previous-state-key lets a login revoke it.';
		case 'replaced-not-revoked':
			return 'Parallel did not confirm that the replaced login is revoked. It ends by itself within days.';
		case 'replaced-elsewhere':
			return `The login that was replaced is one of ${(0,foreign.hostOf)(warning.platform)}, so it was not revoked here.`;
		case 'other-scopes':
			return `Besides balance:read the login was granted what it did not ask for: ${warning.words.join(' ')}.`;
	}
}
function renderFailed({ message, nextStep, detail }, at) {
	const title = 'Parallel login failed';
	return {
		outputs: Object.fromEntries(LOGIN_OUTPUTS.map((name) => [name, ''])),
		summary: (0,report.renderSummary)(`\u274c ${title}`, [message, nextStep], [['Tried at', (0,report.formatTime)(at)]]),
		annotations: [{ level: 'fail', title, text: `${message} ${nextStep}` }],
		log: [],
		debug: detail,
		fails: true,
	};
}

var lib_reply = __webpack_require__(240);
;// CONCATENATED MODULE: ./lib/credentials/outcome.js

/** Sorts a reply by what it says of the server: whether it granted, refused, did not act, or may have acted unseen. */
function readOutcome(url, reply, read) {
	const host = (0,foreign.hostOf)(url);
	if (reply.kind !== 'reply') {
		const what = `${host} ${reply.what}`;
		const { kind, nextStep: advice } = reply;
		return kind === 'never-sent' ? { kind, what, advice, retryAfterMs: 0 } : { kind, what, advice };
	}
	const { status, headers, json } = reply;
	const what = `${host} answered HTTP ${status}`;
	if (status === 429)
		return { kind: 'never-sent', what, retryAfterMs: (0,lib_reply.parseRetryAfter)(headers) ?? 1000 };
	const isTemporary = (0,lib_reply.isTemporaryStatus)(status);
	if (typeof json !== 'object' || json === null) {
		return { kind: 'no-answer', what: `${what} without JSON`, advice: isTemporary ? undefined : CHECK_THE_WAY };
	}
	const fields = (0,foreign.fieldsOf)(json);
	const value = status >= 200 && status < 300 ? read(fields) : undefined;
	if (value !== undefined)
		return { kind: 'granted', value };
	const { error } = fields;
	// The word decides, not the status: other servers send errors at 200 and 403. At a temporary status it is a gateway's.
	const isPassing = isTemporary || error === 'server_error' || error === 'temporarily_unavailable';
	if (!isPassing && typeof error === 'string' && /^[a-z_]{1,40}$/.test(error)) {
		return { kind: 'denied', error, what: `${what} (${error})`, advice: UPDATE };
	}
	const advice = isPassing ? undefined : `${CHECK_THE_WAY} ${UPDATE}`;
	return { kind: 'no-answer', what: isPassing ? what : `${what}, which this action does not understand`, advice };
}
const CHECK_THE_WAY = 'Check what stands between the runner and that host, and the input platform-url if you set it.';
const UPDATE = 'Look for a newer version of this action: Parallel may want to be asked otherwise now.';

;// CONCATENATED MODULE: ./lib/credentials/oauth.js

/** How long one request to these endpoints may take, but for an exchange. */
const MAX_REQUEST_MS = 15_000;
/** The errors of a token endpoint that is in order: RFC 6749, 5.2, and RFC 8628, 3.5. */
const TOKEN_ERRORS = new Set([
	'invalid_request',
	'invalid_client',
	'invalid_grant',
	'unauthorized_client',
	'unsupported_grant_type',
	'invalid_scope',
	'authorization_pending',
	'slow_down',
	'access_denied',
	'expired_token',
]);
/** Parallel's OAuth endpoints. Every method is one request, never repeated here. */
class OAuth {
	#base;
	#platform;
	#mask;
	/** `mask` is handed every token and code in the moment it exists. */
	constructor(platformUrl, mask) {
		this.#base = `${platformUrl}/getServiceKeys`;
		this.#platform = new URL(platformUrl);
		this.#mask = mask;
	}
	/** Registers this installation; the client id is no secret. */
	async register(http) {
		const body = JSON.stringify({
			client_name: 'parallel-balance-action',
			platform: { system: process.platform, machine: process.arch },
		});
		const reply = await this.#post(http, '/register', 'application/json', body);
		return readOutcome(this.#base, reply, ({ client_id }) => ((0,foreign.isWord)(client_id) ? client_id : undefined));
	}
	/** Asks for a code that a human approves (RFC 8628, 3.1). */
	async requestDeviceCode(http, clientId, scope) {
		const reply = await this.#postForm(http, '/device/code', { client_id: clientId, scope });
		return readOutcome(this.#base, reply, (body) => this.#readDeviceCode(body));
	}
	/** One poll with a device code (RFC 8628, 3.4). */
	async pollDeviceCode(http, clientId, deviceCode) {
		return this.#requestToken(http, {
			grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
			client_id: clientId,
			device_code: deviceCode,
		});
	}
	/**
	 * Spends `refreshToken`: afterwards only the grant that comes back is good for anything. An error that no standard knows
	 * is a gateway's, perhaps after the server has acted: no answer.
	 */
	async refresh(http, clientId, refreshToken, maxMs) {
		const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
		const outcome = await this.#requestToken(http, form, maxMs);
		if (outcome.kind !== 'denied' || TOKEN_ERRORS.has(outcome.error))
			return outcome;
		return { kind: 'no-answer', what: outcome.what };
	}
	/**
	 * Ends the chain of `refreshToken`, under a deadline of its own: what is left over is revoked whatever time is left.
	 * Resolves to whether the server confirmed it.
	 */
	async revoke(http, refreshToken) {
		const reply = await this.#postForm(http.startAnew(MAX_REQUEST_MS), '/token/revoke', {
			refresh_token: refreshToken,
		});
		return reply.kind === 'reply' && reply.status >= 200 && reply.status < 300;
	}
	async #requestToken(http, form, maxMs) {
		const reply = await this.#postForm(http, '/token', form, maxMs);
		return readOutcome(this.#base, reply, (body) => this.#readGrant(body));
	}
	#postForm(http, path, form, maxMs) {
		return this.#post(http, path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), maxMs);
	}
	#post(http, path, contentType, body, maxMs = MAX_REQUEST_MS) {
		const headers = { 'content-type': contentType };
		return http.once({ method: 'POST', url: this.#base + path, headers, body }, maxMs);
	}
	/** Lenient: a refresh token that came with an odd field must not be lost for it. */
	#readGrant(body) {
		const { access_token, refresh_token, org_id, org_name, scope } = body;
		const accessToken = (0,foreign.isSecret)(access_token) ? access_token : undefined;
		if (accessToken !== undefined)
			this.#mask(accessToken);
		const refreshToken = refresh_token ?? undefined;
		// It travels in a form, so it may hold anything; but one that is no text is an answer that nobody understands.
		if (refreshToken !== undefined && (typeof refreshToken !== 'string' || refreshToken === ''))
			return undefined;
		if (refreshToken !== undefined && refreshToken.length >= foreign.MIN_SECRET_LENGTH)
			this.#mask(refreshToken);
		if (accessToken === undefined && refreshToken === undefined)
			return undefined;
		return {
			accessToken,
			accessTokenSeconds: readSeconds(body['expires_in']),
			refreshToken,
			refreshTokenSeconds: readSeconds(body['refresh_token_expires_in']),
			authorizationSeconds: readSeconds(body['authorization_expires_in']),
			orgId: (0,foreign.isOrgId)(org_id) ? org_id : undefined,
			orgName: (0,foreign.readName)(org_name),
			scopes: typeof scope === 'string' ? readScopes(scope) : undefined,
		};
	}
	#readDeviceCode(body) {
		const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = body;
		if (!(0,foreign.isSecret)(device_code))
			return undefined;
		this.#mask(device_code);
		const uri = readLink(verification_uri, this.#platform);
		if (uri === undefined || typeof user_code !== 'string' || !/^[\w-]{4,64}$/.test(user_code))
			return undefined;
		const complete = readLink(verification_uri_complete, this.#platform);
		const shown = new URL(complete ?? uri);
		return {
			deviceCode: device_code,
			userCode: user_code,
			verificationUri: uri,
			verificationUriComplete: complete,
			otherHost: shown.hostname === this.#platform.hostname ? undefined : (0,foreign.hostOf)(shown.href),
			expiresInSeconds: Math.min(readSeconds(expires_in) ?? 600, MAX_CODE_SECONDS),
			intervalSeconds: readSeconds(interval) ?? 5,
		};
	}
}
/** How long a human is waited for at the most. */
const MAX_CODE_SECONDS = 1800;
/** Ten years: beyond, a lifetime is no lifetime, and would overflow a date. */
const MAX_SECONDS = 315_360_000;
/** Some servers send lifetimes as text. */
function readSeconds(value) {
	const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
	return typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS ? seconds : undefined;
}
/** A link fit to be shown to a human who will open it: https, or http on loopback where the platform is there, too. */
function readLink(value, platform) {
	if (typeof value !== 'string' || !URL.canParse(value))
		return undefined;
	const url = new URL(value);
	const isThere = url.protocol === 'https:' || (platform.protocol === 'http:' && (0,foreign.isSafeOrigin)(url));
	const isPlain = url.username === '' && url.password === '' && url.hash === '' && url.href.length <= 500;
	return isThere && isPlain ? url.href : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/github-failures.js

// What can go wrong with GitHub, which keeps the login. GitHub's own words (`detail`) go to the debug log.
/** Where, in words, if it is not the repository of the run. */
const on = (shared) => (shared === undefined ? '' : ` on ${shared}`);
const PERMISSION = 'Give the job permissions: contents: write; the caller of a reusable workflow must grant it, too.';
const APP = (shared) => `Install the GitHub App on ${shared} with the permission contents: write, and name that repository in the step that mints its token.`;
const REASON = 'The debug log (re-run with debug logging) holds its reason';
/** `shared`, here and below: the state repository, where it is not the run's. */
const mayNotWrite = (detail, shared) => (0,failure.error)(`The github-token lacks the permission contents: write${on(shared)}, without which no renewed login can be kept.`, shared === undefined ? PERMISSION : APP(shared), detail);
const github_failures_hidden = (detail, shared) => shared === undefined
	? (0,failure.error)('GitHub answered HTTP 404: the github-token lacks the permission contents: write, or is not for this repository.', PERMISSION, detail)
	: (0,failure.error)(`GitHub answered HTTP 404: there is no repository ${shared}, or the github-token is not for it.`, `Check the input state-repository. ${APP(shared)}`, detail);
const moved = (shared) => (0,failure.error)(`The repository ${shared} was renamed or moved.`, 'Give the input state-repository its new name, in every gate and in the login.');
const forbidden = (detail) => (0,failure.error)('GitHub answered HTTP 403, and that is not about the permissions of the job.', `${REASON}: an IP allow list, SAML, a suspended app, an archived or locked repository.`, detail);
const githubTokenRejected = (detail, shared) => (0,failure.error)('GitHub answered HTTP 401: it does not know the input github-token.', shared === undefined
	? 'Leave the input github-token at its default, the token of the job; if it is, re-run the failed jobs.'
	: 'Check that github-token is the token that the step before minted; if it is, re-run the failed jobs.', detail);
const notOurRef = (ref) => (0,failure.error)(`${ref} holds something that this action did not put there, so it is left alone.`, 'Give the input state-ref the name of a ref that nothing else uses, the same in the gate and in the login.');
const emptyRepository = () => (0,failure.error)('GitHub answered HTTP 409: the repository that is to keep the login holds no commit yet.', `Give it a first commit, of whatever file. ${report.LOG_IN}.`);
const refused = (detail) => (0,failure.error)('GitHub refuses to update the ref that keeps the login (HTTP 422).', `${REASON}; a rule of the repository may forbid it.`, detail);
const notUnderstood = (answered, detail) => (0,failure.error)(`${answered}, which this action does not understand.`, `Look for a newer version of this action: this one may speak a version of GitHub's API that is gone. ${REASON}.`, detail);
const notGitHub = (answered) => (0,failure.error)(`${answered} without JSON: that was not GitHub's API.`, 'Check GITHUB_API_URL, and what stands between the runner and GitHub (a firewall, a proxy).');
const oddAnswer = (answered) => (0,failure.unknown)(`${answered}, but not as GitHub does: a proxy, a firewall or a login page may have answered in its place.`, 'Check what stands between the runner and GitHub.');
const redirected = (answered) => (0,failure.unknown)(`${answered}, a redirect, which is never followed.`, 'Check GITHUB_API_URL, and what stands between the runner and GitHub.');
const noTime = (host) => (0,failure.unknown)(`${host} answers without the time of day (the header Date), by which the login is renewed.`, 'Check what stands between the runner and GitHub: a proxy may drop or change that header.');
const limited = (waitMs) => (0,failure.unknown)(`GitHub's rate limit for this repository ${waitMs === undefined ? 'leaves no room to keep the login' : `is used up for another ${Math.ceil(waitMs / 1000)} s`}.`, 'Re-run the failed jobs later, and put the gate in one job that the others need.');
const githubLags = () => (0,failure.unknown)('GitHub still shows a state of the login that is no longer the newest.', 'Re-run the failed jobs: it may lag for half a minute.');
const notFoundInTime = (ref) => (0,failure.unknown)(`GitHub did not find ${ref}, and too little of timeout-seconds is left to ask again.`, 'Re-run the failed jobs.');
const ONCE_GITHUB_WORKS = 'Re-run the failed jobs once GitHub works again; if it already does, check the network and proxy of the runner.';
/** `nextStep`: what to do where it is more than to try again. */
const githubDown = (what, nextStep = ONCE_GITHUB_WORKS) => (0,failure.unknown)(`${what}, so the stored login is out of reach.`, nextStep);

var external_node_fs_ = __webpack_require__(24);
;// CONCATENATED MODULE: ./lib/credentials/visibility.js

/**
 * Whether only people of the run's repository can read its log, by the event payload (`GITHUB_EVENT_PATH`); undefined
 * where that does not say. An internal repository is read by the whole enterprise.
 */
function readIsPrivate(eventPath) {
	try {
		return isPrivateRepository((0,foreign.fieldsOf)(JSON.parse((0,external_node_fs_.readFileSync)(eventPath ?? '', 'utf8')))['repository']);
	}
	catch {
		return undefined;
	}
}
/** The same by GitHub's description of the repository. */
function isPrivateRepository(repository) {
	const { visibility, private: isPrivate } = (0,foreign.fieldsOf)(repository);
	if (typeof visibility === 'string')
		return visibility === 'private';
	return typeof isPrivate === 'boolean' ? isPrivate : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/github.js

/** GitHub's REST API for one repository: requests, GitHub's own time, its limits, and what a refusal means. */
class GitHub {
	#options;
	/** Where the repository is; another address once it turns out to be renamed. */
	#base;
	#time;
	#requestsLeft = Number.POSITIVE_INFINITY;
	constructor(options) {
		this.#options = options;
		this.#base = `${options.apiUrl}/repos/${options.repository}`;
	}
	/** The name of the repository where it is not the run's. */
	get shared() {
		return this.#options.repositoryId === undefined ? this.#options.repository : undefined;
	}
	/** How many requests GitHub's limit still allows, as its newest reply said. */
	get requestsLeft() {
		return this.#requestsLeft;
	}
	/** GitHub's time in milliseconds since 1970: the `Date` of a reply plus what has passed since. Throws a Failure. */
	now(http) {
		if (this.#time === undefined)
			throw noTime(this.#host);
		return this.#time.date + (http.clock.now() - this.#time.at);
	}
	/** One request. Of all redirects only GitHub's own is followed, of a renamed repository to its id. */
	async once(http, request) {
		const reply = this.#note(http, await this.#send(http, request));
		if (reply.kind !== 'reply' || reply.status < 300 || reply.status >= 400)
			return reply;
		const { apiUrl, repositoryId } = this.#options;
		const byId = `${apiUrl}/repositories/${repositoryId}`;
		if (repositoryId === undefined || this.#base === byId || reply.headers.location !== byId + request.path)
			return reply;
		this.#base = byId;
		return this.#note(http, await this.#send(http, request));
	}
	/**
	 * A request that does no harm twice, made until `read` makes something of the reply: up to 4 times, because an answer
	 * may be odd for moments (to a token that is seconds old, or by a replica that lags). Throws a Failure.
	 */
	async ask(http, request, read) {
		for (let attempt = 1;; attempt++) {
			const reply = await this.once(http, request);
			const value = reply.kind === 'reply' ? read(reply) : undefined;
			if (value !== undefined)
				return value;
			await this.pause(http, reply, attempt);
		}
	}
	/**
	 * Waits after the given attempt (1, 2, \u2026) that ended in `reply`: as long as a limit asks, else 0.5 to 1, 2 and 4 s.
	 * Throws the Failure that `reply` means (or `failure`), where there is to be no other attempt or no time for one.
	 */
	async pause(http, reply, attempt, failure) {
		const limitMs = this.limitMs(http, reply);
		const waitMs = limitMs ?? (0.5 + http.clock.random() / 2) * 1000 * 2 ** (attempt - 1);
		const isFinal = reply.kind !== 'reply' && !reply.isTemporary;
		if (isFinal || attempt >= lib_http.MAX_ATTEMPTS || waitMs >= http.remainingMs())
			throw failure ?? this.explain(http, reply);
		await http.clock.sleep(waitMs);
	}
	/** The id of a repository that is not the run's. Throws a Failure. */
	async identify(http) {
		const id = await this.ask(http, { method: 'GET', path: '' }, ({ status, json }) => status === 200 ? (0,foreign.fieldsOf)(json)['id'] : undefined);
		if (!Number.isSafeInteger(id))
			throw oddAnswer(`${this.#host} answered HTTP 200`);
		return String(id);
	}
	/** Whether only its own people can see the repository and its logs; unknown counts as no. Throws a Failure. */
	async isPrivate(http) {
		const fields = await this.ask(http, { method: 'GET', path: '' }, ({ status, json }) => status === 200 && json !== undefined ? (0,foreign.fieldsOf)(json) : undefined);
		return isPrivateRepository(fields) === true;
	}
	/** How long GitHub's limits ask to wait; undefined where `reply` is not about a limit. */
	limitMs(http, reply) {
		if (reply.kind !== 'reply')
			return undefined;
		const { status, headers } = reply;
		const isExhausted = headers['x-ratelimit-remaining'] === '0';
		const isLimit = status === 429 ||
			(status === 403 && (isExhausted || headers['retry-after'] !== undefined || hasWords(reply, /rate limit/i)));
		if (!isLimit)
			return undefined;
		const isTimed = isExhausted && this.#time !== undefined;
		const untilReset = isTimed ? Number(headers['x-ratelimit-reset']) * 1000 - this.now(http) : Number.NaN;
		return (0,lib_reply.parseRetryAfter)(headers) ?? (Number.isNaN(untilReset) ? 60_000 : Math.max(1000, untilReset));
	}
	/** What a reply means that no repetition has changed. */
	explain(http, reply) {
		const host = this.#host;
		if (reply.kind !== 'reply')
			return githubDown(`${host} ${reply.what}`, reply.nextStep);
		const limitMs = this.limitMs(http, reply);
		if (limitMs !== undefined)
			return limited(limitMs);
		const { status, json } = reply;
		const answered = `${host} answered HTTP ${status}`;
		const words = readWords(reply);
		const { shared } = this;
		if (status === 301 && json !== undefined && shared !== undefined)
			return moved(shared);
		if (status >= 300 && status < 400)
			return redirected(answered);
		if (status < 300)
			return oddAnswer(answered);
		if ((0,lib_reply.isTemporaryStatus)(status))
			return githubDown(answered);
		if (json === undefined)
			return notGitHub(answered);
		switch (status) {
			case 401:
				return githubTokenRejected(words, shared);
			case 403:
				return hasWords(reply, /resource not accessible by/i)
					? mayNotWrite(words, shared)
					: forbidden(words);
			case 404:
				return github_failures_hidden(words, shared);
			case 409:
				return hasWords(reply, /is empty/i) ? emptyRepository() : notUnderstood(answered, words);
			case 422:
				return refused(words);
			default:
				return notUnderstood(answered, words);
		}
	}
	get #host() {
		return (0,foreign.hostOf)(this.#options.apiUrl);
	}
	#send(http, { method, path, headers, body }) {
		const all = {
			accept: 'application/vnd.github+json',
			authorization: `Bearer ${this.#options.token}`,
			'x-github-api-version': '2022-11-28',
			...headers,
		};
		const url = this.#base + path;
		if (body === undefined)
			return http.once({ method, url, headers: all });
		return http.once({
			method,
			url,
			headers: { ...all, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
	}
	/** Believes only what is GitHub's: a firewall's clock would make a live lease look lapsed. */
	#note(http, reply) {
		if (reply.kind !== 'reply' || (reply.json === undefined && reply.status !== 304))
			return reply;
		const date = (0,lib_reply.readDate)(reply.headers);
		if (date !== undefined)
			this.#time = { date, at: http.clock.now() };
		const left = reply.headers['x-ratelimit-remaining'];
		if (left !== undefined)
			this.#requestsLeft = Number(left);
		return reply;
	}
}
/** Whether GitHub's own words, the `message` of its JSON, are those. */
function hasWords(reply, words) {
	return reply.kind === 'reply' && words.test(String((0,foreign.fieldsOf)(reply.json)['message']));
}
/** GitHub's own words, for the debug log. */
function readWords({ json }) {
	return (0,foreign.oneLine)((0,foreign.fieldsOf)(json)['message']);
}

;// CONCATENATED MODULE: ./lib/credentials/failures.js

// What can go wrong with a stored login and its renewal, each with what to do about it. A message holds no remote text.
const LOG_IN_AND_RE_RUN = `${report.LOG_IN}, then re-run the failed jobs.`;
const CHECK_API_URL = `Check the inputs api-url and platform-url if you set them. ${report.LOG_IN} if they are right.`;
const noLogin = (ref, shared) => (0,failure.loginRequired)(`There is no stored login: ${ref} does not exist in ${shared ?? 'this repository'}.`, shared === undefined
	? `${report.LOG_IN}. If it has been run, this job may lack permissions: contents: write, without which GitHub may hide the ref.`
	: `${report.LOG_IN}.`);
const sealedElsewhere = (ref) => (0,failure.loginRequired)(`The login in ${ref} is sealed with another key or for another repository.`, `${report.LOG_IN}, or restore the key that was in use.`);
const loginEnded = (orgId, at) => (0,failure.loginRequired)(`The login of ${orgId} has ended: Parallel refused to renew it on ${(0,report.formatDay)(at)} (invalid_grant).`, LOG_IN_AND_RE_RUN);
const clientUnknown = () => (0,failure.loginRequired)('Parallel no longer knows the client that this login was made with (invalid_client).', LOG_IN_AND_RE_RUN);
const freshTokenRejected = (detail) => (0,failure.loginRequired)('Parallel answered HTTP 401 to an access token that it had issued moments before.', CHECK_API_URL, detail);
const loggedOut = (ref) => (0,failure.loginRequired)(`Somebody deleted ${ref} while this run renewed the login in it: that is a log-out.`, `${report.LOG_IN}, if it was not meant.`);
/** `why`: what GitHub said last, where it refused. */
const notStored = (why) => (0,failure.loginRequired)(`The login was renewed, but GitHub did not take the renewed login in time. ${why?.message ?? ''}`.trimEnd(), `The stored login may be spent. ${why?.nextStep ?? ''} ${LOG_IN_AND_RE_RUN}`.replace(/ {2}/, ' '), why?.detail);
const displaced = (ref) => (0,failure.loginRequired)(`Somebody put something else on ${ref} while this run renewed the login in it, so that login was ended.`, `If it is a login with a new key, re-run the failed jobs with that key as state-key. Else find out what it is (${ref} is for this action alone), delete it, and run the login workflow.`);
const otherOrganization = (stored, read) => (0,failure.error)(`The stored login is of the organization ${stored}, but the balance belongs to ${read}.`, CHECK_API_URL);
const organizationChanged = (stored, granted) => (0,failure.error)(`The stored login is of the organization ${stored}, but Parallel renewed it for ${granted}.`, `${report.LOG_IN}, with an account of the organization whose credit this gate is for.`);
const otherPlatform = (stored, given) => (0,failure.error)(`The stored login was issued by ${(0,foreign.hostOf)(stored)}, but platform-url is ${(0,foreign.hostOf)(given)}.`, 'Give the gate the platform-url that the login was made with, or run the login workflow with this one.');
// A renewal.
const leaseHeld = ({ repository, id, attempt }) => (0,failure.unknown)(`Run ${id} (attempt ${attempt}) of ${repository} holds the lease for renewing the login and did not finish within timeout-seconds.`, 'Re-run the failed jobs: a lease lapses by itself after 35 s.');
const tooLate = () => (0,failure.unknown)('The login must be renewed, but too little of timeout-seconds is left to do it safely.', 'Re-run the failed jobs, or raise timeout-seconds.');
const noTimeForBalance = () => (0,failure.unknown)('The stored login works, but to have it renewed took all of timeout-seconds, so the balance was not read.', 'Re-run the failed jobs.');
const noAccessToken = () => (0,failure.unknown)('Parallel renewed the login, but without an access token that this action can use. The renewed login is stored.', 'Re-run the failed jobs. If that does not help, look for a newer version of this action: Parallel may issue other tokens now.');
const cancelled = () => (0,failure.unknown)('The run was cancelled while it renewed the login.', 'Start a new run.');
/** `advice`: what to do before another try. */
const notRenewed = (what, advice) => (0,failure.unknown)(`The login could not be renewed: ${what}.`, advice === undefined
	? 'Re-run the failed jobs in a minute; if Parallel works, check the network and proxy of the runner.'
	: `${advice} Re-run the failed jobs after that.`);

var external_node_crypto_ = __webpack_require__(598);
;// CONCATENATED MODULE: ./lib/credentials/seal.js

/** Encrypts `text` as a compact JWE (RFC 7516) with `dir` and `A256GCM`; its protected header holds the binding. */
function seal(text, key, binding) {
	const header = encodeHeader(binding);
	const iv = (0,external_node_crypto_.randomBytes)(12);
	const cipher = (0,external_node_crypto_.createCipheriv)('aes-256-gcm', key, iv).setAAD(Buffer.from(header));
	const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
	const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
	// `dir` has no encrypted key: the second part is empty.
	return [header, '', ...parts].join('.');
}
/**
 * Decrypts what `seal` made with the same key and binding; undefined for all else. The header must be the very one that
 * `seal` writes, so no other algorithm, compression or extension is ever considered.
 */
function seal_open(jwe, key, binding) {
	const [header, encryptedKey, iv = '', ciphertext = '', tag = '', ...rest] = jwe.split('.');
	if (header !== encodeHeader(binding) || encryptedKey !== '' || rest.length > 0)
		return undefined;
	try {
		const decipher = (0,external_node_crypto_.createDecipheriv)('aes-256-gcm', key, decodeExactly(iv, 12), { authTagLength: 16 })
			.setAAD(Buffer.from(header))
			.setAuthTag(decodeExactly(tag, 16));
		return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString();
	}
	catch {
		return undefined;
	}
}
function encodeHeader({ repositoryId, ref }) {
	const header = { alg: 'dir', enc: 'A256GCM', repository_id: repositoryId, ref };
	return Buffer.from(JSON.stringify(header)).toString('base64url');
}
function decodeExactly(text, bytes) {
	const part = Buffer.from(text, 'base64url');
	if (part.length !== bytes)
		throw new RangeError(`not ${bytes} bytes`);
	return part;
}

;// CONCATENATED MODULE: ./lib/credentials/state.js

/** How long a lease lasts, and how much longer others leave it alone: clocks and replies lag. */
const LEASE_MS = 30_000;
const LEASE_GRACE_MS = 5_000;
/** An access token with less than this left is not worth starting with. */
const MIN_TOKEN_MS = 60_000;
/** Pure: the next move of a run that finds `state` at `now`, and knows that `rejected` access tokens do not work. */
function chooseMove(state, now, rejected) {
	const { status } = state;
	switch (status.kind) {
		case 'ended':
			return { kind: 'stop', at: status.at };
		case 'lease':
			return now < status.until + LEASE_GRACE_MS ? { kind: 'wait', run: status.run } : { kind: 'renew' };
		case 'usable': {
			const { accessToken, expiresAt } = status;
			const isGood = accessToken !== undefined && expiresAt - now > MIN_TOKEN_MS && !rejected.has(accessToken);
			return isGood ? { kind: 'use', accessToken } : { kind: 'renew' };
		}
	}
}
/** The state of a new login, from the grant that the device flow ended in, asked for at `now`. */
function begin(grant, { clientId, platform }, now) {
	const { accessToken, refreshToken, orgId } = grant;
	const loginId = (0,external_node_crypto_.randomBytes)(16).toString('base64url');
	const bare = { version: 1, loginId, platform, clientId, orgId, orgName: null, scopes: [], refreshToken };
	const status = { kind: 'usable', accessToken, expiresAt: now };
	return renew({ ...bare, refreshTokenExpiresAt: undefined, authorizationExpiresAt: undefined, status }, grant, now);
}
/** The state after an exchange asked for at `now`. What the answer left out stays as it was, and so does the organization. */
function renew(state, grant, now) {
	const until = (seconds) => (seconds === undefined ? undefined : now + seconds * 1000);
	return {
		...state,
		orgName: grant.orgName ?? state.orgName,
		scopes: grant.scopes ?? state.scopes,
		refreshToken: grant.refreshToken ?? state.refreshToken,
		refreshTokenExpiresAt: until(grant.refreshTokenSeconds) ?? state.refreshTokenExpiresAt,
		authorizationExpiresAt: until(grant.authorizationSeconds) ?? state.authorizationExpiresAt,
		status: { kind: 'usable', accessToken: grant.accessToken, expiresAt: until(grant.accessTokenSeconds) ?? now },
	};
}
/** The document that was sealed, read back; undefined where it is of a version that this code does not know. */
function parseState(text) {
	// It was encrypted with our own key: its form needs no more checking than its version.
	const state = JSON.parse(text);
	return state.version === 1 ? state : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/store.js

/** The tree without entries: in every git repository, and proof that a head is nobody's work. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** Reads lag behind writes, by up to about 30 s as reported. */
const MAX_LAG_MS = 35_000;
/** How long a refusal that may be a passing one is asked again, before anything is spent: less than a lease lives. */
const MAX_REFUSAL_MS = 10_000;
/**
 * The sealed state on a git ref of its own: each commit has the empty tree, the state as its message, and the state it
 * replaces as its parent. `PATCH git/refs` with `force: false` is the compare-and-swap.
 */
class Store {
	github;
	ref;
	#options;
	#known;
	#head;
	constructor(options) {
		this.#options = options;
		this.github = options.github;
		this.ref = options.binding.ref;
	}
	/** The newest head that GitHub shows, perhaps an old one: reads lag. Undefined where the ref does not exist. Throws a Failure. */
	async read(http) {
		const startedAt = http.clock.now();
		let misses = 0;
		for (let attempt = 1;;) {
			const look = await this.look(http);
			if (look.kind === 'head')
				return look.head;
			if (look.kind === 'foreign')
				throw notOurRef(this.ref);
			// One 404 proves nothing: the login workflow would replace a login that is there.
			misses = look.kind === 'missing' ? misses + 1 : 0;
			if (misses === lib_http.MAX_ATTEMPTS)
				return this.#confirmMissing(http);
			const isLag = look.kind === 'lagging' && http.clock.now() - startedAt < MAX_LAG_MS;
			// A first login finds no ref either: some seconds are enough.
			const each = isLag || misses > 0 ? Math.max(1, misses - 1) : attempt++;
			const inTime = { lagging: githubLags(), missing: notFoundInTime(this.ref), unclear: undefined };
			await this.github.pause(http, look.reply, each, inTime[look.kind]);
		}
	}
	/** One look at the ref, never repeated. */
	async look(http) {
		const headers = this.#known && { 'if-none-match': this.#known.etag };
		const reply = await this.github.once(http, { method: 'GET', path: `/git/ref/${this.#shortRef}`, headers });
		if (reply.kind !== 'reply')
			return { kind: 'unclear', reply };
		if (reply.status === 404 && reply.json !== undefined)
			return { kind: 'missing', reply };
		const { object } = (0,foreign.fieldsOf)(reply.json);
		const sha = reply.status === 304 ? this.#known?.sha : reply.status === 200 ? readSha(object) : undefined;
		if (sha === undefined)
			return { kind: 'unclear', reply };
		if (((0,foreign.fieldsOf)(object)['type'] ?? 'commit') !== 'commit')
			return { kind: 'foreign' };
		if (this.#head?.sha !== sha) {
			const look = await this.#lookAtCommit(http, sha);
			if (look.kind !== 'head')
				return look;
			this.#head = look.head;
		}
		if (reply.headers.etag !== undefined)
			this.#known = { etag: reply.headers.etag, sha };
		return { kind: 'head', head: this.#head };
	}
	/**
	 * Puts `state` on top of `parent` (undefined: as the first), as long as there is nothing to lose: a refusal that goes on
	 * for some seconds is one. Throws a Failure.
	 */
	async swap(http, parent, state) {
		const message = this.seal(state);
		const sha = await this.github.ask(http, this.#commit(message, parent), (reply) => readCreated(reply, message));
		let refusedSince;
		for (let attempt = 1;;) {
			const reply = await this.move(http, sha, parent);
			if (isMovedTo(reply, sha))
				return { kind: 'won', head: { sha, state } };
			if (reply.kind !== 'reply' || reply.status !== 422) {
				// A lost reply is asked for again up to the deadline: the swap may have been won.
				const isLost = reply.kind !== 'reply' || reply.status >= 500;
				await this.github.pause(http, reply, isLost ? 1 : attempt++);
				continue;
			}
			refusedSince ??= http.clock.now();
			const refusedMs = http.clock.now() - refusedSince;
			if (isUnseen(reply)) {
				if (refusedMs >= MAX_LAG_MS)
					throw this.github.explain(http, reply);
				await this.github.pause(http, reply, 1, githubLags());
				continue;
			}
			const isGone = hasWords(reply, /reference does not exist/i) && (await this.read(http)) === undefined;
			if (isGone)
				throw loggedOut(this.ref);
			const look = await this.lookForOther(http, parent);
			if (look.kind === 'head' && look.head.sha !== parent?.sha) {
				return { kind: look.head.sha === sha ? 'won' : 'lost', head: look.head };
			}
			// The words of a race: the reads lag. All others are a refusal.
			const isRace = hasWords(reply, /fast.forward/i);
			const isUnmoved = look.kind === 'head';
			if (isUnmoved && refusedMs >= (isRace ? MAX_LAG_MS : MAX_REFUSAL_MS))
				throw this.github.explain(http, reply);
			await this.github.pause(http, reply, 1, isRace || !isUnmoved ? githubLags() : undefined);
		}
	}
	/** One try to create the commit that holds `message`, sealed by `seal`, on top of `parent`. */
	create(http, message, parent) {
		return this.github.once(http, this.#commit(message, parent));
	}
	/** One try to move the ref from `parent` to the commit `sha`. Harmless however often. */
	move(http, sha, parent) {
		return this.github.once(http, parent === undefined
			? { method: 'POST', path: '/git/refs', body: { ref: this.ref, sha } }
			: { method: 'PATCH', path: `/git/refs/${this.#shortRef}`, body: { sha, force: false } });
	}
	/** After a 422: looks, for some seconds, for a head other than `parent`; the last look where none comes. */
	async lookForOther(http, parent) {
		for (let looks = 1;; looks++) {
			const look = await this.look(http);
			const isOther = look.kind === 'head' && look.head.sha !== parent?.sha;
			if (isOther || looks === 4 || http.remainingMs() <= 1000)
				return look;
			await http.clock.sleep(1000);
		}
	}
	/** Creates a commit that nothing refers to, which git will forget: proof that the token may write. Throws a Failure. */
	async proveWritable(http) {
		const message = 'May this token write?';
		await this.github.ask(http, this.#commit(message, undefined), (reply) => readCreated(reply, message));
	}
	/** The state as the message of a commit: another one at each call. */
	seal(state) {
		return seal(JSON.stringify(state), this.#options.key, this.#options.binding);
	}
	async #lookAtCommit(http, sha) {
		const reply = await this.github.once(http, { method: 'GET', path: `/git/commits/${sha}` });
		if (reply.kind !== 'reply')
			return { kind: 'unclear', reply };
		if (reply.status === 404)
			return { kind: 'lagging', reply };
		if (reply.status === 200 && reply.isTooLarge)
			return { kind: 'foreign' };
		const { sha: own, message, tree } = (0,foreign.fieldsOf)(reply.json);
		const treeSha = readSha(tree);
		// Another commit's would bring back a spent token.
		const isWhole = own === sha && typeof message === 'string' && treeSha !== undefined;
		if (reply.status !== 200 || !isWhole)
			return { kind: 'unclear', reply };
		// A typing error in state-ref must not be able to empty a branch.
		if (treeSha !== EMPTY_TREE)
			return { kind: 'foreign' };
		return { kind: 'head', head: { sha, ...this.#open(message.trim()) } };
	}
	/** The ref is not found, again and again. Throws a Failure where the repository is not to be seen either. */
	async #confirmMissing(http) {
		// A repository that is not the run's has been seen in this very run.
		if (this.github.shared === undefined)
			await this.github.isPrivate(http);
		return undefined;
	}
	#open(message) {
		const { key, previousKey, binding, mask } = this.#options;
		const current = seal_open(message, key, binding);
		const text = current ?? (previousKey && seal_open(message, previousKey, binding));
		const state = text === undefined ? undefined : parseState(text);
		if (state !== undefined && state.refreshToken.length >= foreign.MIN_SECRET_LENGTH)
			mask(state.refreshToken);
		if (state?.status.kind === 'usable' && state.status.accessToken !== undefined)
			mask(state.status.accessToken);
		return { state, isOfPreviousKey: current === undefined && text !== undefined };
	}
	#commit(message, parent) {
		const body = { message, tree: EMPTY_TREE, parents: parent === undefined ? [] : [parent.sha] };
		return { method: 'POST', path: '/git/commits', body };
	}
	/** As GitHub's addresses have it. */
	get #shortRef() {
		return this.ref.slice('refs/'.length);
	}
}
/** The store of a login as the inputs describe it. Throws a Failure where the repository that keeps it is not to be seen. */
async function openStore(http, location, mask, previousKey) {
	const { key, ref, githubToken: token, repository, shared } = location;
	const { apiUrl, name, id } = repository;
	const github = new GitHub({ apiUrl, repository: shared ?? name, repositoryId: id, token });
	const repositoryId = id ?? (await github.identify(http));
	return new Store({ github, key, previousKey, binding: { repositoryId, ref }, mask });
}
/** The sha of a commit that was created: a 201 that repeats the message, because a proxy may answer anything. */
function readCreated(reply, message) {
	if (reply.kind !== 'reply' || reply.status !== 201)
		return undefined;
	return (0,foreign.fieldsOf)(reply.json)['message'] === message ? readSha(reply.json) : undefined;
}
/** Whether a reply to a move names our commit as what the ref holds now. */
function isMovedTo(reply, sha) {
	return reply.kind === 'reply' && reply.status < 300 && readSha((0,foreign.fieldsOf)(reply.json)['object']) === sha;
}
/** Whether a move was refused because a replica has not seen our own commit yet. */
function isUnseen(reply) {
	return reply.kind === 'reply' && reply.status === 422 && hasWords(reply, /object does not exist/i);
}
function readSha(object) {
	const { sha } = (0,foreign.fieldsOf)(object);
	return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/keep.js

// A state whose refresh token exists nowhere but in this process. No refusal ends the tries to store it: all of them are
// known to pass (permissions fail for minutes, replicas lag, firewalls answer in GitHub's place).
/** How long the tries go on. */
const KEEP_MS = 120_000;
/** Waits between tries; from the first anew after any progress. */
const WAITS_MS = [1000, 2000, 4000];
const LAST_WAIT_MS = 5000;
/** A limit may ask for more, but the lease would lapse meanwhile, and another run spend the token. */
const MAX_LIMIT_MS = 10_000;
/** Or for none at all, and get hundreds of requests. */
const MIN_LIMIT_MS = 1000;
/** What speaks against this state has to do so three times, over so long. */
const MIN_DOUBT_MS = 10_000;
/** Stores a state that exists nowhere else, for up to 120 s. Never throws for what GitHub answers. */
async function keep({ http: run, store, state, parent: first, placeOf }) {
	const http = run.startAnew(KEEP_MS);
	const message = store.seal(state);
	let parent = first;
	let sha;
	let doubt;
	for (let tries = 0;;) {
		let reply;
		if (sha === undefined) {
			reply = await store.create(http, message, parent);
			sha = readCreated(reply, message);
			if (sha !== undefined)
				tries = 0;
		}
		if (sha !== undefined) {
			reply = await store.move(http, sha, parent);
			if (isMovedTo(reply, sha))
				return { kind: 'stored', parent };
			const look = isUnseen(reply) ? undefined : await lookAround(http, store, reply, parent);
			if (look?.kind === 'head' && look.head.sha === sha)
				return { kind: 'stored', parent };
			const place = look && find(look, reply, placeOf);
			if (place === 'mine')
				return { kind: 'stored', parent };
			if (place === 'below') {
				doubt = undefined;
				const head = look?.kind === 'head' ? look.head : undefined;
				if (head?.sha !== parent?.sha)
					[parent, sha, tries] = [head, undefined, 0];
			}
			else if (place !== undefined) {
				const now = http.clock.now();
				doubt = doubt?.place === place ? { ...doubt, times: doubt.times + 1 } : { place, since: now, times: 1 };
				if (isBeyond(doubt, now))
					return { kind: place, head: look?.kind === 'head' ? look.head : undefined };
			}
		}
		const limitMs = reply && store.github.limitMs(http, reply);
		const waitMs = limitMs === undefined
			? (WAITS_MS[tries++] ?? LAST_WAIT_MS)
			: Math.min(Math.max(limitMs, MIN_LIMIT_MS), MAX_LIMIT_MS);
		if (waitMs >= http.remainingMs()) {
			if (await hasLanded())
				return { kind: 'stored', parent };
			const refusal = reply?.kind === 'reply' && reply.status >= 400 ? reply : undefined;
			return { kind: 'late', why: refusal && store.github.explain(http, refusal) };
		}
		await http.clock.sleep(waitMs);
	}
	async function hasLanded() {
		const look = await store.look(http.startAnew(5000));
		return look.kind === 'head' && (look.head.sha === sha || placeOf(look.head) === 'mine');
	}
}
/** A lagging read shows older heads, for up to 35 s; all else may be a refusal in disguise. */
function isBeyond({ place, since, times }, now) {
	return place === 'other' ? now - since >= MAX_LAG_MS : times >= 3 && now - since >= MIN_DOUBT_MS;
}
/** After a move that is not known to have been done: what stands there, with patience after a 422. */
function lookAround(http, store, reply, parent) {
	const isRace = reply.kind === 'reply' && reply.status === 422 && !hasWords(reply, /does not exist/i);
	return isRace ? store.lookForOther(http, parent) : store.look(http);
}
/** Undefined where a look shows nothing that counts: a 404 alone may be a permission that fails for minutes. */
function find(look, reply, placeOf) {
	switch (look.kind) {
		case 'head':
			return placeOf(look.head);
		case 'foreign':
			return 'foreign';
		case 'missing':
			return hasWords(reply, /reference does not exist/i) ? placeOf(undefined) : undefined;
		default:
			return undefined;
	}
}

;// CONCATENATED MODULE: ./lib/credentials/replace.js

/**
 * Stores the state of a new login in the place of `found`, which was read before the human was asked, and of whatever its
 * gates have put on top of that meanwhile. Resolves to the head whose place it took; throws a Failure with nothing stored,
 * also where another login came at the same moment.
 */
async function replaceLogin(http, store, state, found) {
	const placeOf = (head) => {
		// Logged out while the human was asked: this login begins anew.
		if (head === undefined)
			return 'below';
		if (head.state?.loginId === state.loginId)
			return 'mine';
		if (found !== undefined && head.state?.loginId === found.state?.loginId)
			return 'below';
		return head.state === undefined ? 'sealed' : 'other';
	};
	const kept = await keep({ http, store, state, parent: found, placeOf });
	if (kept.kind === 'stored')
		return kept.parent;
	// Before its chain is revoked: it may have landed after all.
	const look = await store.look(http.startAnew(10_000));
	if (look.kind === 'head' && placeOf(look.head) === 'mine')
		return found;
	switch (kept.kind) {
		case 'other':
			throw otherLogin();
		case 'late':
			throw loginNotStored(kept.why);
		case 'sealed':
			throw resealed(store.ref);
		default:
			throw notOurRef(store.ref);
	}
}

;// CONCATENATED MODULE: ./lib/credentials/login.js

/** The story of the login: inputs \u2192 proof that it can be kept \u2192 a human approves \u2192 stored \u2192 the replaced one revoked. */
async function runLogin() {
	const inputs = readLoginInputs(process.env, secrets.mask);
	const result = await logIn(inputs).catch((error) => ({ kind: 'failed', failure: (0,failure.failureOf)(error) }));
	(0,publish.publish)(renderLogin(result, new Date()), true);
}
async function logIn(inputs) {
	const { location, previousKey, expectedOrgId, event, eventPath } = inputs;
	if ((0,failure.isWrong)(inputs) || location === undefined)
		throw (0,failure.wrongInputs)(inputs);
	if (event !== 'workflow_dispatch')
		throw notDispatched(event);
	const oauth = new OAuth(location.platformUrl, secrets.mask);
	const platform = new URL(location.platformUrl).origin;
	// All that could keep the login from being stored shows before a human is asked.
	const checks = new lib_http.Http(60_000);
	const store = await openStore(checks, location, secrets.mask, previousKey);
	await store.proveWritable(checks);
	const found = await store.read(checks);
	// Throws where GitHub tells no time, by which the login will be dated.
	store.github.now(checks);
	const isPrivate = readIsPrivate(eventPath) ?? (await isOwnPrivate(store, checks));
	const wantedOrgId = expectedOrgId ?? storedOrgId(found, platform);
	const isOpenToAll = !isPrivate && wantedOrgId === undefined;
	if (isOpenToAll)
		print(renderUnpinned());
	const http = checks.startAnew(60_000);
	const show = (code) => print(renderCode(code));
	const authorization = await authorize({ http, oauth, interrupts: PROCESS_INTERRUPTS, show });
	try {
		const state = begin(authorization.grant, { clientId: authorization.clientId, platform }, sentAt(store, authorization, http));
		const check = () => {
			if (authorization.hold.received())
				throw loginCancelled();
			checkOrganization(state.orgId, wantedOrgId, expectedOrgId !== undefined);
			if (isOpenToAll)
				throw unpinned(state.orgId);
			checkScopes(state.scopes);
		};
		const replaced = await storeOrRevoke({ http, store, oauth }, state, found, check);
		const { others } = judgeScopes(state.scopes);
		const warnings = others.length === 0 ? [] : [{ kind: 'other-scopes', words: others }];
		if (replaced !== undefined)
			warnings.push(...(await endReplaced(http, oauth, replaced.state, platform)));
		return { kind: 'stored', state, warnings };
	}
	finally {
		authorization.hold.release();
	}
}
/** The token of an App is not asked about the repository of the run: then its log counts as public. */
async function isOwnPrivate(store, http) {
	return store.github.shared === undefined && (await store.github.isPrivate(http));
}
/** Stores an approved login in the place of `found`, or revokes it: one chain is left, never two. Throws a Failure. */
async function storeOrRevoke({ http, store, oauth }, state, found, check) {
	try {
		check();
		return await replaceLogin(http, store, state, found);
	}
	catch (error) {
		throw afterApproval(error, await oauth.revoke(http, state.refreshToken));
	}
}
/** Revokes the chain that was replaced, where it could be opened and is of the same platform. */
async function endReplaced(http, oauth, replaced, platform) {
	if (replaced === undefined)
		return [{ kind: 'replaced-not-opened' }];
	if (replaced.platform !== platform)
		return [{ kind: 'replaced-elsewhere', platform: replaced.platform }];
	const isRevoked = await oauth.revoke(http, replaced.refreshToken);
	return isRevoked ? [] : [{ kind: 'replaced-not-revoked' }];
}
/** When the poll that was approved was sent, by GitHub's clock. */
function sentAt(store, authorization, http) {
	return store.github.now(http) - (http.clock.now() - authorization.sentAt);
}
/** The organization of the login that is replaced, if it is to be believed: sealed with the key that is in use. */
function storedOrgId(found, platform) {
	const isOurs = found?.isOfPreviousKey !== true && found?.state?.platform === platform;
	return isOurs ? found?.state?.orgId : undefined;
}
function checkOrganization(got, wanted, isInput) {
	if (wanted !== undefined && got !== wanted)
		throw wrongOrganization(got, wanted, isInput);
}
function checkScopes(scopes) {
	const { lacksRead, powers } = judgeScopes(scopes);
	if (powers.length > 0)
		throw scopeTooWide(powers);
	if (lacksRead)
		throw scopeMissing(scopes);
}
function print(lines) {
	for (const line of lines)
		(0,core.info)(line);
}

var lib_balance = __webpack_require__(551);
;// CONCATENATED MODULE: ./lib/credentials/exchange.js
/** How long the first try may take: an answer that is merely slow must not be lost. */
const EXCHANGE_MS = 15_000;
/** A lease must have this much left when the refresh token is spent, at the first try or again after one never sent. */
const MIN_LEASE_MS = 20_000;
/** After a lost answer there is less time, because two tries share one lease. */
const exchange_REPEAT_MS = 8000;
const MIN_REPEAT_LEASE_MS = 9000;
/**
 * Spends the refresh token of `state`. A try that was never sent, or whose answer was lost, is repeated once, at once,
 * where `mayStart(ms of the lease, ms of the run)` says that both have so much left: a server that has acted forgives a
 * reuse for seconds only, if at all, and one that has not gives the token to this run. Nothing is repeated beyond the lease.
 */
async function exchange(http, oauth, { clientId, refreshToken }, mayStart) {
	const outcome = await oauth.refresh(http, clientId, refreshToken, EXCHANGE_MS);
	if (outcome.kind === 'no-answer' && mayStart(MIN_REPEAT_LEASE_MS, exchange_REPEAT_MS)) {
		return oauth.refresh(http, clientId, refreshToken, exchange_REPEAT_MS);
	}
	if (outcome.kind !== 'never-sent')
		return outcome;
	const waitMs = outcome.retryAfterMs;
	if (!mayStart(MIN_LEASE_MS + waitMs, EXCHANGE_MS + waitMs))
		return outcome;
	await http.clock.sleep(waitMs);
	if (!mayStart(MIN_LEASE_MS, EXCHANGE_MS))
		return outcome;
	return oauth.refresh(http, clientId, refreshToken, EXCHANGE_MS);
}

;// CONCATENATED MODULE: ./lib/credentials/renewal.js

// How many runs keep one login alive: a run takes a lease (compare-and-swap) before it spends the refresh token, and
// stores what it got before it does anything else. docs/security.md tells the protocol; test/simulation shows that it
// holds.
/** When the refresh token is spent GitHub's limits must leave room to store what comes back. */
const MIN_REQUESTS_LEFT = 100;
/** Gets an access token that is good for a minute at least and not among `rejected`. Throws a Failure. */
async function obtainAccess(options, rejected) {
	const { http, store } = options;
	/** Heads that this run has built on, won or lost: a read that shows one of them is an old one. */
	const builtOn = new Set();
	let head = await readState(options);
	for (;;) {
		const move = builtOn.has(head.sha) ? OLD_READ : chooseMove(head.state, store.github.now(http), rejected);
		switch (move.kind) {
			case 'use':
				return { accessToken: move.accessToken, state: head.state, isFresh: false };
			case 'stop':
				throw loginEnded(head.state.orgId, move.at);
			case 'old-read':
				await pause(http, 1000, tooLate());
				break;
			case 'wait':
				options.debug(`Run ${move.run.id} of ${move.run.repository} is renewing the login: waiting for it.`);
				await pause(http, 1000 + http.clock.random() * 500, leaseHeld(move.run));
				break;
			case 'renew': {
				// Runs that wake together should not all reach for the lease at once.
				await pause(http, http.clock.random() * 1500, tooLate());
				const { sha } = head;
				head = await readState(options);
				// Decided anew: one reply with a wrong `Date` must not make a lease that is in use look lapsed.
				if (head.sha !== sha || chooseMove(head.state, store.github.now(http), rejected).kind !== 'renew')
					continue;
				builtOn.add(sha);
				const access = await renewUnderLease(options, head);
				if (access !== undefined)
					return access;
			}
		}
		head = await readState(options);
	}
}
const OLD_READ = { kind: 'old-read' };
async function readState({ http, store, approve }) {
	const head = await store.read(http);
	if (head === undefined)
		throw noLogin(store.ref, store.github.shared);
	const open = opened(store, head);
	approve?.(open.state);
	return open;
}
function opened(store, { sha, state }) {
	if (state === undefined)
		throw sealedElsewhere(store.ref);
	return { sha, state };
}
/** Takes the lease on `head`, exchanges, stores. Undefined where somebody else was first: the caller starts again. */
async function renewUnderLease(options, head) {
	const { http, store, run } = options;
	if (http.remainingMs() < MIN_LEASE_MS)
		throw tooLate();
	const sentAt = http.clock.now();
	const nonce = (0,external_node_crypto_.randomUUID)();
	const until = store.github.now(http) + LEASE_MS;
	const leased = {
		...head.state,
		status: { kind: 'lease', nonce, until, run },
	};
	const swap = await store.swap(http, head, leased);
	// Not whose commit it is decides, but what it says: our own may have landed although its reply was lost.
	const lease = opened(store, swap.head);
	if (!holdsLease(lease.state, nonce))
		return undefined;
	// By whichever clock it is over first: others go by GitHub's, of which this run may know too little (a read that was slow
	// on its way back) or which went on while this machine was suspended.
	const leaseLeftMs = () => Math.min(sentAt + LEASE_MS - http.clock.now(), until - store.github.now(http));
	if (leaseLeftMs() < MIN_LEASE_MS)
		return undefined;
	if (store.github.requestsLeft < MIN_REQUESTS_LEFT)
		throw limited(undefined);
	if (http.remainingMs() < EXCHANGE_MS)
		throw tooLate();
	const interrupts = options.interrupts.hold();
	try {
		// From the exchange on nothing stops this run before GitHub has the outcome: not the deadline, and no signal.
		const mayStart = (leaseMs, runMs) => !interrupts.received() && leaseLeftMs() >= leaseMs && http.remainingMs() >= runMs;
		const access = await exchangeAndStore(options, lease, nonce, mayStart);
		if (interrupts.received())
			throw cancelled();
		return access;
	}
	finally {
		interrupts.release();
	}
}
async function exchangeAndStore(options, lease, nonce, mayStart) {
	const { http, store, oauth } = options;
	const exchangedAt = store.github.now(http);
	const outcome = await exchange(http, oauth, lease.state, mayStart);
	switch (outcome.kind) {
		case 'granted':
			return storeGrant(options, lease, outcome.value, exchangedAt);
		case 'denied':
			if (outcome.error === 'invalid_grant')
				return storeEnd(options, lease, nonce);
			if (outcome.error === 'invalid_client')
				throw clientUnknown();
			throw notRenewed(outcome.what, outcome.advice);
		default:
			// The lease is left to lapse: whoever comes next tries the same refresh token once.
			throw notRenewed(outcome.what, outcome.advice);
	}
}
/**
 * Stores a renewed state on the lease, or on whatever has come on top of it while the spent token still stands there.
 * Undefined where another login or a newer state has taken its place: the caller starts again. Throws a Failure.
 */
async function storeGrant({ http, store, oauth, debug }, lease, grant, exchangedAt) {
	const { loginId, orgId, refreshToken: spent } = lease.state;
	const state = renew(lease.state, grant, exchangedAt);
	const placeOf = (head) => {
		if (head === undefined)
			return 'gone';
		if (head.state === undefined)
			return 'sealed';
		const { loginId: other, refreshToken } = head.state;
		if (other !== loginId)
			return 'other';
		if (refreshToken === spent)
			return 'below';
		return refreshToken === state.refreshToken ? 'mine' : 'other';
	};
	const kept = await keep({ http, store, state, parent: lease, placeOf });
	switch (kept.kind) {
		case 'stored':
			if (grant.orgId !== undefined && grant.orgId !== orgId)
				throw organizationChanged(orgId, grant.orgId);
			if (grant.accessToken === undefined)
				throw noAccessToken();
			return { accessToken: grant.accessToken, state, isFresh: true };
		case 'other':
			if (kept.head?.state?.loginId === loginId)
				return undefined;
			debug('Somebody logged in meanwhile: the login that this run renewed is revoked.');
			await oauth.revoke(http, state.refreshToken);
			return undefined;
		case 'late':
			throw notStored(kept.why);
		default:
			// A log-out, or the like: this chain ends with it.
			await oauth.revoke(http, state.refreshToken);
			throw kept.kind === 'gone' ? loggedOut(store.ref) : displaced(store.ref);
	}
}
/**
 * Writes down that Parallel ended the login, so that no other run asks again, and throws the Failure that says so.
 * Undefined where the lease is no longer there: somebody has logged in meanwhile, and the caller starts again.
 */
async function storeEnd({ http, store, debug }, lease, nonce) {
	const at = store.github.now(http);
	const ended = { ...lease.state, status: { kind: 'ended', at } };
	try {
		for (let parent = lease;;) {
			const swap = await store.swap(http, parent, ended);
			if (swap.kind === 'won')
				break;
			parent = opened(store, swap.head);
			if (!holdsLease(parent.state, nonce))
				return undefined;
		}
	}
	catch (error) {
		if (!(error instanceof failure.Failure))
			throw error;
		debug(`The end of the login could not be written down: ${error.message}`);
	}
	throw loginEnded(lease.state.orgId, at);
}
function holdsLease({ status }, nonce) {
	return status.kind === 'lease' && status.nonce === nonce;
}
async function pause(http, ms, tooLate) {
	if (ms >= http.remainingMs())
		throw tooLate;
	await http.clock.sleep(ms);
}

;// CONCATENATED MODULE: ./lib/credentials/stored-balance.js

/**
 * Reads the balance with an access token of the stored login, renewed where it must be. A 401 to a stored token is not
 * the end: somebody may have replaced it. Throws a Failure only where the repository of the state is not to be seen; every
 * other one is the `balance`.
 */
async function readStoredBalance(location, http, apiUrl, { mask, debug, expectedOrgId }) {
	const store = await openStore(http, location, mask);
	const oauth = new OAuth(location.platformUrl, mask);
	const { name: repository, runId: id, runAttempt: attempt } = location.repository;
	const { origin } = new URL(location.platformUrl);
	const approve = ({ orgId, platform }) => {
		if (platform !== origin)
			throw otherPlatform(platform, origin);
		if (expectedOrgId !== undefined && orgId !== expectedOrgId) {
			throw (0,failure.otherThanExpected)('The stored login', orgId, expectedOrgId);
		}
	};
	const options = {
		http,
		store,
		oauth,
		interrupts: PROCESS_INTERRUPTS,
		run: { repository, id, attempt },
		debug,
		approve,
	};
	const rejected = new Set();
	let login;
	for (;;) {
		try {
			const { accessToken, state, isFresh } = await obtainAccess(options, rejected);
			login = {
				orgId: state.orgId,
				endsAt: state.authorizationExpiresAt,
				now: store.github.now(http),
				powers: judgeScopes(state.scopes).powers,
			};
			if (http.remainingMs() < lib_http.MIN_ATTEMPT_MS)
				throw noTimeForBalance();
			const balance = await (0,lib_balance.fetchBalance)(http, apiUrl, accessToken).catch((error) => {
				if (!(error instanceof lib_balance.TokenRejected))
					throw error;
				if (isFresh)
					throw freshTokenRejected(error.detail);
				debug('Parallel does not accept the stored access token: looking for a newer one.');
				rejected.add(accessToken);
			});
			if (balance === undefined)
				continue;
			if (balance.orgId !== state.orgId)
				throw otherOrganization(state.orgId, balance.orgId);
			return { balance, login };
		}
		catch (error) {
			if (!(error instanceof failure.Failure))
				throw error;
			return { balance: error, login };
		}
	}
}

;// CONCATENATED MODULE: ./lib/credentials/index.js
// Everything that only a stored login needs, as one chunk of the bundle.

})

};
;