import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { AccountNotice } from '../domain/account-notice.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../domain/account-notice.ts';

/**
 * Signals every order of the account that waits for its capture. One that visibility does not show yet is not lost:
 * Stripe itself refuses its capture, and then it needs attention too.
 */
export async function tellOpenOrders({ workflow }: Client, notice: AccountNotice): Promise<void> {
  const { account } = notice;
  // An id of Stripe's: letters, digits and underscores, nothing to be quoted.
  const query = `WorkflowType = 'order' AND ExecutionStatus = 'Running' AND OrderStatus = 'authorized' AND ConnectedAccount = '${account}'`;
  for await (const { workflowId } of workflow.list({ query })) {
    try {
      await workflow.getHandle(workflowId).signal(ACCOUNT_NOTICE_SIGNAL, notice);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
