import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import pMap from 'p-map';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../../domain/orders/account-notice.ts';

/** Thousands of orders within one attempt, and no burst for Temporal. */
const SIGNALS_AT_ONCE = 20;

/**
 * Signals every order of the account that waits for its capture; one that cannot be signaled now keeps none of the others from it.
 * One that visibility does not show yet is not lost: Stripe itself refuses its capture, and then it needs attention too.
 *
 * No batch operation of the server's: a namespace runs one at a time by default, so that accounts which are restricted on the same
 * day would wait for each other, and an old notice could arrive after a new one.
 */
export async function signalOpenOrders({ workflow }: Client, notice: AccountNotice): Promise<void> {
  const { account } = notice;
  // An id of Stripe's: letters, digits and underscores, nothing to be quoted.
  const query = `WorkflowType = 'order' AND ExecutionStatus = 'Running' AND OrderStatus = 'authorized' AND ConnectedAccount = '${account}'`;
  const ids: string[] = [];
  for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
  const failures: unknown[] = [];
  await pMap(
    ids,
    async (id) => {
      try {
        await workflow.getHandle(id).signal(ACCOUNT_NOTICE_SIGNAL, notice);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) failures.push(error);
      }
    },
    { concurrency: SIGNALS_AT_ONCE },
  );
  if (failures.length > 0) throw failures[0];
}
