import { z } from 'zod';
import { validate } from './validate.ts';

const EVENT = z.object({ eventId: z.string().min(1).max(500), eventType: z.string().min(1).max(500) });

/** That something happened at Stripe: a reason to read the payment again. */
export type StripeEventSignal = z.output<typeof EVENT>;

/** The event that a signal names; null if it names none. */
export function stripeEventFromSignal(raw: unknown): StripeEventSignal | null {
  return validate(EVENT, raw).value;
}
