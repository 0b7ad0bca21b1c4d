import type { OddAnswer } from '../support/odd-answers.ts';
import type { Said } from './unkind.ts';
import type { Gate, WholeLogin } from './unkind-runs.ts';
import { EPOCH, type World } from './world.ts';

// What must hold however oddly the servers answered, and which words allow which advice.

/** The store may give up only once it has lasted. */
const STORE_MS = 105_000;

/** Judges a gate, and the one that comes after it in a kind world; tells how it ended. */
export function judgeGate(world: World, gate: Gate, next: Gate, said: Said): string {
  const { outcome, storingSince, startedAt, finishedAt = Infinity } = gate;
  if (outcome === undefined) throw world.violate('c: the gate hangs');
  const tookMs = finishedAt - startedAt;
  if (tookMs > 60_000 + (storingSince === undefined ? 0 : 150_000) + 1) world.violate(`c: the gate took ${tookMs} ms`);
  judgeAdvice(world, outcome, said);

  const { state, by } = world.github.head;
  const hasLasted = hasOutlasted(world, gate, outcome.message);
  if (storingSince !== undefined && !hasLasted && by?.name !== 'next') {
    if (state?.status.kind !== 'usable' || by !== gate || !world.isAlive(state))
      world.violate('a: a login whose token was spent is not the stored one');
  }
  if (/could not be renewed/.test(outcome.message) && said.oauth.length === 1 && tookMs < 45_000) {
    const lease = world.github.leaseOf(gate)?.state?.status;
    if (lease?.kind === 'lease' && lease.until - EPOCH - finishedAt >= 10_000)
      world.violate('a: a lost answer is left to the next run, though there was time');
  }
  if (outcome.word === 'ok' && !said.balance.at(-1)?.startsWith('right'))
    world.violate(`d: sufficient, but the balance was ${said.balance.at(-1)}`);
  judgeNext(world, next, hasLasted);
  return storingSince === undefined ? outcome.word : hasLasted ? 'store outlasted' : `stored, ${outcome.word}`;
}

/** Judges a login in the same way. */
export function judgeLogin(world: World, login: WholeLogin, next: Gate, said: Said): string {
  const { outcome, approved } = login;
  if (outcome === undefined) throw world.violate('c: the login hangs');
  judgeAdvice(world, outcome, said);
  const hasLasted = hasOutlasted(world, login, outcome.message);
  if (approved !== undefined && !hasLasted && outcome.word !== 'stored')
    world.violate('a: an approved login is thrown away');
  if (
    outcome.word === 'stored' &&
    world.github.head.state?.refreshToken !== approved &&
    next.storingSince === undefined
  )
    world.violate('a: the login is not the stored one');
  judgeNext(world, next, false);
  return outcome.word === 'stored' ? 'login stored' : hasLasted ? 'login outlasted' : 'login not approved';
}

function hasOutlasted(
  world: World,
  { storingSince, finishedAt = world.now }: Gate | WholeLogin,
  message: string,
): boolean {
  if (!/did not take/.test(message)) return false;
  const ms = finishedAt - (storingSince ?? finishedAt);
  if (ms < STORE_MS) world.violate(`a: the store gives up after ${ms} ms`);
  return true;
}

/** A refresh token is presented once more by the same run, where the first answer was none, and never a third time. */
export function judgeRepeat(world: World, presented: Map<string, OddAnswer[]>, body: string, word: OddAnswer): void {
  const before = presented.get(body) ?? [];
  if (before.length > 1 || before[0]?.startsWith('right'))
    world.violate(`a: a refresh token is presented after ${before}`);
  presented.set(body, [...before, word]);
}

/** The next gate is `ok`, unless the token was presented once more to a server that had taken it, and forgives nothing. */
function judgeNext(world: World, { outcome }: Gate, hasLasted: boolean): void {
  if (outcome?.word === 'ok') return;
  if (world.github.head.sha === undefined && /no stored login/.test(outcome?.message ?? '')) return;
  const isEnded = outcome?.word === 'login-required' && /has ended/.test(outcome.message);
  if (!isEnded || (world.count.killed === 0 && !hasLasted))
    world.violate(`d: the next gate in a kind world is ${outcome?.word}: ${outcome?.message}`);
}

