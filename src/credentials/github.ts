import type { Failure } from '../failure.ts';
import { fieldsOf, hostOf, oneLine } from '../foreign.ts';
import { type Http, MAX_ATTEMPTS } from '../http.ts';
import { isTemporaryStatus, type NoReply, parseRetryAfter, type Reply, readDate } from '../reply.ts';
import * as failures from './github-failures.ts';
import { isPrivateRepository } from './visibility.ts';

interface GitHubOptions {
  /** `GITHUB_API_URL` */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  /** The address of a repository that was renamed has its id. Undefined: another one than the run's, see `identify`. */
  readonly repositoryId: string | undefined;
  readonly token: string;
}

/** A request about the repository; `path` is what follows its address. */
interface RepositoryRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: object;
}

/** GitHub's REST API for one repository: requests, GitHub's own time, its limits, and what a refusal means. */
export class GitHub {
  readonly #options: GitHubOptions;
  /** Where the repository is; another address once it turns out to be renamed. */
  #base: string;
  #time: { readonly date: number; readonly at: number } | undefined;
  #requestsLeft = Number.POSITIVE_INFINITY;

  constructor(options: GitHubOptions) {
    this.#options = options;
    this.#base = `${options.apiUrl}/repos/${options.repository}`;
  }

  /** The name of the repository where it is not the run's. */
  get shared(): string | undefined {
    return this.#options.repositoryId === undefined ? this.#options.repository : undefined;
  }

  /** How many requests GitHub's limit still allows, as its newest reply said. */
  get requestsLeft(): number {
    return this.#requestsLeft;
  }

  /** GitHub's time in milliseconds since 1970: the `Date` of a reply plus what has passed since. Throws a Failure. */
  now(http: Http): number {
    if (this.#time === undefined) throw failures.noTime(this.#host);
    return this.#time.date + (http.clock.now() - this.#time.at);
  }

  /** One request. Of all redirects only GitHub's own is followed, of a renamed repository to its id. */
  async once(http: Http, request: RepositoryRequest): Promise<Reply | NoReply> {
    const reply = this.#note(http, await this.#send(http, request));
    if (reply.kind !== 'reply' || reply.status < 300 || reply.status >= 400) return reply;
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
  async ask<T>(http: Http, request: RepositoryRequest, read: (reply: Reply) => T | undefined): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.once(http, request);
      const value = reply.kind === 'reply' ? read(reply) : undefined;
      if (value !== undefined) return value;
      await this.pause(http, reply, attempt);
    }
  }

  /**
   * Waits after the given attempt (1, 2, …) that ended in `reply`: as long as a limit asks, else 0.5 to 1, 2 and 4 s.
   * Throws the Failure that `reply` means (or `failure`), where there is to be no other attempt or no time for one.
   */
  async pause(http: Http, reply: Reply | NoReply, attempt: number, failure?: Failure): Promise<void> {
    const limitMs = this.limitMs(http, reply);
    const waitMs = limitMs ?? (0.5 + http.clock.random() / 2) * 1000 * 2 ** (attempt - 1);
    const isFinal = reply.kind !== 'reply' && !reply.isTemporary;
    if (isFinal || attempt >= MAX_ATTEMPTS || waitMs >= http.remainingMs()) throw failure ?? this.explain(http, reply);
    await http.clock.sleep(waitMs);
  }

  /** The id of a repository that is not the run's. Throws a Failure. */
  async identify(http: Http): Promise<string> {
    const id = await this.ask(http, { method: 'GET', path: '' }, ({ status, json }) =>
      status === 200 ? fieldsOf(json)['id'] : undefined,
    );
    if (!Number.isSafeInteger(id)) throw failures.oddAnswer(`${this.#host} answered HTTP 200`);
    return String(id);
  }

