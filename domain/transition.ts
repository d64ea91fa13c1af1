import type { AccountNotice } from './account-notice.ts';
import { restrictionBy } from './account-notice.ts';
import type { Adjustment } from './adjustment.ts';
import type { Adopted } from './observation.ts';
import type { Attention, Decline, Order, Refund, SpecialCaseTransfer } from './order.ts';
import type { PaymentFacts } from './payment.ts';
import { applyPayment } from './payment.ts';

export type OrderEvent =
  | { readonly type: 'adopted'; readonly adopted: Adopted }
  | { readonly type: 'payment_observed'; readonly payment: PaymentFacts }
  | { readonly type: 'payment_declined'; readonly decline: Decline; readonly payment: PaymentFacts | null }
  | { readonly type: 'refund_recorded'; readonly refund: Refund }
  | { readonly type: 'transfer_recorded'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'adjustment_recorded'; readonly adjustment: Adjustment }
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' }
  | { readonly type: 'account_noticed'; readonly notice: AccountNotice; readonly at: number }
  | { readonly type: 'given_up' };

/** The order after an event. Pure: a stale or repeated event gives back an equal order, an impossible one throws. */
export function transition(order: Order, event: OrderEvent): Order {
  switch (event.type) {
    case 'adopted': {
      const { payment, decline, refunds, transfers, adjustments, createdAt } = event.adopted;
      return {
        ...transition(order, { type: 'payment_observed', payment }),
        createdAt,
        lastDecline: decline,
        refunds,
        transfers,
        adjustments,
      };
    }
    case 'payment_observed':
      return {
        ...order,
        payment: applyPayment(order.payment, event.payment),
        livemode: event.payment.livemode,
      };
    case 'payment_declined':
      return {
        ...order,
        lastDecline: event.decline,
        payment: event.payment ? applyPayment(order.payment, event.payment) : order.payment,
      };
    case 'refund_recorded':
      return { ...order, refunds: recordRefund(order.refunds, event.refund) };
    case 'transfer_recorded':
      return { ...order, transfers: upsertById(order.transfers, event.transfer) };
    case 'adjustment_recorded':
      return { ...order, adjustments: upsertById(order.adjustments, event.adjustment) };
    case 'attention_raised':
      return { ...order, attention: event.attention };
    case 'attention_cleared':
      return { ...order, attention: null };
    case 'account_noticed':
      return { ...order, accountRestriction: restrictionBy(order, event.notice, event.at) };
    case 'given_up':
      return order.payment.status === 'pending'
        ? { ...order, payment: { status: 'canceled', paymentIntent: null, reason: 'abandoned' } }
        : order;
  }
}

/** How far a refund has come. It may fail after it succeeded, and never goes back. */
const REFUND_STAGE: Readonly<Record<Refund['status'], number>> = {
  pending: 0,
  requires_action: 0,
  succeeded: 1,
  failed: 2,
  canceled: 2,
};

/** Stripe's answers may arrive late or twice: an earlier stage never replaces a later one, and what is known stays known. */
function recordRefund(refunds: readonly Refund[], told: Refund): readonly Refund[] {
  const known = refunds.find(({ id }) => id === told.id);
  if (!known) return [...refunds, told];
  if (REFUND_STAGE[told.status] < REFUND_STAGE[known.status]) return refunds;
  return upsertById(refunds, { ...told, platform: told.platform ?? known.platform });
}

function upsertById<T extends { readonly id: string }>(items: readonly T[], item: T): readonly T[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((known) => (known.id === item.id ? item : known))
    : [...items, item];
}
