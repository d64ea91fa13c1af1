import type Stripe from 'stripe';
import type { Adjustment } from '../domain/adjustment.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { takenBack } from './refund-facts.ts';
import { netOf } from './settlement.ts';

const REVERSAL_EXPANDS = ['balance_transaction', 'destination_payment_refund.balance_transaction'];

/** Reversals of the charge's transfer that came with no refund, oldest first. Expects the transfer expanded. */
export async function reversalsAlone(
  stripe: Stripe,
  charge: Stripe.Charge,
): Promise<readonly Stripe.TransferReversal[]> {
  const transfer = expanded(charge.transfer);
  if (!transfer || transfer.amount_reversed === 0) return [];
  const { reversals } = transfer;
  const all = reversals.has_more
    ? await stripe.transfers.listReversals(transfer.id, { limit: 100 }).autoPagingToArray({ limit: 1_000 })
    : reversals.data;
  return all.filter(({ source_refund: refund }) => refund === null).toReversed();
}

export async function reversalAdjustment(
  stripe: Stripe,
  { id, transfer }: Stripe.TransferReversal,
): Promise<Adjustment> {
  const reversal = await stripe.transfers.retrieveReversal(idOf(transfer) ?? '', id, {
    expand: REVERSAL_EXPANDS,
  });
  const { amount, currency } = reversal;
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

export async function feeRefundAdjustment(stripe: Stripe, feeRefund: Stripe.FeeRefund): Promise<Adjustment> {
  const { id, amount, currency } = feeRefund;
  const entry = idOf(feeRefund.balance_transaction);
  return {
    id,
    type: 'application_fee_refund',
    amount,
    currency,
    createdAt: feeRefund.created * 1000,
    platform: entry ? netOf(await balanceOf(stripe, asPlatform).transaction(entry)) : null,
    connected: { [currency]: amount },
  };
}
