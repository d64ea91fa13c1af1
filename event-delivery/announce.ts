import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { ACCOUNT_WORKFLOW } from '../contract/accounts.ts';
import { ORDER_WORKFLOW } from '../contract/orders.ts';
import { announceSignal } from '../contract/outgoing-events.ts';
import { PAYOUT_WORKFLOW } from '../contract/payouts.ts';
import { TRANSFER_WORKFLOW } from '../contract/transfers.ts';

/** Whose open workflows have to know that there is a subscriber. */
const PUBLISHING = [ORDER_WORKFLOW, PAYOUT_WORKFLOW, TRANSFER_WORKFLOW, ACCOUNT_WORKFLOW];

/**
 * Signals every open order, payout, transfer and account that there is a subscriber. The server does it, at its own pace, as one batch: there may be a
 * hundred thousand of them.
 */
export async function announceToOpen(temporal: Client): Promise<void> {
  await temporal.workflowService.startBatchOperation({
    namespace: temporal.options.namespace,
    jobId: randomUUID(),
    visibilityQuery: `WorkflowType IN (${PUBLISHING.map((type) => `'${type}'`).join(', ')}) AND ExecutionStatus = 'Running'`,
    reason: 'somebody subscribed to events',
    signalOperation: { signal: announceSignal.name, identity: 'waybill' },
  });
}
