import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes and loopback servers on a busy runner: slow is no failure, hanging is.
    testTimeout: 60_000,
    // Most tests wait for processes, servers and clocks, not for a core.
    maxWorkers: 5,
    expect: { poll: { timeout: 20_000 } },
  },
});
