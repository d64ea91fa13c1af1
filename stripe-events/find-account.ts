import type { Client } from '@temporalio/client';
import { ACCOUNT_WORKFLOW } from '../contract/accounts.ts';
import { ORDER_WORKFLOW } from '../contract/orders.ts';
import { CONNECTED_ACCOUNT } from '../contract/search-attribute-keys.ts';
import type { AccountStatus } from '../domain/accounts/account.ts';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';

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

/** The orders that wait for their capture and name one of the accounts, as visibility is asked. `accounts`: Stripe's ids. */
function authorizedOrdersOf(accounts: readonly string[], status: 'Running' | 'Paused' = 'Running'): string {
  const ids = accounts.map((account) => `'${account}'`).join(', ');
  return `WorkflowType = '${ORDER_WORKFLOW}' AND ExecutionStatus = '${status}' AND OrderStatus = 'authorized' AND ConnectedAccount IN (${ids})`;
}

/**
 * The workflows of the account's orders that wait for their capture, in no certain order. What is sent to one that somebody has paused in
 * Temporal waits there until it is unpaused.
 */
export async function workflowsOfAuthorizedOrders({ workflow }: Client, account: string): Promise<string[]> {
  const ids: string[] = [];
  const list = async (status: 'Running' | 'Paused') => {
    const query = authorizedOrdersOf([account], status);
    for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
  };
  await list('Running');
  await unlessUnknownStatus(() => list('Paused'));
  return ids;
}

/** A server before 1.30 pauses no workflow, and does not know the word. */
async function unlessUnknownStatus(list: () => Promise<void>): Promise<void> {
  try {
    await list();
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.INVALID_ARGUMENT) throw error;
  }
}

/** Whether a restriction of the account concerns an order. */
export async function isNamedByAuthorizedOrder({ workflow }: Client, account: string): Promise<boolean> {
  return ACCOUNT_ID.test(account) && (await workflow.count(authorizedOrdersOf([account]))).count > 0;
}

const REJECTED = 'rejected' satisfies AccountStatus;
/** Of the accounts that were rejected: their workflows have ended, and a rejection can be taken back. */
const ENDED_REJECTED = `WorkflowType = '${ACCOUNT_WORKFLOW}' AND ExecutionStatus = 'Completed' AND AccountStatus = '${REJECTED}'`;

/** Whether nobody has followed the account since it was rejected. */
export async function endedRejected({ workflow }: Client, account: string): Promise<boolean> {
  const query = `${ENDED_REJECTED} AND ConnectedAccount = '${account}'`;
  return ACCOUNT_ID.test(account) && (await workflow.count(query)).count > 0;
}

/** All such accounts, by Stripe's ids. */
export async function accountsEndedRejected({ workflow }: Client): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { typedSearchAttributes } of workflow.list({ query: ENDED_REJECTED, pageSize: 1_000 })) {
    const account = typedSearchAttributes.get(CONNECTED_ACCOUNT);
    if (account !== undefined) found.push(account);
  }
  return found;
}

/** Accounts in one query, and orders in its one page. */
const ASKED_TOGETHER = 50;

/** Those of the accounts whose restriction concerns an order. What it costs does not grow with the orders of other accounts. */
export async function namedByAuthorizedOrders(
  temporal: Client,
  accounts: readonly string[],
): Promise<string[]> {
  const ids = accounts.filter((account) => ACCOUNT_ID.test(account));
  const named: string[] = [];
  for (let at = 0; at < ids.length; at += ASKED_TOGETHER) {
    let asked = ids.slice(at, at + ASKED_TOGETHER);
    while (asked.length > 0) {
      const found = await someNamedByAuthorizedOrders(temporal, asked);
      if (found.size === 0) break;
      named.push(...found);
      asked = asked.filter((account) => !found.has(account));
    }
  }
  return named;
}

/** Empty: none of them. All of a page's orders may name the same one. */
async function someNamedByAuthorizedOrders(
  { workflow }: Client,
  accounts: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let rows = 0;
  const query = authorizedOrdersOf(accounts);
  for await (const { typedSearchAttributes } of workflow.list({ query, pageSize: ASKED_TOGETHER })) {
    const account = typedSearchAttributes.get(CONNECTED_ACCOUNT);
    // Some stores compare without regard to case.
    if (account !== undefined && accounts.includes(account)) found.add(account);
    rows += 1;
    if (rows === ASKED_TOGETHER) break;
  }
  return found;
}
