import { isOrgId } from '../foreign.ts';
import { type Environment, InputReader, quote } from '../input-reader.ts';
import { LOCATION_DEFAULTS, readKey, readLocation, type StateLocation } from '../state-location.ts';

/** The inputs of login/action.yml. */
export interface LoginInputs {
  /** Undefined where what is wrong with it is among the problems. */
  readonly location: StateLocation | undefined;
  readonly previousKey: Buffer | undefined;
  readonly expectedOrgId: string | undefined;
  readonly event: string;
  readonly problems: readonly string[];
}

/** The defaults of login/action.yml. */
export const LOGIN_DEFAULTS = { ...LOCATION_DEFAULTS, 'previous-state-key': '', 'expected-org-id': '' } as const;

/** Reads the inputs of the login. Never throws. */
export function readLoginInputs(env: Environment, mask: (secret: string) => void): LoginInputs {
  const reader = new InputReader<keyof typeof LOGIN_DEFAULTS>(env, LOGIN_DEFAULTS, mask);
  const key = reader.secret('state-key');
  const previousKey = reader.secret('previous-state-key');
  const location = readLocation(reader, key);
  const expectedOrgId = reader.text('expected-org-id');
  if (expectedOrgId !== '' && !isOrgId(expectedOrgId)) {
    reader.problems.push(`expected-org-id is ${quote(expectedOrgId)}, but must be an organization id such as org_abc`);
  }
  return {
    location,
    previousKey: previousKey === undefined ? undefined : readKey(reader, 'previous-state-key', previousKey),
    expectedOrgId: expectedOrgId || undefined,
    event: env['GITHUB_EVENT_NAME'] ?? '',
    problems: reader.problems,
  };
}
