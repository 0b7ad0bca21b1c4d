import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, GOOD, World } from '../simulation/world.ts';
import type { Fault } from './faults.ts';
import { NOWHERE, REF, REPOSITORY } from './fixtures.ts';
import { TOKEN } from './oauth-provider.ts';
import { ODD_ANSWERS } from './odd-answers.ts';
import type { isReply } from './outcomes.ts';
import { type Servers, startServers } from './stored.ts';

const WORDS = Object.entries<Fault>(ODD_ANSWERS);
const NO_ANSWER = { status: 'no answer' };
/** What an answer of the table comes to, where the table does not say so itself. */
const SPECIAL: Record<string, object> = {
  'cut before it acts': NO_ANSWER,
  'cut after it acts': NO_ANSWER,
  never: NO_ANSWER,
  '200 or 201 with another sha': { body: { object: { sha: NOWHERE } } },
};

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());

/** Makes the server answer once, asks it, and tells what came back and what it has seen of that. */
const SERVERS = {
  async GitHub(fault: Fault) {
    const { faults, requests, url, token } = servers.github;
    faults.add({ on: 'ref', ...fault });
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'test' };
    return { came: await ask(`${url}/repos/${REPOSITORY}/git/${REF.replace('refs', 'ref')}`, { headers }), requests };
  },
  async Parallel(fault: Fault) {
    const { faults, requests, platformUrl } = servers.parallel;
    faults.add({ on: 'refresh', ...fault });
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'c', refresh_token: 'r' });
    return { came: await ask(platformUrl + TOKEN, { method: 'POST', body }), requests };
  },
};

async function ask(url: string, init: RequestInit) {
  try {
    const reply = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(500) });
    const text = await reply.text();
    const isJson = reply.headers.get('content-type')?.includes('json');
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: isJson ? JSON.parse(text) : text };
  } catch {
    return NO_ANSWER;
  }
}

describe.each([
  ['GitHub', 404],
  ['Parallel', 401],
] as const)('the local %s', (name, ownStatus) => {
  test.each(WORDS)('can answer: %s', async (word, fault) => {
    const { came, requests } = await SERVERS[name](fault);
    const own = { status: ownStatus, headers: { date: expect.any(String) } };
    expect(came).toMatchObject(
      SPECIAL[word] ?? (typeof fault.answer === 'object' ? fault.answer : { status: ownStatus }),
    );
    if (word === 'right') expect(came).toMatchObject(own);
    if (word === 'right, without a Date') expect(Object.keys(Object(came).headers)).not.toContain('date');
    if (word === 'cut before it acts' || word === 'never') expect(requests.at(-1)).toMatchObject({ status: 0 });
    if (word === 'cut after it acts') expect(requests.at(-1)).toMatchObject({ status: ownStatus, isAnswered: false });
  });
});

test.each(WORDS)('the simulation can answer: %s', async (word, fault) => {
  const world = new World(1);
  world.decide = () => ({ ...GOOD, ...fault });
  const actor: Actor = { name: 'run', seen: new Set(), lookedAt: 0, denied: new Set(), rejected: new Set() };
  const came: unknown[] = [];
  const url = `https://api.github.test/repos/${REPOSITORY}/git/ref/${REF.slice('refs/'.length)}`;
  world.send(
    actor,
    { method: 'GET', url, headers: { authorization: 'Bearer ghs_x' } },
    10_000,
    (outcome) => came.push(outcome) > 0,
  );
  await world.drain();
  const [outcome] = came as Parameters<typeof isReply>;
  expect(came).toHaveLength(1);
  if (SPECIAL[word] === NO_ANSWER) {
    expect(outcome).toMatchObject({ kind: 'no-answer' });
    expect(world.now).toBe(word === 'never' ? 10_000 : word === 'cut before it acts' ? 40 : 80);
    return;
  }
  const { status = word.startsWith('right') ? 404 : 200, headers = {} } =
    typeof fault.answer === 'object' && 'status' in fault.answer ? fault.answer : {};
  expect(outcome).toMatchObject({ status, headers });
  expect(Object.keys(Object(outcome).headers).includes('date')).toBe(word !== 'right, without a Date');
  const isHtml = word.includes('HTML') || word.includes('portal');
  expect(Object(outcome).json === undefined).toBe(isHtml);
});
