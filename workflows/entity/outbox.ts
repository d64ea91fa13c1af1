import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { OutgoingEventActivities, TakenId } from '../../activities/outgoing-events/outgoing-events.ts';
import { announce, renumbered } from '../../domain/outgoing-events/announce.ts';
import { firstOf, hasRoom, pack, unpack } from '../../domain/outgoing-events/backlog.ts';
import type { OutgoingEvent, Published, Publisher } from '../../domain/outgoing-events/outgoing-event.ts';
import { backoffMs, MINUTE_MS, SECOND_MS, workflowNow } from '../shared/time.ts';
import { isStuck, orStuck } from './perform.ts';
import type { Timer } from './timer.ts';

const FIRST_AGAIN_MS = SECOND_MS;
const AGAIN_MAX_MS = 10 * MINUTE_MS;

type Handover = Pick<OutgoingEventActivities, 'publishEvents'>;

/**
 * Costs one event in the history and no round trip. A repeat after a crash starts no second workflow. Short, because
 * the caller waits for it.
 */
const localActivities: Handover = proxyLocalActivities<OutgoingEventActivities>({
  startToCloseTimeout: '500 milliseconds',
  retry: { maximumAttempts: 1 },
  summary: 'hand over events',
});
const activities: Handover = proxyActivities<OutgoingEventActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
  summary: 'hand over events',
});

/**
 * What an object publishes to its subscribers. New events are handed over to the workflows that deliver them; without
 * subscribers this costs nothing. What cannot be handed over is stored and retried beside the object's commands: money
 * does not wait for events.
 */
export class Outbox<Entity, Standing = unknown> {
  readonly #publisher: Publisher<Entity, Standing>;
  #published: Published<Standing>;
  /** A retry runs beside the object's work. */
  #isHandingOver = false;

  constructor(publisher: Publisher<Entity, Standing>, published: Published<Standing>) {
    this.#publisher = publisher;
    this.#published = published;
  }

  /** What the next run continues with. */
  get published(): Published<Standing> {
    return this.#published;
  }

  /** Whether everything was handed over. */
  get isEmpty(): boolean {
    return this.#published.unpublished === null;
  }

  /** Whether somebody could have been told anything of it. */
  get hasAnnounced(): boolean {
    return this.#published.standing !== this.#publisher.unborn;
  }

  /** There is a subscriber. */
  subscribe(): void {
    this.#published = { ...this.#published, wanted: true };
  }

  /** `whenHandedOver`: called when a retry ends. */
  async publish(entity: Entity, whenHandedOver: () => void): Promise<void> {
    const { unpublished } = this.#published;
    const events = this.#newEvents(entity);
    if (!unpublished && events.length === 0) return;
    if (events.length > 0) {
      const all = [...unpack(unpublished?.events ?? []), ...events];
      this.#save({ ...(unpublished ?? { tries: 0, againAt: workflowNow() }), events: pack(all) });
    }
    if (!unpublished) return this.#handOver(localActivities);
    if (this.#isHandingOver || workflowNow() < unpublished.againAt) return;
    this.#isHandingOver = true;
    void this.#handOver(activities).then(() => {
      this.#isHandingOver = false;
      whenHandedOver();
    });
  }

  /** When handing over is retried: the owner publishes after every piece of work. */
  timers(): readonly Timer[] {
    const { unpublished } = this.#published;
    if (!unpublished || this.#isHandingOver) return [];
    const fire = () => this.#save({ ...unpublished, againAt: workflowNow() });
    return [{ at: unpublished.againAt, summary: 'Hand over events again', fire }];
  }

  /** Events that come meanwhile queue behind these. */
  async #handOver({ publishEvents }: Handover): Promise<void> {
    const some = firstOf(unpack(this.#published.unpublished?.events ?? []));
    const handedOver = await orStuck(() => publishEvents(some, workflowInfo().firstExecutionRunId));
    const { unpublished } = this.#published;
    if (!unpublished) return;
    const now = workflowNow();
    if (isStuck(handedOver)) {
      const againAt = now + backoffMs(unpublished.tries, FIRST_AGAIN_MS, AGAIN_MAX_MS);
      return this.#save({ ...unpublished, tries: unpublished.tries + 1, againAt });
    }
    const rest = unpack(unpublished.events).slice(handedOver?.index ?? some.length);
    const events = handedOver ? this.#numberedAnew(rest, handedOver.by) : rest;
    this.#save(events.length > 0 ? { events: pack(events), tries: 0, againAt: now } : null);
  }

  /** Behind what took the first one's number: of an earlier object from the current time in seconds, which is above any object's count. */
  #numberedAnew(events: readonly OutgoingEvent[], takenBy: TakenId['by']): readonly OutgoingEvent[] {
    const { sequence: last } = this.#published;
    const taken = last - events.length + 1;
    const sequence = takenBy === 'lost_task' ? taken : Math.max(last, Math.floor(workflowNow() / SECOND_MS));
    this.#published = { ...this.#published, sequence: sequence + events.length };
    return renumbered(events, sequence);
  }

  /** None without a subscriber, or while too many wait. */
  #newEvents(entity: Entity): readonly OutgoingEvent[] {
    if (!hasRoom(this.#published.unpublished?.events ?? [])) return [];
    const { events, published } = announce(this.#publisher, this.#published, entity, workflowNow());
    this.#published = published;
    return events;
  }

  #save(unpublished: Published<Standing>['unpublished']): void {
    this.#published = { ...this.#published, unpublished };
  }
}
