import type { DisputeStatus } from '../orders/dispute.ts';
import type { OrderStatus, Refund } from '../orders/order.ts';

export const OUTGOING_EVENT_TYPES = [
  'order.adopted',
  'order.requires_action',
  'order.processing',
  'order.declined',
  'order.authorized',
  'order.authorization_updated',
  'order.partially_captured',
  'order.captured',
  'order.completed',
  'order.refunded',
  'order.refund_failed',
  'order.transfer_created',
  'order.dispute_created',
  'order.dispute_updated',
  'order.dispute_closed',
  'order.recovery_closed',
  'order.canceled',
  'order.expired',
  'order.needs_attention',
  'order.attention_cleared',
  'order.notice',
] as const;

export type OutgoingEventType = (typeof OUTGOING_EVENT_TYPES)[number];

/** What subscribers learn about an order: enough to decide whether to read it. No personal data. */
interface OutgoingOrder {
  readonly id: string;
  readonly object: 'order';
  readonly status: OrderStatus;
  readonly amount: number;
  readonly currency: string;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  /** Nothing of it is outstanding at Stripe. */
  readonly complete: boolean;
  readonly connected_account: string;
  readonly payment_intent: string | null;
  /** The Stripe object that the event is about: a refund, a transfer, a dispute. */
  readonly subject: string | null;
  /** The code of the stuck operation. */
  readonly needs_attention: string | null;
  /** The codes of the notices. */
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
export interface Unpublished {
  /** Oldest first. */
  readonly events: readonly OutgoingEvent[];
  /** The number of failed tries, and when the next one is due; milliseconds since the epoch. */
  readonly tries: number;
  readonly againAt: number;
}

/** What has been published of an order. Its next events are the difference to this. */
export interface Published {
  /** Whether there is a subscriber. */
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
  readonly unpublished: Unpublished | null;
  /** Null: nothing is authorized. */
  readonly authorization: PublishedAuthorization | null;
  readonly complete: boolean;
  /** The disputes whose recovery has ended. */
  readonly recovered: readonly string[];
}

/** Amounts in minor units. */
export interface PublishedAuthorization {
  readonly paymentIntent: string;
  readonly amount: number;
  readonly amountCaptured: number;
}
