import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Period } from '../../../activities/reconciliation/reconciliation.ts';
import {
  RECONCILE_WORKFLOW,
  RECONCILIATION_WORKFLOW,
  reconciledSignal,
  reconciliationFailedSignal,
  reconciliationQuery,
} from '../../../contract/reconciliation.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import type { OutgoingEvent } from '../../../domain/outgoing-events/outgoing-event.ts';
import type { Verdict } from '../../../domain/reconciliation/balance-transactions.ts';
import type {
  Findings,
  ReconciliationFailure,
  ReconciliationReport,
} from '../../../domain/reconciliation/reconciliation.ts';
import {
  combine,
  DIFFERENCES_MAX,
  foundOfTransaction,
  NOTHING_FOUND,
} from '../../../domain/reconciliation/reconciliation.ts';
import { NOW } from '../../support/builders.ts';
import { quietRuntime } from '../../support/runtime.ts';
import { startTestServer } from '../../support/temporal.ts';
import { WITHIN } from '../../support/within.ts';
import { workflowBundle } from '../../support/workflow-bundle.ts';

const TASK_QUEUE = 'reconcile';
const PAGE = 100;
/** More than Stripe gives: a round trip through the server for each page is what takes long. */
const LARGE_PAGE = 250;
/** So many transactions, one is nobody's. */
const UNEXPLAINED_EVERY = 1_000;

let env: TestWorkflowEnvironment;
const bundle = workflowBundle();
// What a worker logs of a lost page would hide the test's own words.
quietRuntime();

beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

/** Stripe's list and Temporal's, by a script: so many rows, each of one cent. `pagesAsked` counts repeats too. */
class ScriptedBooks {
  readonly reports: ReconciliationReport[] = [];
  readonly failures: ReconciliationFailure[] = [];
  readonly rows: number;
  readonly unexplainedEvery: number;
  readonly rowsPerPage: number;
  pagesAsked = 0;
  /** Called before the page of that number is answered. */
  beforePage: (page: number) => void = () => {};

  constructor(rows: number, unexplainedEvery = UNEXPLAINED_EVERY, rowsPerPage = PAGE) {
    this.rows = rows;
    this.unexplainedEvery = unexplainedEvery;
    this.rowsPerPage = rowsPerPage;
  }

  readonly activities = {
    reconcileTransactions: async ({ after, period }: { after: string | null; period: Period }) => {
      this.pagesAsked += 1;
      const first = Number(after ?? 0);
      this.beforePage(first / this.rowsPerPage);
      const rows = Array.from(
        { length: Math.min(this.rowsPerPage, this.rows - first) },
        (_, index) => first + index,
      );
      const findings = rows
        .map((row) => foundOfRow(row, period, this.unexplainedEvery))
        .reduce(combine, NOTHING_FOUND);
      return {
        findings,
        next: first + this.rowsPerPage < this.rows ? String(first + this.rowsPerPage) : null,
      };
    },
    reconcileOrders: async ({ from, period }: { from: number; period: Period }) => {
      const next = from + (period.to - period.from) / 4;
      const findings = { ...NOTHING_FOUND, orders: { agreeing: 7, differing: 0, pending: 0 } };
      return { findings, next: next < period.to ? next : null };
    },
    reconcileAccounts: async () => ({ findings: NOTHING_FOUND, next: null }),
    reconcileEarlier: async () => NOTHING_FOUND,
    publishReconciliation: async (report: ReconciliationReport) => {
      this.reports.push(report);
    },
    publishReconciliationFailure: async (failure: ReconciliationFailure) => {
      this.failures.push(failure);
    },
  };
}

function foundOfRow(row: number, period: Period, unexplainedEvery = UNEXPLAINED_EVERY): Findings {
  const verdict: Verdict =
    row % unexplainedEvery === 0
      ? { standing: 'unexplained', code: 'foreign_payment', orderId: null }
      : { standing: 'matched', orderId: `order-${row}` };
  const transaction = { id: `txn_${row}`, type: 'charge', currency: 'usd', net: 1, createdAt: NOW };
  return foundOfTransaction(transaction, verdict, period);
}

const handOver = async (): Promise<void> => undefined;

function startWorker(activities: object = {}): Promise<Worker> {
  return bundle.then((workflowBundle) =>
    Worker.create({
      connection: env.nativeConnection,
      namespace: env.namespace ?? 'default',
      taskQueue: TASK_QUEUE,
      workflowBundle,
      activities: { publishEvents: handOver, ...activities },
      shutdownGraceTime: '100 milliseconds',
      shutdownForceTime: '1 second',
    }),
  );
}

