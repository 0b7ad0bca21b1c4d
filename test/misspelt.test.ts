import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readLoginInputs } from '../src/credentials/login-inputs.ts';
import { readInputs } from '../src/inputs.ts';
import { toInputVariables } from './support/run-action.ts';

// An undeclared input is only warned about by the runner: a misspelt minimum would leave the gate open.

const TOKEN = 'aaaa.bbbb.cccc';
const popular = JSON.parse(readFileSync(new URL('fixtures/popular-inputs.json', import.meta.url), 'utf8'));

function gateProblems(env: Record<string, string>, given: Record<string, string> = { token: TOKEN }) {
  return readInputs({ ...toInputVariables(given), ...env }, () => {}).problems;
}

function loginProblems(env: Record<string, string>) {
  return readLoginInputs(env, () => {}).problems.filter((problem) => problem.includes('is no input'));
}

test.each([
  ['min_cents', 'min-cents'],
  ['min-cent', 'min-cents'],
  ['min cents', 'min-cents'],
  ['mincents', 'min-cents'],
  ['minimum-cents', 'min-cents'],
  ['least_cent', 'min-cents'],
  ['minimum', 'min-cents'],
  ['threshold', 'min-cents'],
  ['limit', 'min-cents'],
  ['warn_cents', 'warn-cents'],
  ['warm-cent', 'warn-cents'],
  ['warns-cents', 'warn-cents'],
  ['expected-org', 'expected-org-id'],
  ['expected_org_id', 'expected-org-id'],
  ['expect-org-id', 'expected-org-id'],
  ['deduct_pending', 'deduct-pending'],
  ['deduct-pendings', 'deduct-pending'],
])('%s is taken for %s', (name, meant) => {
  expect(gateProblems(toInputVariables({ [name]: '2000' }))).toEqual([
    `“${name}” is no input of this action: probably ${meant} was meant, which is not set`,
  ]);
});

test('every misspelling is named, also without credentials', () => {
  const env = toInputVariables({ min_cents: '1', mincents: '1', 'expected-org': 'org_abc' });
  expect(gateProblems(env, {})).toHaveLength(3);
});

test('a name that a shell would run is not shown', () => {
  expect(gateProblems({ 'INPUT_$(X)_CENTS': '1' })).toEqual([expect.stringMatching(/^“…x…_cents” is no input/)]);
});

test('a letter that only looks like the right one is one letter too many', () => {
  expect(gateProblems({ 'INPUT_\u041cIN-CENTS': '1' })).toEqual([expect.stringMatching(/^“…in-cents” is no input/)]);
});

describe('is let through', () => {
  test.each([
    ['a name in lower case, which no runner makes', { input_min_cents: '2000' }],
    ['a name in mixed case, as Windows keeps it', { 'INPUT_Min-Cents': '2000' }],
    ['a name without INPUT_', { MIN_CENTS: '2000' }],
    ['a longer name', toInputVariables({ 'min-cents-per-run': '2000', 'request-limit': '3' })],
    ['an empty value, as a wrapper hands on', toInputVariables({ minimum_cents: '', threshold: ' ' })],
    ['the default, as a wrapper hands on', toInputVariables({ minimum_cents: 'none', deduct_pending: 'false' })],
    ['a misspelt credential beside a right one', toInputVariables({ tokens: 'x', state_key: 'x' })],
  ])('%s', (_, env) => {
    expect(gateProblems(env)).toEqual([]);
  });

  test('a stray name beside the input that it looks like', () => {
    const lines = { 'min-cents': '2000', 'warn-cents': '3000' };
    const given = { token: TOKEN, ...lines, 'expected-org-id': 'org_abc', 'deduct-pending': 'true' };
    const env = toInputVariables({
      min_cents: '1',
      limit: '1',
      warn_cents: '1',
      'expected-org': 'x',
      deduct_pending: 'true',
    });
    expect(gateProblems(env, given)).toEqual([]);
  });
});

describe('without credentials', () => {
  test.each([
    ['tokens', 'token'],
    ['toke', 'token'],
    ['state_key', 'state-key'],
    ['statekeys', 'state-key'],
  ])('%s is taken for %s', (name, meant) => {
    expect(gateProblems(toInputVariables({ [name]: 'x' }), {})).toEqual([
      `“${name}” is no input of this action: probably ${meant} was meant, which is not set`,
    ]);
  });

  test.each(['tokenize', 'tkn', 'taken-s', 'api-token', 'state'])('%s is let through', (name) => {
    expect(gateProblems(toInputVariables({ [name]: 'x' }), {})).toEqual([]);
  });

  test('an empty secret under another name is a fork, not a mistake', () => {
    expect(gateProblems(toInputVariables({ state_key: '', tokens: '' }), {})).toEqual([]);
  });
});

test('the login takes a misspelt pin for one', () => {
  for (const name of ['expected-org', 'expected_org_id']) {
    expect(loginProblems(toInputVariables({ [name]: 'org_abc' }))).toEqual([
      `“${name}” is no input of this action: probably expected-org-id was meant, which is not set`,
    ]);
  }
  expect(loginProblems(toInputVariables({ 'expected-org': 'x', 'expected-org-id': 'org_abc' }))).toEqual([]);
  expect(loginProblems(toInputVariables({ min_cents: '1' }))).toEqual([]);
});

describe('the inputs of the most used actions, left behind by a wrapper, are let through', () => {
  const names = (list: string) => list.split(' ').filter((name) => name !== '');

  test('more than fifty actions are looked at', () => {
    expect(Object.keys(popular.actions).length).toBeGreaterThan(50);
    expect(names(Object.values(popular.actions).join(' ')).length).toBeGreaterThan(1000);
  });

  test.each(Object.entries<string>(popular.actions))('%s', (_, list) => {
    for (const name of names(list)) {
      // Its own input of the same name is the runner's to overwrite.
      if (name.toLowerCase() === 'token') continue;
      const env = toInputVariables({ [name]: 'x' });
      expect(gateProblems(env, {}), name).toEqual([]);
      expect(loginProblems(env), name).toEqual([]);
    }
  });
});
