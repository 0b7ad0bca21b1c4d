import { appendFileSync } from 'node:fs';
import * as core from '@actions/core';
import { type Annotation, type Report, renderSummary } from './report.ts';

/**
 * Emits a report: outputs first, so that later steps have them whatever follows, then the summary, the annotations,
 * the log, and the exit code.
 */
export function publish(report: Report, withSummary: boolean): void {
  const lost = writeOutputs(report.outputs);
  if (report.debug !== undefined) core.debug(report.debug);
  if (withSummary) writeSummary(lost === undefined ? report.summary : `${renderLost(lost)}\n${report.summary}`);
  for (const { level, title, text } of lost === undefined ? report.annotations : [...report.annotations, lost]) {
    const annotate = { fail: core.error, warn: core.warning, notice: core.notice }[level];
    annotate(text, { title });
  }
  for (const line of report.log) core.info(line);
  // index.ts has set the code of a failure; only a report that passes takes it back.
  process.exitCode = report.fails || lost !== undefined ? core.ExitCode.Failure : undefined;
}

/** The annotation of outputs that could not be written: whoever goes by them must not find a step that passed. */
function writeOutputs(outputs: Report['outputs']): Annotation | undefined {
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
    return undefined;
  } catch (error) {
    // For a file that is not there @actions/core has no code.
    const reason = error instanceof Error && 'code' in error ? error.code : 'there is no such file';
    const text =
      `The outputs could not be written to ${process.env['GITHUB_OUTPUT']} (${reason}), which GITHUB_OUTPUT names. ` +
      'Check that nothing removes or replaces this file of the runner, that the user of the step (in a container: of its ' +
      'image) may write to it, and that its disk is not full. Then re-run the failed jobs.';
    return { level: 'fail', title: 'Parallel outputs could not be written', text };
  }
}

function renderLost({ title, text }: Annotation): string {
  return renderSummary(`❌ ${title}`, [text], [['This step', 'fails, whatever is said below']]);
}

/** A summary that cannot be written is no reason to fail a gate, nor worth an annotation. */
function writeSummary(markdown: string): void {
  try {
    appendFileSync(process.env['GITHUB_STEP_SUMMARY'] ?? '', markdown);
  } catch {
    core.info('Warning: the job summary could not be written (GITHUB_STEP_SUMMARY names no file that can be written).');
  }
}
