import { defineSignal } from '@temporalio/workflow';
import type { StripeEventHint } from '../domain/commands/signals.ts';

export const STRIPE_EVENT_WORKFLOW = 'stripeEvent';

export const HEAL_WORKFLOW = 'heal';

export const HEAL_ACCOUNTS_WORKFLOW = 'healAccounts';

export const HEAL_PAYOUTS_WORKFLOW = 'healPayouts';

/** Something happened at Stripe: a hint to read the payment or the account again. `eventId` makes a repeat harmless. */
export const stripeEventSignal = defineSignal<[StripeEventHint]>('stripeEvent');
