import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { EventActivities } from '../../../activities/stripe-events/events.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { STRIPE_EVENT_WORKFLOW } from '../../../contract/stripe-events.ts';
import type { StripeEventRef } from '../../../domain/stripe-events/stripe-events.ts';
import { needs } from '../../support/needs.ts';
import { useOrderBench } from '../../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';

const MINUTE_MS = 60_000;
const HINT: StripeEventRef = {
  eventId: 'evt_1',
  eventType: 'payment_intent.succeeded',
  own: false,
  subject: { kind: 'order', orderId: 'unlucky' },
};

needs(noTimeSkipping)('an event whose delivery a bug stops', () => {
  let tries = 0;
  let isFixed = false;
  const activities: Pick<EventActivities, 'deliverParkedEvent'> = {
    deliverParkedEvent: async () => {
      tries += 1;
      if (isFixed) return 'signaled';
      throw ApplicationFailure.nonRetryable('x is not a function', 'TypeError');
    },
  };
  const bench = useOrderBench({ startServer: startTimeSkipping, activities });

  it('needs attention at once, is tried each half hour, and is delivered once the bug is fixed', async () => {
    const handle = await bench.client.workflow.start(STRIPE_EVENT_WORKFLOW, {
      workflowId: 'stripe-event/evt_1',
      taskQueue: bench.taskQueue,
      args: [HINT],
    });
    const shown = async () => {
      const { typedSearchAttributes: attributes } = await handle.describe();
      return [attributes.get(NEEDS_ATTENTION), attributes.get(ATTENTION_CODE)];
    };
    await bench.sleep(10 * MINUTE_MS);
    expect(tries).toBe(1);
    expect(await shown()).toEqual([true, 'event_undelivered']);
    await bench.sleep(30 * MINUTE_MS);
    expect(tries).toBe(2);
    isFixed = true;
    expect(await handle.result()).toBe('signaled');
    expect(tries).toBe(3);
    expect(await shown()).toEqual([false, undefined]);
  });
});
