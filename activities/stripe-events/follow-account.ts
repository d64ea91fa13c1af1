import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type Stripe from 'stripe';
import { accountSearchAttributes } from '../../contract/account-start.ts';
import type { AccountInput } from '../../contract/accounts.ts';
import { ACCOUNT_WORKFLOW } from '../../contract/accounts.ts';
import { accountReference, accountWorkflowId } from '../../domain/ids.ts';
import { readConnection } from '../accounts/account-connection.ts';

export interface FollowDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly livemode: boolean;
  /** How long the workflow retries an operation, in milliseconds. */
  readonly retryBudgetMs: number;
}

/**
 * Gives an account that was made without Waybill a workflow, which reads it, signals its orders and gets its events from then on.
 * False: it has one, or had one that ended; the platform has no access to it.
 */
export async function followAccount(deps: FollowDeps, account: string): Promise<boolean> {
  const facts = await readConnection(deps.stripe, account);
  if (facts === null) return false;
  const reference = accountReference(facts);
  const begin = {
    commandId: `adopt-${account}`,
    requestHash: account,
    requestId: account,
    actor: 'waybill',
  };
  const input: AccountInput = {
    reference,
    livemode: deps.livemode,
    policy: { retryBudgetMs: deps.retryBudgetMs },
    origin: { kind: 'adopt', account },
    begin,
  };
  try {
    await deps.temporal.workflow.start(ACCOUNT_WORKFLOW, {
      workflowId: accountWorkflowId(reference),
      taskQueue: deps.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: accountSearchAttributes(),
      staticSummary: `adopt ${reference}`,
      memo: { command: begin },
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
