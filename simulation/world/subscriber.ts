import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createOutgoingEventActivities } from '../../activities/outgoing-events/outgoing-events.ts';
import type { EventSubscription } from '../../domain/outgoing-events/event-subscription.ts';
import type { OutgoingEvent } from '../../domain/outgoing-events/outgoing-event.ts';
import type { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { announcementOf } from '../../event-delivery/directory.ts';
import { BEGIN_MS } from '../lives/times.ts';
import { toJson } from '../runtime/jobs.ts';
import type { Chance } from './chance.ts';
import type { Processes } from './process.ts';

/** Longer than all workers are away. */
const GIVE_UP_AFTER_MS = 7 * 24 * 3_600_000;

const SUBSCRIPTION: EventSubscription = {
  id: 'wes_simulated',
  url: 'https://subscriber.example/events',
  events: ['*'],
  description: null,
  createdAt: BEGIN_MS,
  generation: 1,
  previousUntil: null,
  disabled: null,
};

interface Surroundings {
  readonly temporal: Client;
  readonly chance: Chance;
  readonly processes: Processes;
  /** What went wrong; a run ends with the first. */
  readonly broken: string[];
}

/** Whoever subscribes to all events, or nobody. What is sent here is neither signed nor sent over HTTP. */
export class Subscriber {
  /** By id. */
  readonly received = new Map<string, OutgoingEvent>();
  readonly #world: Surroundings;
  readonly #list: readonly EventSubscription[];

  constructor(world: Surroundings, isThere: boolean) {
    this.#world = world;
    this.#list = isThere ? [SUBSCRIPTION] : [];
  }

  get isThere(): boolean {
    return this.#list.length > 0;
  }

  get directory(): Pick<SubscriptionDirectory, 'list'> {
    return { list: async () => this.#list };
  }

  /** Whether it received an event of that source. */
  knows(source: string): boolean {
    return [...this.received.keys()].some((id) => id.startsWith(`evt_${source}~`));
  }

  /** As the API and workers begin what may have subscribers. */
  async announcing<Input extends object>(input: Input): Promise<Input & { readonly announced?: true }> {
    return { ...input, ...(await announcementOf(this.directory)) };
  }

  activities(taskQueue: string) {
    const real = createOutgoingEventActivities({
      temporal: this.#world.temporal,
      taskQueue,
      subscriptions: this.directory as SubscriptionDirectory,
      events: { giveUpAfterMs: GIVE_UP_AFTER_MS },
    });
    return {
      ...real,
      publishEvents: async (events: readonly OutgoingEvent[], life: string) => {
        const { place } = this.#world.processes.current;
        this.#mayFail('event_refused', place);
        const handedOver = await real.publishEvents(events, life);
        this.#mayFail('event_answer_lost', place);
        return handedOver;
      },
      deliverEvent: async ({ event }: { event: OutgoingEvent }) => this.#take(event),
    };
  }

  #take(event: OutgoingEvent): { readonly status: 'delivered'; readonly detail: string } {
    const { processes, broken } = this.#world;
    const { place } = processes.current;
    this.#mayFail('event_refused', place);
    const before = this.received.get(event.id);
    if (before && toJson(before) !== toJson(event)) broken.push(`${event.id} was sent with two contents`);
    this.received.set(event.id, event);
    // It has the event, and nobody knows.
    this.#mayFail('event_answer_lost', place);
    return { status: 'delivered', detail: 'answered 200' };
  }

  #mayFail(kind: 'event_refused' | 'event_answer_lost', place: string): void {
    if (this.#world.chance.happens(kind, place)) throw ApplicationFailure.create({ message: kind });
  }
}
