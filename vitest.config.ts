import { defineConfig } from 'vitest/config';

/** These install Temporal's runtime themselves, which a process can do once. */
const OWN_PROCESS = ['test/worker/log.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/temporal-setup.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than the cores of CI's machines: a test often waits for a timer or another process.
    maxWorkers: 3,
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
    projects: [
      {
        extends: true,
        // Test files share nothing but modules: loading those anew for each file took a quarter of all CPU time.
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: OWN_PROCESS, isolate: false },
      },
      { extends: true, test: { name: 'own process', include: OWN_PROCESS, isolate: true } },
    ],
  },
});
