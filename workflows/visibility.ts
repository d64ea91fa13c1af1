import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Attention } from '../domain/attention/attention.ts';
import type { Notice } from '../domain/attention/notice.ts';
import type { PendingOperation } from '../domain/commands/pending.ts';
import { dateOf } from './shared/time.ts';

/** Search attributes, by the names that contract/search-attributes.ts registers. */
export const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD);
export const ACCOUNT_STATUS = defineSearchAttributeKey('AccountStatus', SearchAttributeType.KEYWORD);
export const ACCOUNT_DIGEST = defineSearchAttributeKey('AccountDigest', SearchAttributeType.INT);
export const CONNECTED_ACCOUNT = defineSearchAttributeKey('ConnectedAccount', SearchAttributeType.KEYWORD);
export const NEEDS_ATTENTION = defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL);
export const ATTENTION_CODE = defineSearchAttributeKey('AttentionCode', SearchAttributeType.KEYWORD);
export const PENDING_SINCE = defineSearchAttributeKey('PendingSince', SearchAttributeType.DATETIME);
export const PAYMENT_INTENT = defineSearchAttributeKey('PaymentIntent', SearchAttributeType.KEYWORD);
export const CAPTURE_BEFORE = defineSearchAttributeKey('CaptureBefore', SearchAttributeType.DATETIME);
export const PAYOUT_STATUS = defineSearchAttributeKey('PayoutStatus', SearchAttributeType.KEYWORD);
export const DISPUTE_STATUS = defineSearchAttributeKey('DisputeStatus', SearchAttributeType.KEYWORD);

const NOTHING_TO_RESOLVE = 'Nothing to resolve here: it passes with its cause.';

/** Since when an operation is being retried; null: none is. One that succeeds at its first attempt costs no event. */
export function delayedSince(pending: PendingOperation | null) {
  return pending?.failure ? dateOf(pending.since) : null;
}

/** The operation on its way, as Markdown. */
export function describePending(pending: PendingOperation | null): string[] {
  if (!pending) return [];
  const { operation, since, failure } = pending;
  return [
    `### Pending: ${operation}`,
    `Since ${dateOf(since).toISOString()}.`,
    ...(failure ? [`Being retried: \`${failure.code}\` ${failure.message}`] : []),
  ];
}

/** What an operator reads in Temporal's UI about something stuck, as Markdown. */
export function describeAttention(attention: Attention, workflowId: string): string[] {
  return [
    `### Needs attention: ${attention.operation}`,
    `\`${attention.code}\` ${attention.message}`,
    `Stripe request \`${attention.stripeRequestId ?? '–'}\`. Runbook: docs/runbook.md#${attention.code}`,
    attention.allowedActions.length === 0
      ? NOTHING_TO_RESOLVE
      : `Send the signal \`resolve\` to \`${workflowId}\`: ` +
        `\`{"requestId": "…", "action": "${attention.allowedActions.join(' | ')}", "reason": "…"}\``,
  ];
}

/** The same about notices: the order goes on meanwhile. */
export function describeNotices(notices: readonly Notice[], workflowId: string): string[] {
  return notices.flatMap(({ code, subject, message, deadline, allowedActions }) => [
    `### ${code}`,
    `\`${subject}\` ${message}`,
    ...(deadline === null ? [] : [`Until ${dateOf(deadline).toISOString()}.`]),
    `Runbook: docs/runbook.md#${code}.`,
    allowedActions.length === 0
      ? NOTHING_TO_RESOLVE
      : `Send the signal \`resolve\` to \`${workflowId}\`: ` +
        `\`{"requestId": "…", "action": "${allowedActions.join(' | ')}", "stripe_id": "${subject}", "reason": "…"}\``,
  ]);
}
