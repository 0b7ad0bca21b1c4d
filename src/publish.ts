import * as core from '@actions/core';
import type { Report } from './report.ts';

/**
 * Emits a report: outputs first, so that later steps have them whatever follows, then the summary, at most one
 * annotation, the log, and the exit code.
 */
export async function publish(report: Report, withSummary: boolean): Promise<void> {
  for (const [name, value] of Object.entries(report.outputs)) core.setOutput(name, value);
  if (report.debug !== undefined) core.debug(report.debug);
  if (withSummary) await writeSummary(report.summary);
  if (report.annotation !== undefined) {
    const { level, title, text } = report.annotation;
    const annotate = { fail: core.error, warn: core.warning, notice: core.notice }[level];
    annotate(text, { title });
  }
  for (const line of report.log) core.info(line);
  if (report.fails) process.exitCode = core.ExitCode.Failure;
}

/** A summary that cannot be written is no reason to fail a gate, nor worth an annotation. */
async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch {
    core.info(
      'Warning: the job summary could not be written (the file of GITHUB_STEP_SUMMARY is missing or read-only).',
    );
  }
}
