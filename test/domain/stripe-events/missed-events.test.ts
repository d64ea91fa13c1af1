import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Observation } from '../../../domain/orders/observation.ts';
import { eventsOf } from '../../../domain/orders/observed-events.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import type { EventCursor } from '../../../domain/stripe-events/event-cursor.ts';
import { advance, OVERLAP_SECONDS, unseen } from '../../../domain/stripe-events/event-cursor.ts';
import { orderIn } from '../../support/builders.ts';
import { paymentLife } from '../../support/payment-life.ts';

const RUNS = 2_000;
/** All times in seconds. Payments move in the first three minutes. */
const MOVES_UNTIL = 180;
const FEED_EVERY = 30;
/** Of events in the list, behind their time. */
const LATE_MAX = FEED_EVERY - 1;
/** After the last move and the last outage: a run for what showed up late, and one that an outage had taken. */
const SYNCED_AFTER = 2 * FEED_EVERY;

interface Listed {
  readonly id: string;
  readonly order: number;
  readonly created: number;
  readonly visibleAt: number;
}

/** One payment's life with the time of each moment; the first one is what the order was created with. */
const timedLife = paymentLife.chain((life) =>
  fc
    .array(fc.record({ at: fc.nat(MOVES_UNTIL), late: fc.nat(LATE_MAX) }), {
      minLength: life.length - 1,
      maxLength: life.length - 1,
    })
    .map((times) => ({ life, times: times.toSorted((a, b) => a.at - b.at) })),
);
type TimedLife = { life: readonly Observation[]; times: readonly { at: number; late: number }[] };

/** Webhooks: which of all events come, when, and how often; none of them is certain. */
const deliveries = fc.array(fc.record({ event: fc.nat(200), at: fc.nat(MOVES_UNTIL) }), { maxLength: 10 });
/** While one lasts, Stripe neither lists events nor shows payments. */
const outages = fc.array(
  fc.record({ from: fc.nat(MOVES_UNTIL), seconds: fc.integer({ min: 1, max: 200 }) }),
  { maxLength: 2 },
);

/** An order that is told of events, and reads its payment then, if it can. */
class Listener {
  order: Order;
  private readonly seen = new Set<string>();
  private owes = false;
  private readonly timed: TimedLife;

  constructor(timed: TimedLife) {
    this.timed = timed;
    this.order = told(orderIn('pending'), timed.life[0] as Observation);
  }

  hear(event: string, at: number, isDown: boolean): void {
    if (this.seen.has(event) && !this.owes) return;
    this.seen.add(event);
    this.owes = true;
    this.read(at, isDown);
  }

  read(at: number, isDown: boolean): void {
    if (!this.owes || isDown) return;
    const moved = this.timed.times.filter((time) => time.at <= at).length;
    this.order = told(this.order, this.timed.life[moved] as Observation);
    this.owes = false;
  }
}

function told(order: Order, now: Observation): Order {
  return eventsOf(order, now).reduce(transition, order);
}

function eventsOfAll(lives: readonly TimedLife[]): readonly Listed[] {
  // Only what comes behind a first event is sure to be found: before it, nobody was there to hear.
  const first = { id: 'evt_first', order: -1, created: -2 * OVERLAP_SECONDS, visibleAt: -1 };
  const all = lives.flatMap(({ times }, order) =>
    times.map(({ at, late }, index) => ({
      id: `evt_${order}_${index}`,
      order,
      created: at,
      visibleAt: at + late,
    })),
  );
  return [first, ...all.toSorted((a, b) => a.created - b.created)];
}

it.each([
  ['that bring events twice, late or never', deliveries],
  ['that are off entirely', fc.constant([])],
])('with webhooks %s, and however often Stripe is away, orders end as Stripe shows them', (_, heard) => {
  fc.assert(
    fc.property(
      fc.array(timedLife, { minLength: 1, maxLength: 8 }),
      heard,
      outages,
      fc.integer({ min: 1, max: 4 }),
      (lives, webhooks, breaks, pageSize) => {
        const events = eventsOfAll(lives);
        const listeners = lives.map((life) => new Listener(life));
        const isDown = (at: number) => breaks.some(({ from, seconds }) => at >= from && at < from + seconds);
        const tell = ({ id, order }: Listed, at: number) => listeners[order]?.hear(id, at, isDown(at));

        let cursor: EventCursor | null = null;
        const feed = (at: number) => {
          let known = cursor;
          let from: string | null = (cursor as EventCursor | null)?.after ?? null;
          const listed = events.filter(({ visibleAt }) => visibleAt <= at);
          for (;;) {
            const behind = listed.slice(listed.findIndex(({ id }) => id === from) + 1);
            const page = behind.slice(0, pageSize);
            for (const event of unseen(known, page)) tell(event, at);
            known = advance(known, page);
            from = page.at(-1)?.id ?? from;
            if (behind.length <= pageSize) break;
          }
          cursor = known;
        };

        const over = Math.max(MOVES_UNTIL + LATE_MAX, ...breaks.map(({ from, seconds }) => from + seconds));
        for (let at = 0; at <= over + SYNCED_AFTER; at += 1) {
          for (const { event } of webhooks.filter((one) => one.at === at)) {
            const happened = events.filter(({ created }) => created <= at);
            tell(happened[event % happened.length] as Listed, at);
          }
          if (at % FEED_EVERY === 0 && !isDown(at)) feed(at);
          if (at % 60 === 0) for (const listener of listeners) listener.read(at, isDown(at));
        }
        listeners.forEach(({ order }, index) => {
          const end = lives[index]?.life.at(-1) as Observation;
          expect(order).toEqual(told(order, end));
          expect(order.payment).toEqual(told(orderIn('pending'), end).payment);
          expect(order.refunds.map(({ id, status }) => [id, status])).toEqual(
            end.refunds.map(({ id, status }) => [id, status]),
          );
          expect(order.adjustments).toEqual(end.adjustments);
          expect(order.disputes).toEqual(end.disputes);
        });
      },
    ),
    { numRuns: RUNS },
  );
});
