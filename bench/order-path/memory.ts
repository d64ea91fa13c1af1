import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { projectRoot } from '../../dev/project-root.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { bareOrder } from './bare-orders.ts';
import { carry } from './load.ts';
import { residentKb } from './resident.ts';
import { startBareWorker } from './sides.ts';
import { waybillOrder } from './waybill-orders.ts';

/** Until code is compiled and heaps have their size; a worker keeps 500 workflows in its cache. */
const WARM_UP_ORDERS = 100;
/** A second collection frees what the first found unused outside of the heap. */
const COLLECTIONS = 2;
const COLLECTED_WITHIN_MS = 3_000;
const KB = 1024;

interface Load {
  readonly orders: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

/**
 * What one more captured order takes after a garbage collection: resident memory of the worker that keeps it in its cache and of the sandbox,
 * beside the worker of the bare workflow, from the slope over `orders` orders; and the length of its history.
 */
export async function measureMemory(load: Load): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-memory-'));
  const collector = pathToFileURL(join(projectRoot, 'dist', 'bench', 'order-path', 'collector.js'));
  const env = { LOG_LEVEL: 'warn', WAYBILL_BENCH_COLLECT: folder, NODE_OPTIONS: `--import ${collector}` };
  const stack = await startStack({ fresh: true, env, report: load.progress });
  const { address, namespace } = stack.config.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const bare = await startBareWorker(address, env);
  try {
    const pids = { worker: stack.processes.worker.pid, sandbox: stack.processes.sandbox.pid, bare: bare.pid };
    const collected = collectionsIn(folder);
    const sides = [() => waybillOrder(stack.urls.api), () => bareOrder(client)];
    const carryOnBoth = async (orders: number): Promise<void> => {
      for (const order of sides) await carry(order, { ...load, orders });
      await collected();
    };
    const resident = (part: keyof typeof pids) => residentKb(pids[part] ?? 0);
    const all = async () => ({
      worker: await resident('worker'),
      bare: await resident('bare'),
      sandbox: await resident('sandbox'),
    });
    await carryOnBoth(WARM_UP_ORDERS);
    const before = await all();
    await carryOnBoth(load.orders);
    const after = await all();
    const slope = (part: keyof typeof pids) => {
      const kb = (after[part] - before[part]) / load.orders;
      return `${kb.toFixed(1)} KB an order (${mb(before[part])} → ${mb(after[part])} MB with ${load.orders} orders)`;
    };
    return [
      `Resident memory after a garbage collection, Node ${process.versions.node}`,
      `worker: ${slope('worker')}`,
      `worker of the bare workflow: ${slope('bare')}`,
      `sandbox: ${slope('sandbox')}`,
      await historyOf(client, await waybillOrder(stack.urls.api)),
    ].join('\n');
  } finally {
    bare.kill('SIGTERM');
    await connection.close();
    await stack.stop();
    await rm(folder, { recursive: true });
  }
}

/** Has every thread that loads the collector collect its garbage. */
function collectionsIn(folder: string): () => Promise<void> {
  let asked = 0;
  return async () => {
    for (let each = 0; each < COLLECTIONS; each += 1) {
      asked += 1;
      await writeFile(join(folder, `collect-${asked}`), '');
      await sleep(COLLECTED_WITHIN_MS);
    }
  };
}

async function historyOf(client: Client, orderId: string): Promise<string> {
  const { raw } = await client.workflow.getHandle(orderWorkflowId(orderId)).describe();
  const { historyLength, historySizeBytes } = raw.workflowExecutionInfo ?? {};
  return `history of a captured order: ${historyLength} events, ${historySizeBytes} bytes`;
}

function mb(kb: number): string {
  return (kb / KB).toFixed(0);
}
