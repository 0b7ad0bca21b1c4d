import { readFileSync } from 'node:fs';
import { fieldsOf } from '../foreign.ts';

/**
 * Whether only people of the run's repository can read its log, by the event payload (`GITHUB_EVENT_PATH`); undefined
 * where that does not say. An internal repository is read by the whole enterprise.
 */
export function readIsPrivate(eventPath: string | undefined): boolean | undefined {
  try {
    return isPrivateRepository(fieldsOf(JSON.parse(readFileSync(eventPath ?? '', 'utf8')))['repository']);
  } catch {
    return undefined;
  }
}

/** The same by GitHub's description of the repository. */
export function isPrivateRepository(repository: unknown): boolean | undefined {
  const { visibility, private: isPrivate } = fieldsOf(repository);
  if (typeof visibility === 'string') return visibility === 'private';
  return typeof isPrivate === 'boolean' ? isPrivate : undefined;
}
