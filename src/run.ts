import { setSecret } from '@actions/core';
import { fetchBalance } from './balance.ts';
import { Failure } from './failure.ts';
import { Http } from './http.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { publish } from './publish.ts';
import { renderReport } from './report.ts';
import { judge, type Verdict, verdictOf } from './verdict.ts';

/** The story of a run: inputs → balance → verdict → report. */
export async function run(): Promise<void> {
  const inputs = readInputs(process.env, setSecret);
  const verdict = await reachVerdict(inputs).catch(verdictOf);
  publish(renderReport(verdict, inputs, new Date()), inputs.summary);
}

async function reachVerdict(inputs: Inputs): Promise<Verdict> {
  if (inputs.problems.length > 0) throw wrongInputs(inputs.problems);
  if (inputs.token === undefined) return { word: 'no-credentials' };
  const http = new Http(inputs.timeoutMs);
  const balance = await fetchBalance(http, inputs.apiUrl, inputs.token);
  return judge(balance, inputs);
}

function wrongInputs(problems: readonly string[]): Failure {
  const nextStep = 'Correct the `with:` block of this step; no request was made.';
  return new Failure('error', `Wrong inputs: ${problems.join('; ')}.`, nextStep);
}