const startRun = (workflowId: string) =>
  env.client.workflow.start(RECONCILE_WORKFLOW, {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ lookBackMs: 1_000_000, pendingMs: 0 }],
  });

/** What so many rows and four pages of orders come to. */
function whole(rows: number, unexplainedEvery = UNEXPLAINED_EVERY) {
  const unexplained = rows / unexplainedEvery;
  const matched = rows - unexplained;
  return {
    transactions: {
      usd: {
        matched: { count: matched, amount: matched },
        unexplained: { count: unexplained, amount: unexplained },
      },
    },
    orders: { agreeing: 28, differing: 0, pending: 0 },
    differenceCount: unexplained,
  };
}

describe('a run over a hundred thousand transactions', () => {
  it('continues as new, counts each row once, and carries no more at the end than after the first run', async () => {
    // Ten thousand differences, of which it keeps the oldest 500.
    const books = new ScriptedBooks(100_000, 10, LARGE_PAGE);
    const worker = await startWorker(books.activities);
    await worker.runUntil(async () => {
      const handle = await startRun('large');
      const report = (await handle.result()) as ReconciliationReport;
      expect(report.findings).toMatchObject(whole(100_000, 10));
      expect(report.findings.differences).toHaveLength(DIFFERENCES_MAX);
      expect(books.reports).toEqual([report]);
      expect(books.pagesAsked).toBe(400);
      const runs = (await runsOf('large')).toReversed();
      expect(runs.map(({ status }) => status)).toEqual([...Array(4).fill('CONTINUED_AS_NEW'), 'COMPLETED']);
      for (const { events, bytes } of runs) {
        expect(events).toBeLessThan(1_000);
        expect(bytes).toBeLessThan(2_000_000);
      }
      // Some digits of its sums.
      expect(runs[4]?.carriedBytes).toBeLessThan((runs[1]?.carriedBytes ?? 0) + 1_000);
      expect(runs[4]?.carriedBytes).toBeLessThan(120_000);
    });
  }, 300_000);
});

describe('a run', () => {
  it('continues where it was when its worker is replaced in the middle of a page', async () => {
    const books = new ScriptedBooks(3_000);
    const first = await startWorker(books.activities);
    const stopped = first.run();
    books.beforePage = (page) => {
      if (page !== 20) return;
      books.beforePage = () => {};
      first.shutdown();
      throw new Error('the page was read, and its answer lost with the worker');
    };
    const handle = await startRun('interrupted');
    await stopped;
    const second = await startWorker(books.activities);
    const report = (await second.runUntil(handle.result())) as ReconciliationReport;
    expect(report.findings).toMatchObject(whole(3_000));
    expect(books.pagesAsked).toBe(31);
  });
});

describe('a run that cannot compare', () => {
  it('shows it with the last report, and fails', async () => {
    const books = new ScriptedBooks(30_000);
    books.beforePage = (page) => {
      if (page === 120) throw ApplicationFailure.nonRetryable('This key may not list balance transactions');
    };
    const worker = await startWorker(books.activities);
    const handle = await startRun('impossible');
    await worker.runUntil(expect(handle.result()).rejects.toThrow());
    const message = 'This key may not list balance transactions';
    expect(books.failures).toEqual([{ to: expect.any(Number), message }]);
    expect(books.reports).toEqual([]);
  });
});