  /** Whether only its own people can see the repository and its logs; unknown counts as no. Throws a Failure. */
  async isPrivate(http: Http): Promise<boolean> {
    const fields = await this.ask(http, { method: 'GET', path: '' }, ({ status, json }) =>
      status === 200 && json !== undefined ? fieldsOf(json) : undefined,
    );
    return isPrivateRepository(fields) === true;
  }

  /** How long GitHub's limits ask to wait; undefined where `reply` is not about a limit. */
  limitMs(http: Http, reply: Reply | NoReply): number | undefined {
    if (reply.kind !== 'reply') return undefined;
    const { status, headers } = reply;
    const isExhausted = headers['x-ratelimit-remaining'] === '0';
    const isLimit =
      status === 429 ||
      (status === 403 && (isExhausted || headers['retry-after'] !== undefined || hasWords(reply, /rate limit/i)));
    if (!isLimit) return undefined;
    const isTimed = isExhausted && this.#time !== undefined;
    const untilReset = isTimed ? Number(headers['x-ratelimit-reset']) * 1000 - this.now(http) : Number.NaN;
    return parseRetryAfter(headers) ?? (Number.isNaN(untilReset) ? 60_000 : Math.max(1000, untilReset));
  }

  /** What a reply means that no repetition has changed. */
  explain(http: Http, reply: Reply | NoReply): Failure {
    const host = this.#host;
    if (reply.kind !== 'reply') return failures.githubDown(`${host} ${reply.what}`, reply.nextStep);
    const limitMs = this.limitMs(http, reply);
    if (limitMs !== undefined) return failures.limited(limitMs);
    const { status, json } = reply;
    const answered = `${host} answered HTTP ${status}`;
    const words = readWords(reply);
    const { shared } = this;
    if (status === 301 && json !== undefined && shared !== undefined) return failures.moved(shared);
    if (status >= 300 && status < 400) return failures.redirected(answered);
    if (status < 300) return failures.oddAnswer(answered);
    if (isTemporaryStatus(status)) return failures.githubDown(answered);
    if (json === undefined) return failures.notGitHub(answered);
    switch (status) {
      case 401:
        return failures.githubTokenRejected(words, shared);
      case 403:
        return hasWords(reply, /resource not accessible by/i)
          ? failures.mayNotWrite(words, shared)
          : failures.forbidden(words);
      case 404:
        return failures.hidden(words, shared);
      case 409:
        return hasWords(reply, /is empty/i) ? failures.emptyRepository() : failures.notUnderstood(answered, words);
      case 422:
        return failures.refused(words);
      default:
        return failures.notUnderstood(answered, words);
    }
  }

  get #host(): string {
    return hostOf(this.#options.apiUrl);
  }

  #send(http: Http, { method, path, headers, body }: RepositoryRequest): Promise<Reply | NoReply> {
    const all = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${this.#options.token}`,
      'x-github-api-version': '2022-11-28',
      ...headers,
    };
    const url = this.#base + path;
    if (body === undefined) return http.once({ method, url, headers: all });
    return http.once({
      method,
      url,
      headers: { ...all, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Believes only what is GitHub's: a firewall's clock would make a live lease look lapsed. */
  #note(http: Http, reply: Reply | NoReply): Reply | NoReply {
    if (reply.kind !== 'reply' || (reply.json === undefined && reply.status !== 304)) return reply;
    const date = readDate(reply.headers);
    if (date !== undefined) this.#time = { date, at: http.clock.now() };
    const left = reply.headers['x-ratelimit-remaining'];
    if (left !== undefined) this.#requestsLeft = Number(left);
    return reply;
  }
}

/** Whether GitHub's own words, the `message` of its JSON, are those. */
export function hasWords(reply: Reply | NoReply, words: RegExp): boolean {
  return reply.kind === 'reply' && words.test(String(fieldsOf(reply.json)['message']));
}

/** GitHub's own words, for the debug log. */
function readWords({ json }: Reply): string | undefined {
  return oneLine(fieldsOf(json)['message']);
}
