import type { EventKind, EventTypeOf, OutgoingEventType } from './event-types.ts';

/** What has happened. `subject`: the Stripe object that it is about. */
export interface News<Kind extends EventKind = EventKind> {
  readonly type: EventTypeOf<Kind>;
  readonly subject: string | null;
}

/** What subscribers learn: the object as the API shows it, when it happened. */
export interface EventData {
  /** Of the order, account …: Waybill's. */
  readonly id: string | null;
  readonly object: string;
  /** The Stripe object that the event is about: a refund, a transfer, a dispute. */
  readonly subject: string | null;
  /** Rises with each event of the same object. */
  readonly sequence: number;
}

/** One event of one object. */
export interface OutgoingEvent<Data extends EventData = EventData> {
  readonly id: string;
  readonly type: OutgoingEventType;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly data: Data;
}

/** An event as it is stored until it is handed over. What is missing of its data is as in the event before. */
export interface WaitingEvent extends Omit<OutgoingEvent, 'data'> {
  readonly data: EventData | Pick<EventData, 'subject' | 'sequence'>;
}

/** What could not be handed over to its delivery yet. */
interface Unpublished {
  /** Oldest first. */
  readonly events: readonly WaitingEvent[];
  /** The number of failed tries, and when the next one is due; milliseconds since the epoch. */
  readonly tries: number;
  readonly againAt: number;
}

/** What has been published of an object. Its next events are the difference to this. */
export interface Published<Standing> {
  /** Whether there is a subscriber. */
  readonly wanted: boolean;
  readonly sequence: number;
  readonly standing: Standing;
  readonly unpublished: Unpublished | null;
}

/** How the events of one kind of object come about. Pure. */
export interface Publisher<Entity, Standing> {
  readonly kind: EventKind;
  /** Before anything happened. */
  readonly unborn: Standing;
  idOf(entity: Entity): string;
  /** What of it is compared to find out what has happened. `before`: what was published of it. */
  standingOf(entity: Entity, before: Standing): Standing;
  newsOf(before: Standing, entity: Entity, now: Standing): readonly News[];
  /** The object as the API shows it. `at`: milliseconds since the epoch. */
  present(entity: Entity, at: number): Omit<EventData, 'subject' | 'sequence'>;
}
