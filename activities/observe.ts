import type Stripe from 'stripe';
import type { KnownRefund, Observation, ObservationRequest } from '../domain/observation.ts';
import { isNewRefund } from '../domain/observation.ts';
import type { Refund } from '../domain/order.ts';
import { lastDeclineOf } from './declines.ts';
import type { ActivityDeps } from './deps.ts';
import { feeRefundsOf, withFeeRefund } from './outside-fee-refunds.ts';
import { expanded, PAYMENT_EXPANDS, paymentFactsOf } from './payment-facts.ts';
import { NO_FEE_REFUND, refundFactsOf } from './refunds.ts';
import { settlementOf } from './settlement.ts';

const REFUND_EXPANDS = [
  'data.balance_transaction',
  'data.failure_balance_transaction',
  'data.transfer_reversal.balance_transaction',
  'data.transfer_reversal.destination_payment_refund.balance_transaction',
];

/** The payment as Stripe knows it now, with what others did to it. */
export async function observePayment(
  { stripe, now }: ActivityDeps,
  { paymentIntent, refunds: known }: ObservationRequest,
): Promise<Observation> {
  const intent = await stripe.paymentIntents.retrieve(paymentIntent, { expand: PAYMENT_EXPANDS });
  const decline = lastDeclineOf(intent);
  const charge = expanded(intent.latest_charge);
  return {
    payment: paymentFactsOf(intent, await settlementOf(stripe, intent)),
    decline: decline && { ...decline, at: now() },
    refunds: charge && mayHaveRefunds(charge) ? await newRefunds(stripe, charge, known) : [],
  };
}

/** Only money that has moved can be given back. A refund that failed again is not seen on the charge, so they are listed. */
function mayHaveRefunds(charge: Stripe.Charge): boolean {
  return charge.captured && charge.balance_transaction !== null;
}

async function newRefunds(
  stripe: Stripe,
  charge: Stripe.Charge,
  known: readonly KnownRefund[],
): Promise<readonly Refund[]> {
  const list = stripe.refunds.list({ charge: charge.id, limit: 100, expand: REFUND_EXPANDS });
  const refunds: Stripe.Refund[] = [];
  for await (const refund of list) if (!isRelease(refund)) refunds.push(refund);
  const fees = feeRefundsOf(charge, refunds, known);
  const facts = await Promise.all(
    refunds.map(async (refund) => {
      const before = known.find(({ id }) => id === refund.id);
      const bare = refundFactsOf(refund, NO_FEE_REFUND, refund.metadata?.waybill_operation ?? null);
      if (!isNewRefund(bare, known)) return null;
      return withFeeRefund(stripe, bare, fees.get(refund.id) ?? [], before ?? null);
    }),
  );
  return facts.filter((refund) => refund !== null).toReversed();
}

/** Stripe shows what was never captured as a refund, of money that never moved. */
function isRelease({
  destination_details: details,
  balance_transaction: entry,
  status,
}: Stripe.Refund): boolean {
  return details?.card?.type === 'reversal' && !entry && status === 'succeeded';
}
