/** Signals that ask the process to end, held back while the only copy of a refresh token is in its memory. */
export interface Interrupts {
  /** Holds SIGINT and SIGTERM back until `release`. */
  hold(): { received(): boolean; release(): void };
}

/** The signals of this process. A runner sends SIGINT, 7.5 s later SIGTERM, and 2.5 s later kills. */
export const PROCESS_INTERRUPTS: Interrupts = {
  hold() {
    let isReceived = false;
    const note = () => {
      isReceived = true;
    };
    process.on('SIGINT', note).on('SIGTERM', note);
    return {
      received: () => isReceived,
      release: () => void process.off('SIGINT', note).off('SIGTERM', note),
    };
  },
};
