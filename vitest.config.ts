import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/**
 * The first installs Temporal's runtime itself, which a process can do once. In the second workflow code loops: where its thread
 * does not end, it would take a core from every file after it. After the third, whose replays Temporal's SDK runs as for a debugger,
 * its hook slows down each promise of the process.
 */
const OWN_PROCESS = [
  'test/worker/runtime.test.ts',
  'test/worker/workflow-thread.test.ts',
  'test/replay/replay.test.ts',
];

/**
 * Real processes killed for minutes, load, and fuzzing: the short forms of commands that run for as long as they are told.
 * `npm test -- --long` runs them, and so does CI; `npm test` is for what a change may break within five minutes.
 */
const LONG = [
  'test/bench/*.test.ts',
  'test/chaos/*.test.ts',
  'test/cluster/*.test.ts',
  'test/demo/demo.test.ts',
  'test/e2e/openapi-fuzz.test.ts',
  'test/e2e/rate-limit.test.ts',
  'test/long/*.test.ts',
];

export default defineConfig({
  // As in tsconfig.json: its sources, whether or not it was built.
  resolve: { alias: { '@waybill/client': join(import.meta.dirname, 'client/src/index.ts') } },
  test: {
    globalSetup: ['test/support/temporal-setup.ts'],
    setupFiles: ['test/support/property-seed.ts', 'test/support/context-storages.ts'],
    // Above what a test waits for a condition, whose own words say more than a timeout's.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Twice the cores of CI's machines: half of the time a test waits for a timer or another process.
    maxWorkers: 4,
    // Room for the garbage of a test: what outlives it is copied less.
    execArgv: ['--max-semi-space-size=32'],
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
    projects: [
      {
        extends: true,
        // Test files share nothing but modules: loading those anew for each file took a quarter of all CPU time.
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...OWN_PROCESS, ...LONG],
          isolate: false,
        },
      },
      // Each starts processes that keep the cores busy.
      {
        extends: true,
        test: {
          name: 'long',
          include: LONG,
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 1, sequencer: LongestFirst },
        },
      },
      { extends: true, test: { name: 'own process', include: OWN_PROCESS, isolate: true } },
    ],
  },
});
