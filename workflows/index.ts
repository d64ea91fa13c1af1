import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { reconcile } from './reconciliation/reconcile.ts';
import { sync } from './stripe-events/sync.ts';
import { syncAccounts, syncPayouts } from './stripe-events/sync-connected.ts';

export { account } from './accounts/account.ts';
export { order } from './orders/order.ts';
export { eventSubscriptions } from './outgoing-events/event-subscriptions.ts';
export { eventReplay, outgoingEvent } from './outgoing-events/outgoing-event.ts';
export { payout } from './payouts/payout.ts';
export { reconciliation } from './reconciliation/reconciliation.ts';
export { stripeEvent } from './stripe-events/stripe-event.ts';
export { specialCaseTransfer } from './transfers/special-case-transfer.ts';
export { reconcile, sync, syncAccounts, syncPayouts };

/**
 * Passes that a schedule starts and that end soon stay with the version that began them; all others move on with the deploy
 * (docs/decisions/050-orders-move-on-with-a-deploy.md). The server takes no behavior from a worker outside of a deployment.
 */
const pinned = (): WorkflowDefinitionOptions =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {};
setWorkflowOptions(pinned, sync);
setWorkflowOptions(pinned, syncAccounts);
setWorkflowOptions(pinned, syncPayouts);
setWorkflowOptions(pinned, reconcile);
