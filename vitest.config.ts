import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporal-setup.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Test files share nothing but modules: loading those anew for each file took a quarter of all CPU time.
    isolate: false,
    // One more than the cores of CI's machines: a test often waits for a timer or another process.
    maxWorkers: 3,
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
});
