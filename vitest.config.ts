import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes and loopback servers on a busy runner: slow is no failure, hanging is.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
