import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What took longest on two cores, the longest first. */
export const LONGEST: readonly string[] = [
  'test/e2e/rate-limit.test.ts',
  'test/e2e/openapi-fuzz.test.ts',
  'test/cluster/cluster.test.ts',
  'test/chaos/drill.test.ts',
  'test/chaos/renewal.test.ts',
  'test/cli/cli.test.ts',
  'test/e2e/resume.test.ts',
  'test/e2e/temporal-ui.test.ts',
  'test/e2e/outgoing-events.test.ts',
  'test/demo/demo.test.ts',
  'test/bench/open-orders.test.ts',
  'test/workflows/reconciliation/reconcile.test.ts',
  'test/e2e/documented-commands.test.ts',
  'test/console/console.test.ts',
  'test/api/slow-senders.test.ts',
  'test/workflows/shared/time.test.ts',
  'test/e2e/capture-window.test.ts',
  'test/dev/start.test.ts',
  'test/bench/sizing.test.ts',
  'test/bench/overload.test.ts',
  'test/console/pages.test.ts',
  'test/e2e/documented-examples.test.ts',
  'test/e2e/pending.test.ts',
  'test/api/stripe-webhook.test.ts',
  'test/e2e/other-account.test.ts',
  'test/e2e/adopt.test.ts',
  'test/e2e/payouts.test.ts',
  'test/e2e/reconciliation.test.ts',
  'test/dev/stripe-share.test.ts',
  'test/e2e/exactly-once.test.ts',
  'test/e2e/disputes.test.ts',
  'test/e2e/api-lists.test.ts',
  'test/bench/order-path.test.ts',
  'test/e2e/sync-gaps.test.ts',
  'test/worker/metrics.test.ts',
  'test/e2e/approvals.test.ts',
  'test/replay/replay.test.ts',
  'test/chaos/lives.test.ts',
  'test/chaos/temporal-gone.test.ts',
  'test/bench/lists.test.ts',
  'test/chaos/reconciliation.test.ts',
  'test/e2e/disturbed-webhooks.test.ts',
  'test/e2e/sync-connected.test.ts',
  'test/workflows/outgoing-events/event-subscriptions.test.ts',
  'test/e2e/previews.test.ts',
  'test/e2e/payout-attention.test.ts',
  'test/e2e/lost-disputes.test.ts',
  'test/client/package.test.ts',
  'test/e2e/transfer-reversal-events.test.ts',
  'test/cli/keys.test.ts',
  'test/worker/health.test.ts',
  'test/api/backlog.test.ts',
  'test/dev/stack.test.ts',
  'test/console/screenshots.test.ts',
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
