import type { Asked, Fault, HeaderFields, Reply } from './faults.ts';
import { NOWHERE } from './fixtures.ts';

// The words that any server may say to any request, right or odd: for GitHub and Parallel, on loopback and simulated.
// The wording is GitHub's, as reported in public issues; a firewall's and a portal's are of their kind.

const PAGE = '<!doctype html><title>Sign in</title><p>Your network wants to know who you are.</p>';

export const ODD_ANSWERS = {
  right: {},

  '200 with {}': { answer: { body: {} } },
  '200 in HTML': { answer: { body: PAGE } },
  '200 or 201 with another sha': { answer: nameAnotherSha },

  '301 to elsewhere': redirect(301, 'https://elsewhere.example/', { message: 'Moved Permanently' }),
  '307 to elsewhere': redirect(307, 'https://elsewhere.example/', { message: 'Temporary Redirect' }),
  '302 to a portal': redirect(302, 'https://portal.example/login', PAGE),

  '400': say(400, 'Problems parsing JSON'),
  '401': say(401, 'Bad credentials'),
  '403 for a missing permission': say(403, 'Resource not accessible by integration', {
    'x-accepted-github-permissions': 'contents=write',
  }),
  '403 of an IP allow list': say(403, 'The organization has an IP allow list, and this address is not on it.'),
  '403 of SAML': say(403, 'Resource protected by organization SAML enforcement.', {
    'x-github-sso': 'required; url=https://github.com/orgs/acme/sso',
  }),
  '403 of a suspension': say(403, 'This installation has been suspended'),
  '403 of a secondary limit': say(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '2' }),
  '403 of a primary limit': say(403, 'API rate limit exceeded for installation.', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '4000000000',
  }),
  '403 of an archived repository': say(403, 'Repository was archived so is read-only.'),
  '403 in HTML': { answer: { status: 403, body: PAGE } },
  '404': say(404, 'Not Found'),
  '404 in HTML': { answer: { status: 404, body: PAGE } },
  '405': say(405, 'Method Not Allowed'),
  '409': say(409, 'Git Repository is empty.'),
  '410': say(410, 'This API version is no longer supported.'),
  '422 that cannot be updated': say(422, 'Reference cannot be updated'),
  '422 that failed to update': say(422, 'Reference update failed'),
  '422 that does not exist': say(422, 'Reference does not exist'),
  '422 that is no fast forward': say(422, 'Update is not a fast forward'),
  '429': say(429, 'Too Many Requests', { 'retry-after': '1' }),
  '500': say(500, 'Server Error'),
  '502 in HTML': { answer: { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' } },

  'right, without a Date': { acts: true, answer: withoutDate },
  'cut before it acts': { answer: 'cut' },
  'cut after it acts': { acts: true, answer: 'cut' },
  never: { answer: 'never' },
} as const satisfies Record<string, Fault>;

export type OddAnswer = keyof typeof ODD_ANSWERS;

function say(status: number, message: string, headers: HeaderFields = {}): Fault {
  return { answer: { status, headers, body: { message } } };
}

function redirect(status: number, location: string, body: unknown): Fault {
  return { answer: { status, headers: { location }, body } };
}

/** Of a new commit the sha of its parent: to move the ref there would change nothing. */
function nameAnotherSha({ method, body }: Asked): Reply {
  const [, parent] = /"parents":\["([0-9a-f]{40})"/.exec(body) ?? [];
  const sha = parent ?? NOWHERE;
  return { status: method === 'POST' ? 201 : 200, body: { sha, object: { sha, type: 'commit' } } };
}

function withoutDate(_: Asked, own: Reply | undefined): Reply {
  return { ...own, headers: { ...own?.headers, date: undefined } };
}
