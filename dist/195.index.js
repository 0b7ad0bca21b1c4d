"use strict";
exports.id = 195;
exports.ids = [195];
exports.modules = {

/***/ 608:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readStoredBalance: () => (/* reexport */ readStoredBalance),
  runLogin: () => (/* reexport */ runLogin)
});

// EXTERNAL MODULE: ./lib/node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(206);
// EXTERNAL MODULE: ./lib/failure.js
var failure = __webpack_require__(591);
// EXTERNAL MODULE: ./lib/http.js + 6 modules
var lib_http = __webpack_require__(91);
// EXTERNAL MODULE: ./lib/publish.js + 1 modules
var publish = __webpack_require__(649);
// EXTERNAL MODULE: ./lib/report.js
var report = __webpack_require__(735);
// EXTERNAL MODULE: ./lib/version.js
var version = __webpack_require__(849);
;// CONCATENATED MODULE: ./lib/credentials/failures.js



const unknown = (...words) => new failure/* Failure */.HR('unknown', ...words);
const loginRequired = (...words) => new failure/* Failure */.HR('login-required', ...words);
const error = (...words) => new failure/* Failure */.HR('error', ...words);
const LOG_IN = `Run the login workflow (the one that uses ${version/* REPOSITORY */.B}/login)`;
const LOG_IN_AND_RE_RUN = `${LOG_IN}, then re-run the failed jobs.`;
const LOG_IN_AGAIN = 'Run the login workflow again.';
const CHECK_API_URL = `Check the inputs api-url and platform-url if you set them. ${LOG_IN} if they are right.`;
// The stored login.
const noLogin = (ref) => loginRequired(`There is no stored login: ${ref} does not exist in this repository.`, `${LOG_IN}.`);
const sealedElsewhere = (ref) => loginRequired(`The login in ${ref} is sealed with another key or for another repository.`, `${LOG_IN}, or restore the key that was in use.`);
const loginEnded = (orgId, at) => loginRequired(`The login of ${orgId} has ended: Parallel refused to renew it on ${(0,report/* formatDay */.im)(at)} (invalid_grant).`, LOG_IN_AND_RE_RUN);
const clientUnknown = () => loginRequired('Parallel no longer knows the client that this login was made with (invalid_client).', LOG_IN_AND_RE_RUN);
const freshTokenRejected = (detail) => loginRequired('Parallel answered HTTP 401 to an access token that it had issued moments before.', CHECK_API_URL, detail);
const loggedOut = (ref) => loginRequired(`Somebody deleted ${ref} while this run renewed the login in it: that is a log-out.`, `${LOG_IN}, if it was not meant.`);
const notStored = ({ message: why, detail }) => loginRequired('The login was renewed, but GitHub did not take the renewed login in time.', `The stored login may be spent. ${LOG_IN_AND_RE_RUN}`, [why, detail ?? ''].join(' '));
const otherOrganization = (stored, read) => error(`The stored login is of the organization ${stored}, but the balance belongs to ${read}.`, CHECK_API_URL);
// GitHub, which keeps it.
const mayNotWrite = (detail) => error('The github-token lacks the permission contents: write, without which no renewed login can be kept.', 'Give the job permissions: contents: write; the caller of a reusable workflow must grant it, too.', detail);
const githubTokenRejected = () => error('GitHub answered HTTP 401: the input github-token is not a valid token.', 'Leave the input github-token at its default, the token of the job.');
const notOurRef = (ref) => error(`${ref} holds something that this action did not put there, so it is left alone.`, 'Give the input state-ref the name of a ref that nothing else uses, the same in the gate and in the login.');
const refused = (ref, detail) => error(`GitHub refuses to update ${ref} (HTTP 422).`, 'The debug log (re-run with debug logging) holds its reason; a rule of the repository may forbid it.', detail);
const limited = (waitMs) => unknown(`GitHub's rate limit for this repository leaves no room to keep the login${waitMs === undefined ? '' : ` for another ${Math.ceil(waitMs / 1000)} s`}.`, 'Re-run the failed jobs later, and put the gate in one job that the others need.');
const githubDown = (what) => unknown(`${what}, so the stored login is out of reach.`, 'Re-run the failed jobs once GitHub works again.');
// A renewal.
const leaseHeld = (run, attempt) => unknown(`Run ${run} (attempt ${attempt}) holds the lease for renewing the login and did not finish within timeout-seconds.`, 'Re-run the failed jobs: a lease lapses by itself after 35 s.');
const tooLate = () => unknown('The login must be renewed, but too little of timeout-seconds is left to do it safely.', 'Re-run the failed jobs, or raise timeout-seconds.');
const cancelled = () => unknown('The run was cancelled while it renewed the login.', 'Start a new run.');
const notRenewed = (what) => unknown(`The login could not be renewed: ${what}.`, 'Re-run the failed jobs in a minute; if Parallel works, check the network and proxy of the runner.');
// The login workflow.
const notDispatched = (event) => error(`A login needs a human, so it runs on workflow_dispatch only; this run was started by ${event || 'nothing known'}.`, 'Start the login workflow by hand: Actions → the workflow → Run workflow.');
const notAuthorized = (what) => unknown(`Parallel did not start the login: ${what}.`, LOG_IN_AGAIN);
const accessDenied = () => loginRequired('The login was denied in the browser (access_denied).', 'Run the login workflow again and approve it. Nothing was changed.');
const codeExpired = () => loginRequired('Nobody approved the login before its code expired.', `${LOG_IN_AGAIN} Nothing was changed.`);
const answerLost = (what) => unknown(`The answer to an approved login was lost or incomplete: ${what}.`, `${LOG_IN_AGAIN} Nothing was changed.`);
const wrongOrganization = (got, wanted, isInput) => error(`The login was approved for the organization ${got}, but ${isInput ? 'expected-org-id says' : 'the stored login is of'} ${wanted}.`, `Approve with an account of ${wanted}. To move to another organization on purpose, set expected-org-id to it.`);
const otherLogin = () => unknown('Somebody else logged in at the same moment, and their login is kept.', 'Nothing is to be done, unless the organization of their login is not yours.');
/** A failure of a login that was already approved, with what became of the chain that it began. */
function afterApproval(thrown, isRevoked) {
    if (!(thrown instanceof failure/* Failure */.HR))
        return thrown;
    const fate = isRevoked
        ? 'The login that was just approved was revoked.'
        : 'Parallel did not confirm that the login that was just approved is revoked: end it at https://platform.parallel.ai.';
    return new failure/* Failure */.HR(thrown.word, thrown.message, `${fate} ${thrown.nextStep}`, thrown.detail);
}

