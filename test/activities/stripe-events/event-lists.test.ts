import type { Client } from '@temporalio/client';
import fc from 'fast-check';
import Stripe from 'stripe';
import { beforeEach, describe, expect, it } from 'vitest';
import { feedEvents } from '../../../activities/stripe-events/feed-events.ts';
import type { FeedCursor } from '../../../domain/stripe-events/event-lists.ts';
import { LIST_TYPES_MAX, listsOf } from '../../../domain/stripe-events/event-lists.ts';
import { ORDER_EVENT_TYPES } from '../../../domain/stripe-events/stripe-events.ts';

const MINUTE = 60;
const DAY = 86_400;
const KEPT = 30 * DAY;
/** Of these the feed makes three lists, with types that Stripe has and orders do not follow. */
const MANY = [
  ...ORDER_EVENT_TYPES,
  ...Array.from({ length: 3 * LIST_TYPES_MAX - ORDER_EVENT_TYPES.length }, (_, n) => `type.${n}`),
];
/** One type of each list whose events reach an order. */
const [PAYMENT, REFUND, DISPUTE] = ['payment_intent.succeeded', 'refund.created', 'charge.dispute.created'];
const OTHERS = MANY.filter((type) => type !== PAYMENT && type !== REFUND && type !== DISPUTE);
const lists = (...firsts: readonly string[]) =>
  firsts.flatMap((first, n) => [first, ...OTHERS.slice(n * 19, (n + 1) * 19)]);

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly created: number;
}

/** Stripe's events, oldest first; seconds since the epoch. */
let events: Listed[];
let now: number;
/** Which events reached their order. */
let fed: string[];
let cursor: FeedCursor | null;
let calls: number;
/** Stripe does not answer from this request on, counted within a round. */
let failsFrom: number;
beforeEach(() => {
  [events, now, fed, cursor] = [[], 1_900_000_000, [], null];
  [calls, failsFrom] = [0, Number.POSITIVE_INFINITY];
});

function happen(type: string, id = `evt_${events.length}`): string {
  events.push({ id, type, created: now });
  return id;
}

/** More than Stripe shows on a page. */
const MANY_EVENTS = 130;

/** An hour's outage with many of them, and hours after it. */
function missed(type: string): string[] {
  now += 3_600;
  const ids = Array.from({ length: MANY_EVENTS }, () => happen(type));
  now += 3 * 3_600;
  return ids;
}

function asStripeShows({ id, type, created }: Listed) {
  const object = { id: 'x', object: 'refund', metadata: { waybill_order: id } };
  return { id, object: 'event', type, created, livemode: false, request: null, data: { object } };
}

/** As Stripe lists them, which takes an event of another list for a place in this one or not. */
async function list({ types = [], limit = 10, ending_before, starting_after }: Stripe.EventListParams) {
  if (++calls >= failsFrom) throw new Stripe.errors.StripeConnectionError({ type: 'api_error' } as never);
  expect(types.length).toBeLessThanOrEqual(LIST_TYPES_MAX);
  const listed = events
    .filter(({ type, created }) => types.includes(type) && created > now - KEPT)
    .toReversed()
    .map(asStripeShows);
  const at = (wanted: string) => {
    const found = listed.findIndex(({ id }) => id === wanted);
    if (found >= 0) return found;
    const error = { code: 'resource_missing', message: `No such event: '${wanted}'`, statusCode: 404 };
    throw new Stripe.errors.StripeInvalidRequestError(error as never);
  };
  if (ending_before !== undefined) {
    const newer = listed.slice(0, at(ending_before));
    return { data: newer.slice(-limit), has_more: newer.length > limit };
  }
  const older = listed.slice(starting_after === undefined ? 0 : at(starting_after) + 1);
  return { data: older.slice(0, limit), has_more: older.length > limit };
}

const getHandle = (workflowId: string) => ({
  signal: async () => {
    fed.push(workflowId.replace('order/', ''));
  },
});
const deps = {
  stripe: { events: { list } } as unknown as Stripe,
  temporal: { workflow: { getHandle } } as unknown as Client,
  taskQueue: 'none',
  now: () => now * 1_000,
};

/** One round; a failed one leaves the cursor where it was. */
async function round(types: readonly string[]): Promise<string[]> {
  fed = [];
  calls = 0;
  let here = cursor;
  for (let isNewRound = true, hasMore = true; hasMore; isNewRound = false)
    ({ cursor: here, hasMore } = await feedEvents(deps, types, { cursor: here, isNewRound }));
  cursor = here;
  return fed;
}

