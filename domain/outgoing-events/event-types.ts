/** Every outgoing event, by the kind of object that it is about. */
export const EVENT_TYPES = {
  order: [
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
    'order.transfer_reversed',
    'order.dispute_created',
    'order.dispute_updated',
    'order.dispute_closed',
    'order.recovery_closed',
    'order.canceled',
    'order.expired',
    'order.needs_attention',
    'order.attention_cleared',
    'order.notice',
  ],
  payout: [
    'payout.waiting_for_funds',
    'payout.created',
    'payout.in_transit',
    'payout.paid',
    'payout.failed',
    'payout.canceled',
    'payout.needs_attention',
    'payout.attention_cleared',
  ],
  transfer: [
    'transfer.created',
    'transfer.reversed',
    'transfer.abandoned',
    'transfer.needs_attention',
    'transfer.attention_cleared',
  ],
  account: [
    'account.onboarding',
    'account.enabled',
    'account.restricted_soon',
    'account.restricted',
    'account.rejected',
    'account.disconnected',
    'account.updated',
    'account.needs_attention',
    'account.attention_cleared',
  ],
  reconciliation: ['reconciliation.differences_found', 'reconciliation.reconciled', 'reconciliation.failed'],
} as const;

export type EventKind = keyof typeof EVENT_TYPES;
export type EventTypeOf<Kind extends EventKind> = (typeof EVENT_TYPES)[Kind][number];
export type OutgoingEventType = EventTypeOf<EventKind>;

export const EVENT_KINDS = Object.keys(EVENT_TYPES) as EventKind[];
export const OUTGOING_EVENT_TYPES: readonly OutgoingEventType[] = Object.values(EVENT_TYPES).flat();
