import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, expect, it } from 'vitest';
import type { DeliveredEvent } from '../../../contract/outgoing-events.ts';
import { EVENT_ENDPOINT_GONE, OUTGOING_EVENT_WORKFLOW } from '../../../contract/outgoing-events.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../workflows/shared/search-attributes.ts';
import { NOW, orderIn } from '../../support/builders.ts';
import { useOrderBench } from '../../support/order-bench.ts';
import { SUBSCRIBERS } from '../../support/scripted-subscribers.ts';

/** What stops the delivery to the first of two subscribers. */
let failure: ApplicationFailure;
let disabled: string[] = [];
const bench = useOrderBench({
  activities: {
    ...SUBSCRIBERS,
    async deliverEvent({ subscription }: { subscription: string }) {
      if (subscription === 'wes_1') throw failure;
      return { status: 'delivered', detail: 'answered 204' };
    },
    disableSubscription: async ({ subscription }: { subscription: string }) => {
      disabled.push(subscription);
    },
  },
});
beforeEach(() => {
  disabled = [];
});

async function deliver(id: string) {
  const [event] = announce(
    orderEvents(false),
    nothingPublished(orderEvents(false), true, 0),
    orderIn('succeeded', {}, { id }),
    NOW,
  ).events;
  const handle = await bench.client.workflow.start(OUTGOING_EVENT_WORKFLOW, {
    workflowId: `outgoing-event/${event?.id}`,
    taskQueue: bench.taskQueue,
    args: [{ event, subscriptions: ['wes_1', 'wes_2'], giveUpAfterMs: 60_000 }],
  });
  const { deliveries } = (await handle.result()) as DeliveredEvent;
  const { typedSearchAttributes: attributes } = await handle.describe();
  return { deliveries, shown: [attributes.get(NEEDS_ATTENTION), attributes.get(ATTENTION_CODE)] };
}

it('a bug fails one delivery at once and needs attention; the subscription stays', async () => {
  failure = ApplicationFailure.nonRetryable('x is not a function', 'TypeError');
  const { deliveries, shown } = await deliver('unlucky');
  expect(deliveries).toEqual([
    { subscription: 'wes_1', status: 'failed', detail: 'x is not a function' },
    { subscription: 'wes_2', status: 'delivered', detail: 'answered 204' },
  ]);
  expect(disabled).toEqual([]);
  expect(shown).toEqual([true, 'unexpected_failure']);
});

it('a receiver that is gone ends its subscription', async () => {
  failure = ApplicationFailure.nonRetryable('answered 410', EVENT_ENDPOINT_GONE);
  const { deliveries, shown } = await deliver('gone');
  expect(deliveries).toMatchObject([{ status: 'failed' }, { status: 'delivered' }]);
  expect(disabled).toEqual(['wes_1']);
  expect(shown).toEqual([undefined, undefined]);
});
