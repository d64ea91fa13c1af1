import {
  ActivityFailure,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { EventActivities } from '../activities/events.ts';
import type { KeptDelivery, StripeHint } from '../domain/stripe-events.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from './visibility.ts';

/**
 * As long as Stripe itself goes on sending an event that nobody takes. The activity's retries are the waiting: Temporal's UI
 * shows it as pending, with what it last ran into.
 */
const { deliverKeptEvent } = proxyActivities<EventActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
});

/**
 * One event of Stripe's that could not be brought to its order at once: finds out whose it is, and waits until that order
 * is known. Ends as failed, and is listed as needing attention, if the order never comes.
 */
export async function stripeEvent(hint: StripeHint): Promise<KeptDelivery> {
  try {
    return await deliverKeptEvent(hint);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const why = error.cause?.message ?? error.message;
    setCurrentDetails(
      `\`${hint.eventType}\` was not delivered: ${why}. Runbook: docs/runbook.md#event_undelivered`,
    );
    upsertSearchAttributes([
      { key: NEEDS_ATTENTION, value: true },
      { key: ATTENTION_CODE, value: 'event_undelivered' },
    ]);
    throw error;
  }
}
