import { appendFileSync } from 'node:fs';
import * as core from '@actions/core';
import type { Report } from './report.ts';

/**
 * Emits a report: outputs first, so that later steps have them whatever follows, then the summary, the annotations,
 * the log, and the exit code.
 */
export function publish(report: Report, withSummary: boolean): void {
  for (const [name, value] of Object.entries(report.outputs)) core.setOutput(name, value);
  if (report.debug !== undefined) core.debug(report.debug);
  if (withSummary) writeSummary(report.summary);
  for (const { level, title, text } of report.annotations) {
    const annotate = { fail: core.error, warn: core.warning, notice: core.notice }[level];
    annotate(text, { title });
  }
  for (const line of report.log) core.info(line);
  // index.ts has set the code of a failure; only a report that passes takes it back.
  process.exitCode = report.fails ? core.ExitCode.Failure : undefined;
}

/** A summary that cannot be written is no reason to fail a gate, nor worth an annotation. */
function writeSummary(markdown: string): void {
  try {
    appendFileSync(process.env['GITHUB_STEP_SUMMARY'] ?? '', markdown);
  } catch {
    core.info('Warning: the job summary could not be written (GITHUB_STEP_SUMMARY names no file that can be written).');
  }
}