;// CONCATENATED MODULE: ./lib/credentials/device.js


/** All that the action ever asks for: enough to read the balance, and nothing else. */
const SCOPE = 'balance:read';
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
            throw notAuthorized(client.what);
        const code = await insist(http, () => oauth.requestDeviceCode(http, client.value, SCOPE));
        if (code.kind === 'denied' && code.error === 'invalid_client')
            continue;
        if (code.kind !== 'granted')
            throw notAuthorized(code.what);
        const authorization = await pollUntilApproved(flow, client.value, code.value);
        if (authorization !== undefined)
            return authorization;
    }
    throw notAuthorized('it does not know the client that it has just registered');
}
/** Polls as RFC 8628, 3.5 says. Undefined where the client is unknown (`invalid_client`). Throws a Failure. */
async function pollUntilApproved({ http, oauth, interrupts, show }, clientId, code) {
    const { now, sleep } = http.clock;
    const expiresAt = now() + Math.min(code.expiresInSeconds * 1000, http.remainingMs());
    let intervalMs = Math.max(code.intervalSeconds * 1000, MIN_INTERVAL_MS);
    let shownAt = Number.NEGATIVE_INFINITY;
    for (;;) {
        if (now() - shownAt >= REPEAT_MS) {
            show(code);
            shownAt = now();
        }
        if (now() + intervalMs >= expiresAt)
            throw codeExpired();
        await sleep(intervalMs);
        // Held back during the poll only: while it waits, a cancelled login ends at once.
        const hold = interrupts.hold();
        const sentAt = now();
        const outcome = await oauth.pollDeviceCode(http, clientId, code.deviceCode);
        if (outcome.kind === 'granted') {
            const { refreshToken, orgId } = outcome.value;
            if (refreshToken !== undefined && orgId !== undefined) {
                return { grant: { ...outcome.value, refreshToken, orgId }, clientId, sentAt, hold };
            }
            if (refreshToken !== undefined)
                await oauth.revoke(http, refreshToken);
        }
        hold.release();
        if (hold.received())
            throw cancelled();
        switch (outcome.kind) {
            case 'granted':
                throw answerLost('it names no organization or refresh token');
            case 'denied':
                switch (outcome.error) {
                    case 'authorization_pending':
                        break;
                    case 'slow_down':
                        intervalMs += 5000;
                        break;
                    case 'access_denied':
                        throw accessDenied();
                    case 'expired_token':
                        throw codeExpired();
                    case 'invalid_client':
                        return undefined;
                    default:
                        throw answerLost(outcome.what);
                }
                break;
            default:
                // RFC 8628 asks for an exponential back-off when connections fail.
                intervalMs = Math.max(intervalMs, Math.min(intervalMs * 2, 60_000));
        }
    }
}
/** Repeats a request while the server has certainly not acted on it and there is time. */
async function insist(http, request) {
    for (let attempt = 1;; attempt++) {
        const outcome = await request();
        if (outcome.kind !== 'unsent' || attempt === lib_http/* MAX_ATTEMPTS */.m)
            return outcome;
        const waitMs = Math.max(outcome.retryAfterMs, (0,lib_http/* backOffMs */.Vv)(http.clock, attempt));
        if (waitMs >= http.remainingMs())
            return outcome;
        await http.clock.sleep(waitMs);
    }
}

;// CONCATENATED MODULE: ./lib/credentials/interrupts.js
/** A runner sends SIGINT, 7.5 s later SIGTERM (on Windows Ctrl+Break, which Node calls SIGBREAK), and 2.5 s later kills. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'];
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

// EXTERNAL MODULE: ./lib/foreign.js
var foreign = __webpack_require__(549);
// EXTERNAL MODULE: ./lib/input-reader.js
var input_reader = __webpack_require__(293);
// EXTERNAL MODULE: ./lib/state-location.js
var state_location = __webpack_require__(118);
;// CONCATENATED MODULE: ./lib/credentials/login-inputs.js



/** The defaults of login/action.yml. */
const LOGIN_DEFAULTS = { ...state_location/* LOCATION_DEFAULTS */.Ve, 'previous-state-key': '', 'expected-org-id': '' };
/** Reads the inputs of the login. Never throws. */
function readLoginInputs(env, mask) {
    const reader = new input_reader/* InputReader */.i_(env, LOGIN_DEFAULTS, mask);
    const key = reader.secret('state-key');
    const previousKey = reader.secret('previous-state-key');
    const location = (0,state_location/* readLocation */.mb)(reader, key);
    const expectedOrgId = reader.text('expected-org-id');
    if (expectedOrgId !== '' && !(0,foreign/* isOrgId */.OI)(expectedOrgId)) {
        reader.problems.push(`expected-org-id is ${(0,input_reader/* quote */.hD)(expectedOrgId)}, but must be an organization id such as org_abc`);
    }
    return {
        location,
        previousKey: previousKey === undefined ? undefined : (0,state_location/* readKey */.YZ)(reader, 'previous-state-key', previousKey),
        expectedOrgId: expectedOrgId || undefined,
        event: env['GITHUB_EVENT_NAME'] ?? '',
        problems: reader.problems,
    };
}

