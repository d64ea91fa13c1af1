import type { Notice } from '../attention/notice.ts';
import type { Dispute, DisputeStatus } from '../orders/dispute.ts';
import { isOpen } from '../orders/dispute.ts';
import type { Order, OrderStatus, Refund } from '../orders/order.ts';
import { orderStatus, paymentIntentOf } from '../orders/order.ts';
import { isComplete, isNothingOutstanding } from '../orders/outstanding.ts';
import { reversalsOfTransfer } from '../orders/transfer-reversals.ts';
import type { EventTypeOf } from './event-types.ts';
import type { News as AnyNews } from './outgoing-event.ts';

type News = AnyNews<'order'>;

/** What of an order is compared. */
export interface OrderStanding {
  readonly status: OrderStatus;
  readonly declinedAt: number | null;
  readonly attention: string | null;
  readonly refunds: Readonly<Record<string, Refund['status']>>;
  readonly transfers: readonly string[];
  /** Of its special-case transfers. */
  readonly reversals: readonly string[];
  readonly disputes: Readonly<Record<string, DisputeStatus>>;
  /** Code and object of each notice. */
  readonly notices: readonly string[];
  /** Null: nothing is authorized. */
  readonly authorization: Authorization | null;
  /** False: something was outstanding, and `order.completed` is owed since. */
  readonly complete: boolean;
  /** The disputes whose recovery has ended. */
  readonly recovered: readonly string[];
}

/** Amounts in minor units. */
interface Authorization {
  readonly paymentIntent: string;
  readonly amount: number;
  readonly amountCaptured: number;
}

export const UNBORN_ORDER: OrderStanding = {
  status: 'pending',
  declinedAt: null,
  attention: null,
  refunds: {},
  transfers: [],
  reversals: [],
  disputes: {},
  notices: [],
  authorization: null,
  complete: true,
  recovered: [],
};

export function standingOfOrder(order: Order, before: OrderStanding): OrderStanding {
  if (isUnreadAgain(before, order)) return { ...before, attention: order.attention?.code ?? null };
  return {
    status: orderStatus(order),
    declinedAt: order.lastDecline?.at ?? null,
    attention: order.attention?.code ?? null,
    refunds: Object.fromEntries(order.refunds.map(({ id, status }) => [id, status])),
    transfers: order.transfers.map(({ id }) => id),
    reversals: reversalsOfTransfers(order),
    disputes: Object.fromEntries(order.disputes.map(({ id, status }) => [id, status])),
    notices: order.notices.map(nameOf),
    authorization: authorizationOf(order),
    complete: before.complete ? isNothingOutstanding(order) : isComplete(order),
    recovered: endedRecoveries(order),
  };
}

/** A reopened order that has not read its payment yet, or was refused it: what was published of it holds until Stripe shows another state. */
function isUnreadAgain(before: OrderStanding, order: Order): boolean {
  return before.status !== UNBORN_ORDER.status && paymentIntentOf(order) === null;
}

/** Of an order whose payment existed before it did. */
function adoptionNews(order: Order): readonly News[] {
  const isRead = order.payment.status !== 'pending';
  return [
    ...(isRead ? [{ type: 'order.adopted', subject: null } as const] : []),
    ...(order.attention ? [{ type: 'order.needs_attention', subject: null } as const] : []),
  ];
}

