import type { Attention, ResolveAction } from '../attention/attention.ts';
import type { Notice } from '../attention/notice.ts';
import type { Operation } from '../ids.ts';
import { openNotices } from './notices.ts';
import type { Order } from './order.ts';

/** What somebody has to look at first. Times in milliseconds since the epoch. */
export interface Need {
  /** What is stuck; null: a notice, and nothing is. */
  readonly operation: Operation | null;
  readonly code: string;
  /** The Stripe object that a notice is about. */
  readonly subject: string | null;
  readonly message: string;
  readonly stripeRequestId: string | null;
  readonly since: number;
  readonly deadline: number | null;
  readonly allowedActions: readonly ResolveAction[];
}

function needOfAttention(attention: Attention): Need {
  const { operation, code, message, stripeRequestId, since, allowedActions } = attention;
  return { operation, code, subject: null, message, stripeRequestId, since, deadline: null, allowedActions };
}

/** The stuck operation, or otherwise the most urgent notice. */
export function firstNeed(attention: Attention | null, notices: readonly Notice[]): Need | null {
  if (attention) return needOfAttention(attention);
  const [notice] = openNotices(notices);
  if (!notice) return null;
  const { acknowledgedBy: _, ...shown } = notice;
  return { ...shown, operation: null, stripeRequestId: null };
}

/** Of an order: whatever is stuck, Stripe releases its authorization at the deadline. */
export function needOfOrder({
  attention,
  notices,
  payment,
}: Pick<Order, 'attention' | 'notices' | 'payment'>): Need | null {
  const need = firstNeed(attention, notices);
  const end = attention && payment.status === 'authorized' ? payment.captureBefore : null;
  return need && end !== null ? { ...need, deadline: end } : need;
}

/** When Waybill next looks at or tries what is stuck, in milliseconds since the epoch; null: it waits for somebody. */
export function nextAttemptAt({ attention }: { readonly attention: Attention | null }): number | null {
  return attention?.nextProbeAt ?? null;
}

/** The same of an order's first need, which may be a recovery that is tried again. */
export function nextAttemptAtOfOrder({
  attention,
  notices,
  recoveries,
}: Pick<Order, 'attention' | 'notices' | 'recoveries'>): number | null {
  if (attention) return nextAttemptAt({ attention });
  const need = firstNeed(null, notices);
  if (need?.code !== 'recovery_pending') return null;
  return recoveries.find(({ disputeId }) => disputeId === need.subject)?.nextAttemptAt ?? null;
}
