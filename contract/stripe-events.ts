import { defineSignal } from '@temporalio/workflow';
import type { StripeEventSignal } from '../domain/commands/signals.ts';

export const STRIPE_EVENT_WORKFLOW = 'stripeEvent';

export const SYNC_WORKFLOW = 'sync';

export const SYNC_ACCOUNTS_WORKFLOW = 'syncAccounts';

export const SYNC_PAYOUTS_WORKFLOW = 'syncPayouts';

/** Something happened at Stripe: a hint to read the payment or the account again. `eventId` makes a repeat harmless. */
export const stripeEventSignal = defineSignal<[StripeEventSignal]>('stripeEvent');
