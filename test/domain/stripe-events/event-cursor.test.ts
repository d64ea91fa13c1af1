import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventCursor, ListedEvent } from '../../../domain/stripe-events/event-cursor.ts';
import { advance, OVERLAP_SECONDS, SEEN_MAX, unseen } from '../../../domain/stripe-events/event-cursor.ts';

const at = (created: number, id = `evt_${created}`): ListedEvent => ({ id, created });

describe('the cursor', () => {
  it('is none before the first event, and stays where it is when nothing comes', () => {
    expect(advance(null, [])).toBeNull();
    const cursor = advance(null, [at(5)]);
    expect(advance(cursor, [])).toEqual(cursor);
  });

  it('keeps what is recent for another reading, and begins behind what is not', () => {
    const cursor = advance(null, [at(100), at(101), at(100 + OVERLAP_SECONDS), at(130 + OVERLAP_SECONDS)]);
    expect(cursor).toEqual({ after: 'evt_101', seen: [at(160), at(190)] });
  });

  it('begins behind the oldest where all are recent', () => {
    expect(advance(null, [at(1), at(2)])).toEqual({ after: 'evt_1', seen: [at(1), at(2)] });
  });

  it('remembers no more than fits into a result', () => {
    const crowd = Array.from({ length: SEEN_MAX + 3 }, (_, index) => at(1, `evt_${index}`));
    const cursor = advance(null, crowd);
    expect(cursor?.seen).toHaveLength(SEEN_MAX);
    expect(cursor?.after).toBe('evt_2');
  });
});

/** The list as Stripe has it: by time; some events show up later than others of their time. */
interface Happening {
  readonly created: number;
  /** In which reading it is there for the first time; late by at most the overlap. */
  readonly visibleFrom: number;
}
const READING_SECONDS = 30;
const READINGS = 12;
const happenings = fc.array(
  fc
    .record({ created: fc.integer({ min: 0, max: 240 }), lateSeconds: fc.integer({ min: 0, max: 29 }) })
    .map(({ created, lateSeconds }) => ({
      created,
      visibleFrom: Math.ceil((created + lateSeconds) / READING_SECONDS),
    })),
  { maxLength: 40 },
);

/** What readings of that list feed, half a minute apart. */
function fedBy(all: readonly Happening[]): { events: readonly string[]; fed: readonly string[] } {
  // Only what comes behind a first event is sure to be found: before it, nobody was there to hear.
  const events = [{ created: -2 * OVERLAP_SECONDS, visibleFrom: 0 }, ...all]
    .map((one, index) => ({ ...one, id: `evt_${index}` }))
    .toSorted((a, b) => a.created - b.created);
  const fed: string[] = [];
  let cursor: EventCursor | null = null;
  for (let reading = 0; reading < READINGS; reading++) {
    const listed = events.filter(({ visibleFrom }) => visibleFrom <= reading);
    const after: string | null = (cursor as EventCursor | null)?.after ?? null;
    const page = listed.slice(listed.findIndex(({ id }) => id === after) + 1);
    fed.push(...unseen(cursor, page).map(({ id }) => id));
    cursor = advance(cursor, page);
  }
  return { events: events.map(({ id }) => id), fed };
}

describe('readings of the list', () => {
  it('feed every event that shows up within half a minute of its time', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { events, fed } = fedBy(all);
        expect(new Set(fed)).toEqual(new Set(events));
      }),
      { numRuns: 2_000 },
    );
  });

  it('feed none twice where each shows up at its time', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const punctual = all.map(({ created }) => ({
          created,
          visibleFrom: Math.ceil(created / READING_SECONDS),
        }));
        const { events, fed } = fedBy(punctual);
        expect(fed.toSorted()).toEqual(events.toSorted());
      }),
      { numRuns: 2_000 },
    );
  });
});
