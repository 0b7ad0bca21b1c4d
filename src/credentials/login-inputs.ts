import type { Problems } from '../failure.ts';
import { type Environment, InputReader, ORG_ID, readExpectedOrgId } from '../input-reader.ts';
import { type Guarded, refuseMisspelt } from '../misspelt.ts';
import { LOCATION_DEFAULTS, readKey, readLocation, type StateLocation } from '../state-location.ts';

/** The inputs of login/action.yml. */
export interface LoginInputs extends Problems {
  /** Undefined where what is wrong with it is among the problems. */
  readonly location: StateLocation | undefined;
  readonly previousKey: Buffer | undefined;
  /** Undefined: that of the login that is replaced, if there is one. */
  readonly expectedOrgId: string | undefined;
  readonly event: string;
  /** The file of the event's payload; undefined where the runner names none. */
  readonly eventPath: string | undefined;
}

/** The defaults of login/action.yml. */
export const LOGIN_DEFAULTS = { ...LOCATION_DEFAULTS, 'previous-state-key': '', 'expected-org-id': 'none' } as const;

type Name = keyof typeof LOGIN_DEFAULTS;

/** A misspelt one would let any organization be stored. */
const GUARDED: readonly Guarded<Name>[] = [{ name: 'expected-org-id', edits: 2 }];

/** Reads the inputs of the login. Never throws. */
export function readLoginInputs(env: Environment, mask: (secret: string) => void): LoginInputs {
  const reader = new InputReader<Name>(env, LOGIN_DEFAULTS, mask);
  const key = reader.secret('state-key');
  const previousKey = reader.secret('previous-state-key');
  const location = readLocation(reader, key);
  refuseMisspelt(reader, GUARDED);
  reader.refuseEmpty('expected-org-id', ORG_ID);
  return {
    location,
    previousKey: previousKey === undefined ? undefined : readKey(reader, 'previous-state-key', previousKey),
    expectedOrgId: readExpectedOrgId(reader),
    event: env['GITHUB_EVENT_NAME'] ?? '',
    eventPath: env['GITHUB_EVENT_PATH'],
    problems: reader.problems,
    environmentProblems: reader.environmentProblems,
  };
}
