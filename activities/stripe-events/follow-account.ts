import type { Client, WorkflowIdReusePolicy } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type Stripe from 'stripe';
import { accountBeginning } from '../../contract/account-start.ts';
import type { AccountInput } from '../../contract/accounts.ts';
import { ACCOUNT_WORKFLOW } from '../../contract/accounts.ts';
import { ACCOUNT_STATUS } from '../../contract/search-attribute-keys.ts';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import type { AccountFacts } from '../../domain/accounts/account.ts';
import { accountStatus } from '../../domain/accounts/account.ts';
import { ownCommand } from '../../domain/commands/own-command.ts';
import type { StripeEventSignal } from '../../domain/commands/stripe-event-signal.ts';
import { accountReference, accountWorkflowId } from '../../domain/ids.ts';
import type { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { announcementOf } from '../../event-delivery/directory.ts';
import { readConnection } from '../accounts/account-connection.ts';

export interface FollowDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly livemode: boolean;
  /** How long the workflow retries an operation, in milliseconds. */
  readonly retryBudgetMs: number;
  readonly subscriptions: Pick<SubscriptionDirectory, 'list'>;
}

/**
 * Gives an account that was made without Waybill, or connected again, or whose rejection was taken back, a workflow, which reads it,
 * signals its orders and gets its events from then on. False: it has one, or had one that came to its end otherwise; the platform has
 * no access to it. One that failed knew nothing of it.
 */
export async function followAccount(deps: FollowDeps, account: string): Promise<boolean> {
  return unlessThere(deps, account, (type, options) =>
    deps.temporal.workflow.start(type, { ...options, workflowIdConflictPolicy: 'FAIL' }),
  );
}

/** The same, and brings it the event in one call; to one that has a workflow, the event alone. */
export async function followAccountOf(
  deps: FollowDeps,
  account: string,
  { eventId, eventType }: StripeEventSignal,
): Promise<boolean> {
  return unlessThere(deps, account, (type, options) =>
    deps.temporal.workflow.signalWithStart(type, {
      ...options,
      workflowIdConflictPolicy: 'USE_EXISTING',
      signal: stripeEventSignal,
      signalArgs: [{ eventId, eventType }],
    }),
  );
}

async function unlessThere(
  deps: FollowDeps,
  account: string,
  start: (workflowType: string, options: ReturnType<typeof optionsOf>) => Promise<unknown>,
): Promise<boolean> {
  const facts = await readConnection(deps.stripe, account);
  if (facts === null) return false;
  const input: AccountInput = {
    reference: accountReference(facts),
    livemode: deps.livemode,
    policy: { retryBudgetMs: deps.retryBudgetMs },
    origin: { kind: 'adopt', account },
    begin: ownCommand(`adopt-${account}`),
    mayBeKnown: true,
    ...(await announcementOf(deps.subscriptions)),
  };
  const begins = async (reuse: WorkflowIdReusePolicy): Promise<boolean> => {
    try {
      await start(ACCOUNT_WORKFLOW, optionsOf(input, deps.taskQueue, reuse));
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  };
  if (await begins('ALLOW_DUPLICATE_FAILED_ONLY')) return true;
  return (await isBack(deps.temporal, input.reference, facts)) && begins('ALLOW_DUPLICATE');
}

/** Whether why its workflow ended is over: the platform had lost its access, or the account was rejected. */
async function isBack(temporal: Client, reference: string, facts: AccountFacts): Promise<boolean> {
  const { status, typedSearchAttributes } = await temporal.workflow
    .getHandle(accountWorkflowId(reference))
    .describe();
  if (status.name !== 'COMPLETED') return false;
  const ended = typedSearchAttributes.get(ACCOUNT_STATUS);
  return ended === 'disconnected' || (ended === 'rejected' && accountStatus(facts) !== 'rejected');
}

function optionsOf(input: AccountInput, taskQueue: string, reuse: WorkflowIdReusePolicy) {
  const { searchAttributes, summary, details } = accountBeginning(input, taskQueue);
  const args: [AccountInput] = [input];
  return {
    workflowId: accountWorkflowId(input.reference),
    taskQueue,
    args,
    workflowIdReusePolicy: reuse,
    typedSearchAttributes: searchAttributes,
    staticSummary: summary,
    staticDetails: details,
  } as const;
}
