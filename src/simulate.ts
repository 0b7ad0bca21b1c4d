import { Failure } from './failure.ts';
import type { Inputs, Simulated } from './inputs.ts';
import { NOTHING } from './money.ts';
import type { Telling } from './tell.ts';
import { judge, type Verdict, verdictOf } from './verdict.ts';

const NEXT_STEP = 'No request was made: remove the input simulate for a real answer.';

/** The verdict that `simulate` asks for, reached without credentials. None of them lets a job start. */
export function simulateVerdict(word: Simulated, inputs: Inputs): Verdict {
  return { ...reach(word, inputs), simulated: true };
}

function reach(word: Simulated, inputs: Inputs): Verdict {
  switch (word) {
    case 'low':
      return inventLow(inputs);
    case 'unknown':
      return verdictOf(new Failure(word, 'nobody was asked.', ''));
    case 'login-required':
      return verdictOf(new Failure(word, 'The login does not work, or there is none.', ''));
    case 'no-credentials':
      return { word };
    case 'error':
      return verdictOf(new Failure(word, 'An input, a permission or the organization is wrong.', ''));
  }
}

/** A credit of half of the minimum; where that is 0, a cent of debt. */
function inventLow(inputs: Inputs): Verdict {
  const { minCents, expectedOrgId: orgId = 'org_simulated' } = inputs;
  const minimum = minCents === 'none' ? NOTHING : minCents;
  const half = { digits: minimum.digits * 5n, scale: minimum.scale + 1 };
  const credit = half.digits === 0n ? { digits: -1n, scale: 0 } : half;
  const balance = { orgId, credit, pendingDebit: NOTHING, willInvoice: false, readAt: 0 };
  return judge(balance, { ...inputs, minCents: minimum, since: 'none' });
}

/** Says of all that is told that it is simulated. */
export function tellSimulated(telling: Telling): Telling {
  return {
    ...telling,
    title: `${telling.title} (simulated)`,
    message: `Simulated: ${telling.message}`,
    notes: telling.notes?.map((note) => `Simulated: ${note}`) ?? [],
    nextStep: `${telling.nextStep} ${NEXT_STEP}`.trimStart(),
  };
}
