import type { Client } from '@temporalio/client';
import { ACCOUNT_WORKFLOW } from '../contract/accounts.ts';
import { ORDER_WORKFLOW } from '../contract/orders.ts';

/** Stripe's ids. Nothing else gets into a visibility query. */
const ACCOUNT_ID = /^acct_[A-Za-z0-9]{1,255}$/;

/**
 * The workflow of a connected account by Stripe's id, found by its search attribute: it is named after the caller's own
 * reference. Null: it has none, like an account that was made elsewhere and never got a command.
 */
export async function findWorkflowOfAccount(temporal: Client, account: string): Promise<string | null> {
  if (!ACCOUNT_ID.test(account)) return null;
  const query = `WorkflowType = '${ACCOUNT_WORKFLOW}' AND ConnectedAccount = '${account}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1 })) return workflowId;
  return null;
}

/** The orders that wait for their capture and name the account, as visibility is asked. `account`: Stripe's id. */
export function authorizedOrdersOf(account: string): string {
  return `WorkflowType = '${ORDER_WORKFLOW}' AND ExecutionStatus = 'Running' AND OrderStatus = 'authorized' AND ConnectedAccount = '${account}'`;
}

/** Whether a restriction of the account concerns an order. */
export async function isNamedByAuthorizedOrder({ workflow }: Client, account: string): Promise<boolean> {
  return ACCOUNT_ID.test(account) && (await workflow.count(authorizedOrdersOf(account))).count > 0;
}
