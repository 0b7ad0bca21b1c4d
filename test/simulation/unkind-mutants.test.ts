import { test } from 'vitest';
import { type Mutant, mutate } from './mutate.ts';
import { checkUnkind } from './unkind.ts';

// The kindness of before, which took the first odd answer for the truth, and other rules that it tempts to.

/** A mutant that survives so many cases is not caught. */
const MOST = 4000;

const MUTANTS: Mutant[] = [
  {
    name: 'the pause between the tries to store gives up',
    file: 'keep',
    edits: [
      [
        'const limitMs = reply &&',
        "if (reply !== undefined && (reply.kind !== 'reply' || reply.status >= 400)) await store.github.pause(http, reply, tries + 1);\nconst limitMs = reply &&",
      ],
    ],
    caughtBy: /^c: gate throws|^a: /,
  },
  {
    name: 'a 422 to the store means that it is lost',
    file: 'keep',
    edits: [
      [
        'const place = look && find(look, reply, placeOf);',
        "const place = look && (reply.kind === 'reply' && reply.status === 422 ? 'other' : find(look, reply, placeOf));\nif (place === 'other') return { kind: 'other' };",
      ],
    ],
    caughtBy: /^[abe]: /,
  },
  {
    name: 'one 404 after a write that names no ref is a log-out',
    file: 'keep',
    edits: [[': times >= 3 && now - since >= MIN_DOUBT_MS', ': times >= 1']],
    caughtBy: /^[abe]: /,
  },
  {
    name: 'a 404 alone is a log-out',
    file: 'keep',
    edits: [
      [': times >= 3 && now - since >= MIN_DOUBT_MS', ': times >= 1'],
      ['hasWords(reply, /reference does not exist/i) ? placeOf(undefined) : undefined', 'placeOf(undefined)'],
    ],
    caughtBy: /^[abe]: /,
  },
  {
    name: 'any 201 has created the commit',
    file: 'store',
    edits: [
      [
        "return fieldsOf(reply.json)['message'] === message ? readSha(reply.json) : undefined;",
        'return readSha(reply.json);',
      ],
    ],
    caughtBy: /^[ad]: /,
  },
  {
    name: 'a limit is waited out, however long it is',
    file: 'keep',
    edits: [['Math.min(Math.max(limitMs, MIN_LIMIT_MS), MAX_LIMIT_MS)', 'limitMs']],
    caughtBy: /^a: /,
  },
  {
    name: 'a lost answer of the exchange is asked for as often as the lease allows',
    file: 'exchange',
    edits: [
      ["if (outcome.kind === 'no-answer' && mayStart", "while (outcome.kind === 'no-answer' && mayStart"],
      ['const outcome = await', 'let outcome = await'],
      [
        '    return oauth.refresh(http, clientId, refreshToken, REPEAT_MS);',
        '    outcome = await oauth.refresh(http, clientId, refreshToken, REPEAT_MS);',
      ],
    ],
    caughtBy: /^a: a refresh token is presented after/,
  },
  {
    name: 'a lost answer of the exchange is left to the next run',
    file: 'exchange',
    edits: [["outcome.kind === 'no-answer' && mayStart", 'outcome.kind === undefined && mayStart']],
    caughtBy: /^a: a lost answer is left to the next run/,
  },
  {
    name: 'an error of the token endpoint counts at 400 and 401 only',
    file: 'outcome',
    edits: [['if (!isPassing && typeof', 'if ((status === 400 || status === 401) && typeof']],
    caughtBy: /^d: the next gate in a kind world is unknown/,
  },
  {
    name: 'one 404 for the ref means that there is no login',
    file: 'store',
    edits: [['if (misses === MAX_ATTEMPTS)', 'if (misses === 1)']],
    caughtBy: /^e: 0 causes for: login-required There is no stored login/,
  },
  {
    name: 'four looks that ended in a 404 mean that there is no login, whatever came between',
    file: 'store',
    edits: [
      ["misses = look.kind === 'missing' ? misses + 1 : 0;", "misses = look.kind === 'missing' ? misses + 1 : misses;"],
    ],
    caughtBy: /^e: 0 causes for: login-required There is no stored login/,
  },
  {
    name: 'every 403 is a missing permission',
    file: 'github',
    edits: [['return hasWords(reply, /resource not accessible by/i)', 'return status === 403']],
    caughtBy: /^e: nobody said that: \w+ The github-token lacks/,
  },
];

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'odd answers show that %s',
  { timeout: 120_000 },
  (_, mutant) => mutate(mutant, async (protocol) => (await checkUnkind(protocol, MOST, 1)).broken),
);
