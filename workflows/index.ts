import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { commandOrder, readOrder, startOrder } from './orders/order-requests.ts';
import { reconcile } from './reconciliation/reconcile.ts';
import { sync } from './stripe-events/sync.ts';
import { resume, syncAccounts, syncPayouts } from './stripe-events/sync-connected.ts';
import { webhookTest } from './stripe-events/webhook-test.ts';

export { account } from './accounts/account.ts';
export { dayBook } from './limits/day-book.ts';
export { order } from './orders/order.ts';
export { eventSubscriptions } from './outgoing-events/event-subscriptions.ts';
export { eventReplay, outgoingEvent } from './outgoing-events/outgoing-event.ts';
export { payout } from './payouts/payout.ts';
export { reconciliation } from './reconciliation/reconciliation.ts';
export { stripeEvent } from './stripe-events/stripe-event.ts';
export { specialCaseTransfer } from './transfers/special-case-transfer.ts';
export {
  commandOrder,
  readOrder,
  reconcile,
  resume,
  startOrder,
  sync,
  syncAccounts,
  syncPayouts,
  webhookTest,
};

/**
 * Short passes and requests stay with the version that started them; all others move on with a deploy
 * (docs/decisions/050-orders-move-on-with-a-deploy.md). The server rejects a behavior from a worker without a
 * deployment.
 */
const pinned = (): WorkflowDefinitionOptions =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {};
setWorkflowOptions(pinned, sync);
setWorkflowOptions(pinned, syncAccounts);
setWorkflowOptions(pinned, syncPayouts);
setWorkflowOptions(pinned, resume);
setWorkflowOptions(pinned, reconcile);
setWorkflowOptions(pinned, startOrder);
setWorkflowOptions(pinned, commandOrder);
setWorkflowOptions(pinned, readOrder);
setWorkflowOptions(pinned, webhookTest);
