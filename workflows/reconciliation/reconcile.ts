import { ActivityFailure, continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type {
  AccountsCursor,
  Period,
  ReconciliationActivities,
} from '../../activities/reconciliation/reconciliation.ts';
import { RECONCILE_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Findings, ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import { combine, NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { SECOND_MS, workflowNow } from '../shared/time.ts';

/** Argument of the `reconcile` workflow. Milliseconds. */
export interface ReconcileInput {
  /** How far back a run looks. */
  readonly lookBackMs: number;
  /** How long money may stay unexplained: `automatic_async`, late events. */
  readonly pendingMs: number;
  /** How far an earlier run of this workflow has come. */
  readonly progress?: Versioned<Progress>;
}

/** Where the next page begins: first all of the platform's transactions, then all orders, then all connected accounts. */
type Place =
  | { readonly phase: 'transactions'; readonly after: string | null }
  | { readonly phase: 'orders'; readonly from: number }
  | { readonly phase: 'accounts'; readonly at: AccountsCursor | null };

interface Progress {
  readonly period: Period;
  /** Null: everything was looked at. */
  readonly at: Place | null;
  readonly findings: Findings;
}

/** A page costs about six events, so the history stays under a thousand. */
const PAGES_PER_RUN = 100;

/** After an hour without Stripe the run fails, and the schedule starts the next. */
function activities(summary: string) {
  return proxyActivities<ReconciliationActivities>({
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: HEARTBEAT_WITHIN,
    scheduleToCloseTimeout: '1 hour',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary,
  });
}
const { reconcileTransactions, reconcileOrders, reconcileAccounts, reconcileEarlier } =
  activities('compare with Stripe');
const { publishReconciliation, publishReconciliationFailure } = activities('publish the report');

/**
 * Compares the platform's balance transactions with the orders, in both directions, and then those of each connected
 * account. It only reads, and carries a place and sums from page to page, so an interruption counts nothing twice.
 */
export async function reconcile(input: ReconcileInput): Promise<ReconciliationReport> {
  refuseNonsense(input, RECONCILE_INPUT);
  const begun = input.progress ? upgrade('reconcile', input.progress) : beginning(input);
  try {
    const report = reportOf(await withEarlier(await walk(input, begun)));
    await publishReconciliation(report);
    return report;
  } catch (error) {
    if (error instanceof ActivityFailure) {
      const message = error.cause?.message ?? error.message;
      await publishReconciliationFailure({ to: begun.period.to, message });
    }
    throw error;
  }
}

async function walk(input: ReconcileInput, begun: Progress): Promise<Progress> {
  let progress = begun;
  for (let pages = 0; progress.at !== null; pages++) {
    if (pages === PAGES_PER_RUN) {
      await continueAsNew<typeof reconcile>({ ...input, progress: carry('reconcile', progress) });
    }
    progress = await nextPage(progress, progress.at);
    setCurrentDetails(describe(progress));
  }
  return progress;
}

/** Differences from before this period still count. */
async function withEarlier(progress: Progress): Promise<Progress> {
  const { period, findings } = progress;
  return { ...progress, findings: combine(findings, await reconcileEarlier({ period })) };
}

function reportOf({ period: { from, to }, findings }: Progress): ReconciliationReport {
  return { from, to, findings };
}

function beginning({ lookBackMs, pendingMs }: ReconcileInput): Progress {
  const to = workflowNow();
  // Stripe's times are in seconds: the period begins with its first full second.
  const from = Math.floor(Math.max(to - lookBackMs, 0) / SECOND_MS) * SECOND_MS;
  return {
    period: { from, to: to + SECOND_MS, expectedSince: to - pendingMs },
    at: { phase: 'transactions', after: null },
    findings: NOTHING_FOUND,
  };
}

async function nextPage({ period, findings }: Progress, at: Place): Promise<Progress> {
  if (at.phase === 'transactions') {
    const page = await reconcileTransactions({ period, after: at.after });
    const place: Place =
      page.next === null
        ? { phase: 'orders', from: period.from }
        : { phase: 'transactions', after: page.next };
    return { period, at: place, findings: combine(findings, page.findings) };
  }
  if (at.phase === 'orders') {
    const page = await reconcileOrders({ period, from: at.from });
    const place: Place =
      page.next === null ? { phase: 'accounts', at: null } : { phase: 'orders', from: page.next };
    return { period, at: place, findings: combine(findings, page.findings) };
  }
  const page = await reconcileAccounts({ period, at: at.at });
  const place: Place | null = page.next === null ? null : { phase: 'accounts', at: page.next };
  return { period, at: place, findings: combine(findings, page.findings) };
}

function describe({ at, findings: { orders, connected, transactions, differenceCount } }: Progress): string {
  const seen = [transactions, connected.transactions].flatMap((all) =>
    Object.values(all).flatMap((tallies) => Object.values(tallies)),
  );
  const count = seen.reduce((sum, tally) => sum + tally.count, 0);
  const looked = orders.agreeing + orders.differing + orders.pending;
  return `${at?.phase ?? 'done'}: ${count} transactions, ${looked} orders, ${differenceCount} differences so far`;
}
