import { info, setSecret } from '@actions/core';
import { failureOf, isWrong, wrongInputs } from '../failure.ts';
import { Http } from '../http.ts';
import { publish } from '../publish.ts';
import { remembering } from '../secrets.ts';
import { type Authorization, authorize } from './device.ts';
import * as failures from './failures.ts';
import { PROCESS_INTERRUPTS } from './interrupts.ts';
import { type LoginInputs, readLoginInputs } from './login-inputs.ts';
import { type LoginResult, type LoginWarning, renderCode, renderLogin } from './login-report.ts';
import { type DeviceCode, OAuth } from './oauth.ts';
import { replaceLogin } from './replace.ts';
import { begin, type State } from './state.ts';
import { type Head, openStore, type Store } from './store.ts';

const mask = remembering(setSecret);

/** The story of the login: inputs → proof that it can be kept → a human approves → stored → the replaced one revoked. */
export async function runLogin(): Promise<void> {
  const inputs = readLoginInputs(process.env, mask);
  const result = await logIn(inputs).catch((error): LoginResult => ({ kind: 'failed', failure: failureOf(error) }));
  publish(renderLogin(result, new Date()), true);
}

async function logIn(inputs: LoginInputs): Promise<LoginResult> {
  const { location, previousKey, expectedOrgId, event } = inputs;
  if (isWrong(inputs) || location === undefined) throw wrongInputs(inputs);
  if (event !== 'workflow_dispatch') throw failures.notDispatched(event);
  const store = openStore(location, mask, previousKey);
  const oauth = new OAuth(location.platformUrl, mask);
  // All that could keep the login from being stored shows before a human is asked.
  const checks = new Http(60_000, { name: 'the first requests' });
  await store.proveWritable(checks);
  const found = await store.read(checks);
  const isPublic = await store.github.isPublic(checks);

  const show = (code: DeviceCode) => renderCode(code).forEach((line) => void info(line));
  const http = checks.startAnew(60_000, 'starting the login');
  const authorization = await authorize({ http, oauth, interrupts: PROCESS_INTERRUPTS, show });
  try {
    const { state, replaced } = await storeOrRevoke({ http, store, oauth }, authorization, found, expectedOrgId);
    const warnings: LoginWarning[] = [];
    if (isPublic && expectedOrgId === undefined && replaced?.state === undefined)
      warnings.push('unchecked-organization');
    if (replaced !== undefined) warnings.push(...(await endReplaced(http, oauth, replaced.state)));
    return { kind: 'stored', state, warnings };
  } finally {
    authorization.hold.release();
  }
}

interface Services {
  readonly http: Http;
  readonly store: Store;
  readonly oauth: OAuth;
}

/** Stores an approved login in the place of `found`, or revokes it: one chain is left, never two. Throws a Failure. */
async function storeOrRevoke(
  { http, store, oauth }: Services,
  { grant, clientId, sentAt, hold }: Authorization,
  found: Head | undefined,
  expectedOrgId: string | undefined,
): Promise<{ state: State; replaced: Head | undefined }> {
  const state = begin(grant, clientId, store.github.now(http) - (http.clock.now() - sentAt));
  try {
    if (hold.received()) throw failures.cancelled();
    checkOrganization(state.orgId, expectedOrgId, found?.state?.orgId);
    return { state, replaced: await replaceLogin(http, store, state, found) };
  } catch (error) {
    throw failures.afterApproval(error, await oauth.revoke(startRevoking(http), state.refreshToken));
  }
}

/** Revokes the chain that was replaced, where it could be opened. */
async function endReplaced(http: Http, oauth: OAuth, replaced: State | undefined): Promise<LoginWarning[]> {
  if (replaced === undefined) return ['replaced-not-opened'];
  return (await oauth.revoke(startRevoking(http), replaced.refreshToken)) ? [] : ['replaced-not-revoked'];
}

/** Whatever time the login has taken, there is some to revoke what is left over. */
function startRevoking(http: Http): Http {
  return http.startAnew(15_000, 'revoking');
}

/** In a public log a stranger could approve the login with an account of their own. */
function checkOrganization(got: string, expected: string | undefined, replaced: string | undefined): void {
  const wanted = expected ?? replaced;
  if (wanted !== undefined && got !== wanted) {
    throw failures.wrongOrganization(got, wanted, expected !== undefined);
  }
}
