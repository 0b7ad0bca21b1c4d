import { pathToFileURL } from 'node:url';
import type { Store } from '../../src/credentials/store.ts';
import { BINDING, KEY_BYTES, REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';

// All that the simulation takes from the source stands here. A run gets the world as a `Send` and a `Clock`.

export type { Grant } from '../../src/credentials/oauth.ts';
export { open, seal } from '../../src/credentials/seal.ts';
export type { State, Status } from '../../src/credentials/state.ts';
export type { Head } from '../../src/credentials/store.ts';
export type { Clock } from '../../src/http.ts';
export type { NoReply, Reply as HttpReply, Request } from '../../src/reply.ts';

/** The code under test; a mutant is another one. */
export interface Protocol {
  readonly http: typeof import('../../src/http.ts');
  readonly state: typeof import('../../src/credentials/state.ts');
  readonly oauth: typeof import('../../src/credentials/oauth.ts');
  readonly store: typeof import('../../src/credentials/store.ts');
  readonly github: typeof import('../../src/credentials/github.ts');
  readonly renewal: typeof import('../../src/credentials/renewal.ts');
  readonly replace: typeof import('../../src/credentials/replace.ts');
  readonly device: typeof import('../../src/credentials/device.ts');
  readonly balance: typeof import('../../src/credentials/stored-balance.ts');
}

/** `SRC=/path/to/src` plays another copy of the source, to try a change without making it. */
export const SRC = process.env['SRC']
  ? pathToFileURL(process.env['SRC']).href
  : new URL('../../src', import.meta.url).href;

export async function loadProtocol(src = SRC): Promise<Protocol> {
  const load = (name: string) => import(/* @vite-ignore */ `${src}/${name}.ts`);
  const credentials = ['state', 'oauth', 'store', 'github', 'renewal', 'replace', 'device', 'stored-balance'].map(
    (name) => load(`credentials/${name}`),
  );
  const [http, state, oauth, store, github, renewal, replace, device, balance] = await Promise.all([
    load('http'),
    ...credentials,
  ]);
  return { http, state, oauth, store, github, renewal, replace, device, balance } as Protocol;
}

export function makeStore({ store, github }: Protocol): Store {
  return new store.Store({
    github: new github.GitHub({
      apiUrl: 'https://api.github.test',
      repository: REPOSITORY,
      repositoryId: REPOSITORY_ID,
      token: 't',
    }),
    key: KEY_BYTES,
    binding: BINDING,
    mask: () => {},
  });
}
