import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { loadProtocol, SRC } from './protocol.ts';

// A test of the test: the protocol broken on purpose. A simulation that does not notice shows nothing by passing.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A mutant that survives so many interleavings is not caught. The seed is fixed: this is no lottery. */
const MOST = 6000;

interface Mutant {
  readonly name: string;
  readonly file: string;
  /** What each text, there exactly once, is replaced by. */
  readonly edits: readonly (readonly [string, string])[];
  readonly caughtBy: RegExp;
}

const MUTANTS: Mutant[] = [
  {
    name: 'the lease is taken after the exchange',
    file: 'renewal',
    edits: [
      ['type OpenHead = ', 'const GRANTS = new WeakMap<object, Outcome<Grant>>();\ntype OpenHead = '],
      [
        'const swap = await store.swap(http, head, leased);',
        'GRANTS.set(options, await exchange(options, head.state, () => false));\nconst swap = await store.swap(http, head, leased);',
      ],
      [
        'const outcome = await exchange(options, lease.state, canRepeat);',
        'const outcome = GRANTS.get(options) as Outcome<Grant>;',
      ],
    ],
    caughtBy: /^a: r\d+ was presented by/,
  },
  {
    name: 'a lease is known by the id of its run, which its jobs and attempts share',
    file: 'renewal',
    edits: [['const nonce = randomUUID();', 'const nonce = run.id;']],
    caughtBy: /^a: r\d+ was presented by/,
  },
  {
    name: 'a write counts once a read confirms it, whatever its own reply says',
    file: 'store',
    edits: [
      [
        "if (reply.kind === 'reply' && readSha(fieldsOf(reply.json)['object']) === sha) {",
        "if (reply.kind === 'reply' && readSha(fieldsOf(reply.json)['object']) === sha) {\nconst shown = await this.read(http);\nif (shown !== undefined && shown.sha !== sha) return { kind: 'lost', head: shown };",
      ],
    ],
    caughtBy: /^[acd]: /,
  },
  {
    name: 'a 422 to the store of a renewed state means that it is lost',
    file: 'renewal',
    edits: [['if (parent.state.refreshToken !== spent) return undefined;', 'return undefined;']],
    caughtBy: /^a: r\d+ was presented by/,
  },
  {
    name: 'the lease is dropped when the exchange got no answer',
    file: 'renewal',
    edits: [
      [
        '// The lease is left to lapse: whoever comes next tries the same refresh token once.',
        "await options.store.swap(options.http, lease, { ...lease.state, status: { kind: 'usable', accessToken: 'x', expiresAt: 0 } }).catch(() => {});",
      ],
    ],
    caughtBy: /^a: r\d+ was presented by/,
  },
  {
    name: 'a lease lapses before the exchange that it protects must be over',
    file: 'state',
    edits: [['export const LEASE_GRACE_MS = 5_000;', 'export const LEASE_GRACE_MS = -20_000;']],
    caughtBy: /^a: r\d+ was presented by/,
  },
  {
    name: 'a login is called ended, whatever login has taken its place',
    file: 'renewal',
    edits: [
      ['if (!holdsLease(parent.state, nonce)) return undefined;', 'if (!holdsLease(parent.state, nonce)) break;'],
    ],
    caughtBy: /^c: run \d+ calls a login ended that lives/,
  },
  {
    name: 'a login is written over whatever other login came first',
    file: 'replace',
    edits: [['if (next.state?.loginId !== parent?.state?.loginId) {', 'if (parent === null) {']],
    caughtBy: /^b: /,
  },
];

test.each(MUTANTS)(
  'the simulation notices that $name',
  { timeout: 120_000 },
  async ({ name, file, edits, caughtBy }) => {
    const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
    try {
      cpSync(fileURLToPath(SRC), join(folder, 'src'), { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const path = join(folder, 'src/credentials', `${file}.ts`);
      let text = readFileSync(path, 'utf8');
      for (const [from, to] of edits) {
        expect(text.split(from), from).toHaveLength(2);
        text = text.replace(from, () => to);
      }
      writeFileSync(path, text);
      const { failure, total } = await explore(await loadProtocol(pathToFileURL(join(folder, 'src')).href), MOST, 1);
      // The third line is the invariant that broke; the trace follows.
      const broken = failure?.split('\n')[2] ?? 'nothing';
      expect(broken).toMatch(caughtBy);
      console.log(`${name}: caught after ${total.interleavings + 1} interleavings\n  ${broken}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
