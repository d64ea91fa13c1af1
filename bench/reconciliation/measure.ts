import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { RECONCILE_WORKFLOW } from '../../contract/reconciliation.ts';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { NO_STRIPE, startStack } from '../../dev/stack.ts';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import type { ReconcileInput } from '../../workflows/reconciliation/reconcile.ts';
import { Books } from './books.ts';
import { serveBooks } from './books-server.ts';
import { type RunCost, runsOf, totalsOf } from './outcome.ts';
import { standingOrdersWorker, startStandingOrders } from './standing-orders.ts';

const DAY_SECONDS = 86_400;
const LOOK_BACK_DAYS = 30;

export interface Options {
  readonly rows: number;
  readonly orders: number;
  readonly progress: (line: string) => void;
}

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

export interface Measured {
  readonly rows: number;
  readonly orders: number;
  readonly seconds: number;
  /** What the books were asked for, pages and payments. */
  readonly requests: number;
  /** Each run of the workflow, oldest first. */
  readonly runs: readonly RunCost[];
  readonly isExact: boolean;
  readonly differenceCount: number;
  /** What the worker had, sampled while it ran. */
  readonly memory: readonly Memory[];
}

/** One reconciliation of long books by the worker, its workflow and its activities, over HTTP and a real Temporal. */
export async function measureReconciliation({ rows, orders, progress }: Options): Promise<Measured> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const newest = Math.floor(Date.now() / 1000);
  const books = new Books({ rows, orders, newest, spanSeconds: (LOOK_BACK_DAYS - 1) * DAY_SECONDS });
  const server = await serveBooks(books);
  const stack = await startStack({ fresh: true, parts: ['temporal'], report: progress });
  const { temporal, worker: options } = stack.config;
  const connection = await Connection.connect({ address: temporal.address });
  const native = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  await registerSearchAttributes(connection, temporal.namespace, SEARCH_ATTRIBUTES);
  const standing = await standingOrdersWorker(native, temporal.namespace);
  const carrying = standing.run();
  progress(`starting ${orders} orders`);
  await startStandingOrders(client, books);
  const env = { TEMPORAL_ADDRESS: temporal.address, STRIPE_API_BASE: server.url, LOG_LEVEL: 'warn' };
  const measured = startWorker(env);
  try {
    progress(`reconciling ${rows} balance transactions`);
    const begun = performance.now();
    const input: ReconcileInput = { lookBackMs: LOOK_BACK_DAYS * DAY_SECONDS * 1000, pendingMs: 0 };
    const handle = await client.workflow.start(RECONCILE_WORKFLOW, {
      workflowId: 'bench-reconcile',
      taskQueue: options.taskQueue,
      args: [input],
    });
    const report: ReconciliationReport = await handle.result();
    const seconds = (performance.now() - begun) / 1000;
    const memory = measured.samples();
    return {
      ...{ rows, orders, seconds, requests: server.requests(), memory },
      runs: await runsOf(client, handle.workflowId),
      isExact: isDeepStrictEqual(totalsOf(report), books.expected()),
      differenceCount: report.findings.differenceCount,
    };
  } finally {
    await measured.stop();
    standing.shutdown();
    await carrying;
    await native.close();
    await connection.close();
    await stack.stop();
    server.close();
  }
}

function startWorker(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'bench', 'reconciliation', 'worker.js')], {
    env: { ...process.env, ...NO_STRIPE, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const samples: Memory[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => samples.push(JSON.parse(line)));
  const ended = once(child, 'exit');
  return {
    samples: () => [...samples],
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
