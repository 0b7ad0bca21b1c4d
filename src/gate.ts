import { debug } from '@actions/core';
import { balanceUrl, fetchBalance } from './balance.ts';
import type { EarlyConnection } from './early.ts';
import { Failure, isWrong, wrongInputs } from './failure.ts';
import { renderGate } from './gate-report.ts';
import { Http } from './http.ts';
import type { Inputs } from './inputs.ts';
import { publish } from './publish.ts';
import type { LoginFacts } from './report.ts';
import { mask } from './secrets.ts';
import { useEarly } from './send.ts';
import { simulateVerdict } from './simulate.ts';
import { judge, type Verdict, verdictOf } from './verdict.ts';

/** The story of the gate: inputs → access token → balance → verdict → report. */
export async function runGate(inputs: Inputs, early: EarlyConnection | undefined): Promise<void> {
  if (early !== undefined) useEarly(early, balanceUrl(inputs.apiUrl));
  const { verdict, login } = await reachVerdict(inputs)
    .catch((error): Finding => ({ verdict: verdictOf(error) }))
    // Left open, it would keep the process alive.
    .finally(() => early?.socket.destroy());
  publish(renderGate(verdict, inputs, new Date(), login), inputs.summary);
}

/** A verdict, and the stored login that it was reached with, where one is known. */
interface Finding {
  readonly verdict: Verdict;
  readonly login?: LoginFacts | undefined;
}

async function reachVerdict(inputs: Inputs): Promise<Finding> {
  const { credentials, apiUrl, expectedOrgId, simulate } = inputs;
  if (isWrong(inputs) || credentials.kind === 'wrong') throw wrongInputs(inputs);
  if (simulate !== 'none') return { verdict: simulateVerdict(simulate, inputs) };
  const http = new Http(inputs.timeoutMs);
  switch (credentials.kind) {
    case 'none':
      return { verdict: { word: 'no-credentials' } };
    case 'token':
      return { verdict: judge(await fetchBalance(http, apiUrl, credentials.token), inputs) };
    case 'stored': {
      // A chunk of its own: a run with a token need not load what renews one.
      const { readStoredBalance } = await import(/* webpackChunkName: "credentials" */ './credentials/index.ts');
      const { balance, login } = await readStoredBalance(credentials.location, http, apiUrl, {
        mask,
        debug,
        expectedOrgId,
      });
      return { verdict: balance instanceof Failure ? verdictOf(balance) : judge(balance, inputs), login };
    }
  }
}
