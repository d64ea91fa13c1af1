import { Client, Connection } from '@temporalio/client';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { carry } from './load.ts';
import { residentKb } from './resident.ts';
import { waybillOrder } from './waybill-orders.ts';

/** Until code is compiled and heaps have their size; a worker keeps 500 workflows in its cache. */
const WARM_UP_ORDERS = 100;
const KB = 1024;

/**
 * What one more captured order takes: resident memory of the worker that keeps it in its cache and of the sandbox, from the slope
 * over `orders` orders; and the length of its history.
 */
export async function measureMemory(load: {
  readonly orders: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}): Promise<string> {
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' }, report: load.progress });
  try {
    const order = () => waybillOrder(stack.urls.api);
    const resident = (part: 'worker' | 'sandbox') => residentKb(stack.processes[part].pid ?? 0);
    await carry(order, { ...load, orders: WARM_UP_ORDERS });
    const before = { worker: await resident('worker'), sandbox: await resident('sandbox') };
    await carry(order, load);
    const after = { worker: await resident('worker'), sandbox: await resident('sandbox') };
    const slope = (part: 'worker' | 'sandbox') => {
      const kb = (after[part] - before[part]) / load.orders;
      return `${part}: ${kb.toFixed(1)} KB an order (${mb(before[part])} → ${mb(after[part])} MB with ${load.orders} orders)`;
    };
    return [slope('worker'), slope('sandbox'), await historyOf(stack, await order())].join('\n');
  } finally {
    await stack.stop();
  }
}

async function historyOf(
  { config }: Awaited<ReturnType<typeof startStack>>,
  orderId: string,
): Promise<string> {
  const connection = await Connection.connect({ address: config.temporal.address });
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const { raw } = await client.workflow.getHandle(orderWorkflowId(orderId)).describe();
  await connection.close();
  const { historyLength, historySizeBytes } = raw.workflowExecutionInfo ?? {};
  return `history of a captured order: ${historyLength} events, ${historySizeBytes} bytes`;
}

function mb(kb: number): string {
  return (kb / KB).toFixed(0);
}
