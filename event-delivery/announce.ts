import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { ORDER_WORKFLOW } from '../contract/orders.ts';
import { announceSignal } from '../contract/outgoing-events.ts';

/**
 * Tells every open order that somebody wants to know. The server does it, at its own pace, as one batch: there may be a
 * hundred thousand of them.
 */
export async function announceOpenOrders(temporal: Client): Promise<void> {
  await temporal.workflowService.startBatchOperation({
    namespace: temporal.options.namespace,
    jobId: randomUUID(),
    visibilityQuery: `WorkflowType = '${ORDER_WORKFLOW}' AND ExecutionStatus = 'Running'`,
    reason: 'somebody subscribed to events',
    signalOperation: { signal: announceSignal.name, identity: 'waybill' },
  });
}
