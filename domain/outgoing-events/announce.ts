import { outgoingEventId, renumberedEventId } from './event-ids.ts';
import type { News, OutgoingEvent, Published, Publisher } from './outgoing-event.ts';

/** Of an object before anything happened. Its events are numbered from `sequence` on. */
export function nothingPublished<Standing>(
  { unborn }: Pick<Publisher<never, Standing>, 'unborn'>,
  wanted: boolean,
  sequence = 0,
): Published<Standing> {
  return { wanted, sequence, standing: unborn, unpublished: null };
}

/** What has happened to an object since that was published; without a subscriber it only counts. `at`: milliseconds since the epoch. */
export function announce<Entity, Standing>(
  publisher: Publisher<Entity, Standing>,
  before: Published<Standing>,
  entity: Entity,
  at: number,
): { readonly events: readonly OutgoingEvent[]; readonly published: Published<Standing> } {
  const standing = publisher.standingOf(entity, before.standing);
  const about = { kind: publisher.kind, id: publisher.idOf(entity) };
  const news = publisher.newsOf(before.standing, entity, standing);
  const published = { ...before, sequence: before.sequence + news.length, standing };
  if (!before.wanted || news.length === 0) return { events: [], published };
  // One for all of them: however many there are, it is stored once (backlog.ts).
  const shown = publisher.present(entity, at);
  const eventOf = ({ type, subject }: News, index: number): OutgoingEvent => {
    const sequence = before.sequence + index + 1;
    const data = { ...shown, subject, sequence };
    return { id: outgoingEventId(about, sequence), type, createdAt: at, data };
  };
  return { events: news.map(eventOf), published };
}

/** The same events with the numbers behind `sequence`. */
export function renumbered(events: readonly OutgoingEvent[], sequence: number): readonly OutgoingEvent[] {
  return events.map((event, index) => {
    const own = sequence + index + 1;
    return { ...event, id: renumberedEventId(event.id, own), data: { ...event.data, sequence: own } };
  });
}
