import { Failure } from './failure.ts';
import { type Fields, fieldsOf, hostOf, isOrgId, oneLine } from './foreign.ts';
import type { Http } from './http.ts';
import { digitsOf } from './json.ts';
import { type Cents, NOTHING, parseCents } from './money.ts';
import { type Reply, readDate } from './reply.ts';
import { redact } from './secrets.ts';
import { explainRejected } from './token.ts';

/** The API answered 401: the access token does not work, or no longer. */
export class TokenRejected extends Failure {}

/** The organization's prepaid credit. With `willInvoice` the amounts are always 0 and mean nothing. */
export interface Balance {
  readonly orgId: string;
  readonly credit: Cents;
  readonly pendingDebit: Cents;
  readonly willInvoice: boolean;
  /** Milliseconds since 1970, by the server's clock, or the runner's where its reply has no good `Date`. */
  readonly readAt: number;
}

/** Where the balance is read: `GET /service/v1/balance` of Parallel's Account API. */
export function balanceUrl(apiUrl: string): string {
  return `${apiUrl}/service/v1/balance`;
}

/**
 * Reads the balance (https://docs.parallel.ai/api-reference/account-api). Throws a Failure where there is none to be had.
 */
export async function fetchBalance(http: Http, apiUrl: string, token: string): Promise<Balance> {
  const host = hostOf(apiUrl);
  const reply = await http.get(balanceUrl(apiUrl), { authorization: `Bearer ${token}` });
  const detail = readDetail(reply.json);
  const now = readDate(reply.headers) ?? Date.now();
  switch (reply.status) {
    case 200:
      if (reply.json === undefined) throw notJson(host, reply);
      return parseBalance(reply.json, now);
    case 401: {
      const { why, nextStep } = explainRejected(token, now);
      throw new TokenRejected('login-required', `Parallel answered HTTP 401: ${why}.`, nextStep, detail);
    }
    case 403:
      if (reply.json === undefined) throw notJson(host, reply);
      if (!isRefusal(reply.json)) throw notTheApi(host, reply);
      throw new Failure(
        'login-required',
        `${host} answered HTTP 403: the access token may not read the balance (most likely its scope lacks balance:read).`,
        'Log in again with an account that may see the balance; a token of your own needs the scope balance:read.',
        detail,
      );
    case 404:
      throw new Failure(
        'unknown',
        `${host} answered HTTP 404: the balance is not at this address.`,
        'Check the input api-url: the base URL of the Account API, https://api.parallel.ai/account unless you run a copy.',
        detail,
      );
    default:
      throw new Failure(
        'unknown',
        `${host} answered HTTP ${reply.status}, which this action does not know.`,
        'Check for a newer version of this action; the debug log (re-run with debug logging) may hold the reason.',
        detail,
      );
  }
}

/**
 * Checks the body of a 200. As Parallel's own CLI does, it takes a missing or null pending debit for 0 and a missing or
 * null `will_invoice` for false. Throws a Failure (`unknown`) for anything else the API's document does not allow.
 */
export function parseBalance(body: unknown, readAt: number): Balance {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('the body');
  const fields = fieldsOf(body);
  const orgId = fields['org_id'];
  if (!isOrgId(orgId) || redact(orgId) !== orgId) throw malformed('org_id');
  const willInvoice = fields['will_invoice'] ?? false;
  if (typeof willInvoice !== 'boolean') throw malformed('will_invoice');
  return {
    orgId,
    credit: readCents(fields, 'credit_balance_cents'),
    pendingDebit: (fields[PENDING] ?? null) === null ? NOTHING : readCents(fields, PENDING),
    willInvoice,
    readAt,
  };
}

const PENDING = 'pending_debit_balance_cents';

function readCents(fields: Fields, name: string): Cents {
  try {
    return parseCents(digitsOf(fields, name) ?? '');
  } catch {
    throw malformed(name);
  }
}

function malformed(field: string): Failure {
  return new Failure(
    'unknown',
    `Parallel answered HTTP 200, but ${field} is not of the documented form.`,
    'Check for a newer version of this action: the API may have changed. Until then this balance cannot be read.',
  );
}

function notJson(host: string, { status }: Reply): Failure {
  return new Failure(
    'unknown',
    `${host} answered HTTP ${status} without JSON: a proxy, a firewall or a login page may have answered in its place.`,
    'Check what stands between the runner and the API, and the input api-url if you set it.',
  );
}

/** Gateways and firewalls send JSON, too; what they mean is not known. */
function notTheApi(host: string, { status }: Reply): Failure {
  return new Failure(
    'unknown',
    `${host} answered HTTP ${status}, but not in the words of the API: a gateway or a firewall may have answered in its place.`,
    'Check what stands between the runner and the API, and the input api-url if you set it.',
  );
}

/** Whether `json` is an error of the API's own, in a form of FastAPI: a `detail` that is a text or a list of `{ loc, msg, type }`. */
function isRefusal(json: unknown): boolean {
  const { detail } = fieldsOf(json);
  if (Array.isArray(detail))
    return detail.length > 0 && detail.every((each) => typeof fieldsOf(each)['msg'] === 'string');
  return typeof detail === 'string';
}

/** The `detail` string of a FastAPI error, fit for a debug message. All else that a server sends stays unread. */
export function readDetail(json: unknown): string | undefined {
  return oneLine(fieldsOf(json)['detail']);
}
