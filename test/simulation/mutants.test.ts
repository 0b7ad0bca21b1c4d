import { test } from 'vitest';
import { explore } from './explore.ts';
import { type Mutant, mutate } from './mutate.ts';

// A test of the test: what the interleavings must notice.

/** A mutant that survives so many interleavings is not caught. The seed is fixed: this is no lottery. */
const MOST = 6000;

const MUTANTS: Mutant[] = [
  {
    name: 'the lease is taken after the exchange',
    file: 'renewal',
    edits: [
      ['type OpenHead = ', 'const GRANTS = new WeakMap<object, Outcome<Grant>>();\ntype OpenHead = '],
      [
        'const swap = await store.swap(http, head, leased);',
        'GRANTS.set(options, await exchange(http, options.oauth, head.state, () => false));\nconst swap = await store.swap(http, head, leased);',
      ],
      [
        'const outcome = await exchange(http, oauth, lease.state, mayStart);',
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
    name: 'a lease counts once a read confirms it, whatever its own reply says',
    file: 'store',
    edits: [
      [
        "if (isMovedTo(reply, sha)) return { kind: 'won', head: { sha, state } };",
        "if (isMovedTo(reply, sha)) {\nconst shown = await this.read(http);\nif (shown !== undefined && shown.sha !== sha) return { kind: 'lost', head: shown };\nreturn { kind: 'won', head: { sha, state } };\n}",
      ],
    ],
    caughtBy: /^[acd]: /,
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
    caughtBy: /^e: a lease is dropped/,
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
    edits: [["return head.state === undefined ? 'sealed' : 'other';", "return 'below';"]],
    caughtBy: /^b: /,
  },
  {
    name: 'a renewed state is written over whatever has come on top of its lease',
    file: 'renewal',
    edits: [["if (other !== loginId) return 'other';", "if (other !== loginId) return 'below';"]],
    caughtBy: /^b: /,
  },
];

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
  'the simulation notices that %s',
  { timeout: 120_000 },
  (_, mutant) =>
    mutate(mutant, async (protocol) => {
      const { failure, total } = await explore(protocol, MOST, 1);
      console.log(`${total.interleavings + 1} interleavings`);
      // The third line is the invariant that broke.
      return failure?.split('\n').slice(2).join('\n');
    }),
);
