import { fundsOf } from '../orders/funds.ts';
import { openNotices } from '../orders/notices.ts';
import type { Order } from '../orders/order.ts';
import { amountRefunded, orderAmount, orderStatus, paymentIntentOf } from '../orders/order.ts';
import { isComplete } from '../orders/outstanding.ts';
import { capturedPartOf } from '../orders/payment.ts';
import { presentDisputes } from '../orders/present-dispute.ts';
import { presentFunds } from '../orders/present-funds.ts';
import type { OrderStanding } from './order-news.ts';
import { newsOfOrder, standingOfOrder, UNBORN_ORDER } from './order-news.ts';
import type { Publisher } from './outgoing-event.ts';

/** `adopted`: its payment existed before it did. */
export function orderEvents(adopted: boolean) {
  return {
    kind: 'order',
    unborn: UNBORN_ORDER,
    idOf: ({ terms }) => terms.id,
    standingOf: standingOfOrder,
    newsOf: (before, order) => newsOfOrder(before, order, adopted),
    present: presentOrder,
  } satisfies Publisher<Order, OrderStanding>;
}

/** Enough to act on, in most cases without reading it. Names and ids; no text of a customer's but metadata. */
function presentOrder(order: Order) {
  const { terms, payment, attention, livemode } = order;
  return {
    id: terms.id,
    object: 'order' as const,
    status: orderStatus(order),
    amount: orderAmount(order),
    currency: terms.currency,
    amount_captured: capturedPartOf(payment)?.amountCaptured ?? 0,
    amount_refunded: amountRefunded(order),
    complete: isComplete(order),
    connected_account: terms.connectedAccount,
    customer: terms.source.customer,
    metadata: { ...terms.metadata },
    funds: presentFunds(fundsOf(order)),
    payment_intent: paymentIntentOf(order),
    needs_attention: attention?.code ?? null,
    disputes: presentDisputes(order),
    notices: openNotices(order.notices).map(({ code }) => code),
    livemode,
  };
}
