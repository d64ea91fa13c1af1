import type Stripe from 'stripe';
import type { Adjustment } from '../domain/adjustment.ts';
import type { Money } from '../domain/money.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { takenBack } from './refund-facts.ts';
import { readReversal, reversalsOf } from './reversals.ts';
import { netOf } from './settlement.ts';

/** Reversals of a charge's transfers that came with no refund, oldest first. */
export async function reversalsAlone(
  stripe: Stripe,
  transfers: readonly Stripe.Transfer[],
): Promise<readonly Stripe.TransferReversal[]> {
  const all = await Promise.all(transfers.map((transfer) => reversalsOf(stripe, transfer)));
  return all
    .flat()
    .filter(({ source_refund: refund }) => refund === null)
    .sort((a, b) => a.created - b.created);
}

export async function reversalAdjustment(
  stripe: Stripe,
  found: Stripe.TransferReversal,
): Promise<Adjustment> {
  const reversal = await readReversal(stripe, found);
  const { id, amount, currency } = reversal;
  const entry = expanded(reversal.balance_transaction);
  return {
    id,
    type: 'transfer_reversal',
    amount,
    currency,
    createdAt: reversal.created * 1000,
    platform: entry && netOf(entry),
    connected: takenBack(reversal),
  };
}

/** `given`: how much of the fee, in its own currency. */
export async function feeRefundAdjustment(
  stripe: Stripe,
  feeRefund: Stripe.FeeRefund,
  given: Money,
): Promise<Adjustment> {
  const { id, amount, currency } = feeRefund;
  const entry = idOf(feeRefund.balance_transaction);
  return {
    id,
    type: 'application_fee_refund',
    ...given,
    createdAt: feeRefund.created * 1000,
    platform: entry ? netOf(await balanceOf(stripe, asPlatform).transaction(entry)) : null,
    connected: { [currency]: amount },
  };
}
