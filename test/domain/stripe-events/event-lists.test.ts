import { describe, expect, it } from 'vitest';
import type { FeedCursor, ListCursor } from '../../../domain/stripe-events/event-lists.ts';
import { cursorsOf, LIST_TYPES_MAX, listsOf } from '../../../domain/stripe-events/event-lists.ts';
import { ORDER_EVENT_TYPES } from '../../../domain/stripe-events/stripe-events.ts';

const types = (count: number) => Array.from({ length: count }, (_, n) => `type.${n}`);

/** A list that was read up to there. */
function list(shown: readonly string[], readAt: number | null, more: Partial<ListCursor> = {}): ListCursor {
  const cursor = readAt === null ? null : { after: `evt_${readAt}`, seen: [] };
  return { types: shown, cursor, readAt, next: null, ...more };
}

const carried = (...lists: readonly ListCursor[]): FeedCursor => ({ lists });
/** What begins by time. */
const from = (shown: readonly string[], readAt: number | null) => list(shown, readAt, { cursor: null });

describe('lists of types', () => {
  it.each([
    [0, []],
    [1, [1]],
    [20, [20]],
    [21, [20, 1]],
    [45, [20, 20, 5]],
  ])('%s of them are shown by lists of %j', (count, lengths) => {
    const lists = listsOf(types(count));
    expect(lists.map(({ length }) => length)).toEqual(lengths);
    expect(lists.flat()).toEqual(types(count));
  });

  it('fit into a request of Stripe’s each, and show each type of an order’s event once', () => {
    const lists = listsOf(ORDER_EVENT_TYPES);
    expect(Math.max(...lists.map(({ length }) => length))).toBeLessThanOrEqual(LIST_TYPES_MAX);
    expect(new Set(lists.flat()).size).toBe(ORDER_EVENT_TYPES.length);
  });
});

describe('a list of events', () => {
  const [first, second] = [types(40).slice(0, 20), types(40).slice(20)];

  it('begins without a time where nothing was carried over', () => {
    expect(cursorsOf(null, types(40))).toEqual([from(first, null), from(second, null)]);
  });

  it('goes on where it was, however far another one is', () => {
    const lists = [list(first, 900), list(second, 100, { next: 'evt_150' })];
    expect(cursorsOf(carried(...lists), types(40))).toEqual(lists);
  });

  it('goes on where it was with a new type behind its others', () => {
    const before = list(types(5), 900);
    expect(cursorsOf(carried(before), types(7))).toEqual([{ ...before, types: types(7) }]);
  });

  it('of new types alone begins where all others had been read to, so that an outage hides none', () => {
    expect(cursorsOf(carried(list(first, 900)), types(21))).toEqual([
      list(first, 900),
      from(['type.20'], 900),
    ]);
    const others = [list(first, 900), list(second, 100)];
    expect(cursorsOf(carried(...others), types(41))[2]).toEqual(from(['type.40'], 100));
  });

  it('begins where the more backward one was read to, if a type comes over from that', () => {
    const moved = [...first.slice(1), second[0] ?? ''];
    const [now] = cursorsOf(carried(list(first, 900), list(second, 100)), moved);
    expect(now).toEqual(from(moved, 100));
    const ahead = [...second.slice(1), first[0] ?? ''];
    expect(cursorsOf(carried(list(first, 900), list(second, 100)), ahead)[0]).toEqual(from(ahead, 100));
  });

  it('begins by time where it loses a type: its last event may be one of those', () => {
    expect(cursorsOf(carried(list(first, 900)), first.slice(1))).toEqual([from(first.slice(1), 900)]);
  });

  it('counts as read up to the oldest event it remembers, as long as its end was never reached', () => {
    const seen = [
      { id: 'evt_1', created: 40 },
      { id: 'evt_2', created: 90 },
    ];
    const unfinished = list(first, null, { cursor: { after: 'evt_0', seen }, next: 'evt_2' });
    expect(cursorsOf(carried(unfinished, list(second, 900)), types(41))[2]).toEqual(from(['type.40'], 40));
  });

  it('does not begin at a list of which nothing was ever read', () => {
    expect(cursorsOf(carried(list(first, null), list(second, 900)), types(41))[2]).toEqual(
      from(['type.40'], 900),
    );
  });
});
