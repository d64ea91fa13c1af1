import { defineSignal } from '@temporalio/workflow';
import type { StripeEventSignal } from '../domain/commands/signals.ts';

export const STRIPE_EVENT_WORKFLOW = 'stripeEvent';

/** Type of the failure of a delivery while nobody knows the event's order. */
export const ORDER_NOT_KNOWN = 'OrderNotKnown';

/** What a run of the workflows below does: `count` rounds, one each `everyMs`. */
export interface Rounds {
  readonly everyMs: number;
  readonly count: number;
}

export const SYNC_WORKFLOW = 'sync';

export const SYNC_ACCOUNTS_WORKFLOW = 'syncAccounts';

export const SYNC_PAYOUTS_WORKFLOW = 'syncPayouts';

/** Something happened at Stripe: a hint to read the payment or the account again. `eventId` makes a repeat harmless. */
export const stripeEventSignal = defineSignal<[StripeEventSignal]>('stripeEvent');
