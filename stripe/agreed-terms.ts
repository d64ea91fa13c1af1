import type Stripe from 'stripe';
import type { OrderTerms } from '../domain/orders/order.ts';
import { termsOf } from './adoption.ts';
import { capturePartsOf, mayHaveParts } from './capture-parts.ts';
import { expanded } from './payment-facts.ts';

/**
 * What was asked for, also of a payment that was captured in parts: each capture named its share of the application fee or the transfer, and
 * the PaymentIntent shows the last one's in place of what was agreed. Expects `latest_charge` expanded.
 */
export async function agreedTermsOf(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  orderId: string,
): Promise<OrderTerms> {
  const terms = termsOf(intent, orderId);
  const charge = expanded(intent.latest_charge);
  if (!charge || !mayHaveParts(intent) || intent.amount_received === 0) return terms;
  const { fees, transfers } = await capturePartsOf(stripe, charge);
  const { applicationFeeAmount, transferAmount } = terms;
  return {
    ...terms,
    applicationFeeAmount: applicationFeeAmount && agreedBy(intent, fees, applicationFeeAmount),
    transferAmount: transferAmount && agreedBy(intent, transfers, transferAmount),
  };
}

type Part = Pick<Stripe.Transfer | Stripe.ApplicationFee, 'amount' | 'currency'>;

/**
 * While there is more to capture, the least that gives each part so far its share of all that is authorized, in proportion and rounded down
 * (domain/orders/capture-share.ts). `shown`: where that is not to be known, as after a conversion.
 */
function agreedBy(intent: Stripe.PaymentIntent, parts: readonly Part[], shown: number): number {
  if (parts.length === 0 || parts.some(({ currency }) => currency !== intent.currency)) return shown;
  const taken = parts.reduce((sum, { amount }) => sum + amount, 0);
  if (intent.status !== 'requires_capture') return taken;
  const captured = BigInt(intent.amount_received);
  return Number((BigInt(taken) * BigInt(intent.amount) + captured - 1n) / captured);
}
