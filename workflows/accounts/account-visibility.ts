import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Account, AccountFacts } from '../../domain/accounts/account.ts';
import { accountNotices, statusOfAccount } from '../../domain/accounts/account.ts';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { dateOf } from '../shared/time.ts';
import {
  ACCOUNT_DIGEST,
  ACCOUNT_STATUS,
  ATTENTION_CODE,
  CONNECTED_ACCOUNT,
  delayedSince,
  describeAttention,
  describeNotices,
  describePending,
  NEEDS_ATTENTION,
  PENDING_SINCE,
} from '../visibility.ts';

/** Shows the account where operators look: search attributes for lists, current details for Temporal's UI. */
export function createAccountShow(): (account: Account) => void {
  let shown = '';
  return (account) => {
    const seen = {
      status: statusOfAccount(account),
      id: account.facts?.id ?? null,
      digest: account.facts && accountDigest(account.facts),
      pendingSince: delayedSince(account.pending),
      attention: account.attention?.code ?? accountNotices(account)[0]?.code ?? null,
    };
    setCurrentDetails(describe(account));
    if (JSON.stringify(seen) === shown) return;
    shown = JSON.stringify(seen);
    upsertSearchAttributes([
      { key: ACCOUNT_STATUS, value: seen.status },
      { key: ACCOUNT_DIGEST, value: seen.digest },
      { key: CONNECTED_ACCOUNT, value: seen.id },
      { key: NEEDS_ATTENTION, value: seen.attention !== null },
      { key: ATTENTION_CODE, value: seen.attention },
      { key: PENDING_SINCE, value: seen.pendingSince },
    ]);
  };
}

/** Markdown for Temporal's UI: what the account may do, what Stripe requires, by when. */
function describe(account: Account): string {
  const { facts, pending, attention, reference } = account;
  return [
    `**${statusOfAccount(account)}** · \`${facts?.id ?? '–'}\``,
    ...(facts ? describeFacts(facts) : []),
    ...describePending(pending),
    ...(attention ? describeAttention(attention, accountWorkflowId(reference)) : []),
    ...describeNotices(accountNotices(account), accountWorkflowId(reference)),
  ].join('\n\n');
}

function describeFacts({ capabilities, requirements }: AccountFacts): string[] {
  const { currentDeadline, disabledReason, ...due } = requirements;
  const lists = [
    ['Past due', due.pastDue],
    ['Due', due.currentlyDue.filter((name) => !due.pastDue.includes(name))],
    ['Being verified', due.pendingVerification],
  ] as const;
  return [
    Object.entries(capabilities)
      .map(([name, status]) => `${name}: ${status}`)
      .join(' · ') || 'No capabilities requested.',
    ...(disabledReason === null ? [] : [`Disabled: \`${disabledReason}\``]),
    ...(currentDeadline === null ? [] : [`Deadline: ${dateOf(currentDeadline).toISOString()}`]),
    ...lists.flatMap(([title, names]) => (names.length > 0 ? [`${title}: ${names.join(', ')}`] : [])),
  ];
}
