import type { Notice } from '../attention/notice.ts';
import type { Dispute, DisputeStatus } from '../orders/dispute.ts';
import { isOpen } from '../orders/dispute.ts';
import type { Order, OrderStatus, Refund } from '../orders/order.ts';
import { orderStatus } from '../orders/order.ts';
import { isNothingOutstanding } from '../orders/outstanding.ts';
import type { OutgoingEventType, Published, PublishedAuthorization } from './outgoing-event.ts';

/** What has happened to an order. `subject`: the Stripe object that it is about. */
export interface News {
  readonly type: OutgoingEventType;
  readonly subject: string | null;
}

/** Of an order whose payment existed before it did. */
export function adoptionNews(order: Order): readonly News[] {
  const isRead = order.payment.status !== 'pending';
  return [
    ...(isRead ? [{ type: 'order.adopted', subject: null } as const] : []),
    ...(order.attention ? [{ type: 'order.needs_attention', subject: null } as const] : []),
  ];
}

/** What has happened since that was announced. */
export function newsOf(before: Published, order: Order): readonly News[] {
  const status = orderStatus(order);
  const event = STATUS_NEWS[status];
  const attention = order.attention?.code ?? null;
  const declinedAt = order.lastDecline?.at ?? null;
  const wholeOrder = (type: OutgoingEventType | undefined, happened: boolean): readonly News[] =>
    type && happened ? [{ type, subject: null }] : [];
  return [
    ...wholeOrder('order.declined', declinedAt !== null && declinedAt !== before.declinedAt),
    ...wholeOrder(event, status !== before.status && !isReportedByRefund(before.status, status)),
    ...newsOfAuthorization(before.authorization, order),
    ...order.refunds.flatMap((refund) => newsOfRefund(before.refunds[refund.id], refund)),
    ...order.transfers
      .filter(({ id }) => !before.transfers.includes(id))
      .map(({ id }) => ({ type: 'order.transfer_created', subject: id }) as const),
    ...order.disputes.flatMap((dispute) => newsOfDispute(before.disputes[dispute.id], dispute)),
    ...endedRecoveries(order)
      .filter((dispute) => !before.recovered.includes(dispute))
      .map((subject) => ({ type: 'order.recovery_closed', subject }) as const),
    ...wholeOrder('order.completed', isNothingOutstanding(order) && !before.complete),
    ...order.notices
      .filter((notice) => !before.notices.includes(nameOf(notice)))
      .map(({ subject }) => ({ type: 'order.notice', subject }) as const),
    ...wholeOrder('order.attention_cleared', attention === null && before.attention !== null),
    ...wholeOrder('order.needs_attention', attention !== null && attention !== before.attention),
  ];
}

/** `refunded` is reported by the refund; it may be the first that is seen of a capture. */
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
  const type = isOpen(dispute) ? 'order.dispute_updated' : 'order.dispute_closed';
  return [{ type: before === undefined ? 'order.dispute_created' : type, subject: id }];
}

/** Its first authorization, and a capture of all of it, are reported by the status. */
function newsOfAuthorization(before: Published['authorization'], order: Order): readonly News[] {
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

export function authorizationOf({ payment }: Order): PublishedAuthorization | null {
  if (payment.status !== 'authorized') return null;
  const { paymentIntent, amount, amountCaptured } = payment;
  return { paymentIntent, amount, amountCaptured };
}

/** Disputes whose recovery from the connected account has ended. */
export function endedRecoveries({ recoveries }: Order): readonly string[] {
  const ended = recoveries.filter(({ status }) => status === 'recovered' || status === 'given_up');
  return ended.map(({ disputeId }) => disputeId);
}

export function nameOf({ code, subject }: Notice): string {
  return `${code} ${subject}`;
}
