import type { Move } from './github.ts';
import type { Presentation } from './parallel.ts';
import { type Actor, EPOCH, type World } from './world.ts';

// The invariants that a server sees. What a run may end with is judged where it ends (runs.ts).

/** The ref has moved: nothing newer is lost, and `ended` stands on the lease of its writer only. */
export function judgeMove(world: World, { state: old, by: holder }: Move, { sha, state, by }: Move): void {
  if (by === undefined) throw new Error('a move of the protocol has an author');
  world.note(
    'ref',
    `${sha?.slice(0, 7)} by ${by.name}: ${state?.loginId.slice(0, 4)} ${state?.refreshToken} ${state?.status.kind}`,
  );
  if (state === undefined) throw world.violate('a state that nobody can open');
  if (old?.status.kind === 'lease' && state.status.kind === 'lease' && old.loginId === state.loginId)
    world.count.takeovers++;
  if (state.status.kind === 'ended') world.count.ended++;
  if (old === undefined || world.isTampered) return;
  const { retired } = world.github;
  if (old.loginId !== state.loginId) {
    retired.add(old.loginId);
    if (retired.has(state.loginId)) world.violate('b: an older login follows a newer one');
  } else if (world.parallel.generation(state) < world.parallel.generation(old)) {
    world.violate('b: an older refresh token follows a newer one');
  }
  const isSameToken = old.loginId === state.loginId && old.refreshToken === state.refreshToken;
  if (old.status.kind === 'lease' && state.status.kind === 'usable' && isSameToken)
    world.violate('e: a lease is dropped, and the exchange under it may yet arrive');
  if (state.status.kind === 'ended') {
    const isMine = old.status.kind === 'lease' && old.loginId === state.loginId && holder === by;
    if (!isMine) world.violate('e: `ended` stands on something that is not the lease of its writer');
    if (!by.denied.has(state.refreshToken)) world.violate('e: `ended`, but the server has not said so to its writer');
  }
}

/** A refresh token was presented twice: only where nobody could know what the first time gave. */
export function judgeReuse(world: World, token: string, first: Presentation, second: Actor, sentAt: number): void {
  if (world.isTampered) return;
  const { by, lostAt = Infinity, lease } = first;
  const { diedAt = Infinity, storingSince = Infinity, finishedAt = Infinity } = by;
  // A run repeats an exchange once whose answer it has lost, and the first of the two may arrive last.
  if (by === second || Math.min(lostAt, diedAt) <= sentAt) return;
  // The design lets a store go on past the lease. Whoever takes the lapsed lease meanwhile, or finds it once the 120 s
  // of the store are over, cannot know that the token in it is spent.
  const lapse = (lease?.until ?? Infinity) + 5000 - EPOCH;
  const takenAt = world.github.leaseOf(second)?.at ?? -Infinity;
  const isHindered =
    takenAt >= Math.max(lapse, storingSince) && (takenAt <= finishedAt || finishedAt - storingSince >= 105_000);
  world.count.hindered++;
  if (!isHindered || world.isCalm)
    world.violate(`a: ${token} was presented by ${by.name}, which knows the answer, and by ${second.name}`);
}

/** Every refresh needs an expired token: checked against what stands in the ref, where nothing hides it. */
export function judgeNeed(world: World, by: Actor): void {
  if (!world.isCalm) return;
  const usable = world.github.history.findLast(({ state }) => state?.status.kind === 'usable')?.state?.status;
  if (usable?.kind !== 'usable' || usable.accessToken === undefined || usable.expiresAt - EPOCH - world.now <= 60_000)
    return;
  if (!by.rejected.has(usable.accessToken)) world.violate('d: a refresh that nobody needed');
}
