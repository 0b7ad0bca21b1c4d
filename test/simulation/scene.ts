import { type Asked, Faults, type Kind, kindOf, type Rule } from '../support/faults.ts';
import { loadProtocol } from './protocol.ts';
import { Login, Run, type RunPlan } from './runs.ts';
import { type Fate, GOOD, World } from './world.ts';

const protocol = await loadProtocol();

/** When the access token of the first login is about to expire. */
export const EXPIRED = 560_000;

/** What goes wrong for one actor: the vocabulary of the servers, and what only the network between can do. */
export interface SceneRule extends Rule, Partial<Fate> {
  readonly who: string;
  /** Killed when it has sent the request. */
  readonly dies?: boolean;
  /** What happens in the world in the moment the request is sent. */
  readonly meets?: () => void;
}

/** A world with a login that needs renewal, and the rules by which requests go wrong. `random` is the code's jitter. */
export async function scene(rules: readonly SceneRule[] = [], { random }: { random?: () => number } = {}) {
  const world = new World(1);
  if (random) world.random = random;
  new Login(world, protocol, 'first login', undefined, 0);
  await world.drain();
  world.isCalm = false;
  const faults = new Map<string, Faults<Kind, SceneRule>>();
  const add = (...more: readonly SceneRule[]) => {
    for (const rule of more) {
      const own = faults.get(rule.who) ?? new Faults<Kind, SceneRule>(world.decided);
      faults.set(rule.who, own);
      own.add(rule);
    }
  };
  add(...rules);
  const sent: { readonly who: string; readonly kind: Kind | undefined; readonly at: number }[] = [];
  world.decide = (actor, { method, url, body = '' }) => {
    const asked: Asked = { method, path: new URL(url).pathname, body };
    sent.push({ who: actor.name, kind: kindOf(asked), at: world.now });
    const rule = faults.get(actor.name)?.strike(asked);
    if (rule?.dies) actor.diedAt = world.now;
    rule?.meets?.();
    return { ...GOOD, ...rule };
  };
  const at = <T>(ms: number, make: () => T): T[] => {
    const made: T[] = [];
    world.after(ms - world.now, () => made.push(make()));
    return made;
  };
  const run = (name: string, ms: number, plan: Partial<RunPlan> = {}) => {
    const made = at(ms, () => new Run(world, protocol, name, { timeoutMs: 60_000, ...plan }));
    return {
      outcome: () => made[0]?.outcome,
      token: () => (made[0]?.outcome as { token?: string } | undefined)?.token,
    };
  };
  const login = (name: string, ms: number) => {
    const made = at(ms, () => new Login(world, protocol, name, undefined, 0));
    return () => made[0]?.outcome;
  };
  /** The newest state, and how often the ref has moved since the first login. */
  const head = () => ({ ...world.describeHead(), moves: world.github.history.length - 2 });
  /** When somebody sent requests of this kind, in milliseconds since `EXPIRED`. */
  const times = (who: string, kind: Kind) =>
    sent.filter((each) => each.who === who && each.kind === kind).map((each) => each.at - EXPIRED);
  return { world, add, run, login, head, times };
}
