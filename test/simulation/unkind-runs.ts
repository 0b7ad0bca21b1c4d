import { KEY_BYTES, REF, REPOSITORY, REPOSITORY_ID } from '../support/fixtures.ts';
import { makeStore, type Protocol } from './protocol.ts';
import { Process } from './runs.ts';
import type { World } from './world.ts';

// A whole gate and a whole login, where runs.ts has what they do with a token only.

export const URLS = {
  github: 'https://api.github.test',
  platform: 'https://platform.test',
  api: 'https://api.test/account',
};

/** A gate as it is, from the state on the ref to the balance. */
export class Gate extends Process {
  outcome: { readonly word: string; readonly message: string; readonly nextStep: string } | undefined;
  readonly startedAt: number;

  constructor(world: World, protocol: Protocol, name: string) {
    super(world, name);
    this.startedAt = world.now;
    void this.#live(protocol).catch((error) => this.fail(error));
  }

  async #live({ http: { Http }, balance: { readStoredBalance } }: Protocol): Promise<void> {
    const { clock, send } = this;
    const location = {
      key: KEY_BYTES,
      ref: REF,
      githubToken: 't',
      platformUrl: URLS.platform,
      repository: { apiUrl: URLS.github, name: REPOSITORY, id: REPOSITORY_ID, runId: '7', runAttempt: '1' },
      shared: undefined,
    };
    const http = new Http(60_000, { clock, send });
    const { balance } = await readStoredBalance(location, http, URLS.api, { mask: () => {}, debug: () => {} });
    const { message = '', nextStep = '' } = balance instanceof Error ? balance : {};
    this.outcome = { word: balance instanceof Error ? balance.word : 'ok', message, nextStep };
    this.finishedAt = this.world.now;
    this.world.note(this.name, `ends: ${this.outcome.word} ${message}`);
  }
}

/** A login as it is, from the proof that it may write to the end of the chain that it replaces. */
export class WholeLogin extends Process {
  outcome: { readonly word: 'stored' | 'failed'; readonly message: string; readonly nextStep: string } | undefined;
  /** The refresh token that a human has approved. */
  approved: string | undefined;
  readonly startedAt: number;

  constructor(world: World, protocol: Protocol, name: string) {
    super(world, name);
    this.startedAt = world.now;
    void this.#live(protocol).then(
      () => this.#end({ word: 'stored', message: '', nextStep: '' }),
      (error) => {
        if (error?.name !== 'Failure') return this.fail(error);
        this.#end({ word: 'failed', message: error.message, nextStep: error.nextStep });
      },
    );
  }

  #end(outcome: NonNullable<WholeLogin['outcome']>): void {
    this.outcome = outcome;
    this.finishedAt = this.world.now;
    this.world.note(this.name, `ends: ${outcome.word} ${outcome.message}`);
  }

  async #live(protocol: Protocol): Promise<void> {
    const { clock, send } = this;
    const http = new protocol.http.Http(60_000, { clock, send });
    const oauth = new protocol.oauth.OAuth(URLS.platform, () => {});
    const store = makeStore(protocol);
    await store.proveWritable(http);
    const found = await store.read(http);
    await store.github.isPrivate(http);
    const interrupts = { hold: () => ({ received: () => false, release: () => {} }) };
    const starting = http.startAnew(60_000);
    const { grant, clientId } = await protocol.device.authorize({ http: starting, oauth, interrupts, show: () => {} });
    this.approved = grant.refreshToken;
    const state = protocol.state.begin(grant, { clientId, platform: URLS.platform }, store.github.now(http));
    try {
      const replaced = await protocol.replace.replaceLogin(http, store, state, found);
      if (replaced?.state !== undefined) await oauth.revoke(http, replaced.state.refreshToken);
    } catch (error) {
      this.gaveUp = true;
      await oauth.revoke(http, state.refreshToken);
      throw error;
    }
  }
}
