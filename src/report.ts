import type { Policy } from './inputs.ts';
import { REPOSITORY } from './version.ts';

/** Everything a run of either action says, as text; publish.ts emits it. */
export interface Report {
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
  readonly debug: string | undefined;
  readonly fails: boolean;
}

export interface Annotation {
  readonly level: Policy;
  readonly title: string;
  readonly text: string;
}

/** What a stored login tells of itself; times in milliseconds since 1970, `now` by GitHub's clock. */
export interface LoginFacts {
  readonly orgId: string;
  /** Undefined where Parallel did not say. */
  readonly endsAt: number | undefined;
  readonly now: number;
  /** Scopes that do more than read; no login asks for any. */
  readonly powers: readonly string[];
}

/** What mends a login, in the words of every message. */
export const LOG_IN = `Run the login workflow (the one that uses ${REPOSITORY}/login)`;

/** A label and its value, as read at one look. */
export type Fact = readonly [label: string, value: string];

/** The job summary, in Markdown: what happened, what to do, and the facts as a table. */
export function renderSummary(heading: string, paragraphs: readonly string[], facts: readonly Fact[]): string {
  const [message = '', ...others] = paragraphs.map(escapeMarkdown);
  const [header, ...rows] = facts.map(([label, value]) => `| ${label} | ${escapeMarkdown(value)} |`);
  // Markdown tables need a header row; the first fact makes a good one.
  const table = [header, '| :-- | :-- |', ...rows].join('\n');
  return `${[`### ${heading}`, `**${message}**`, ...others, table].join('\n\n')}\n`;
}

/** The facts as aligned lines, for the log. */
export function renderLines(facts: readonly Fact[]): string[] {
  return facts.map(([label, value]) => `${`${label}:`.padEnd(17)}${value}`);
}

/** `2026-11-23 02:00:07 UTC` */
export function formatTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2026-11-23` */
export function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Keeps text that a user or a server wrote from being read as Markdown or HTML. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*[\]<>|&]/g, '\\$&');
}