const HTML_403 = ['403 in HTML', '404 in HTML'] as const;
const OTHER_403 = [
  '403 of an IP allow list',
  '403 of SAML',
  '403 of a suspension',
  '403 of an archived repository',
] as const;
const DOWN = ['500', '502 in HTML', 'never', 'cut before it acts', 'cut after it acts'] as const;
const LIMITS = ['403 of a secondary limit', '403 of a primary limit', '429'] as const;
const RACES = [
  '422 that cannot be updated',
  '422 that failed to update',
  '422 that does not exist',
  '422 that is no fast forward',
] as const;
const REDIRECTS = ['301 to elsewhere', '307 to elsewhere', '302 to a portal'] as const;
const ODD_200 = ['200 with {}', '200 in HTML', '200 or 201 with another sha'] as const;

/** What a message may say only if one of these words was heard from that server. Each message is in here once. */
const CAUSES: readonly (readonly [RegExp, keyof Said, readonly OddAnswer[] | 'any'])[] = [
  [/lacks the permission contents: write, without/, 'github', ['403 for a missing permission']],
  [/HTTP 404: the github-token/, 'github', ['404']],
  [/holds no commit yet/, 'github', ['409']],
  [/HTTP 403, and that is not about the permissions/, 'github', OTHER_403],
  [/does not know the input github-token/, 'github', ['401']],
  [/refuses to update the ref/, 'github', RACES],
  [/^api\.github\.test .* which this action does not understand/, 'github', ['400', '405', '409', '410']],
  [/^api\.github\.test .* without JSON: that was not GitHub/, 'github', HTML_403],
  [/^api\.github\.test .*, but not as GitHub does/, 'github', ODD_200],
  [/^api\.github\.test .*, a redirect/, 'github', REDIRECTS],
  [/^GitHub's rate limit/, 'github', LIMITS],
  [/^api\.github\.test answers without the time/, 'github', ['right, without a Date']],
  [/^GitHub still shows a state/, 'github', [...RACES, '200 or 201 with another sha', '404']],
  [/^GitHub did not find/, 'github', ['404']],
  [/so the stored login is out of reach/, 'github', DOWN],
  // Its own, where taking it took too long: it lapses first.
  [/^Run 7 \(attempt 1\) holds the lease/, 'github', 'any'],
  [/too little of timeout-seconds is left to do it safely/, 'github', 'any'],
  [/^The stored login works, but to have it renewed took all/, 'github', 'any'],
  [/^The login could not be renewed/, 'oauth', 'any'],
  [/^The login of org_a has ended/, 'oauth', ['cut after it acts', 'right, without a Date']],
  [/but GitHub did not take the renewed login in time/, 'github', 'any'],
  [/^GitHub did not take the login within two minutes/, 'github', 'any'],
  [/^Parallel did not start the login/, 'oauth', 'any'],
  // The code is used up.
  [/^The answer to an approved login was lost or incomplete/, 'oauth', ['cut after it acts']],
  [/^Parallel answered HTTP 401 to an access token/, 'balance', ['401']],
  [
    /^api\.test answered HTTP 403, but not in the words of the API/,
    'balance',
    ['403 for a missing permission', ...OTHER_403, ...LIMITS],
  ],
  [/^api\.test answered HTTP 404/, 'balance', ['404', '404 in HTML']],
  [/^api\.test answered HTTP \d+ without JSON/, 'balance', ['403 in HTML', '200 in HTML']],
  [/^api\.test answered HTTP \d+, which this action does not know/, 'balance', ['400', '405', '409', '410', ...RACES]],
  [/^api\.test answered HTTP \d+, a redirect/, 'balance', REDIRECTS],
  [/^api\.test (answered HTTP (429|5..)|broke|did not answer)/, 'balance', [...DOWN, '429']],
  [/^Parallel answered HTTP 200, but org_id is not/, 'balance', ['200 with {}', '200 or 201 with another sha']],
];

function judgeAdvice(
  world: World,
  { word, message }: NonNullable<Gate['outcome'] | WholeLogin['outcome']>,
  said: Said,
): void {
  if (word === 'ok' || word === 'stored') return;
  // What was not taken in time is followed by what GitHub said of it.
  for (const part of message.split(/(?<=did not take .* (?:in time|two minutes)\.) /)) {
    const causes = CAUSES.filter(([pattern]) => pattern.test(part));
    if (causes.length !== 1) world.violate(`e: ${causes.length} causes for: ${word} ${part}`);
    for (const [, server, words] of causes) {
      if (words !== 'any' && !words.some((each) => said[server].includes(each)))
        world.violate(`e: nobody said that: ${word} ${part}`);
    }
  }
}
