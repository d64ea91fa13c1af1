import type Stripe from 'stripe';
import type { Money } from '../domain/money/money.ts';
import type { Adjustment } from '../domain/orders/adjustment.ts';
import type { KnownTransfer } from '../domain/orders/observation.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { takenBack } from './refund-facts.ts';
import { isOfRefund, readReversal, reversalsOf } from './reversals.ts';
import { netOf } from './settlement.ts';
import { transfersById } from './transfers-by-id.ts';

/** A transfer reversal that came with no refund. */
export interface LoneReversal extends Pick<KnownTransfer, 'isOtherAccount'> {
  readonly reversal: Stripe.TransferReversal;
}

/** Those of a charge's own transfers and of special-case ones, oldest first. */
export async function reversalsAlone(
  stripe: Stripe,
  charge: Stripe.Charge,
  own: readonly Stripe.Transfer[],
  specialCase: readonly KnownTransfer[],
): Promise<readonly LoneReversal[]> {
  // Of a charge that has failed, its own is among those that are known.
  const ids = specialCase.flatMap(({ id }) => (own.some((one) => one.id === id) ? [] : [id]));
  const special = await transfersById(stripe, charge, ids);
  const others = new Set(specialCase.flatMap(({ id, isOtherAccount }) => (isOtherAccount ? [id] : [])));
  const transfers = [...own, ...special].map((transfer) => ({
    transfer,
    isOtherAccount: others.has(transfer.id),
  }));
  const found = await Promise.all(
    transfers.map(async ({ transfer, isOtherAccount }) => {
      const all = await reversalsOf(stripe, transfer);
      return all.map((reversal) => ({ reversal, isOtherAccount }));
    }),
  );
  return found
    .flat()
    .filter(({ reversal }) => !isOfRefund(reversal))
    .sort((a, b) => a.reversal.created - b.reversal.created);
}

export async function reversalAdjustment(
  stripe: Stripe,
  { reversal: found, isOtherAccount }: LoneReversal,
): Promise<Adjustment> {
  const reversal = await readReversal(stripe, found);
  const { id, amount, currency } = reversal;
  const entry = expanded(reversal.balance_transaction);
  return {
    id,
    type: 'transfer_reversal',
    transfer: idOf(reversal.transfer),
    operationId: reversal.metadata?.waybill_operation ?? null,
    amount,
    currency,
    createdAt: reversal.created * 1000,
    platform: entry && netOf(entry),
    connected: isOtherAccount ? {} : takenBack(reversal),
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
    transfer: null,
    operationId: feeRefund.metadata?.waybill_operation ?? null,
    ...given,
    createdAt: feeRefund.created * 1000,
    platform: entry ? netOf(await balanceOf(stripe, asPlatform).transaction(entry)) : null,
    connected: { [currency]: amount },
  };
}
