import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { ACCOUNT_WORKFLOW } from '../contract/accounts.ts';
import { PAYOUT_WORKFLOW } from '../contract/payouts.ts';
import {
  ACCOUNT_DIGEST,
  AWAITS_STRIPE,
  CONNECTED_ACCOUNT,
  PAYOUT_STATUS,
} from '../contract/search-attribute-keys.ts';
import type { Notice } from '../domain/attention/notice.ts';
import { payoutIdOf } from '../domain/ids.ts';
import type { StripePayoutStatus } from '../domain/payouts/payout.ts';

const PAGE_SIZE = 1_000;

/** What an account's open workflow shows. */
export interface VisibleAccount {
  readonly workflowId: string;
  /** Stripe's id. */
  readonly account: string;
  readonly digest: number;
}

/** The accounts that Stripe has made and whose workflows follow them, in no certain order. */
export async function* visibleAccounts(temporal: Client): AsyncGenerator<VisibleAccount> {
  for await (const { workflowId, typedSearchAttributes } of running(temporal, ACCOUNT_WORKFLOW)) {
    const account = typedSearchAttributes.get(CONNECTED_ACCOUNT);
    const digest = typedSearchAttributes.get(ACCOUNT_DIGEST);
    if (account !== undefined && digest !== undefined) yield { workflowId, account, digest };
  }
}

/** What the workflows of an account's payouts show, by the payouts' ids. */
export type VisiblePayouts = ReadonlyMap<string, StripePayoutStatus>;

const OVERDUE = 'payout_overdue' satisfies Notice['code'];
/** Those that are only late wait for Stripe as the others do. */
const MOVING = ['NeedsAttention = false', `AttentionCode = '${OVERDUE}'`].map(
  (asks) => `PayoutStatus IN ('pending', 'in_transit', 'paid') AND ${asks}`,
);

/**
 * The payouts that are at Stripe and may still come to another status there, by the accounts whose money they are. One that needs
 * attention for another reason than that waits for an operator, who looks, or looks itself.
 */
export async function visiblePayouts(temporal: Client): Promise<ReadonlyMap<string, VisiblePayouts>> {
  const byAccount = new Map<string, Map<string, StripePayoutStatus>>();
  for (const moving of MOVING) {
    for await (const { workflowId, typedSearchAttributes } of running(temporal, PAYOUT_WORKFLOW, moving)) {
      const account = typedSearchAttributes.get(CONNECTED_ACCOUNT);
      const status = typedSearchAttributes.get(PAYOUT_STATUS) as StripePayoutStatus | undefined;
      const payout = payoutIdOf(workflowId);
      if (account === undefined || status === undefined || payout === undefined) continue;
      const payouts = byAccount.get(account) ?? new Map();
      byAccount.set(account, payouts.set(payout, status));
    }
  }
  return byAccount;
}

const AWAITING = "AwaitsStripe IS NOT NULL AND ExecutionStatus = 'Running'";

/** How many workflows go on once Stripe answers. */
export async function countAwaitingStripe(temporal: Client): Promise<number> {
  return (await temporal.workflow.count(AWAITING)).count;
}

/** The workflows that go on once Stripe answers, by what they wait with: an operation, or a read. */
export async function awaitingStripe(temporal: Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const byWhat = new Map<string, string[]>();
  for await (const { workflowId, typedSearchAttributes } of temporal.workflow.list({
    query: AWAITING,
    pageSize: PAGE_SIZE,
  })) {
    const [what = ''] = typedSearchAttributes.get(AWAITS_STRIPE) ?? [];
    const ids = byWhat.get(what);
    if (ids) ids.push(workflowId);
    else byWhat.set(what, [workflowId]);
  }
  return byWhat;
}

/** How many of these still wait for Stripe. */
export async function stillAwaitingStripe(temporal: Client, workflowIds: readonly string[]): Promise<number> {
  const ids = workflowIds.map((id) => `'${id}'`).join(', ');
  return (await temporal.workflow.count(`${AWAITING} AND WorkflowId IN (${ids})`)).count;
}

function running(temporal: Client, type: string, further?: string): AsyncIterable<WorkflowExecutionInfo> {
  const conditions = [
    `WorkflowType = '${type}'`,
    "ExecutionStatus = 'Running'",
    ...(further ? [further] : []),
  ];
  return temporal.workflow.list({ query: conditions.join(' AND '), pageSize: PAGE_SIZE });
}
