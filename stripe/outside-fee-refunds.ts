import type Stripe from 'stripe';
import { sumBalances } from '../domain/money.ts';
import type { KnownRefund } from '../domain/observation.ts';
import type { Refund } from '../domain/order.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { idOf } from './payment-facts.ts';
import { netOf } from './settlement.ts';

/** Which refund gave back which part of the application fee, and what was given back with none. */
export interface FeeRefundsByRefund {
  readonly of: ReadonlyMap<string, readonly Stripe.FeeRefund[]>;
  readonly alone: readonly Stripe.FeeRefund[];
}

/**
 * Neither names the other: a fee refund belongs to the refund made nearest to its time, and those come first of which that
 * is known already. On a destination charge a fee goes back only with a transfer reversal. `aloneBefore`: ids of fee refunds
 * that are known to belong to none.
 */
export function feeRefundsOf(
  fees: readonly Stripe.ApplicationFee[],
  refunds: readonly Stripe.Refund[],
  known: readonly KnownRefund[],
  aloneBefore: readonly string[],
): FeeRefundsByRefund {
  const left = fees
    .flatMap(({ refunds: given }) => given.data.toReversed())
    .filter(({ id }) => !aloneBefore.includes(id))
    .sort((a, b) => a.created - b.created);
  const of = new Map<string, readonly Stripe.FeeRefund[]>();
  for (const { id, applicationFeeRefunded } of known) {
    const refund = refunds.find((one) => one.id === id);
    if (refund) of.set(id, takeNearest(left, refund, applicationFeeRefunded));
  }
  const others = refunds.filter(({ id, transfer_reversal: reversal }) => !of.has(id) && reversal !== null);
  const alone: Stripe.FeeRefund[] = [];
  for (const feeRefund of left) {
    const owner = nearestTo(feeRefund, others);
    if (owner) of.set(owner.id, [...(of.get(owner.id) ?? []), feeRefund]);
    else alone.push(feeRefund);
  }
  return { of, alone };
}

/** Takes out of `left` what was made nearest to that refund, until it makes up `amount` minor units. */
function takeNearest(left: Stripe.FeeRefund[], refund: Stripe.Refund, amount: number): Stripe.FeeRefund[] {
  const taken: Stripe.FeeRefund[] = [];
  while (taken.reduce((sum, one) => sum + one.amount, 0) < amount) {
    const nearest = nearestTo(refund, left);
    if (!nearest) break;
    taken.push(...left.splice(left.indexOf(nearest), 1));
  }
  return taken;
}

/** A refund with what it gave back of the fee; a known one keeps the amount that it is known to have given. */
export async function withFeeRefund(
  stripe: Stripe,
  refund: Refund,
  feeRefunds: readonly Stripe.FeeRefund[],
  known: KnownRefund | null,
): Promise<Refund> {
  const entries = await Promise.all(
    feeRefunds.flatMap(({ balance_transaction: entry }) => {
      const id = idOf(entry);
      return id ? [balanceOf(stripe, asPlatform).transaction(id)] : [];
    }),
  );
  const amount = feeRefunds.reduce((sum, feeRefund) => sum + feeRefund.amount, 0);
  return {
    ...refund,
    applicationFeeRefunded: known?.applicationFeeRefunded ?? amount,
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
