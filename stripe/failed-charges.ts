import type Stripe from 'stripe';
import { PAYMENT_EXPANDS } from '../domain/commands/stripe-expands.ts';
import type { FailedCharge } from '../domain/orders/payment.ts';
import { idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { settlementOf } from './settlement.ts';

const EXPANDS = PAYMENT_EXPANDS.map((field) => field.replace('latest_charge', 'data'));

/**
 * Charges of a payment that failed after money had moved, before its latest one: a debit that the customer's bank sent back, after
 * which the customer paid, or tried to pay, another way.
 */
export async function failedBefore(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  latest: Stripe.Charge,
): Promise<readonly FailedCharge[]> {
  const all = await readAll(stripe.charges.list({ payment_intent: intent.id, limit: 100, expand: EXPANDS }));
  const failed = all.filter(
    ({ id, status, failure_balance_transaction: entry }) =>
      id !== latest.id && status === 'failed' && entry !== null,
  );
  return Promise.all(
    failed.toReversed().map(async (charge) => {
      const transfer = idOf(charge.transfer);
      return {
        charge: charge.id,
        code: charge.failure_code ?? 'unknown',
        message: charge.failure_message ?? 'The charge failed.',
        wasCaptured: transfer !== null,
        transfer,
        applicationFee: idOf(charge.application_fee),
        settlement: await settlementOf(stripe, { ...intent, latest_charge: charge }),
      };
    }),
  );
}
