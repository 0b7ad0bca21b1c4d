import { describe, expect, test } from 'vitest';
import { GitHub } from '../../src/credentials/github.ts';
import { Http } from '../../src/http.ts';
import { REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';

const github = new GitHub({
  apiUrl: 'https://api.github.com',
  repository: REPOSITORY,
  repositoryId: REPOSITORY_ID,
  token: 'ghs_x',
});

/** What GitHub's reply means; a text is a page. */
function explain(status: number, said: unknown, headers = {}) {
  const json = typeof said === 'string' && said.startsWith('<') ? undefined : { message: said };
  return github.explain(new Http(1000), { kind: 'reply', status, headers, json });
}

const PAGE = '<html>';
const PERMISSION = /lacks the permission contents: write/;
const OTHER = /HTTP 403, and that is not about the permissions of the job/;
const UNKNOWN = /which this action does not understand/;
const NOT_GITHUB = /without JSON: that was not GitHub's API/;
const DOWN = /so the stored login is out of reach/;

describe("GitHub's answer that no repetition has changed", () => {
  test.each<[number, string, 'error' | 'unknown', RegExp, RegExp]>([
    [400, 'Problems parsing JSON', 'error', UNKNOWN, /newer version/],
    [401, 'Bad credentials', 'error', /does not know the input github-token/, /default/],
    [403, 'Resource not accessible by integration', 'error', PERMISSION, /permissions: contents: write/],
    [403, 'Resource not accessible by personal access token', 'error', PERMISSION, /permissions: contents: write/],
    [403, 'The organization has an IP allow list, and this address is not on it.', 'error', OTHER, /IP allow list/],
    [403, 'Resource protected by organization SAML enforcement.', 'error', OTHER, /SAML/],
    [403, 'This installation has been suspended', 'error', OTHER, /suspended app/],
    [403, 'Repository was archived so is read-only.', 'error', OTHER, /archived/],
    [403, 'You have triggered an abuse detection mechanism.', 'error', OTHER, /debug log/],
    [403, 'API rate limit exceeded for installation.', 'unknown', /rate limit/, /later/],
    [403, PAGE, 'error', NOT_GITHUB, /GITHUB_API_URL/],
    [404, 'Not Found', 'error', /contents: write, or is not for this repository/, /permissions: contents: write/],
    [404, PAGE, 'error', NOT_GITHUB, /GITHUB_API_URL/],
    [405, 'Method Not Allowed', 'error', UNKNOWN, /newer version/],
    [409, 'Conflict', 'error', UNKNOWN, /newer version/],
    [409, 'Git Repository is empty.', 'error', /holds no commit yet/, /first commit/],
    [410, 'This API version is no longer supported.', 'error', UNKNOWN, /newer version/],
    [422, 'Reference cannot be updated', 'error', /refuses to update the ref/, /a rule of the repository/],
    [408, 'Timeout', 'unknown', DOWN, /once GitHub works again/],
    [503, 'Unavailable', 'unknown', DOWN, /once GitHub works again/],
    [503, PAGE, 'unknown', DOWN, /once GitHub works again/],
  ])('is told as what its words say: %d %s', (status, said, word, message, nextStep) => {
    const failure = explain(status, said);
    expect(failure).toMatchObject({ word, message: expect.stringMatching(message) });
    expect(failure.nextStep).toMatch(nextStep);
    if (word === 'error') {
      expect(`${failure.message} ${failure.nextStep}`).not.toMatch(/once GitHub works again|no stored login/);
    }
  });
});

describe('no answer of GitHub', () => {
  const none = { kind: 'never-sent', what: 'was not reached: the proxy answered HTTP 502', isTemporary: true } as const;

  test('is told with what to do about the proxy that stands between', () => {
    expect(github.explain(new Http(1000), { ...none, nextStep: 'Check the proxy.' })).toMatchObject({
      word: 'unknown',
      message: 'api.github.com was not reached: the proxy answered HTTP 502, so the stored login is out of reach.',
      nextStep: 'Check the proxy.',
    });
  });

  test('asks for patience where nothing else is known', () => {
    expect(github.explain(new Http(1000), none).nextStep).toContain(
      'once GitHub works again; if it already does, check',
    );
  });
});