describe('the last report', () => {
  const reportOf = (to: number, findings: Partial<Findings> = {}): ReconciliationReport => ({
    from: NOW,
    to,
    findings: { ...NOTHING_FOUND, ...findings },
  });
  const DIFFERING = foundOfRow(0, { from: 0, to: NOW, expectedSince: NOW });

  it('is kept when an older one comes late, and needs attention as long as something differs', async () => {
    const worker = await startWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.signalWithStart(RECONCILIATION_WORKFLOW, {
        workflowId: 'last',
        taskQueue: TASK_QUEUE,
        args: [],
        signal: reconciledSignal,
        signalArgs: [reportOf(NOW + 2, DIFFERING)],
      });
      await handle.signal(reconciledSignal, reportOf(NOW + 1));
      expect(await handle.query(reconciliationQuery)).toEqual(reportOf(NOW + 2, DIFFERING));
      expect(await detailsOf('last')).toContain(
        '**1 differences** · 2026-01-05T00:00:00.000Z – 2026-01-05T00:00:00.002Z. Runbook: docs/runbook.md#unreconciled',
      );
      expect(await detailsOf('last')).toContain(
        '`foreign_payment` 0.01 USD · `txn_0` · since 2026-01-05T00:00:00.000Z',
      );
      await handle.signal(reconciledSignal, reportOf(NOW + 3));
      expect(await detailsOf('last')).toContain('**reconciled**');
    });
  });

  it('needs attention when a later run failed, until one succeeds', async () => {
    const worker = await startWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.signalWithStart(RECONCILIATION_WORKFLOW, {
        workflowId: 'failing',
        taskQueue: TASK_QUEUE,
        args: [],
        signal: reconciledSignal,
        signalArgs: [reportOf(NOW + 2, DIFFERING)],
      });
      const attention = async () => {
        // A query is answered after the signals before it.
        expect(await handle.query(reconciliationQuery)).not.toBeNull();
        const { typedSearchAttributes } = await handle.describe();
        return typedSearchAttributes.get(ATTENTION_CODE);
      };
      await handle.signal(reconciliationFailedSignal, { to: NOW + 1, message: 'old news' });
      expect(await attention()).toBe('unreconciled');
      await handle.signal(reconciliationFailedSignal, { to: NOW + 3, message: 'no answer' });
      expect(await attention()).toBe('reconciliation_failed');
      expect(await detailsOf('failing')).toContain(
        '**failed** · 2026-01-05T00:00:00.003Z: no answer. Runbook: docs/runbook.md#reconciliation_failed',
      );
      expect(await handle.query(reconciliationQuery)).toEqual(reportOf(NOW + 2, DIFFERING));
      await handle.signal(reconciledSignal, reportOf(NOW + 4));
      expect(await attention()).toBeUndefined();
      expect(await detailsOf('failing')).not.toContain('failed');
    });
  });

  it('continues as new after many reports, and still needs attention', async () => {
    const worker = await startWorker();
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(RECONCILIATION_WORKFLOW, {
        workflowId: 'old',
        taskQueue: TASK_QUEUE,
        args: [],
      });
      for (let to = 1; to <= 51; to++) {
        await handle.signal(reconciledSignal, reportOf(NOW + to, DIFFERING));
      }
      await vi.waitFor(async () => expect(await runsOf('old')).toHaveLength(2), WITHIN);
      const now = env.client.workflow.getHandle('old');
      expect(await now.query(reconciliationQuery)).toEqual(reportOf(NOW + 51, DIFFERING));
      const { typedSearchAttributes } = await now.describe();
      expect(typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(true);
    });
  });

  it('publishes what each run found, and what could not be handed over in the next run', async () => {
    const handedOver: OutgoingEvent[] = [];
    let isDown = true;
    const publishEvents = async (events: readonly OutgoingEvent[]) => {
      if (isDown) throw ApplicationFailure.retryable('Temporal is busy');
      handedOver.push(...events);
    };
    const worker = await startWorker({ publishEvents });
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start(RECONCILIATION_WORKFLOW, {
        workflowId: 'published',
        taskQueue: TASK_QUEUE,
        args: [],
      });
      for (let to = 1; to <= 50; to++) await handle.signal(reconciledSignal, reportOf(NOW + to, DIFFERING));
      await vi.waitFor(async () => expect(await runsOf('published')).toHaveLength(2), WITHIN);
      isDown = false;
      const now = env.client.workflow.getHandle('published');
      await now.signal(reconciledSignal, reportOf(NOW + 51));
      await vi.waitFor(() => expect(handedOver.at(-1)?.type).toBe('reconciliation.reconciled'), WITHIN);
      const sequences = [...new Set(handedOver.map(({ data }) => data.sequence))];
      const [first = 0] = sequences;
      expect(sequences).toEqual(sequences.map((_, index) => first + index));
      expect(handedOver[0]).toMatchObject({
        type: 'reconciliation.differences_found',
        data: { report: { difference_count: 1, differences: [{ id: 'txn_0', amount: 1 }] } },
      });
    });
  });
});

/** The runs of a workflow, newest first. */
async function runsOf(workflowId: string) {
  const runs: { status: string; events: number; bytes: number; carriedBytes: number }[] = [];
  for (let runId: string | undefined; runs.length === 0 || runId; ) {
    const handle: WorkflowHandle = env.client.workflow.getHandle(workflowId, runId);
    const { status, historyLength, historySize } = await handle.describe();
    const [first] = (await handle.fetchHistory()).events ?? [];
    const started = first?.workflowExecutionStartedEventAttributes;
    const carriedBytes = started?.input?.payloads?.[0]?.data?.length ?? 0;
    runs.push({ status: status.name, events: historyLength, bytes: Number(historySize ?? 0), carriedBytes });
    runId = started?.continuedExecutionRunId || undefined;
  }
  return runs;
}

async function detailsOf(workflowId: string): Promise<string> {
  return env.client.workflow
    .getHandle(workflowId)
    .query('__temporal_workflow_metadata')
    .then((metadata) => (metadata as { currentDetails?: string }).currentDetails ?? '');
}
