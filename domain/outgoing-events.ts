import type { Dispute, DisputeStatus } from './dispute.ts';
import { isOpen } from './dispute.ts';
import { outgoingEventId } from './event-ids.ts';
import type { Notice } from './notices.ts';
import { openNotices } from './notices.ts';
import type { Order, OrderStatus, Refund } from './order.ts';
import { amountRefunded, orderStatus, paymentIntentOf } from './order.ts';
import { capturedPartOf } from './payment.ts';

export const OUTGOING_EVENT_TYPES = [
  'order.adopted',
  'order.requires_action',
  'order.processing',
  'order.declined',
  'order.authorized',
  'order.captured',
  'order.refunded',
  'order.refund_failed',
  'order.transfer_created',
  'order.dispute_created',
  'order.dispute_updated',
  'order.dispute_closed',
  'order.canceled',
  'order.expired',
  'order.needs_attention',
  'order.attention_cleared',
  'order.notice',
] as const;
export type OutgoingEventType = (typeof OUTGOING_EVENT_TYPES)[number];

/** What subscribers are told of an order: what they need to know whether to read it. Nothing of a person. */
export interface OutgoingOrder {
  readonly id: string;
  readonly object: 'order';
  readonly status: OrderStatus;
  readonly amount: number;
  readonly currency: string;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly connected_account: string;
  readonly payment_intent: string | null;
  /** The Stripe object that the event is about: a refund, a transfer, a dispute. */
  readonly subject: string | null;
  /** Code of what is stuck. */
  readonly needs_attention: string | null;
  /** Codes of what somebody has to look at though nothing is stuck. */
  readonly notices: readonly string[];
  readonly livemode: boolean;
  /** Rises with each event of the order. */
  readonly sequence: number;
}

export interface OutgoingEvent {
  readonly id: string;
  readonly type: OutgoingEventType;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly order: OutgoingOrder;
}

/** What could not be handed over to its delivery yet. */
export interface Untold {
  /** Oldest first. */
  readonly events: readonly OutgoingEvent[];
  /** How often it was tried in vain, and when it is tried again; milliseconds since the epoch. */
  readonly tries: number;
  readonly againAt: number;
}

/** What of an order has been told: what its next events are found by. */
export interface Announced {
  /** Somebody wants to be told. */
  readonly wanted: boolean;
  readonly sequence: number;
  readonly status: OrderStatus;
  readonly declinedAt: number | null;
  readonly attention: string | null;
  readonly refunds: Readonly<Record<string, Refund['status']>>;
  readonly transfers: readonly string[];
  readonly disputes: Readonly<Record<string, DisputeStatus>>;
  /** Code and object of each notice. */
  readonly notices: readonly string[];
  readonly untold: Untold | null;
}

/** Of an order of which nothing happened yet. Its events are numbered from `sequence` on. */
export function nothingAnnounced(wanted: boolean, sequence: number): Announced {
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
    untold: null,
  };
}

interface News {
  readonly type: OutgoingEventType;
  readonly subject: string | null;
}

/** What has happened to an order since it was last announced. `adopted`: its payment existed before it did. */
export function announce(
  before: Announced,
  order: Order,
  at: number,
  adopted: boolean,
): { readonly events: readonly OutgoingEvent[]; readonly announced: Announced } {
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
    untold: before.untold,
  };
  return { events, announced };
}

function adoptionNews(order: Order): readonly News[] {
  const isRead = order.payment.status !== 'pending';
  return [
    ...(isRead ? [{ type: 'order.adopted', subject: null } as const] : []),
    ...(order.attention ? [{ type: 'order.needs_attention', subject: null } as const] : []),
  ];
}

function newsOf(before: Announced, order: Order): readonly News[] {
  const status = orderStatus(order);
  const told = STATUS_NEWS[status];
  const attention = order.attention?.code ?? null;
  const declinedAt = order.lastDecline?.at ?? null;
  const wholeOrder = (type: OutgoingEventType | undefined, happened: boolean): readonly News[] =>
    type && happened ? [{ type, subject: null }] : [];
  return [
    ...wholeOrder('order.declined', declinedAt !== null && declinedAt !== before.declinedAt),
    ...wholeOrder(told, status !== before.status && !wasToldByRefund(before.status, status)),
    ...order.refunds.flatMap((refund) => newsOfRefund(before.refunds[refund.id], refund)),
    ...order.transfers
      .filter(({ id }) => !before.transfers.includes(id))
      .map(({ id }) => ({ type: 'order.transfer_created', subject: id }) as const),
    ...order.disputes.flatMap((dispute) => newsOfDispute(before.disputes[dispute.id], dispute)),
    ...order.notices
      .filter((notice) => !before.notices.includes(nameOf(notice)))
      .map(({ subject }) => ({ type: 'order.notice', subject }) as const),
    ...wholeOrder('order.attention_cleared', attention === null && before.attention !== null),
    ...wholeOrder('order.needs_attention', attention !== null && attention !== before.attention),
  ];
}

/** `refunded` is told by the refund; it may be the first that is seen of a capture. */
const STATUS_NEWS: Readonly<Partial<Record<OrderStatus, OutgoingEventType>>> = {
  requires_action: 'order.requires_action',
  processing: 'order.processing',
  authorized: 'order.authorized',
  captured: 'order.captured',
  refunded: 'order.captured',
  canceled: 'order.canceled',
  expired: 'order.expired',
};

/** Whether it was captured before: a refund, or its failure, moves an order between these two. */
function wasToldByRefund(before: OrderStatus, now: OrderStatus): boolean {
  const captured: readonly OrderStatus[] = ['captured', 'refunded'];
  return captured.includes(before) && captured.includes(now);
}

function newsOfRefund(before: Refund['status'] | undefined, { id, status }: Refund): readonly News[] {
  const isOver = status === 'failed' || status === 'canceled';
  const wasOver = before === 'failed' || before === 'canceled';
  if (before === undefined && !isOver) return [{ type: 'order.refunded', subject: id }];
  return isOver && !wasOver ? [{ type: 'order.refund_failed', subject: id }] : [];
}

function newsOfDispute(before: DisputeStatus | undefined, dispute: Dispute): readonly News[] {
  const { id, status } = dispute;
  if (before === status) return [];
  const type = isOpen(dispute) ? 'order.dispute_updated' : 'order.dispute_closed';
  return [{ type: before === undefined ? 'order.dispute_created' : type, subject: id }];
}

function nameOf({ code, subject }: Notice): string {
  return `${code} ${subject}`;
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
      amount: terms.amount,
      currency: terms.currency,
      amount_captured: capturedPartOf(payment)?.amountCaptured ?? 0,
      amount_refunded: amountRefunded(order),
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
