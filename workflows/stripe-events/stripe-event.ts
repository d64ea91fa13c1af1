import {
  ActivityFailure,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { EventActivities } from '../../activities/stripe-events/events.ts';
import { ORDER_NOT_KNOWN } from '../../contract/stripe-events.ts';
import { STRIPE_EVENT_INPUT } from '../../domain/commands/workflow-input.ts';
import type { ParkedDelivery, StripeEventRef } from '../../domain/stripe-events/stripe-events.ts';
import { isUrgent } from '../../domain/stripe-events/stripe-events.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { isBug } from '../shared/bug.ts';
import { MINUTE_MS } from '../shared/time.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../visibility.ts';

/** The activity's retries are the waiting: Temporal's UI shows it as pending, with what it last ran into. */
const RETRIED = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
} as const;
/** As long as Stripe itself goes on sending an event that nobody takes. */
const retriedForDays = proxyActivities<EventActivities>({ ...RETRIED, scheduleToCloseTimeout: '3 days' });
const retriedForMinutes = proxyActivities<EventActivities>({
  ...RETRIED,
  scheduleToCloseTimeout: '10 minutes',
});

/** A bug stops each attempt in the same way, until a fix is deployed; for as long as the attempts above last. */
const AFTER_BUG_MS = 30 * MINUTE_MS;
const TRIES_MAX = 3 * 24 * 2;

/**
 * One event of Stripe's that could not be brought to its order at once: finds out whose it is, and waits until that order
 * is known, or takes it up again. Ends as failed, and is listed as needing attention, if the order never comes; what
 * cannot wait for that (a dispute has a deadline) is listed so meanwhile.
 */
export async function stripeEvent(hint: StripeEventRef): Promise<ParkedDelivery> {
  refuseNonsense(hint, STRIPE_EVENT_INPUT);
  if (!isUrgent(hint)) return delivered(retriedForDays, hint);
  try {
    return await delivered(retriedForMinutes, hint);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
  }
  const delivery = await delivered(retriedForDays, hint);
  show(null);
  return delivery;
}

async function delivered(
  { deliverParkedEvent }: EventActivities,
  hint: StripeEventRef,
): Promise<ParkedDelivery> {
  for (let tries = 1; ; tries++) {
    try {
      const delivery = await deliverParkedEvent(hint);
      if (tries > 1) show(null);
      return delivery;
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const why = error.cause?.message ?? error.message;
      show(`\`${hint.eventType}\` was not delivered: ${why}. Runbook: docs/runbook.md#event_undelivered`);
      if (!isBug(error, ORDER_NOT_KNOWN) || tries >= TRIES_MAX) throw error;
      await sleep(AFTER_BUG_MS);
    }
  }
}

/** Null: nobody has to look. */
function show(undelivered: string | null): void {
  setCurrentDetails(undelivered ?? '');
  upsertSearchAttributes([
    { key: NEEDS_ATTENTION, value: undelivered !== null },
    { key: ATTENTION_CODE, value: undelivered === null ? null : 'event_undelivered' },
  ]);
}
