import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, type NativeConnection, Worker } from '@temporalio/worker';
import pMap from 'p-map';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Books } from './books.ts';

const TASK_QUEUE = 'bench-standing-orders';
const STARTS_AT_ONCE = 16;

/** Carries the orders apart from the worker that is measured. */
export async function standingOrdersWorker(connection: NativeConnection, namespace: string): Promise<Worker> {
  const here = fileURLToPath(import.meta.url);
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: here.replace('standing-orders', 'standing-order-workflow'),
      logger: new DefaultLogger('WARN'),
    }),
  });
}

export async function startStandingOrders(client: Client, books: Books): Promise<void> {
  await pMap(
    [...books.standingOrders()],
    (order) =>
      client.workflow.start(ORDER_WORKFLOW, {
        workflowId: orderWorkflowId(order.terms.id),
        taskQueue: TASK_QUEUE,
        args: [order],
      }),
    { concurrency: STARTS_AT_ONCE },
  );
}
