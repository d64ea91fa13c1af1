import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeliveredEvent } from '../../../contract/outgoing-events.ts';
import {
  EVENT_ENDPOINT_GONE,
  EVENT_NOT_ACCEPTED,
  OUTGOING_EVENT_WORKFLOW,
} from '../../../contract/outgoing-events.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import { orderEvents } from '../../../domain/outgoing-events/order-events.ts';
import { NOW, orderIn } from '../../support/builders.ts';
import { useOrderBench } from '../../support/order-bench.ts';
import { SUBSCRIBERS } from '../../support/scripted-subscribers.ts';

/** What stops the delivery to the first of two subscribers. */
let failure: ApplicationFailure;
let disabled: string[] = [];
/** What is found when a subscription is to be disabled for an event that was not taken in time. */
let found: 'takes_others' | undefined;
const bench = useOrderBench({
  activities: {
    ...SUBSCRIBERS,
    async deliverEvent({ subscription }: { subscription: string }) {
      if (subscription === 'wes_1') throw failure;
      return { status: 'delivered', detail: 'answered 204' };
    },
    disableSubscription: async ({ subscription, since }: { subscription: string; since?: number }) => {
      if (since !== undefined && found) return found;
      disabled.push(subscription);
    },
  },
});
beforeEach(() => {
  disabled = [];
  found = undefined;
});

async function deliver(id: string, giveUpAfterMs = 60_000) {
  const [event] = announce(
    orderEvents(false),
    nothingPublished(orderEvents(false), true, 0),
    orderIn('succeeded', {}, { id }),
    NOW,
  ).events;
  const handle = await bench.client.workflow.start(OUTGOING_EVENT_WORKFLOW, {
    workflowId: `outgoing-event/${event?.id}`,
    taskQueue: bench.taskQueue,
    args: [{ event, subscriptions: ['wes_1', 'wes_2'], giveUpAfterMs }],
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

describe('an event that a receiver does not take in time', () => {
  beforeEach(() => {
    failure = ApplicationFailure.create({ type: EVENT_NOT_ACCEPTED, message: 'answered 413' });
  });

  it('disables its subscription', async () => {
    const { deliveries, shown } = await deliver('dead', 1_000);
    expect(deliveries).toMatchObject([{ status: 'failed', detail: 'answered 413' }, { status: 'delivered' }]);
    expect([disabled, shown]).toEqual([['wes_1'], [undefined, undefined]]);
  });

  it('waits for a replay where the receiver takes others', async () => {
    found = 'takes_others';
    const { deliveries, shown } = await deliver('too-large', 1_000);
    expect(deliveries).toMatchObject([{ status: 'failed', detail: 'answered 413' }, { status: 'delivered' }]);
    expect([disabled, shown]).toEqual([[], [true, 'event_not_accepted']]);
  });
});
