import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type Stripe from 'stripe';
import { accountBeginning } from '../../contract/account-start.ts';
import type { AccountInput } from '../../contract/accounts.ts';
import { ownCommand } from '../../domain/commands/own-command.ts';
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
  const begin = ownCommand(`adopt-${account}`);
  const input: AccountInput = {
    reference,
    livemode: deps.livemode,
    policy: { retryBudgetMs: deps.retryBudgetMs },
    origin: { kind: 'adopt', account },
    begin,
  };
  const { workflowType, taskQueue, searchAttributes, summary } = accountBeginning(input, deps.taskQueue);
  try {
    await deps.temporal.workflow.start(workflowType, {
      workflowId: accountWorkflowId(reference),
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: searchAttributes,
      staticSummary: summary,
      memo: { command: begin },
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
