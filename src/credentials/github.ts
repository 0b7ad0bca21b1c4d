import type { Failure } from '../failure.ts';
import { fieldsOf, oneLine } from '../foreign.ts';
import type { Http } from '../http.ts';
import { type NoReply, parseRetryAfter, type Reply } from '../reply.ts';
import { githubDown, githubTokenRejected, limited, mayNotWrite, refused } from './failures.ts';

interface GitHubOptions {
  /** `GITHUB_API_URL` */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
}

/** A request that changes something in the repository. */
interface Write {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

/** GitHub's REST API for one repository: requests, GitHub's own time, its limits, and what a refusal means. */
export class GitHub {
  readonly #options: GitHubOptions;
  #time: { readonly date: number; readonly at: number } | undefined;
  #requestsLeft = Number.POSITIVE_INFINITY;

  constructor(options: GitHubOptions) {
    this.#options = options;
  }

  /** How many requests GitHub's limit still allows, as its newest reply said. */
  get requestsLeft(): number {
    return this.#requestsLeft;
  }

  /** GitHub's time in milliseconds since 1970: the `Date` of its newest reply plus what has passed since. */
  now(http: Http): number {
    if (this.#time === undefined) throw new Error('asked for the time before the first reply');
    return this.#time.date + (http.clock.now() - this.#time.at);
  }

  /** GETs `path` of the repository. Throws a Failure where GitHub is out of reach. */
  async get(http: Http, path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#note(http, await http.get(this.#url(path), { ...this.#headers(), ...headers }));
  }

  /** One try, whatever comes of it. */
  async write(http: Http, { method, path, body }: Write): Promise<Reply | NoReply> {
    const headers = { ...this.#headers(), 'content-type': 'application/json' };
    const reply = await http.once({ method, url: this.#url(path), headers, body: JSON.stringify(body) });
    return reply.kind === 'reply' ? this.#note(http, reply) : reply;
  }

  /** Whether anybody can see the repository and its logs; unknown counts as public. Throws a Failure. */
  async isPublic(http: Http): Promise<boolean> {
    const { json } = await this.get(http, '');
    return fieldsOf(json)['private'] !== true;
  }

  /** Waits before a write is tried again, where that makes sense; else throws the Failure that says why not. */
  async pause(http: Http, reply: Reply | NoReply, ref: string, stubborn: boolean): Promise<void> {
    if (reply.kind !== 'reply') return this.sleep(http, reply);
    const askedMs = this.#limitMs(http, reply);
    if (askedMs === undefined && !isWorthRepeating(reply)) throw this.explain(http, reply, ref);
    if (askedMs !== undefined && !stubborn && askedMs >= http.remainingMs()) throw limited(askedMs);
    await this.sleep(http, reply, stubborn && askedMs !== undefined ? Math.min(askedMs, 10_000) : askedMs);
  }

  /** Waits before the next try after `reply`. Throws a Failure where the deadline comes first. */
  async sleep(http: Http, reply: Reply | NoReply, ms = 500 + http.clock.random() * 1000): Promise<void> {
    if (ms >= http.remainingMs()) throw githubDown(this.#describe(reply));
    await http.clock.sleep(ms);
  }

  /** What a reply means that no repetition will change. `ref` is what the request was about. */
  explain(http: Http, reply: Reply, ref: string): Failure {
    const limitMs = this.#limitMs(http, reply);
    if (limitMs !== undefined) return limited(limitMs);
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
  #limitMs(http: Http, reply: Reply): number | undefined {
    const { status, headers } = reply;
    const isExhausted = headers['x-ratelimit-remaining'] === '0';
    const isLimit =
      status === 429 ||
      (status === 403 && (isExhausted || headers['retry-after'] !== undefined || hasWords(reply, /rate limit/i)));
    if (!isLimit) return undefined;
    const untilReset = isExhausted ? Number(headers['x-ratelimit-reset']) * 1000 - this.now(http) : Number.NaN;
    return parseRetryAfter(headers) ?? (Number.isNaN(untilReset) ? 60_000 : Math.max(1000, untilReset));
  }

  #note(http: Http, reply: Reply): Reply {
    const date = Date.parse(reply.headers.date ?? '');
    if (!Number.isNaN(date)) this.#time = { date, at: http.clock.now() };
    const left = reply.headers['x-ratelimit-remaining'];
    if (left !== undefined) this.#requestsLeft = Number(left);
    return reply;
  }

  #url(path: string): string {
    return `${this.#options.apiUrl}/repos/${this.#options.repository}${path}`;
  }

  #headers(): Record<string, string> {
    return {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${this.#options.token}`,
      'x-github-api-version': '2022-11-28',
    };
  }

  #describe(reply: Reply | NoReply): string {
    return `${new URL(this.#options.apiUrl).host} ${reply.kind === 'reply' ? `answered HTTP ${reply.status}` : reply.what}`;
  }
}

/** Whether GitHub's own words, the `message` of its JSON, are those. */
export function hasWords(reply: Reply | NoReply, words: RegExp): boolean {
  return reply.kind === 'reply' && words.test(String(fieldsOf(reply.json)['message']));
}

/** GitHub's own words, for the debug log. */
export function readWords({ json }: Reply): string | undefined {
  return oneLine(fieldsOf(json)['message']);
}

/** 2xx that is not GitHub's, 5xx, and 422 for a parent that a replica has not seen yet ("Parent SHA does not exist"). */
function isWorthRepeating(reply: Reply): boolean {
  const { status } = reply;
  if (status === 422) return hasWords(reply, /does not exist/i);
  return status < 300 || status === 408 || status === 409 || status >= 500;
}
