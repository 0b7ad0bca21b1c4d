/** Signals that ask the process to end, held back while the only copy of a refresh token is in its memory. */
export interface Interrupts {
  /** Holds signals back until `release`. */
  hold(): { received(): boolean; release(): void };
}

/**
 * The signals of this process. A runner sends SIGINT, 7.5 s later SIGTERM (on Windows Ctrl+Break, which Node calls
 * SIGBREAK), and 2.5 s later kills.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

export const PROCESS_INTERRUPTS: Interrupts = {
  hold() {
    let isReceived = false;
    const note = () => {
      isReceived = true;
    };
    for (const signal of SIGNALS) process.on(signal, note);
    return {
      received: () => isReceived,
      release: () => {
        for (const signal of SIGNALS) process.off(signal, note);
      },
    };
  },
};
