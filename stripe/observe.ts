import type Stripe from 'stripe';
import { PAYMENT_EXPANDS } from '../domain/commands/stripe-expands.ts';
import { withoutOwn } from '../domain/orders/metadata.ts';
import type {
  KnownMovements,
  KnownRefund,
  Observation,
  ObservationRequest,
} from '../domain/orders/observation.ts';
import { isNewRefund } from '../domain/orders/observation.ts';
import type { Refund } from '../domain/orders/order.ts';
import { feeRefundAdjustment, reversalAdjustment, reversalsAlone } from './adjustments.ts';
import type { CaptureParts } from './capture-parts.ts';
import { partsOf, splitBy } from './capture-parts.ts';
import { lastDeclineOf } from './declines.ts';
import { disputesOf } from './dispute-facts.ts';
import { failedBefore } from './failed-charges.ts';
import type { FeeRefundsByRefund } from './outside-fee-refunds.ts';
import { allFeeRefunds, feeRefundsOf, withFeeRefund } from './outside-fee-refunds.ts';
import { expanded, paymentFactsOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { refundFactsOf } from './refund-facts.ts';
import { withAllReversals } from './reversals.ts';
import { readReview } from './review-facts.ts';
import { settlementOf } from './settlement.ts';

const REFUND_EXPANDS = [
  'data.balance_transaction',
  'data.failure_balance_transaction',
  'data.transfer_reversal.balance_transaction',
  'data.transfer_reversal.destination_payment_refund.balance_transaction',
];

/** What it takes to look at Stripe. `now`: milliseconds since the epoch. */
export interface Reader {
  readonly stripe: Stripe;
  readonly now: () => number;
}

/** The payment as Stripe knows it now, with what others did to it. */
export async function observePayment(
  { stripe, now }: Reader,
  { paymentIntent, ...known }: ObservationRequest,
): Promise<Observation> {
  const intent = await stripe.paymentIntents.retrieve(paymentIntent, { expand: [...PAYMENT_EXPANDS] });
  return observationOf({ stripe, now }, intent, known);
}

/** How often a payment is read again because it was refunded meanwhile. */
const TRIES_MAX = 3;

/** What there is to know of a PaymentIntent that was read with PAYMENT_EXPANDS. */
export async function observationOf(
  { stripe, now }: Reader,
  read: Stripe.PaymentIntent,
  known: Omit<ObservationRequest, 'paymentIntent'>,
): Promise<Observation> {
  let { intent, charge, parts, refunds } = await readWhole(stripe, read);
  // A refund without its transfer reversals and fee refunds would stay so: what is known is not read again.
  for (let tries = 1; tries < TRIES_MAX && charge && isRefundedSince(charge, refunds); tries++) {
    const again = await stripe.paymentIntents.retrieve(read.id, { expand: [...PAYMENT_EXPANDS] });
    ({ intent, charge, parts, refunds } = await readWhole(stripe, again));
  }
  const review = await readReview(stripe, intent, known.review);
  return {
    payment: paymentFactsOf(intent, await settlementOf(stripe, intent, parts)),
    metadata: withoutOwn(intent.metadata),
    decline: lastDeclineOf(intent, now()),
    ...(charge
      ? await movementsOf(stripe, charge, splitBy(charge, parts), refunds, known)
      : { refunds: [], adjustments: [] }),
    disputes: charge?.disputed ? await disputesOf(stripe, charge.id) : [],
    ...(charge && charge.id !== known.charge
      ? { failedCharges: await failedBefore(stripe, intent, charge) }
      : {}),
    ...(review ? { review } : {}),
  };
}

/** A payment's refunds are listed after its charge, transfers and fees were read. */
async function readWhole(stripe: Stripe, intent: Stripe.PaymentIntent) {
  const charge = expanded(intent.latest_charge);
  const parts = charge && (await partsOf(stripe, intent, charge));
  const refunds = charge && mayHaveRefunds(charge) ? await refundsOf(stripe, charge) : [];
  return { intent, charge, parts, refunds };
}

/**
 * Whether more was refunded than the charge shows. Where Stripe counts what a capture left over as refunded, it lists that as a
 * refund as well.
 */
function isRefundedSince(
  { amount_refunded: shown }: Stripe.Charge,
  refunds: readonly Stripe.Refund[],
): boolean {
  const given = refunds.filter(({ status }) => status === 'succeeded');
  return given.reduce((sum, refund) => sum + refund.amount, 0) > shown;
}

/** Nothing is known of a payment that is read for the first time. */
export const NOTHING_KNOWN: KnownMovements = {
  refunds: [],
  adjustments: [],
  applicationFeeRefunded: 0,
  transfers: [],
};

/** What moved after the capture and is not known, or not like this. */
async function movementsOf(
  stripe: Stripe,
  charge: Stripe.Charge,
  split: ReturnType<typeof splitBy>,
  listed: readonly Stripe.Refund[],
  known: KnownMovements,
): Promise<Pick<Observation, 'refunds' | 'adjustments'>> {
  const refunds = listed.filter((refund) => !isRelease(refund));
  const fees = feeRefundsOf(await allFeeRefunds(stripe, split.fees), refunds, known);
  const reversals = await reversalsAlone(stripe, charge, split.transfers, known.transfers);
  return {
    refunds: await newRefunds(stripe, refunds, { transfers: split.transfers, fees }, known.refunds),
    adjustments: await Promise.all([
      ...reversals
        .filter(({ reversal: { id } }) => !known.adjustments.includes(id))
        .map((alone) => reversalAdjustment(stripe, alone)),
      ...fees.alone.map((feeRefund) => feeRefundAdjustment(stripe, feeRefund, fees.given(feeRefund))),
    ]),
  };
}

/**
 * Only money that has moved can be given back, of several captures also while more are to come. A refund that failed again is not seen
 * on the charge, so they are listed.
 */
function mayHaveRefunds(charge: Stripe.Charge): boolean {
  return charge.balance_transaction !== null;
}

export function refundsOf(stripe: Stripe, { id: charge }: Stripe.Charge): Promise<readonly Stripe.Refund[]> {
  return readAll(stripe.refunds.list({ charge, limit: 100, expand: REFUND_EXPANDS }));
}

async function newRefunds(
  stripe: Stripe,
  refunds: readonly Stripe.Refund[],
  { transfers, fees }: Pick<CaptureParts, 'transfers'> & { fees: FeeRefundsByRefund },
  known: readonly KnownRefund[],
): Promise<readonly Refund[]> {
  const facts = await Promise.all(
    refunds.map(async (refund) => {
      const before = known.find(({ id }) => id === refund.id);
      const bare = refundFactsOf(refund, refund.metadata?.waybill_operation ?? null);
      if (!isNewRefund(bare, known)) return null;
      const whole = await withAllReversals(stripe, bare, transfers);
      return withFeeRefund(stripe, whole, fees, before ?? null);
    }),
  );
  return facts.filter((refund) => refund !== null).toReversed();
}

/** Stripe shows what was never captured as a refund, of money that never moved. */
export function isRelease({
  destination_details: details,
  balance_transaction: entry,
  status,
}: Stripe.Refund): boolean {
  return details?.card?.type === 'reversal' && !entry && status === 'succeeded';
}
