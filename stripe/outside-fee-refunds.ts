import type Stripe from 'stripe';
import type { Money } from '../domain/money/money.ts';
import { proportion, sumBalances } from '../domain/money/money.ts';
import type { KnownMovements, KnownRefund } from '../domain/orders/observation.ts';
import type { Refund } from '../domain/orders/order.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { netOf } from './settlement.ts';

/** What went back of a charge's application fees: one, or that of each capture. */
interface GivenBack {
  /** The fees' own. */
  readonly currency: string;
  /** Minor units of `currency`. */
  readonly total: number;
  /** Oldest first, each in the connected account's currency. */
  readonly feeRefunds: readonly Stripe.FeeRefund[];
}

/** Which refund gave back which part of the application fee, and what was given back with none. */
export interface FeeRefundsByRefund {
  readonly of: ReadonlyMap<string, readonly Stripe.FeeRefund[]>;
  readonly alone: readonly Stripe.FeeRefund[];
  /** How much of the fee one that is new gave back, in the fee's currency: its own is the connected account's. */
  given(feeRefund: Stripe.FeeRefund): Money;
}

/** Null: the charge has no application fee. Expects the fees expanded, which brings the ten newest of each along. */
export async function allFeeRefunds(
  stripe: Stripe,
  fees: readonly Stripe.ApplicationFee[],
): Promise<GivenBack | null> {
  const [first] = fees;
  if (!first) return null;
  const all = await Promise.all(fees.map((fee) => refundsOfFee(stripe, fee)));
  return {
    currency: first.currency,
    total: fees.reduce((sum, { amount_refunded: refunded }) => sum + refunded, 0),
    feeRefunds: all.flat().sort((a, b) => a.created - b.created),
  };
}

async function refundsOfFee(
  stripe: Stripe,
  { id, refunds }: Stripe.ApplicationFee,
): Promise<readonly Stripe.FeeRefund[]> {
  const all = refunds.has_more
    ? await readAll(stripe.applicationFees.listRefunds(id, { limit: 100 }))
    : refunds.data;
  return all.toReversed();
}

/** Stripe makes a refund's fee refunds in the same second, or the next; what is older came by another hand. */
const SKEW_SECONDS = 2;

/**
 * Neither names the other. What is known stays with its refund; what is new belongs to the new refund made nearest to its time, and
 * not after it. On a destination charge a fee goes back only with a transfer reversal.
 */
export function feeRefundsOf(
  givenBack: GivenBack | null,
  refunds: readonly Stripe.Refund[],
  known: KnownMovements,
): FeeRefundsByRefund {
  const left = givenBack?.feeRefunds.filter(({ id }) => !known.adjustments.includes(id)) ?? [];
  const of = new Map<string, readonly Stripe.FeeRefund[]>();
  for (const before of known.refunds) {
    if (refunds.some(({ id }) => id === before.id)) of.set(before.id, takeKnown(left, before));
  }
  const others = refunds.filter(({ id, transfer_reversal: reversal }) => !of.has(id) && reversal !== null);
  const alone: Stripe.FeeRefund[] = [];
  for (const feeRefund of left) {
    const before = others.filter(({ created }) => created <= feeRefund.created + SKEW_SECONDS);
    const owner = nearestTo(feeRefund, before);
    if (owner) of.set(owner.id, [...(of.get(owner.id) ?? []), feeRefund]);
    else alone.push(feeRefund);
  }
  const amounts = givenBack ? amountsInFee(givenBack, left, known) : new Map<string, number>();
  const given = ({ id, currency }: Stripe.FeeRefund) => ({
    amount: amounts.get(id) ?? 0,
    currency: givenBack?.currency ?? currency,
  });
  return { of, alone, given };
}

/**
 * What each gave back of the fee, by id. Converted amounts alone do not show it: the fee's own total does, so that all that is
 * known adds up to it. Too little of the fee converts to 0: where all came to that, they share alike.
 */
function amountsInFee(
  { total, currency }: GivenBack,
  news: readonly Stripe.FeeRefund[],
  { applicationFeeRefunded: before }: KnownMovements,
): ReadonlyMap<string, number> {
  const converted = news.reduce((sum, { amount }) => sum + amount, 0);
  const weightOf = ({ amount }: Stripe.FeeRefund) => (converted > 0 ? amount : 1);
  const whole = converted > 0 ? converted : news.length;
  const given = Math.max(total - before, 0);
  const upTo = (part: number) => proportion(given, part, whole);
  let sum = 0;
  return new Map(
    news.map((one) => {
      const earlier = sum;
      sum += weightOf(one);
      return [one.id, one.currency === currency ? one.amount : upTo(sum) - upTo(earlier)];
    }),
  );
}

/** Takes out of `left` what a known refund gave back. */
function takeKnown(left: Stripe.FeeRefund[], { feeRefunds }: KnownRefund): Stripe.FeeRefund[] {
  const taken = left.filter(({ id }) => feeRefunds.includes(id));
  for (const one of taken) left.splice(left.indexOf(one), 1);
  return taken;
}

/** A refund with what it gave back of the fee; a known one keeps the amount that it is known to have given. */
export async function withFeeRefund(
  stripe: Stripe,
  refund: Refund,
  { of, given }: FeeRefundsByRefund,
  known: KnownRefund | null,
): Promise<Refund> {
  const feeRefunds = of.get(refund.id) ?? [];
  const entries = await Promise.all(
    feeRefunds.flatMap(({ balance_transaction: entry }) => {
      const id = idOf(entry);
      return id ? [balanceOf(stripe, asPlatform).transaction(id)] : [];
    }),
  );
  const amount = feeRefunds.reduce((sum, feeRefund) => sum + given(feeRefund).amount, 0);
  return {
    ...refund,
    applicationFeeRefunded: known?.applicationFeeRefunded ?? amount,
    feeRefunds: feeRefunds.map(({ id }) => id),
    platform: refund.platform && sumBalances([refund.platform, ...entries.map(netOf)]),
    connected:
      refund.connected &&
      sumBalances([refund.connected, ...feeRefunds.map((one) => ({ [one.currency]: one.amount }))]),
  };
}

function nearestTo<T extends { readonly created: number }>(
  to: { readonly created: number },
  candidates: readonly T[],
): T | undefined {
  const distance = (one: T) => Math.abs(one.created - to.created);
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0];
}
