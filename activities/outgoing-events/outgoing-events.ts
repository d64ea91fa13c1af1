import type { Client } from '@temporalio/client';
import { OUTGOING_EVENT_WORKFLOW } from '../../contract/outgoing-events.ts';
import { contentDigest } from '../../domain/outgoing-events/event-content.ts';
import { outgoingEventWorkflowId } from '../../domain/outgoing-events/event-ids.ts';
import { wants } from '../../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import { announceToOpen } from '../../event-delivery/announce.ts';
import type { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { hasTaken } from '../../event-delivery/has-taken.ts';
import type { DeliveryStart } from '../../event-delivery/start.ts';
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

/** An event's id is another event's already. */
export interface TakenId {
  /** How many events before it were handed over. */
  readonly index: number;
  /**
   * `earlier_object`: Stripe refused to begin one of the same id. `lost_task`: the other event is this object's, of a workflow task whose
   * end Temporal never got; the task ran again and came to something else.
   */
  readonly by: 'earlier_object' | 'lost_task';
}

export type OutgoingEventActivities = ReturnType<typeof createOutgoingEventActivities>;

/** What workflows may have done about outgoing events. */
export function createOutgoingEventActivities(deps: OutgoingEventDeps) {
  const { temporal } = deps;
  return {
    /**
     * Starts the delivery of those events that somebody subscribes to; of each once. Returns the first whose id is taken; undefined: none.
     * `life`: of the object, the id of its workflow's first run.
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
): Promise<TakenId | undefined> {
  const all = await directory.list();
  for (const [index, event] of events.entries()) {
    const subscriptions = all.filter((one) => wants(one, event.type)).map(({ id }) => id);
    if (subscriptions.length === 0) continue;
    const workflowId = outgoingEventWorkflowId(event.id);
    const memo = { life, content: contentDigest(event) };
    const isFirst = await startDelivery(temporal, {
      workflowType: OUTGOING_EVENT_WORKFLOW,
      workflowId,
      taskQueue,
      input: { event, subscriptions, giveUpAfterMs },
      memo,
    });
    if (isFirst) continue;
    const by = await takenBy(temporal, workflowId, memo);
    if (by !== null) return { index, by };
  }
  return undefined;
}

/** Null: by the same event. */
async function takenBy(
  temporal: Client,
  workflowId: string,
  { life, content }: NonNullable<DeliveryStart['memo']>,
): Promise<TakenId['by'] | null> {
  const { memo } = await temporal.workflow.getHandle(workflowId).describe();
  if (memo?.life !== life) return 'earlier_object';
  return memo.content === content ? null : 'lost_task';
}
