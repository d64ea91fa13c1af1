import { BOOK_USED_MS } from '../../contract/day-books.ts';
import type { DayLimit, MoneyOut } from '../../domain/limits/day-limits.ts';
import { utcDay } from '../../domain/rfc3339.ts';
import type { Callers } from '../lives/caller.ts';
import type { World } from '../world/world.ts';
import type { Made } from './approvals.ts';

/**
 * What an API key, or a connected account, moved out stays within its limit for the day on which it was asked for; what comes after that
 * day's book is closed, for the day on which it comes.
 */
export class DayLimitsHold {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #fail: (why: string) => void;
  /** When each movement was first seen: it changes later. Milliseconds since the epoch. */
  readonly #madeAt = new Map<string, number>();
  /** By owner, kind and day: the amount of each movement. */
  readonly #moved = new Map<string, Map<string, number>>();

  constructor(world: World, callers: Callers, fail: (why: string) => void) {
    this.#world = world;
    this.#callers = callers;
    this.#fail = fail;
  }

  /** `account`: the connected account that it is about; null: none is. */
  made(what: MoneyOut, made: Made, account: string | null): void {
    const { waybill_operation: commandId = '', waybill_payout: payoutId } = made.metadata;
    const asked = this.#callers.asked.get(commandId);
    const askedAt = this.#world.server.durable.get(commandId);
    if (!asked || askedAt === undefined) return;
    const madeAt = this.#madeAt.get(made.id) ?? this.#world.clock.now;
    this.#madeAt.set(made.id, madeAt);
    const isInTime = utcDay(madeAt - BOOK_USED_MS) <= utcDay(askedAt);
    const day = utcDay(isInTime ? askedAt : madeAt);
    // A payout that failed and is made again counts once a day.
    const counted = payoutId ?? commandId;
    const { perDay, actor } = asked.envelope;
    this.#count(`${what}s of the key ${actor} on ${day}`, counted, made, perDay?.[what]);
    if (account === null) return;
    const { [what]: limit } = this.#world.dayLimits.account;
    this.#count(`${what}s of ${account} on ${day}`, counted, made, limit);
  }

  #count(book: string, counted: string, { id, amount, currency }: Made, limit: DayLimit | undefined): void {
    if (!limit) return;
    const moved = this.#moved.get(book) ?? new Map<string, number>();
    this.#moved.set(book, moved.set(counted, amount));
    const total = [...moved.values()].reduce((sum, one) => sum + one, 0);
    const { max, count } = limit;
    if (max && total > (max[currency] ?? 0))
      this.#fail(`with ${id} the ${book} are ${total} of ${max[currency] ?? 0}`);
    if (count !== undefined && moved.size > count)
      this.#fail(`with ${id} the ${book} are ${moved.size} of ${count}`);
  }
}
