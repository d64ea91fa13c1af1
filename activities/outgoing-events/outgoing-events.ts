import type { Client } from '@temporalio/client';
import { OUTGOING_EVENT_WORKFLOW } from '../../contract/outgoing-events.ts';
import { outgoingEventWorkflowId } from '../../domain/outgoing-events/event-ids.ts';
import { wants } from '../../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import { announceToOpen } from '../../event-delivery/announce.ts';
import type { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { hasTaken } from '../../event-delivery/has-taken.ts';
import { disableSubscription, startDelivery } from '../../event-delivery/start.ts';
import type { EventDeliverySettings } from './deliver-event.ts';

export interface OutgoingEventDeps {
  readonly temporal: Client;
  readonly taskQueue: string;
  readonly subscriptions: SubscriptionDirectory;
  readonly events: Pick<EventDeliverySettings, 'giveUpAfterMs'>;
}

/** `since`: when the event was first tried, in milliseconds since the epoch; absent: the receiver said that it is gone. */
interface Unaccepted {
  readonly subscription: string;
  readonly reason: string;
  readonly since?: number;
}

export type OutgoingEventActivities = ReturnType<typeof createOutgoingEventActivities>;

/** What workflows may have done about outgoing events. */
export function createOutgoingEventActivities(deps: OutgoingEventDeps) {
  const { temporal } = deps;
  return {
    /**
     * Starts the delivery of those events that somebody subscribes to; of each once. Returns how many it got to before one whose id an
     * earlier object has used; undefined: all. `life`: of the object, the id of its workflow's first run.
     */
    publishEvents: (events: readonly OutgoingEvent[], life: string) => publishEvents(deps, events, life),

    /**
     * Nothing more is sent there until an operator enables it again; but a receiver that has taken another event since is not dead, and
     * stays (`takes_others`).
     */
    disableSubscription: async ({ subscription: id, reason, since }: Unaccepted) => {
      if (since === undefined) return disableSubscription(temporal, { id, reason });
      const subscription = (await deps.subscriptions.fresh()).find((one) => one.id === id);
      const takesOthers = subscription !== undefined && (await hasTaken(temporal, subscription, since));
      await disableSubscription(temporal, { id, reason, since, ...(takesOthers ? { takesOthers } : {}) });
      return takesOthers ? 'takes_others' : undefined;
    },

    /** Makes what is open announce what happens to it from now on. */
    announceToOpen: () => announceToOpen(temporal),
  };
}

async function publishEvents(
  { temporal, taskQueue, subscriptions: directory, events: { giveUpAfterMs } }: OutgoingEventDeps,
  events: readonly OutgoingEvent[],
  life: string,
): Promise<number | undefined> {
  const all = await directory.list();
  for (const [index, event] of events.entries()) {
    const subscriptions = all.filter((one) => wants(one, event.type)).map(({ id }) => id);
    if (subscriptions.length === 0) continue;
    const workflowId = outgoingEventWorkflowId(event.id);
    const isFirst = await startDelivery(temporal, {
      workflowType: OUTGOING_EVENT_WORKFLOW,
      workflowId,
      taskQueue,
      input: { event, subscriptions, giveUpAfterMs },
      memo: { life },
    });
    if (!isFirst && (await isOfEarlierObject(temporal, workflowId, life))) return index;
  }
  return undefined;
}

/** What Stripe refused to begin leaves its id to the next of that id, which numbers its events anew. */
async function isOfEarlierObject(temporal: Client, workflowId: string, life: string): Promise<boolean> {
  const { memo } = await temporal.workflow.getHandle(workflowId).describe();
  return memo?.life !== life;
}
