import { info } from '@actions/core';
import { failureOf, isWrong, wrongInputs } from '../failure.ts';
import { Http } from '../http.ts';
import { publish } from '../publish.ts';
import { mask } from '../secrets.ts';
import { type Authorization, authorize } from './device.ts';
import { PROCESS_INTERRUPTS } from './interrupts.ts';
import * as failures from './login-failures.ts';
import { type LoginInputs, readLoginInputs } from './login-inputs.ts';
import { type LoginResult, type LoginWarning, renderCode, renderLogin, renderUnpinned } from './login-report.ts';
import { type DeviceCode, OAuth } from './oauth.ts';
import { replaceLogin } from './replace.ts';
import { judgeScopes } from './scopes.ts';
import { begin, type State } from './state.ts';
import { type Head, openStore, type Store } from './store.ts';
import { readIsPrivate } from './visibility.ts';

/** The story of the login: inputs → proof that it can be kept → a human approves → stored → the replaced one revoked. */
export async function runLogin(): Promise<void> {
  const inputs = readLoginInputs(process.env, mask);
  const result = await logIn(inputs).catch((error): LoginResult => ({ kind: 'failed', failure: failureOf(error) }));
  publish(renderLogin(result, new Date()), true);
}

async function logIn(inputs: LoginInputs): Promise<LoginResult> {
  const { location, previousKey, expectedOrgId, event, eventPath } = inputs;
  if (isWrong(inputs) || location === undefined) throw wrongInputs(inputs);
  if (event !== 'workflow_dispatch') throw failures.notDispatched(event);
  const oauth = new OAuth(location.platformUrl, mask);
  const platform = new URL(location.platformUrl).origin;
  // All that could keep the login from being stored shows before a human is asked.
  const checks = new Http(60_000);
  const store = await openStore(checks, location, mask, previousKey);
  await store.proveWritable(checks);
  const found = await store.read(checks);
  // Throws where GitHub tells no time, by which the login will be dated.
  store.github.now(checks);
  const isPrivate = readIsPrivate(eventPath) ?? (await isOwnPrivate(store, checks));
  const wantedOrgId = expectedOrgId ?? storedOrgId(found, platform);
  const isOpenToAll = !isPrivate && wantedOrgId === undefined;
  if (isOpenToAll) print(renderUnpinned());

  const http = checks.startAnew(60_000);
  const show = (code: DeviceCode) => print(renderCode(code));
  const authorization = await authorize({ http, oauth, interrupts: PROCESS_INTERRUPTS, show });
  try {
    const state = begin(
      authorization.grant,
      { clientId: authorization.clientId, platform },
      sentAt(store, authorization, http),
    );
    const check = () => {
      if (authorization.hold.received()) throw failures.loginCancelled();
      checkOrganization(state.orgId, wantedOrgId, expectedOrgId !== undefined);
      if (isOpenToAll) throw failures.unpinned(state.orgId);
      checkScopes(state.scopes);
    };
    const replaced = await storeOrRevoke({ http, store, oauth }, state, found, check);
    const { others } = judgeScopes(state.scopes);
    const warnings: LoginWarning[] = others.length === 0 ? [] : [{ kind: 'other-scopes', words: others }];
    if (replaced !== undefined) warnings.push(...(await endReplaced(http, oauth, replaced.state, platform)));
    return { kind: 'stored', state, warnings };
  } finally {
    authorization.hold.release();
  }
}

/** The token of an App is not asked about the repository of the run: then its log counts as public. */
async function isOwnPrivate(store: Store, http: Http): Promise<boolean> {
  return store.github.shared === undefined && (await store.github.isPrivate(http));
}

interface Services {
  readonly http: Http;
  readonly store: Store;
  readonly oauth: OAuth;
}

/** Stores an approved login in the place of `found`, or revokes it: one chain is left, never two. Throws a Failure. */
async function storeOrRevoke(
  { http, store, oauth }: Services,
  state: State,
  found: Head | undefined,
  check: () => void,
): Promise<Head | undefined> {
  try {
    check();
    return await replaceLogin(http, store, state, found);
  } catch (error) {
    throw failures.afterApproval(error, await oauth.revoke(http, state.refreshToken));
  }
}

/** Revokes the chain that was replaced, where it could be opened and is of the same platform. */
async function endReplaced(
  http: Http,
  oauth: OAuth,
  replaced: State | undefined,
  platform: string,
): Promise<LoginWarning[]> {
  if (replaced === undefined) return [{ kind: 'replaced-not-opened' }];
  if (replaced.platform !== platform) return [{ kind: 'replaced-elsewhere', platform: replaced.platform }];
  const isRevoked = await oauth.revoke(http, replaced.refreshToken);
  return isRevoked ? [] : [{ kind: 'replaced-not-revoked' }];
}

/** When the poll that was approved was sent, by GitHub's clock. */
function sentAt(store: Store, authorization: Authorization, http: Http): number {
  return store.github.now(http) - (http.clock.now() - authorization.sentAt);
}

/** The organization of the login that is replaced, if it is to be believed: sealed with the key that is in use. */
function storedOrgId(found: Head | undefined, platform: string): string | undefined {
  const isOurs = found?.isOfPreviousKey !== true && found?.state?.platform === platform;
  return isOurs ? found?.state?.orgId : undefined;
}

function checkOrganization(got: string, wanted: string | undefined, isInput: boolean): void {
  if (wanted !== undefined && got !== wanted) throw failures.wrongOrganization(got, wanted, isInput);
}

function checkScopes(scopes: readonly string[]): void {
  const { lacksRead, powers } = judgeScopes(scopes);
  if (powers.length > 0) throw failures.scopeTooWide(powers);
  if (lacksRead) throw failures.scopeMissing(scopes);
}

function print(lines: readonly string[]): void {
  for (const line of lines) info(line);
}
