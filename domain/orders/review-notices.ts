import type { Due } from '../attention/notice.ts';
import type { Order } from './order.ts';
import { amountRefundable } from './order.ts';
import { reviewOf } from './review.ts';
import type { Review } from './review-state.ts';

/** Of a payment that is canceled or given back nobody has to decide any more. */
export function reviewNotices(order: Order): readonly Due[] {
  const review = reviewOf(order);
  const decision = decisionOf(order);
  if (review === null || review.isOpen === false || decision === null) return [];
  const message = `${whyOf(review)} ${decision}`;
  return [
    {
      code: 'payment_in_review',
      subject: review.id,
      message,
      deadline: null,
      allowedActions: ['acknowledge'],
    },
  ];
}

function decisionOf(order: Order): string | null {
  switch (order.payment.status) {
    case 'processing':
      return 'Approve it in Stripe’s Dashboard, or refund the payment once it has succeeded.';
    case 'authorized':
      return 'Approve it in Stripe’s Dashboard, or cancel the order. A capture does not wait for the review, and approving captures nothing.';
    case 'captured':
      return amountRefundable(order) > 0
        ? 'Approve it in Stripe’s Dashboard, or refund all of the payment.'
        : null;
    default:
      return null;
  }
}

const OPENED: Readonly<Record<string, string>> = { rule: 'by a rule of Radar', manual: 'by hand' };

function whyOf({ isOpen, openedReason }: Review): string {
  if (isOpen === null)
    return 'This payment has a review at Stripe, which Waybill’s key may not read: see in the Dashboard whether it is open.';
  const how = openedReason === null ? '' : ` (opened ${OPENED[openedReason] ?? openedReason})`;
  return `This payment is in review at Stripe${how}: it may be fraud.`;
}