/** What has happened since that was published. `adopted`: its payment existed before it did. */
export function newsOfOrder(before: OrderStanding, order: Order, adopted: boolean): readonly News[] {
  if (adopted && before.status === 'pending') return adoptionNews(order);
  if (isUnreadAgain(before, order)) return newsOfAttention(before, order);
  const status = orderStatus(order);
  const event = STATUS_NEWS[status];
  const declinedAt = order.lastDecline?.at ?? null;
  return [
    ...wholeOrder('order.declined', declinedAt !== null && declinedAt !== before.declinedAt),
    ...wholeOrder(event, status !== before.status && !isReportedByRefund(before.status, status)),
    ...newsOfAuthorization(before.authorization, order),
    ...order.refunds.flatMap((refund) => newsOfRefund(before.refunds[refund.id], refund)),
    ...order.transfers
      .filter(({ id }) => !before.transfers.includes(id))
      .map(({ id }) => ({ type: 'order.transfer_created', subject: id }) as const),
    ...reversalsOfTransfers(order)
      .filter((id) => !before.reversals.includes(id))
      .map((subject) => ({ type: 'order.transfer_reversed', subject }) as const),
    ...order.disputes.flatMap((dispute) => newsOfDispute(before.disputes[dispute.id], dispute)),
    ...endedRecoveries(order)
      .filter((dispute) => !before.recovered.includes(dispute))
      .map((subject) => ({ type: 'order.recovery_closed', subject }) as const),
    ...wholeOrder('order.completed', !before.complete && isComplete(order)),
    ...order.notices
      .filter((notice) => !before.notices.includes(nameOf(notice)))
      .map(({ subject }) => ({ type: 'order.notice', subject }) as const),
    ...newsOfAttention(before, order),
  ];
}

function newsOfAttention(before: OrderStanding, order: Order): readonly News[] {
  const attention = order.attention?.code ?? null;
  return [
    ...wholeOrder('order.attention_cleared', attention === null && before.attention !== null),
    ...wholeOrder('order.needs_attention', attention !== null && attention !== before.attention),
  ];
}

function wholeOrder(type: EventTypeOf<'order'> | undefined, happened: boolean): readonly News[] {
  return type && happened ? [{ type, subject: null }] : [];
}

/** `refunded` is reported by the refund; it may be the first that is seen of a capture. */
const STATUS_NEWS: Readonly<Partial<Record<OrderStatus, EventTypeOf<'order'>>>> = {
  requires_action: 'order.requires_action',
  processing: 'order.processing',
  authorized: 'order.authorized',
  captured: 'order.captured',
  refunded: 'order.captured',
  canceled: 'order.canceled',
  expired: 'order.expired',
};

/** Whether it was captured before: a refund, or its failure, moves an order between these two. */
function isReportedByRefund(before: OrderStatus, now: OrderStatus): boolean {
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
  const now = {
    type: isOpen(dispute) ? 'order.dispute_updated' : 'order.dispute_closed',
    subject: id,
  } as const;
  if (before !== undefined) return [now];
  const created = { type: 'order.dispute_created', subject: id } as const;
  // One that was decided before it was seen has begun and ended.
  return isOpen(dispute) ? [created] : [created, now];
}

/** Its first authorization, and a capture of all of it, are reported by the status. */
function newsOfAuthorization(before: OrderStanding['authorization'], order: Order): readonly News[] {
  const now = authorizationOf(order);
  if (!before || !now) return [];
  const isUpdated = now.paymentIntent !== before.paymentIntent || now.amount !== before.amount;
  return [
    ...(isUpdated ? [{ type: 'order.authorization_updated', subject: null } as const] : []),
    ...(now.amountCaptured > before.amountCaptured
      ? [{ type: 'order.partially_captured', subject: null } as const]
      : []),
  ];
}

function authorizationOf({ payment }: Order): Authorization | null {
  if (payment.status !== 'authorized') return null;
  const { paymentIntent, amount, amountCaptured } = payment;
  return { paymentIntent, amount, amountCaptured };
}

/** Whoever reversed them. */
function reversalsOfTransfers(order: Order): readonly string[] {
  return order.transfers.flatMap(({ id }) => reversalsOfTransfer(order, id).map((reversal) => reversal.id));
}

/** Disputes whose recovery from the connected account has ended. */
function endedRecoveries({ recoveries }: Order): readonly string[] {
  const ended = recoveries.filter(({ status }) => status === 'recovered' || status === 'given_up');
  return ended.map(({ disputeId }) => disputeId);
}

function nameOf({ code, subject }: Notice): string {
  return `${code} ${subject}`;
}
