import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Timeline, TimelineEntry } from '../../../domain/commands/timeline.ts';
import { EMPTY_TIMELINE, record, TIMELINE_LIMIT } from '../../../domain/commands/timeline.ts';

function entry(at: number): TimelineEntry {
  return {
    at,
    type: 'state',
    name: 'n',
    actor: 'waybill',
    cause: null,
    detail: null,
    stripeId: null,
    stripeRequestId: null,
  };
}

function timelineOf(count: number): Timeline {
  let timeline = EMPTY_TIMELINE;
  for (let at = 0; at < count; at++) timeline = record(timeline, entry(at));
  return timeline;
}

it('keeps everything in order while there is room', () => {
  const { entries, dropped } = timelineOf(TIMELINE_LIMIT);
  expect(entries.map(({ at }) => at)).toEqual(Array.from({ length: TIMELINE_LIMIT }, (_, at) => at));
  expect(dropped).toBe(0);
});

it('drops the oldest when full, but never the order’s creation, and says how many it dropped', () => {
  const { entries, dropped } = timelineOf(TIMELINE_LIMIT + 3);
  expect(entries.map(({ at }) => at).slice(0, 3)).toEqual([0, 4, 5]);
  expect(entries.at(-1)?.at).toBe(TIMELINE_LIMIT + 2);
  expect(dropped).toBe(3);
});

it('drops what was read from Stripe before what was done, however much was read', () => {
  let timeline = timelineOf(3);
  for (let at = 3; at < TIMELINE_LIMIT * 2; at++)
    timeline = record(timeline, { ...entry(at), type: 'event' });
  timeline = record(timeline, entry(-1));
  expect(timeline.entries.slice(0, 3).map(({ at }) => at)).toEqual([0, 1, 2]);
  expect(timeline.entries.at(-1)?.at).toBe(-1);
  expect(timeline.entries).toHaveLength(TIMELINE_LIMIT);
});

it('is bounded and loses no count, however much happens', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: TIMELINE_LIMIT * 2 }), (count) => {
      const { entries, dropped } = timelineOf(count);
      expect(entries.length).toBeLessThanOrEqual(TIMELINE_LIMIT);
      expect(entries.length + dropped).toBe(count);
      expect(entries[0]?.at).toBe(0);
      expect(entries.at(-1)?.at).toBe(count - 1);
    }),
    { numRuns: 20 },
  );
});

it('leaves the timeline that it was given as it was', () => {
  const before = timelineOf(TIMELINE_LIMIT);
  record(before, entry(-1));
  expect(before).toEqual(timelineOf(TIMELINE_LIMIT));
});
