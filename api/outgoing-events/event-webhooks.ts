import type { OutgoingEventType } from '../../domain/outgoing-events/event-types.ts';
import { EVENT_KINDS, EVENT_TYPES } from '../../domain/outgoing-events/event-types.ts';
import type { WebhookDoc } from '../http/openapi-webhooks.ts';
import { deliveredEvent } from './events-schema.ts';

const WHEN: Readonly<Record<OutgoingEventType, string>> = {
  'order.adopted': 'Waybill took over a PaymentIntent that existed at Stripe',
  'order.requires_action': 'The customer has to authenticate',
  'order.processing': 'A debit is on its way and takes days',
  'order.declined': 'The payment was declined; the order waits for another payment method',
  'order.authorized': 'The money is held until `capture_before`',
  'order.authorization_updated': 'The authorization was renewed or raised',
  'order.partially_captured': 'One of several captures, which leaves the rest authorized',
  'order.captured': 'The money was captured',
  'order.completed': 'Nothing is outstanding at Stripe any more',
  'order.refunded': 'A refund was made, and may still be on its way; `subject` is the refund',
  'order.refund_failed': 'A refund failed; `subject` is the refund',
  'order.transfer_created': 'A special-case transfer was made; `subject` is the transfer',
  'order.transfer_reversed':
    'A special-case transfer was reversed in whole or in part; `subject` is the reversal',
  'order.dispute_created': 'The customer disputed the payment; `subject` is the dispute, see `disputes`',
  'order.dispute_updated': 'The status of a dispute changed; `subject` is the dispute',
  'order.dispute_closed': 'A dispute ended; `subject` is the dispute',
  'order.recovery_closed':
    'The recovery of a lost dispute from the account ended, with or without success; `subject` is the dispute',
  'order.canceled': 'The order was canceled, and nothing was captured',
  'order.expired': 'The authorization ended before anybody captured',
  'order.needs_attention': 'An operation is stuck; `needs_attention` is its code',
  'order.attention_cleared': 'Nothing is stuck any more',
  'order.notice': 'Something needs a look while nothing is stuck; see `notices`',
  'payout.waiting_for_funds': 'The payout waits until the account has the funds; see `funds`',
  'payout.created': 'The payout was made at Stripe; `subject` is Stripe’s payout',
  'payout.in_transit': 'The payout is on its way to the bank',
  'payout.paid': 'The bank has the payout; it may still give it back',
  'payout.failed': 'The payout failed, and its money is back in the account’s balance; see `failure`',
  'payout.canceled': 'The payout was canceled',
  'payout.needs_attention': 'The payout needs somebody; see `needs_attention`',
  'payout.attention_cleared': 'The payout needs nobody any more',
  'transfer.created': 'A special-case transfer without an order was made; `subject` is Stripe’s transfer',
  'transfer.reversed':
    'A part or all of it was reversed, through Waybill or at Stripe; `subject` is the reversal',
  'transfer.abandoned': 'The transfer was given up: nothing was transferred',
  'transfer.needs_attention': 'The transfer needs somebody; see `needs_attention`',
  'transfer.attention_cleared': 'The transfer needs nobody any more',
  'account.onboarding': 'The account is at Stripe, and its owner has to fill in what Stripe asks for',
  'account.enabled': 'The account can be paid and paid out',
  'account.restricted_soon': 'The account is restricted unless `requirements` are met by `current_deadline`',
  'account.restricted': 'The account lacks something that Stripe requires; see `requirements`',
  'account.rejected': 'The account was rejected',
  'account.disconnected': 'The platform has no access to the account any more',
  'account.updated': 'What the account may do, or what Stripe requires, changed; its status did not',
  'account.needs_attention': 'The account needs somebody; see `needs_attention`',
  'account.attention_cleared': 'The account needs nobody any more',
  'reconciliation.differences_found': 'A run found differences; see `report`',
  'reconciliation.reconciled': 'A run found no difference, after one that did or that failed',
  'reconciliation.failed': 'A run found nothing out; see `failure`',
};

/** Every outgoing event, as the OpenAPI document describes it to receivers. */
export const eventWebhooks: readonly WebhookDoc[] = EVENT_KINDS.flatMap((kind) =>
  EVENT_TYPES[kind].map((type) => ({
    name: type,
    summary: WHEN[type],
    schema: deliveredEvent(kind, type),
  })),
);
