import { info, setSecret } from '@actions/core';
import { failureOf, wrongInputs } from '../failure.ts';
import { Http } from '../http.ts';
import { type LoginInputs, readLoginInputs } from '../inputs.ts';
import { publish } from '../publish.ts';
import { type Authorization, authorize } from './device.ts';
import * as failures from './failures.ts';
import { PROCESS_INTERRUPTS } from './interrupts.ts';
import { type LoginResult, renderCode, renderLogin } from './login-report.ts';
import { OAuth } from './oauth.ts';
import { replaceLogin } from './replace.ts';
import { begin } from './state.ts';
import { type Head, openStore, type Store } from './store.ts';

/** The story of the login: inputs → proof that it can be kept → a human approves → stored → the replaced one revoked. */
export async function runLogin(): Promise<void> {
  const inputs = readLoginInputs(process.env, setSecret);
  const result = await logIn(inputs).catch((error): LoginResult => ({ failure: failureOf(error) }));
  publish(renderLogin(result, new Date()), true);
}

interface Parts {
  readonly store: Store;
  readonly oauth: OAuth;
  readonly inputs: LoginInputs;
}

async function logIn(inputs: LoginInputs): Promise<LoginResult> {
  if (inputs.problems.length > 0) throw wrongInputs(inputs.problems);
  if (inputs.event !== 'workflow_dispatch') throw failures.notDispatched(inputs.event);
  const parts: Parts = {
    store: openStore(inputs.login, setSecret, inputs.previousKey),
    oauth: new OAuth(inputs.login.platformUrl, setSecret),
    inputs,
  };
  const { store, oauth } = parts;
  // All that could keep the login from being stored shows before a human is asked.
  const checks = new Http(60_000, { name: 'the first requests' });
  await store.proveWritable(checks);
  const replaced = await store.read(checks);
  const isPublic = await store.isPublic(checks);

  const show = (code: Parameters<typeof renderCode>[0]) => renderCode(code).forEach((line) => void info(line));
  const http = new Http(20 * 60_000, { name: 'the login' });
  const authorization = await authorize({ http, oauth, interrupts: PROCESS_INTERRUPTS, show });
  try {
    return await keep(parts, http, authorization, replaced, isPublic);
  } finally {
    authorization.hold.release();
  }
}

/** Stores an approved login and revokes the one it replaces, or revokes the approved one: one chain is left, never two. */
async function keep(
  parts: Parts,
  http: Http,
  authorization: Authorization,
  replaced: Head | undefined,
  isPublic: boolean,
): Promise<LoginResult> {
  const { store, oauth, inputs } = parts;
  const { grant, clientId, sentAt, hold } = authorization;
  const state = begin(grant, clientId, store.now(http) - (http.clock.now() - sentAt));
  let previous: Head | undefined;
  try {
    if (hold.received()) throw failures.cancelled();
    const storing = new Http(120_000, { name: 'storing' });
    previous = await replaceLogin(storing, store, state, replaced, (parent) =>
      checkOrganization(state.orgId, inputs.expectedOrgId, parent?.state?.orgId),
    );
  } catch (error) {
    throw failures.afterApproval(error, await oauth.revoke(startRevoking(), state.refreshToken));
  }
  const warnings: string[] = [];
  if (isPublic && inputs.expectedOrgId === undefined && previous?.state === undefined) {
    warnings.push(
      `This log is public, so a stranger could have approved the login: make sure that ${state.orgId} is your organization. Set expected-org-id to have that checked.`,
    );
  }
  if (previous !== undefined && previous.state === undefined) {
    warnings.push(
      'The login that was replaced could not be opened with this key, so it was not revoked. It ends by itself within days; previous-state-key lets a login revoke it.',
    );
  } else if (previous?.state !== undefined && !(await oauth.revoke(startRevoking(), previous.state.refreshToken))) {
    warnings.push('Parallel did not confirm that the replaced login is revoked. It ends by itself within days.');
  }
  return { state, warnings };
}

/** Whatever time the login has taken, there is some to revoke what is left over. */
function startRevoking(): Http {
  return new Http(15_000, { name: 'revoking' });
}

/** In a public log a stranger could approve the login with an account of their own. */
function checkOrganization(got: string, expected: string | undefined, replaced: string | undefined): void {
  const wanted = expected ?? replaced;
  if (wanted !== undefined && got !== wanted) {
    throw failures.wrongOrganization(got, wanted, expected !== undefined);
  }
}
