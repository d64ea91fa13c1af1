import { openNotices } from '../orders/notices.ts';
import type { Order } from '../orders/order.ts';
import { amountRefunded, orderAmount, orderStatus, paymentIntentOf } from '../orders/order.ts';
import { isComplete, isNothingOutstanding } from '../orders/outstanding.ts';
import { capturedPartOf } from '../orders/payment.ts';
import { outgoingEventId } from './event-ids.ts';
import type { News } from './order-news.ts';
import { adoptionNews, authorizationOf, endedRecoveries, nameOf, newsOf } from './order-news.ts';
import type { OutgoingEvent, Published } from './outgoing-event.ts';

/** Of an order before anything happened. Its events are numbered from `sequence` on. */
export function nothingPublished(wanted: boolean, sequence: number): Published {
  return {
    wanted,
    sequence,
    status: 'pending',
    declinedAt: null,
    attention: null,
    refunds: {},
    transfers: [],
    disputes: {},
    notices: [],
    unpublished: null,
    authorization: null,
    complete: true,
    recovered: [],
  };
}

/** What has happened to an order since it was last announced. `adopted`: its payment existed before it did. */
export function announce(
  before: Published,
  order: Order,
  at: number,
  adopted: boolean,
): { readonly events: readonly OutgoingEvent[]; readonly announced: Published } {
  const news = before.status === 'pending' && adopted ? adoptionNews(order) : newsOf(before, order);
  const events = news.map((one, index) => eventOf(order, one, before.sequence + index + 1, at));
  const announced = {
    wanted: before.wanted,
    sequence: before.sequence + events.length,
    status: orderStatus(order),
    declinedAt: order.lastDecline?.at ?? null,
    attention: order.attention?.code ?? null,
    refunds: Object.fromEntries(order.refunds.map(({ id, status }) => [id, status])),
    transfers: order.transfers.map(({ id }) => id),
    disputes: Object.fromEntries(order.disputes.map(({ id, status }) => [id, status])),
    notices: order.notices.map(nameOf),
    unpublished: before.unpublished,
    authorization: authorizationOf(order),
    complete: isNothingOutstanding(order),
    recovered: endedRecoveries(order),
  };
  return { events, announced };
}

function eventOf(order: Order, { type, subject }: News, sequence: number, at: number): OutgoingEvent {
  const { terms, payment, attention, livemode } = order;
  return {
    id: outgoingEventId(terms.id, sequence),
    type,
    createdAt: at,
    order: {
      id: terms.id,
      object: 'order',
      status: orderStatus(order),
      amount: orderAmount(order),
      currency: terms.currency,
      amount_captured: capturedPartOf(payment)?.amountCaptured ?? 0,
      amount_refunded: amountRefunded(order),
      complete: isComplete(order),
      connected_account: terms.connectedAccount,
      payment_intent: paymentIntentOf(order),
      subject,
      needs_attention: attention?.code ?? null,
      notices: openNotices(order.notices).map(({ code }) => code),
      livemode,
      sequence,
    },
  };
}