;// CONCATENATED MODULE: ./lib/credentials/login-report.js

/** The outputs of login/action.yml. */
const LOGIN_OUTPUTS = ['org-id', 'org-name', 'authorization-expires-at'];
/** The lines that send a human to the browser; short, because the live log is all there is to see meanwhile. */
function renderCode({ verificationUri, verificationUriComplete, userCode, expiresInSeconds, }) {
    return [
        '',
        'Log in to Parallel to let this repository read the credit (scope balance:read):',
        `  open      ${verificationUriComplete ?? verificationUri}`,
        `  and check that the code is  ${userCode}`,
        `  within ${Math.round(expiresInSeconds / 60)} minutes of the first of these lines. Waiting …`,
    ];
}
/** The report of a login that ended at `at`. */
function renderLogin(result, at) {
    return result.kind === 'failed'
        ? renderFailed(result.failure, at)
        : renderStored(result.state, result.warnings.map((warning) => renderWarning(warning, result.state)), at);
}
function renderStored(state, warnings, at) {
    const endsAt = state.authorizationExpiresAt;
    const end = endsAt === undefined ? 'a day that Parallel did not name' : (0,report/* formatDay */.im)(endsAt);
    const message = `Logged in for the organization ${state.orgId}, until ${end}.`;
    const nextStep = 'Gates in this repository now renew it by themselves, as long as one of them runs every few days.';
    const facts = [
        ['Organization', state.orgId],
        ['Name', state.orgName ?? 'none given'],
        ['Scope', state.scopes.join(' ')],
        ['Login ends', end],
        ['Unused, it ends', (0,report/* formatDay */.im)(state.refreshTokenExpiresAt)],
        ['Stored at', (0,report/* formatTime */.fU)(at)],
    ];
    const annotations = warnings.map((text) => ({ level: 'warn', title: 'Parallel login stored', text }));
    return {
        outputs: {
            'org-id': state.orgId,
            'org-name': state.orgName ?? '',
            'authorization-expires-at': endsAt === undefined ? '' : new Date(endsAt).toISOString(),
        },
        summary: (0,report/* renderSummary */.Br)('✅ Parallel login stored', [message, ...warnings, nextStep], facts),
        annotations,
        log: [message, nextStep],
        debug: undefined,
        fails: false,
    };
}
function renderWarning(warning, { orgId }) {
    switch (warning) {
        case 'unchecked-organization':
            return `This log is public, so a stranger could have approved the login: make sure that ${orgId} is your organization. Set expected-org-id to have that checked.`;
        case 'replaced-not-opened':
            return 'The login that was replaced could not be opened with this key, so it was not revoked. It ends by itself within days; previous-state-key lets a login revoke it.';
        case 'replaced-not-revoked':
            return 'Parallel did not confirm that the replaced login is revoked. It ends by itself within days.';
    }
}
function renderFailed({ message, nextStep, detail }, at) {
    const title = 'Parallel login failed';
    return {
        outputs: Object.fromEntries(LOGIN_OUTPUTS.map((name) => [name, ''])),
        summary: (0,report/* renderSummary */.Br)(`❌ ${title}`, [message, nextStep], [['Tried at', (0,report/* formatTime */.fU)(at)]]),
        annotations: [{ level: 'fail', title, text: `${message} ${nextStep}` }],
        log: [],
        debug: detail,
        fails: true,
    };
}

// EXTERNAL MODULE: ./lib/reply.js
var lib_reply = __webpack_require__(169);
;// CONCATENATED MODULE: ./lib/credentials/oauth.js


