import type { Client } from '@temporalio/client';
import { ACCOUNT_WORKFLOW } from '../contract/accounts.ts';

/** Stripe's ids. Nothing else gets into a visibility query. */
const ACCOUNT_ID = /^acct_[A-Za-z0-9]{1,255}$/;

/**
 * The workflow of a connected account by Stripe's id, as its search attribute tells: it is named after the caller's own
 * reference. Null: it has none, as one that was made elsewhere and never told anything.
 */
export async function findWorkflowOfAccount(temporal: Client, account: string): Promise<string | null> {
  if (!ACCOUNT_ID.test(account)) return null;
  const query = `WorkflowType = '${ACCOUNT_WORKFLOW}' AND ConnectedAccount = '${account}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1 })) return workflowId;
  return null;
}
