import type { Problem } from '../../domain/errors.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderAmount, paymentIntentOf } from '../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { Asked, Callers } from '../lives/caller.ts';
import type { Plan } from '../lives/plan.ts';
import type { World } from '../world/world.ts';
import { differenceOf } from './agreement.ts';
import type { Standing } from './standing.ts';
import { allows, standingOf } from './standing.ts';

/** What a command is refused with for good where the state of its payment does not allow it. */
const OF_STATE: ReadonlySet<string> = new Set(['state_conflict', 'money_rule']);
/** What a person decided, or left undecided. */
const BY_PERSON = /^(Abandoned by|Nobody approved|.+ declined) /;
/** Tables whose rows decide what a payment allows. */
const DECISIVE: ReadonlySet<string> = new Set([
  'payment_intent',
  'charge',
  'refund',
  'dispute',
  'transfer',
  'transfer_reversal',
]);

interface Moment {
  /** Since when, in milliseconds since the epoch. */
  readonly at: number;
  readonly standing: Standing | null;
}

/**
 * A command that is refused for good by the state of its payment is one that Stripe, at some moment, would not have allowed: while it
 * was on its way, or since the order last showed what Stripe had. What an order has shown it does not forget.
 */
export class Refusals {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #fail: (why: string) => void;
  /** By order. */
  readonly #moments: ReadonlyMap<string, Moment[]>;
  /** By order: when it last showed what Stripe had; milliseconds since the epoch. */
  readonly #agreedAt = new Map<string, number>();
  readonly #judged = new Set<string>();

  constructor(world: World, callers: Callers, { orders }: Plan, fail: (why: string) => void) {
    this.#world = world;
    this.#callers = callers;
    this.#fail = fail;
    this.#moments = new Map(orders.map(({ id }) => [id, [{ at: world.clock.now, standing: null }]]));
  }

  onCommit(writes: readonly (readonly [table: string, ...rest: unknown[]])[]): void {
    if (!writes.some(([table]) => DECISIVE.has(table))) return;
    for (const [orderId, moments] of this.#moments) {
      const standing = standingOf(this.#world, orderId);
      if (JSON.stringify(standing) !== JSON.stringify(moments.at(-1)?.standing))
        moments.push({ at: this.#world.clock.now, standing });
    }
  }

  /** What an order shows. */
  shown(order: Order): void {
    const standing = this.#moments.get(order.terms.id)?.at(-1)?.standing;
    if (paymentIntentOf(order) === null) return;
    if (standing?.amount !== orderAmount(order) || differenceOf(this.#world, order) !== null) return;
    this.#agreedAt.set(order.terms.id, this.#world.clock.now);
  }

  /** What callers have been answered. */
  answered(): void {
    for (const asked of this.#callers.asked.values()) {
      for (const problem of asked.problems) this.refused(asked, problem);
      for (const { outcome, problem } of asked.results)
        if (outcome === 'refused' && problem) this.refused(asked, problem);
    }
  }

  refused({ about, at, envelope, body }: Asked, { code, detail }: Problem): void {
    const moments = this.#moments.get(about);
    if (!moments || body === null || !OF_STATE.has(code) || BY_PERSON.test(detail)) return;
    // What is approved is the amount that was left when it was asked for.
    const isAmountHeld = this.#world.policy.approval && body.kind === 'refund' && body.amount === undefined;
    if (isAmountHeld) return;
    const name = `${envelope.commandId} was refused: ${detail}`;
    if (this.#judged.has(name)) return;
    this.#judged.add(name);
    const from = Math.min(at, this.#agreedAt.get(about) ?? 0);
    const since = moments.filter((_, n) => (moments[n + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);
    const isAllowed = since.every(({ standing }) => standing && allows(standing, body as OrderCommandBody));
    if (isAllowed) this.#fail(`${name} But Stripe had ${JSON.stringify(since.at(-1)?.standing)}`);
  }
}