/** How long one request to these endpoints may take. */
const EXCHANGE_MS = 15_000;
/** Parallel's OAuth endpoints. Every method is one request, never repeated here. */
class OAuth {
    #base;
    #mask;
    /** `mask` is handed every token and code in the moment it exists. */
    constructor(platformUrl, mask) {
        this.#base = `${platformUrl}/getServiceKeys`;
        this.#mask = mask;
    }
    /** Registers this installation; the client id is no secret. */
    async register(http) {
        const body = JSON.stringify({
            client_name: 'parallel-balance-action',
            platform: { system: process.platform, machine: process.arch },
        });
        const reply = await this.#post(http, '/register', 'application/json', body);
        return readOutcome(this.#base, reply, ({ client_id }) => (isToken(client_id) ? client_id : undefined));
    }
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
    /** Spends `refreshToken`: afterwards only the grant that comes back is good for anything. At most 15 s. */
    async refresh(http, clientId, refreshToken) {
        return this.#requestToken(http, {
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
            client_id: clientId,
        });
    }
    /** Ends the chain of `refreshToken`. Resolves to whether the server confirmed it. */
    async revoke(http, refreshToken) {
        const reply = await this.#postForm(http, '/token/revoke', { refresh_token: refreshToken });
        return reply.kind === 'reply' && reply.status >= 200 && reply.status < 300;
    }
    async #requestToken(http, form) {
        const reply = await this.#postForm(http, '/token', form);
        return readOutcome(this.#base, reply, (body) => this.#readGrant(body));
    }
    #postForm(http, path, form) {
        return this.#post(http, path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString());
    }
    #post(http, path, contentType, body) {
        const headers = { 'content-type': contentType };
        return http.once({ method: 'POST', url: this.#base + path, headers, body }, EXCHANGE_MS);
    }
    /** Lenient in all but the access token: a refresh token that came with an odd field must not be lost for it. */
    #readGrant(body) {
        const { access_token, refresh_token, org_id, org_name, scope } = body;
        if (!isToken(access_token))
            return undefined;
        this.#mask(access_token);
        const refreshToken = refresh_token ?? undefined;
        // It travels in a form, so it may hold anything; but one that is no text is an answer that nobody understands.
        if (refreshToken !== undefined && (typeof refreshToken !== 'string' || refreshToken === ''))
            return undefined;
        if (refreshToken !== undefined)
            this.#mask(refreshToken);
        return {
            accessToken: access_token,
            accessTokenSeconds: readSeconds(body['expires_in']),
            refreshToken,
            refreshTokenSeconds: readSeconds(body['refresh_token_expires_in']),
            authorizationSeconds: readSeconds(body['authorization_expires_in']),
            orgId: (0,foreign/* isOrgId */.OI)(org_id) ? org_id : undefined,
            orgName: typeof org_name === 'string' ? readName(org_name) : undefined,
            scopes: typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : undefined,
        };
    }
    #readDeviceCode(body) {
        const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = body;
        if (!isToken(device_code))
            return undefined;
        this.#mask(device_code);
        const uri = readLink(verification_uri);
        if (uri === undefined || typeof user_code !== 'string' || !/^[\w-]{4,64}$/.test(user_code))
            return undefined;
        return {
            deviceCode: device_code,
            userCode: user_code,
            verificationUri: uri,
            verificationUriComplete: readLink(verification_uri_complete),
            expiresInSeconds: readSeconds(expires_in) ?? 600,
            intervalSeconds: readSeconds(interval) ?? 5,
        };
    }
}
/** Sorts a reply by what it says of the server: whether it granted, refused, did not act, or may have acted unseen. */
function readOutcome(url, reply, read) {
    const { host } = new URL(url);
    if (reply.kind !== 'reply') {
        const what = `${host} ${reply.what}`;
        if (reply.kind === 'unsent')
            return { kind: 'unsent', what, retryAfterMs: 0 };
        return { kind: reply.kind, what };
    }
    const { status, headers, json } = reply;
    const what = `${host} answered HTTP ${status}`;
    if (status === 429)
        return { kind: 'unsent', what, retryAfterMs: (0,lib_reply/* parseRetryAfter */.mu)(headers) ?? 1000 };
    if (typeof json !== 'object' || json === null)
        return { kind: 'lost', what: `${what} without JSON` };
    const fields = (0,foreign/* fieldsOf */.Pf)(json);
    const value = status >= 200 && status < 300 ? read(fields) : undefined;
    if (value !== undefined)
        return { kind: 'granted', value };
    const { error } = fields;
    if ((status === 400 || status === 401) && typeof error === 'string' && /^[a-z_]{1,40}$/.test(error)) {
        return { kind: 'denied', error, what: `${what} (${error})` };
    }
    return { kind: 'lost', what: `${what}, which this action does not understand` };
}
function isToken(value) {
    return typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value);
}
/** Ten years: beyond, a lifetime is no lifetime, and would overflow a date. */
const MAX_SECONDS = 315_360_000;
function readSeconds(value) {
    return typeof value === 'number' && value >= 0 && value <= MAX_SECONDS ? value : undefined;
}
/** A name that a server sent, without what a log, Markdown or a shell would read as more than a name. */
function readName(text) {
    return text
        .replace(/[^\p{L}\p{N},&'()+-]+/gu, ' ')
        .trim()
        .slice(0, 100);
}
/** A link fit to be shown to a human who will open it: https, or http on loopback as in tests. */
function readLink(value) {
    if (typeof value !== 'string' || !URL.canParse(value))
        return undefined;
    const url = new URL(value);
    return (0,foreign/* isSafeOrigin */.MC)(url) && url.hash === '' && url.href.length <= 500 ? url.href : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/github.js



/** GitHub's REST API for one repository: requests, GitHub's own time, its limits, and what a refusal means. */
class GitHub {
    #options;
    #time;
    #requestsLeft = Number.POSITIVE_INFINITY;
    constructor(options) {
        this.#options = options;
    }
    /** How many requests GitHub's limit still allows, as its newest reply said. */
    get requestsLeft() {
        return this.#requestsLeft;
    }
    /** GitHub's time in milliseconds since 1970: the `Date` of its newest reply plus what has passed since. */
    now(http) {
        if (this.#time === undefined)
            throw new Error('asked for the time before the first reply');
        return this.#time.date + (http.clock.now() - this.#time.at);
    }
    /** GETs `path` of the repository. Throws a Failure where GitHub is out of reach. */
    async get(http, path, headers = {}) {
        return this.#note(http, await http.get(this.#url(path), { ...this.#headers(), ...headers }));
    }
    /** One try, whatever comes of it. */
    async write(http, { method, path, body }) {
        const headers = { ...this.#headers(), 'content-type': 'application/json' };
        const reply = await http.once({ method, url: this.#url(path), headers, body: JSON.stringify(body) });
        return reply.kind === 'reply' ? this.#note(http, reply) : reply;
    }
    /** Whether anybody can see the repository and its logs; unknown counts as public. Throws a Failure. */
    async isPublic(http) {
        const { json } = await this.get(http, '');
        return (0,foreign/* fieldsOf */.Pf)(json)['private'] !== true;
    }
    /** Waits before a write is tried again, where that makes sense; else throws the Failure that says why not. */
    async pause(http, reply, ref, stubborn) {
        if (reply.kind !== 'reply')
            return this.sleep(http, reply);
        const askedMs = this.#limitMs(http, reply);
        if (askedMs === undefined && !isWorthRepeating(reply))
            throw this.explain(http, reply, ref);
        if (askedMs !== undefined && !stubborn && askedMs >= http.remainingMs())
            throw limited(askedMs);
        await this.sleep(http, reply, stubborn && askedMs !== undefined ? Math.min(askedMs, 10_000) : askedMs);
    }
    /** Waits before the next try after `reply`. Throws a Failure where the deadline comes first. */
    async sleep(http, reply, ms = 500 + http.clock.random() * 1000) {
        if (ms >= http.remainingMs())
            throw githubDown(this.#describe(reply));
        await http.clock.sleep(ms);
    }
    /** What a reply means that no repetition will change. `ref` is what the request was about. */
    explain(http, reply, ref) {
        const limitMs = this.#limitMs(http, reply);
        if (limitMs !== undefined)
            return limited(limitMs);
        switch (reply.status) {
            case 401:
                return githubTokenRejected();
            case 403:
            case 404:
                return mayNotWrite(readWords(reply));
            case 422:
                return refused(ref, readWords(reply));
            default:
                return githubDown(this.#describe(reply));
        }
    }
    /** How long GitHub's limits ask to wait; undefined where `reply` is not about a limit. */
    #limitMs(http, reply) {
        const { status, headers } = reply;
        const isExhausted = headers['x-ratelimit-remaining'] === '0';
        const isLimit = status === 429 ||
            (status === 403 && (isExhausted || headers['retry-after'] !== undefined || hasWords(reply, /rate limit/i)));
        if (!isLimit)
            return undefined;
        const untilReset = isExhausted ? Number(headers['x-ratelimit-reset']) * 1000 - this.now(http) : Number.NaN;
        return (0,lib_reply/* parseRetryAfter */.mu)(headers) ?? (Number.isNaN(untilReset) ? 60_000 : Math.max(1000, untilReset));
    }
    #note(http, reply) {
        const date = Date.parse(reply.headers.date ?? '');
        if (!Number.isNaN(date))
            this.#time = { date, at: http.clock.now() };
        const left = reply.headers['x-ratelimit-remaining'];
        if (left !== undefined)
            this.#requestsLeft = Number(left);
        return reply;
    }
    #url(path) {
        return `${this.#options.apiUrl}/repos/${this.#options.repository}${path}`;
    }
    #headers() {
        return {
            accept: 'application/vnd.github+json',
            authorization: `Bearer ${this.#options.token}`,
            'x-github-api-version': '2022-11-28',
        };
    }
    #describe(reply) {
        return `${new URL(this.#options.apiUrl).host} ${reply.kind === 'reply' ? `answered HTTP ${reply.status}` : reply.what}`;
    }
}
/** Whether GitHub's own words, the `message` of its JSON, are those. */
function hasWords(reply, words) {
    return reply.kind === 'reply' && words.test(String((0,foreign/* fieldsOf */.Pf)(reply.json)['message']));
}
/** GitHub's own words, for the debug log. */
function readWords({ json }) {
    return (0,foreign/* oneLine */.TN)((0,foreign/* fieldsOf */.Pf)(json)['message']);
}
/** 2xx that is not GitHub's, 5xx, and 422 for a parent that a replica has not seen yet ("Parent SHA does not exist"). */
function isWorthRepeating(reply) {
    const { status } = reply;
    if (status === 422)
        return hasWords(reply, /does not exist/i);
    return status < 300 || status === 408 || status === 409 || status >= 500;
}

// EXTERNAL MODULE: external "node:crypto"
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
            return now < status.until + LEASE_GRACE_MS
                ? { kind: 'wait', run: status.run, attempt: status.attempt }
                : { kind: 'renew' };
        case 'usable': {
            const isGood = status.expiresAt - now > MIN_TOKEN_MS && !rejected.has(status.accessToken);
            return isGood ? { kind: 'use', accessToken: status.accessToken } : { kind: 'renew' };
        }
    }
}
/** The state of a new login, from the grant that the device flow ended in, asked for at `now`. */
function begin(grant, clientId, now) {
    const { accessToken, refreshToken, orgId } = grant;
    const loginId = (0,external_node_crypto_.randomBytes)(16).toString('base64url');
    const bare = { version: 1, loginId, clientId, orgId, orgName: null, scopes: [], refreshToken };
    const status = { kind: 'usable', accessToken, expiresAt: now };
    return renew({ ...bare, refreshTokenExpiresAt: now, authorizationExpiresAt: undefined, status }, grant, now);
}
/** The state after an exchange asked for at `now`. What the answer left out stays as it was. */
function renew(state, grant, now) {
    const until = (seconds) => (seconds === undefined ? undefined : now + seconds * 1000);
    return {
        ...state,
        orgId: grant.orgId ?? state.orgId,
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
/** Reads lag behind writes, by up to about 30 s as reported. A head that has not moved by then will not. */
const MAX_LAG_MS = 35_000;
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
    /** The newest head that GitHub shows, perhaps an old one: reads lag. Undefined where the ref does not exist. */
    async read(http) {
        const headers = this.#known && { 'if-none-match': this.#known.etag };
        const reply = await this.github.get(http, `/git/ref/${this.#shortRef()}`, headers);
        if (reply.status === 404)
            return undefined;
        const { object } = (0,foreign/* fieldsOf */.Pf)(reply.json);
        const sha = reply.status === 304 ? this.#known?.sha : readSha(object);
        if (sha === undefined)
            throw this.github.explain(http, reply, this.ref);
        if (((0,foreign/* fieldsOf */.Pf)(object)['type'] ?? 'commit') !== 'commit')
            throw notOurRef(this.ref);
        if (reply.headers.etag !== undefined)
            this.#known = { etag: reply.headers.etag, sha };
        if (this.#head?.sha !== sha)
            this.#head = await this.#readCommit(http, sha);
        return this.#head;
    }
    /**
     * Puts `state` on top of `parent` (undefined: as the first). Repeats through lost replies and lag until GitHub gives a
     * definite answer or `http` is out of time. Throws a Failure.
     */
    swap(http, parent, state) {
        return this.#swap(http, parent, state, false);
    }
    /**
     * The same for a state that exists nowhere else, with a deadline of its own (`startKeeping`): limits and outages are
     * waited out. Throws a Failure.
     */
    keep(http, parent, state) {
        return this.#swap(http, parent, state, true);
    }
    /** Creates a commit that nothing refers to, which git will forget: proof that the token may write. Throws a Failure. */
    async proveWritable(http) {
        await this.#createCommit(http, 'May this token write?', undefined, false);
    }
    async #swap(http, parent, state, stubborn) {
        const message = seal(JSON.stringify(state), this.#options.key, this.#options.binding);
        const sha = await this.#createCommit(http, message, parent, stubborn);
        for (;;) {
            const reply = await this.#moveRef(http, sha, parent);
            // Only a reply that names our commit is one of GitHub's: a proxy may answer 200 to anything.
            if (reply.kind === 'reply' && readSha((0,foreign/* fieldsOf */.Pf)(reply.json)['object']) === sha) {
                this.#head = { sha, state };
                return { kind: 'won', head: this.#head };
            }
            if (hasWords(reply, /reference does not exist/i))
                throw loggedOut(this.ref);
            // "Object does not exist" is our own commit, not yet seen by the replica that was asked.
            if (reply.kind === 'reply' && reply.status === 422 && !hasWords(reply, /object does not exist/i)) {
                return { kind: 'lost', head: await this.#awaitChange(http, parent, reply, stubborn) };
            }
            await this.github.pause(http, reply, this.ref, stubborn);
        }
    }
    async #readCommit(http, sha) {
        for (;;) {
            const reply = await this.github.get(http, `/git/commits/${sha}`);
            // The ref has just named it, so it exists: this replica has not seen it yet.
            if (reply.status === 404) {
                await this.github.sleep(http, reply);
                continue;
            }
            const { message, tree } = (0,foreign/* fieldsOf */.Pf)(reply.json);
            if (reply.status !== 200 || typeof message !== 'string')
                throw this.github.explain(http, reply, this.ref);
            // A typing error in state-ref must not be able to empty a branch.
            if (readSha(tree) !== EMPTY_TREE)
                throw notOurRef(this.ref);
            return { sha, state: this.#open(message.trim()) };
        }
    }
    #open(message) {
        const { key, previousKey, binding, mask } = this.#options;
        const text = seal_open(message, key, binding) ?? (previousKey && seal_open(message, previousKey, binding));
        const state = text === undefined ? undefined : parseState(text);
        if (state !== undefined)
            mask(state.refreshToken);
        if (state?.status.kind === 'usable')
            mask(state.status.accessToken);
        return state;
    }
    async #createCommit(http, message, parent, stubborn) {
        const body = { message, tree: EMPTY_TREE, parents: parent === undefined ? [] : [parent.sha] };
        for (;;) {
            const reply = await this.github.write(http, { method: 'POST', path: '/git/commits', body });
            const sha = reply.kind === 'reply' && reply.status === 201 ? readSha(reply.json) : undefined;
            if (sha !== undefined)
                return sha;
            // Twice the same unreferenced commit does no harm, so this POST may be repeated.
            await this.github.pause(http, reply, this.ref, stubborn);
        }
    }
    #moveRef(http, sha, parent) {
        const write = parent === undefined
            ? { method: 'POST', path: '/git/refs', body: { ref: this.ref, sha } }
            : { method: 'PATCH', path: `/git/refs/${this.#shortRef()}`, body: { sha, force: false } };
        return this.github.write(http, write);
    }
    /** After a 422: the head that came before ours, once the replicas show it. */
    async #awaitChange(http, parent, reply, stubborn) {
        let unchangedSince = http.clock.now();
        for (;;) {
            try {
                const head = await this.read(http);
                if (head !== undefined && head.sha !== parent?.sha)
                    return head;
                if (http.clock.now() - unchangedSince >= MAX_LAG_MS) {
                    throw head === undefined && parent !== undefined ? loggedOut(this.ref) : refused(this.ref, readWords(reply));
                }
            }
            catch (error) {
                if (!stubborn || !(error instanceof failure/* Failure */.HR) || error.word !== 'unknown')
                    throw error;
                unchangedSince = http.clock.now();
            }
            await this.github.sleep(http, reply);
        }
    }
    /** As GitHub's addresses have it. */
    #shortRef() {
        return this.ref.slice('refs/'.length);
    }
}
/** A deadline for storing what exists nowhere else, whatever is left of the run's own. */
function startKeeping(http) {
    return http.startAnew(120_000, 'storing');
}
/** The store of a login as the inputs describe it. */
function openStore(location, mask, previousKey) {
    const { key, ref, githubToken: token, repository } = location;
    const github = new GitHub({ apiUrl: repository.apiUrl, repository: repository.name, token });
    return new Store({ github, key, previousKey, binding: { repositoryId: repository.id, ref }, mask });
}
function readSha(object) {
    const { sha } = (0,foreign/* fieldsOf */.Pf)(object);
    return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}

;// CONCATENATED MODULE: ./lib/credentials/replace.js


/**
 * Stores the state of a new login in the place of `replaced`, and of whatever its gates have put on top of that meanwhile.
 * `approve` is asked before each write, and may throw. Resolves to the head whose place it took; throws a Failure with
 * nothing stored, also where another login came at the same moment.
 */
async function replaceLogin(http, store, state, replaced, approve = () => { }) {
    for (let parent = replaced;;) {
        approve(parent);
        const swap = await store.keep(http, parent, state);
        let next = swap.head;
        // The reply to an earlier try may have been lost: not whose commit it is decides, but what it says.
        if (swap.kind === 'won' || next.state?.loginId === state.loginId)
            return parent;
        if (next.state?.loginId !== parent?.state?.loginId) {
            // A login that this one was not built on: perhaps on top of this one, whose reply was lost, and which it has then
            // revoked; or an old one, from a read that lags. Once no read can lag that far, it is the newer one: give way.
            await http.clock.sleep(MAX_LAG_MS);
            next = await store.read(http);
            if (next?.state?.loginId === state.loginId)
                return parent;
            if (next !== undefined && next.state?.loginId !== parent?.state?.loginId)
                throw otherLogin();
        }
        parent = next;
    }
}

;// CONCATENATED MODULE: ./lib/credentials/login.js













/** The story of the login: inputs → proof that it can be kept → a human approves → stored → the replaced one revoked. */
async function runLogin() {
    const inputs = readLoginInputs(process.env, core/* setSecret */.Pq);
    const result = await logIn(inputs).catch((error) => ({ kind: 'failed', failure: (0,failure/* failureOf */.g5)(error) }));
    (0,publish/* publish */.m)(renderLogin(result, new Date()), true);
}
async function logIn({ location, previousKey, expectedOrgId, event, problems }) {
    if (problems.length > 0 || location === undefined)
        throw (0,failure/* wrongInputs */.hF)(problems);
    if (event !== 'workflow_dispatch')
        throw notDispatched(event);
    const store = openStore(location, core/* setSecret */.Pq, previousKey);
    const oauth = new OAuth(location.platformUrl, core/* setSecret */.Pq);
    // All that could keep the login from being stored shows before a human is asked.
    const checks = new lib_http/* Http */.lw(60_000, { name: 'the first requests' });
    await store.proveWritable(checks);
    const found = await store.read(checks);
    const isPublic = await store.github.isPublic(checks);
    const show = (code) => renderCode(code).forEach((line) => void (0,core/* info */.pq)(line));
    const http = new lib_http/* Http */.lw(20 * 60_000, { name: 'the login' });
    const authorization = await authorize({ http, oauth, interrupts: PROCESS_INTERRUPTS, show });
    try {
        const { state, replaced } = await storeOrRevoke({ http, store, oauth }, authorization, found, expectedOrgId);
        const warnings = [];
        if (isPublic && expectedOrgId === undefined && replaced?.state === undefined)
            warnings.push('unchecked-organization');
        if (replaced !== undefined)
            warnings.push(...(await endReplaced(http, oauth, replaced.state)));
        return { kind: 'stored', state, warnings };
    }
    finally {
        authorization.hold.release();
    }
}
/** Stores an approved login in the place of `found`, or revokes it: one chain is left, never two. Throws a Failure. */
async function storeOrRevoke({ http, store, oauth }, { grant, clientId, sentAt, hold }, found, expectedOrgId) {
    const state = begin(grant, clientId, store.github.now(http) - (http.clock.now() - sentAt));
    try {
        if (hold.received())
            throw cancelled();
        const replaced = await replaceLogin(startKeeping(http), store, state, found, (parent) => checkOrganization(state.orgId, expectedOrgId, parent?.state?.orgId));
        return { state, replaced };
    }
    catch (error) {
        throw afterApproval(error, await oauth.revoke(startRevoking(http), state.refreshToken));
    }
}
/** Revokes the chain that was replaced, where it could be opened. */
async function endReplaced(http, oauth, replaced) {
    if (replaced === undefined)
        return ['replaced-not-opened'];
    return (await oauth.revoke(startRevoking(http), replaced.refreshToken)) ? [] : ['replaced-not-revoked'];
}
/** Whatever time the login has taken, there is some to revoke what is left over. */
function startRevoking(http) {
    return http.startAnew(15_000, 'revoking');
}
/** In a public log a stranger could approve the login with an account of their own. */
function checkOrganization(got, expected, replaced) {
    const wanted = expected ?? replaced;
    if (wanted !== undefined && got !== wanted) {
        throw wrongOrganization(got, wanted, expected !== undefined);
    }
}

// EXTERNAL MODULE: ./lib/balance.js + 1 modules
var lib_balance = __webpack_require__(4);
;// CONCATENATED MODULE: ./lib/credentials/renewal.js






// How many runs keep one login alive: a run takes a lease (compare-and-swap) before it spends the refresh token, and
// stores what it got before it does anything else. docs/security.md tells the protocol; test/simulation shows that it
// holds.
/** A lease must have this much left when the refresh token is spent: the exchange takes up to 15 s of it. */
const MIN_LEASE_MS = 20_000;
/** And GitHub's limits must leave room to store what comes back. */
const MIN_REQUESTS_LEFT = 20;
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
                options.debug(`Run ${move.run} is renewing the login: waiting for it.`);
                await pause(http, 1000 + http.clock.random() * 500, leaseHeld(move.run, move.attempt));
                break;
            case 'renew': {
                // Runs that wake together should not all reach for the lease at once.
                await pause(http, http.clock.random() * 1500, tooLate());
                const { sha } = head;
                head = await readState(options);
                if (head.sha !== sha)
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
async function readState({ http, store }) {
    const head = await store.read(http);
    if (head === undefined)
        throw noLogin(store.ref);
    return opened(store, head);
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
        status: { kind: 'lease', nonce, until, run: run.id, attempt: run.attempt },
    };
    const swap = await store.swap(http, head, leased);
    // Not whose commit it is decides, but what it says: our own may have landed although its reply was lost.
    const lease = opened(store, swap.head);
    if (!holdsLease(lease.state, nonce))
        return undefined;
    const leaseLeftMs = () => sentAt + LEASE_MS - http.clock.now();
    if (leaseLeftMs() < MIN_LEASE_MS)
        return undefined;
    if (store.github.requestsLeft < MIN_REQUESTS_LEFT)
        throw limited(undefined);
    if (http.remainingMs() < EXCHANGE_MS)
        throw tooLate();
    const interrupts = options.interrupts.hold();
    const canRepeat = (waitMs) => !interrupts.received() && leaseLeftMs() - waitMs >= MIN_LEASE_MS && http.remainingMs() - waitMs >= EXCHANGE_MS;
    const access = await exchangeAndStore(options, lease, nonce, canRepeat).finally(interrupts.release);
    if (interrupts.received())
        throw cancelled();
    return access;
}
/** From the exchange on nothing stops this run before GitHub has the outcome: not the deadline, and no signal. */
async function exchangeAndStore(options, lease, nonce, canRepeat) {
    const exchangedAt = options.store.github.now(options.http);
    const outcome = await exchange(options, lease.state, canRepeat);
    switch (outcome.kind) {
        case 'granted':
            return storeGrant(options, lease, outcome.value, exchangedAt);
        case 'denied':
            if (outcome.error === 'invalid_grant')
                return storeEnd(options, lease, nonce);
            throw outcome.error === 'invalid_client' ? clientUnknown() : notRenewed(outcome.what);
        default:
            // The lease is left to lapse: whoever comes next tries the same refresh token once.
            throw notRenewed(outcome.what);
    }
}
/** Spends the refresh token; once more, at once, only where the server cannot have acted or the connection broke. */
async function exchange({ http, oauth }, { clientId, refreshToken }, canRepeat) {
    const outcome = await oauth.refresh(http, clientId, refreshToken);
    if (outcome.kind !== 'unsent' && outcome.kind !== 'broken')
        return outcome;
    const waitMs = outcome.kind === 'unsent' ? outcome.retryAfterMs : 0;
    if (!canRepeat(waitMs))
        return outcome;
    await http.clock.sleep(waitMs);
    return canRepeat(0) ? oauth.refresh(http, clientId, refreshToken) : outcome;
}
/**
 * Stores a renewed state on the lease, or on whatever has come on top of it while the spent token still stands there.
 * Undefined where another login or a newer state has taken its place: the caller starts again.
 */
async function storeGrant(options, lease, grant, exchangedAt) {
    const { store, oauth } = options;
    const http = startKeeping(options.http);
    const { loginId, refreshToken: spent } = lease.state;
    const renewed = renew(lease.state, grant, exchangedAt);
    const revoke = () => oauth.revoke(http, renewed.refreshToken);
    try {
        for (let parent = lease;;) {
            const swap = await store.keep(http, parent, renewed);
            if (swap.kind === 'won')
                return { accessToken: grant.accessToken, state: renewed, isFresh: true };
            parent = opened(store, swap.head);
            if (parent.state.loginId !== loginId) {
                options.debug('Somebody logged in meanwhile: the login that this run renewed is revoked.');
                await revoke();
                return undefined;
            }
            if (parent.state.refreshToken !== spent)
                return undefined;
        }
    }
    catch (error) {
        if (!(error instanceof failure/* Failure */.HR))
            throw error;
        if (error.word !== 'login-required')
            throw notStored(error);
        // The ref is gone, or sealed by another key: a log-out, and this chain ends with it.
        await revoke();
        throw error;
    }
}
/**
 * Writes down that Parallel ended the login, so that no other run asks again, and throws the Failure that says so.
 * Undefined where the lease is no longer there: somebody has logged in meanwhile, and the caller starts again.
 */
async function storeEnd({ http, store, debug }, lease, nonce) {
    const at = store.github.now(http);
    const ended = { ...lease.state, status: { kind: 'ended', reason: 'invalid_grant', at } };
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
        if (!(error instanceof failure/* Failure */.HR))
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
 * the end: somebody may have replaced it. Throws what is no Failure.
 */
async function readStoredBalance(location, http, apiUrl, { mask, debug }) {
    const store = openStore(location, mask);
    const oauth = new OAuth(location.platformUrl, mask);
    const { runId: id, runAttempt: attempt } = location.repository;
    const options = { http, store, oauth, interrupts: PROCESS_INTERRUPTS, run: { id, attempt }, debug };
    const rejected = new Set();
    let login;
    for (;;) {
        try {
            const { accessToken, state, isFresh } = await obtainAccess(options, rejected);
            login = { orgId: state.orgId, endsAt: state.authorizationExpiresAt, now: store.github.now(http) };
            const balance = await (0,lib_balance/* fetchBalance */.vL)(http, apiUrl, accessToken).catch((error) => {
                if (!(error instanceof lib_balance/* TokenRejected */.Om))
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
            if (!(error instanceof failure/* Failure */.HR))
                throw error;
            return { balance: error, login };
        }
    }
}

;// CONCATENATED MODULE: ./lib/credentials/index.js
// Everything that only a stored login needs, as one chunk of the bundle.




/***/ })

};
;