import pMap from 'p-map';
import type Stripe from 'stripe';
import { asAccount } from './acting-as.ts';
import { balanceOf, payoutsOf } from './own-money.ts';
import { idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { STRIPE_READ } from './read-options.ts';

const PAGE = { limit: 100 } as const;
/** Lines looked for at once. */
const LOOKED_FOR_AT_ONCE = 5;
/**
 * Payouts in which one line is looked for, nearest to the time when it became available first. An automatic payout takes
 * all that is available, so that it is the next one, or one soon after.
 */
const PAYOUTS_EACH_MAX = 20;

/** A line of an account's balance. Times in seconds since the epoch. */
export interface PaidOutLine {
  readonly id: string;
  readonly currency: string;
  readonly created: number;
  readonly availableOn: number;
}

/** The automatic payout of the account that carried each line, by the line's id. Stripe traces no manual payout. */
export async function carriersOf(
  stripe: Stripe,
  account: string,
  lines: readonly PaidOutLine[],
): Promise<ReadonlyMap<string, Stripe.Payout>> {
  if (lines.length === 0) return new Map();
  const as = asAccount(account);
  const first = Math.min(...lines.map(({ created }) => created));
  // Stripe knows which lines a payout carried, but not the payout of a line.
  const payouts = await readAll(
    payoutsOf(stripe, as).list({ ...PAGE, created: { gte: first } }, STRIPE_READ),
  );
  const found = await pMap(
    lines,
    async (line): Promise<[string, Stripe.Payout][]> => {
      for (const payout of nearest(payouts, line)) {
        const created = { gte: line.created, lte: line.created };
        const filter = { ...PAGE, payout: payout.id, created };
        const carried = await readAll(balanceOf(stripe, as).transactions(filter, STRIPE_READ));
        if (carried.some(({ id }) => id === line.id)) return [[line.id, payout]];
      }
      return [];
    },
    { concurrency: LOOKED_FOR_AT_ONCE },
  );
  return new Map(found.flat());
}

/** The last automatic payout that carried again what this one could not deliver; null: it did not fail, or none has. */
export async function successorOf(
  stripe: Stripe,
  account: string,
  { failure_balance_transaction: returned }: Stripe.Payout,
): Promise<Stripe.Payout | null> {
  const id = idOf(returned);
  if (id === null) return null;
  const own = balanceOf(stripe, asAccount(account));
  const line = await own.transaction(id, {}, STRIPE_READ);
  const carriers = await carriersOf(stripe, account, [{ ...line, availableOn: line.available_on }]);
  const next = carriers.get(id) ?? null;
  return next && ((await successorOf(stripe, account, next)) ?? next);
}

function nearest(
  payouts: readonly Stripe.Payout[],
  { currency, created, availableOn }: PaidOutLine,
): readonly Stripe.Payout[] {
  const distance = (payout: Stripe.Payout) => Math.abs(payout.created - availableOn);
  return payouts
    .filter((payout) => payout.automatic && payout.currency === currency && payout.created >= created)
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, PAYOUTS_EACH_MAX);
}
