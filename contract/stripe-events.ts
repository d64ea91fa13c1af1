import { defineSignal } from '@temporalio/workflow';
import type { StripeEventSignal } from '../domain/commands/stripe-event-signal.ts';

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

/** Resumes what an outage of Stripe stopped. */
export const RESUME_WORKFLOW = 'resume';

/** Stripe answers again: what waits for that is due now. */
export const stripeAnswersSignal = defineSignal('stripeAnswers');

/** Something happened at Stripe: the payment or the account is read again. `eventId` makes a repeat harmless. */
export const stripeEventSignal = defineSignal<[StripeEventSignal]>('stripeEvent');
