import {
  ActivityFailure,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { EventActivities } from '../../activities/stripe-events/events.ts';
import { ATTENTION_SINCE } from '../../contract/search-attribute-keys.ts';
import { ORDER_NOT_KNOWN } from '../../contract/stripe-events.ts';
import { STRIPE_EVENT_INPUT } from '../../domain/commands/workflow-input.ts';
import type { ParkedDelivery, StripeEventRef } from '../../domain/stripe-events/stripe-events.ts';
import { isUrgent } from '../../domain/stripe-events/stripe-events.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { isBug } from '../shared/bug.ts';
import { escapeMarkdown, runbookLink } from '../shared/markdown.ts';
import { needAttributes } from '../shared/need-attributes.ts';
import { MINUTE_MS, workflowNow } from '../shared/time.ts';

/** The activity's retries are the waiting: Temporal's UI shows the pending activity with its last failure. */
const RETRIED = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '30 minutes' },
  summary: 'find the order and signal it',
} as const;
/** As long as Stripe itself retries a webhook. */
const retriedForDays = proxyActivities<EventActivities>({ ...RETRIED, scheduleToCloseTimeout: '3 days' });
const retriedForMinutes = proxyActivities<EventActivities>({
  ...RETRIED,
  scheduleToCloseTimeout: '10 minutes',
});

/** A bug fails every attempt until a fix is deployed. The tries last as long as the retries above. */
const AFTER_BUG_MS = 30 * MINUTE_MS;
const TRIES_MAX = 3 * 24 * 2;

/**
 * One event of Stripe's whose order is not known yet, or is closed. Finds the order, waits for it, or reopens it.
 * Fails and needs attention if the order never comes; an urgent event (a dispute has a deadline) needs attention
 * meanwhile.
 */
export async function stripeEvent(event: StripeEventRef): Promise<ParkedDelivery> {
  refuseNonsense(event, STRIPE_EVENT_INPUT);
  if (!isUrgent(event)) return delivered(retriedForDays, event);
  try {
    return await delivered(retriedForMinutes, event);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
  }
  const delivery = await delivered(retriedForDays, event);
  show(null);
  return delivery;
}

async function delivered(
  { deliverParkedEvent }: EventActivities,
  event: StripeEventRef,
): Promise<ParkedDelivery> {
  for (let tries = 1; ; tries++) {
    try {
      const delivery = await deliverParkedEvent(event);
      if (tries > 1) show(null);
      return delivery;
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const why = error.cause?.message ?? error.message;
      show(
        `\`${event.eventType}\` was not delivered: ${escapeMarkdown(why)}. ${runbookLink('event_undelivered')}`,
      );
      if (!isBug(error, ORDER_NOT_KNOWN) || tries >= TRIES_MAX) throw error;
      await sleep(AFTER_BUG_MS, { summary: 'Deliver the event again' });
    }
  }
}

/** Null: nobody has to look. */
function show(undelivered: string | null): void {
  setCurrentDetails(undelivered ?? '');
  const since = workflowInfo().typedSearchAttributes.get(ATTENTION_SINCE)?.getTime() ?? workflowNow();
  upsertSearchAttributes([
    ...needAttributes(undelivered === null ? null : { code: 'event_undelivered', since }),
  ]);
}
