import type { Attention } from '../../domain/attention/attention.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { rfc3339 } from '../http/rfc3339.ts';

export function presentAttention(attention: Attention) {
  return {
    operation: attention.operation,
    code: attention.code,
    subject: null,
    message: attention.message,
    stripe_request_id: attention.stripeRequestId,
    since: rfc3339(attention.since),
    deadline: null,
    allowed_actions: [...attention.allowedActions],
  };
}

/** What somebody has to look at of an order. */
export function presentNeedsOfOrder({
  attention,
  notices,
  payment,
}: Pick<Order, 'attention' | 'notices' | 'payment'>) {
  const needs = presentNeeds(attention, notices);
  // Whatever is stuck, Stripe releases the authorization at its deadline.
  const end = attention && payment.status === 'authorized' ? payment.captureBefore : null;
  return needs && end !== null ? { ...needs, deadline: rfc3339(end) } : needs;
}

/** What an operator has to look at: the stuck operation, or otherwise the most urgent notice. */
export function presentNeeds(attention: Attention | null, notices: readonly Notice[]) {
  if (attention) return presentAttention(attention);
  const [notice] = openNotices(notices);
  if (!notice) return null;
  const { acknowledged_by: _, ...shown } = presentNotice(notice);
  return { ...shown, operation: null, stripe_request_id: null };
}

export function presentNotice(notice: Notice) {
  return {
    code: notice.code,
    subject: notice.subject,
    message: notice.message,
    since: rfc3339(notice.since),
    deadline: notice.deadline === null ? null : rfc3339(notice.deadline),
    allowed_actions: [...notice.allowedActions],
    acknowledged_by: notice.acknowledgedBy,
  };
}
