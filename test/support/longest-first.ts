import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What took longest on two cores, the longest first. */
export const LONGEST: readonly string[] = [
  'test/e2e/rate-limit.test.ts',
  'test/chaos/kill.test.ts',
  'test/workflows/reconciliation/reconcile.test.ts',
  'test/e2e/openapi-fuzz.test.ts',
  'test/chaos/renewal.test.ts',
  'test/demo/demo.test.ts',
  'test/e2e/outgoing-events.test.ts',
  'test/chaos/lives.test.ts',
  'test/e2e/capture-window.test.ts',
  'test/e2e/api-lists.test.ts',
  'test/e2e/pending.test.ts',
  'test/e2e/payouts.test.ts',
  'test/workflows/outgoing-events/event-subscriptions.test.ts',
  'test/chaos/reconciliation.test.ts',
  'test/chaos/account.test.ts',
  'test/e2e/exactly-once.test.ts',
  'test/workflows/shared/time.test.ts',
  'test/e2e/disturbed-webhooks.test.ts',
  'test/replay/replay.test.ts',
];

/** A long file that starts last keeps the whole run waiting. Vitest knows durations only where it has run before. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}

/** Files with a process of their own come first of all: one among the others ends a process that they share. */
function place({ moduleId, project }: TestSpecification): number {
  if (project.config.isolate) return -1;
  const at = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return at === -1 ? LONGEST.length : at;
}
