import type Stripe from 'stripe';
import { asPlatform } from './acting-as.ts';
import { balanceOf } from './own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';

/** What a charge was split into: of each, as many as it was captured in parts that Stripe settled by themselves. */
export interface CaptureParts {
  readonly entries: readonly Stripe.BalanceTransaction[];
  readonly transfers: readonly Stripe.Transfer[];
  readonly fees: readonly Stripe.ApplicationFee[];
}

const PAGE = { limit: 100 };

/** Whether there may be several of each; the charge itself names only the last. */
export function mayHaveParts({ payment_method_options: options }: Stripe.PaymentIntent): boolean {
  return options?.card?.request_multicapture === 'if_available';
}

/**
 * Lists the parts. Nobody else makes transfers out of such a charge: Stripe does not let multicapture be combined with
 * `source_transaction` (docs.stripe.com/payments/multicapture).
 */
export async function capturePartsOf(stripe: Stripe, charge: Stripe.Charge): Promise<CaptureParts> {
  const [transfers, fees] = await Promise.all([
    charge.transfer_group
      ? readAll(
          stripe.transfers.list({
            ...PAGE,
            transfer_group: charge.transfer_group,
            expand: ['data.balance_transaction', 'data.destination_payment.balance_transaction'],
          }),
        )
      : [],
    readAll(
      stripe.applicationFees.list({ ...PAGE, charge: charge.id, expand: ['data.balance_transaction'] }),
    ),
  ]);
  // Last: if they add up to what was captured before, nothing was captured while the others were read.
  const entries = await readAll(balanceOf(stripe, asPlatform).transactions({ ...PAGE, source: charge.id }));
  return {
    entries: entries.filter(({ source }) => idOf(source) === charge.id),
    transfers: transfers.filter(
      ({ source_transaction: from, metadata }) =>
        idOf(from) === charge.id && metadata.waybill_operation === undefined,
    ),
    fees,
  };
}

/** The same of a payment that may have several; null: it cannot, or nothing was captured yet. */
export async function partsOf(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  charge: Stripe.Charge,
): Promise<CaptureParts | null> {
  return mayHaveParts(intent) && intent.amount_received > 0 ? capturePartsOf(stripe, charge) : null;
}

/** By what a charge was split: all its parts, or without any what it names. Expects PAYMENT_EXPANDS. */
export function splitBy(
  charge: Stripe.Charge,
  parts: CaptureParts | null,
): Pick<CaptureParts, 'transfers' | 'fees'> {
  if (parts) return parts;
  const [transfer, fee] = [expanded(charge.transfer), expanded(charge.application_fee)];
  return { transfers: transfer ? [transfer] : [], fees: fee ? [fee] : [] };
}
