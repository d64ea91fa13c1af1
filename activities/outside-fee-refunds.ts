import type Stripe from 'stripe';
import { sumBalances } from '../domain/money.ts';
import type { KnownRefund } from '../domain/observation.ts';
import type { Refund } from '../domain/order.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { balanceOf } from '../stripe/own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { netOf } from './settlement.ts';

/**
 * Which refund gave back which part of the application fee. Neither names the other: a fee refund belongs to the refund made
 * nearest to its time, and those come first of which that is known already.
 */
export function feeRefundsOf(
  charge: Stripe.Charge,
  refunds: readonly Stripe.Refund[],
  known: readonly KnownRefund[],
): ReadonlyMap<string, readonly Stripe.FeeRefund[]> {
  const left = [...(expanded(charge.application_fee)?.refunds.data ?? [])].reverse();
  const found = new Map<string, Stripe.FeeRefund[]>();
  const withFee = known.filter(({ applicationFeeRefunded }) => applicationFeeRefunded > 0);
  for (const refund of refunds.filter(({ id }) => withFee.some((before) => before.id === id))) {
    const nearest = nearestTo(refund, left);
    if (nearest) found.set(refund.id, left.splice(left.indexOf(nearest), 1));
  }
  const others = refunds.filter(({ id }) => !known.some((before) => before.id === id));
  for (const feeRefund of left) {
    const owner = nearestTo(feeRefund, others);
    if (owner) found.set(owner.id, [...(found.get(owner.id) ?? []), feeRefund]);
  }
  return found;
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
