/** Signals that ask the process to end, held back while the only copy of a refresh token is in its memory. */
export interface Interrupts {
  /** Holds signals back until `release`; `received` tells whether one came meanwhile. */
  hold(): { received(): boolean; release(): void };
}

/**
 * A runner sends SIGINT, 7.5 s later SIGTERM (on Windows Ctrl+Break, which Node calls SIGBREAK), and 2.5 s later kills
 * (https://docs.github.com/en/actions/reference/workflow-cancellation-reference). A terminal or session that ends sends
 * SIGHUP.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

const holds = new Set<{ isReceived: boolean }>();

/** The signals of this process. */
export const PROCESS_INTERRUPTS: Interrupts = {
  hold() {
    // Listening goes on after the release: a signal that has been caught, but not delivered yet, would be dropped.
    for (const signal of SIGNALS) process.off(signal, receive).on(signal, receive);
    const hold = { isReceived: false };
    holds.add(hold);
    return { received: () => hold.isReceived, release: () => void holds.delete(hold) };
  },
};

function receive(signal: NodeJS.Signals): void {
  for (const hold of holds) hold.isReceived = true;
  if (holds.size > 0) return;
  // Nothing is at stake: the signal does what it would have done.
  for (const name of SIGNALS) process.off(name, receive);
  process.kill(process.pid, signal);
}
