import { debug, setSecret } from '@actions/core';
import { fetchBalance } from './balance.ts';
import { wrongInputs } from './failure.ts';
import { Http } from './http.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { publish } from './publish.ts';
import { type Login, renderReport } from './report.ts';
import { judge, type Verdict, verdictOf } from './verdict.ts';

/** The story of the gate: inputs → access token → balance → verdict → report. */
export async function runGate(): Promise<void> {
  const inputs = readInputs(process.env, setSecret);
  let login: Login | undefined;
  const verdict = await reachVerdict(inputs, (known) => {
    login = known;
  }).catch(verdictOf);
  publish(renderReport(verdict, inputs, new Date(), login), inputs.summary);
}

async function reachVerdict(inputs: Inputs, onLogin: (login: Login) => void): Promise<Verdict> {
  const { credentials, problems, apiUrl } = inputs;
  if (problems.length > 0) throw wrongInputs(problems);
  const http = new Http(inputs.timeoutMs);
  switch (credentials.kind) {
    case 'none':
      return { word: 'no-credentials' };
    case 'token':
      return judge(await fetchBalance(http, apiUrl, credentials.token), inputs);
    case 'stored': {
      // A chunk of its own: a run with a token need not load what renews one.
      const { fetchBalanceByLogin } = await import(/* webpackChunkName: "credentials" */ './credentials/index.ts');
      const balance = await fetchBalanceByLogin(credentials, http, apiUrl, { mask: setSecret, debug, onLogin });
      return judge(balance, inputs);
    }
  }
}