describe('of several lists', () => {
  it('each is read in each round, with a request of its own and a cursor of its own', async () => {
    expect(listsOf(lists(PAYMENT, REFUND, DISPUTE))).toHaveLength(3);
    const first = [happen(PAYMENT), happen(DISPUTE)];
    expect(await round(lists(PAYMENT, REFUND, DISPUTE))).toEqual(first);
    now += MINUTE;
    const second = [happen(REFUND), happen(DISPUTE)];
    expect(await round(lists(PAYMENT, REFUND, DISPUTE))).toEqual(second);
    expect(calls).toBe(3);
    expect(await round(lists(PAYMENT, REFUND, DISPUTE))).toEqual([]);
  });

  it('one with many pages does not have the others read again, and all of it is fed', async () => {
    await round(lists(PAYMENT, REFUND, DISPUTE));
    const busy = Array.from({ length: 250 }, () => happen(PAYMENT));
    const rare = happen(DISPUTE);
    expect(await round(lists(PAYMENT, REFUND, DISPUTE))).toHaveLength(251);
    expect(new Set(fed)).toEqual(new Set([...busy, rare]));
    expect(calls).toBeLessThanOrEqual(3 + 2 + 2);
  });

  it('none loses what happened while Stripe answered for another one alone', async () => {
    const types = lists(PAYMENT, REFUND, DISPUTE);
    happen(PAYMENT);
    happen(DISPUTE);
    await round(types);
    now += 3 * 3_600;
    const unseen = [happen(PAYMENT), happen(REFUND), happen(DISPUTE)];
    failsFrom = 2;
    await expect(round(types)).rejects.toThrow();
    now += 3 * 3_600;
    failsFrom = Number.POSITIVE_INFINITY;
    expect(await round(types)).toEqual(unseen);
  });
});

describe('after an outage of hours', () => {
  it('a list that had never shown an event is read from before it', async () => {
    await round(lists(PAYMENT, REFUND));
    const refunds = missed(REFUND);
    expect(await round(lists(PAYMENT, REFUND))).toEqual(refunds);
  });

  it('so is one whose last event Stripe had forgotten, and asks for that once', async () => {
    happen(REFUND);
    await round([REFUND]);
    now += KEPT + DAY;
    await round([REFUND]);
    expect(calls).toBe(2);
    await round([REFUND]);
    expect(calls).toBe(1);
    const refunds = missed(REFUND);
    expect(await round([REFUND])).toEqual(refunds);
  });

  it('so is a type that a new release adds, in a list of its own or among others', async () => {
    happen(PAYMENT);
    await round(lists(PAYMENT));
    const disputes = missed(DISPUTE);
    expect(await round([...lists(PAYMENT), DISPUTE])).toEqual(disputes);
    await round([PAYMENT]);
    const more = [...missed(DISPUTE), happen(PAYMENT)];
    expect(await round([PAYMENT, DISPUTE])).toEqual(expect.arrayContaining(more));
  });

  it('so is a type that comes into a list which was ahead of its own', async () => {
    await round(lists(PAYMENT, REFUND));
    const [payments, refunds] = listsOf(lists(PAYMENT, REFUND));
    const behind = now;
    const late = missed(REFUND);
    // Only the first list was read since.
    const ahead = { cursor: { after: happen(PAYMENT), seen: [] }, readAt: now, next: null };
    cursor = {
      lists: [
        { types: payments ?? [], ...ahead },
        { types: refunds ?? [], cursor: null, readAt: behind, next: null },
      ],
    };
    expect(await round([PAYMENT, REFUND])).toEqual(expect.arrayContaining(late));
  });
});

/** What a release follows: which types, in which order. */
const releases = fc.shuffledSubarray([PAYMENT, REFUND, DISPUTE, ...OTHERS.slice(0, 38)], { minLength: 1 });
const rounds = fc.array(
  fc.record({
    afterSeconds: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 20 * DAY })),
    happen: fc.array(
      fc.record({
        type: fc.constantFrom(PAYMENT, REFUND, DISPUTE),
        times: fc.constantFrom(1, 1, MANY_EVENTS),
      }),
      { maxLength: 4 },
    ),
    quietSeconds: fc.constantFrom(0, 3_600),
    release: fc.option(releases),
    failsFrom: fc.option(fc.integer({ min: 1, max: 6 })),
  }),
  { maxLength: 12 },
);

it('whatever releases follow and whenever Stripe is away, each event of a type that is followed is fed', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (life) => {
      [events, cursor, failsFrom] = [[], null, Number.POSITIVE_INFINITY];
      let types: readonly string[] = [PAYMENT, REFUND, DISPUTE];
      let waiting = new Set<string>();
      await round(types);
      for (const { afterSeconds, happen: happening, quietSeconds, release, failsFrom: from } of life) {
        now += afterSeconds;
        for (const { type, times } of happening) {
          const ids = Array.from({ length: times }, () => happen(type));
          if (types.includes(type)) for (const id of ids) waiting.add(id);
        }
        now += quietSeconds;
        // A release may stop to follow a type.
        types = release ?? types;
        failsFrom = from ?? Number.POSITIVE_INFINITY;
        await round(types).catch(() => null);
        for (const id of fed) waiting.delete(id);
        const left = events.filter(
          ({ id, type, created }) => waiting.has(id) && types.includes(type) && created > now - KEPT,
        );
        waiting = new Set(left.map(({ id }) => id));
      }
      failsFrom = Number.POSITIVE_INFINITY;
      now += 1;
      await round(types);
      for (const id of fed) waiting.delete(id);
      expect([...waiting]).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
