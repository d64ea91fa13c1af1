import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { PAYMENT_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import { shareOfCapture } from '../../domain/orders/capture-share.ts';
import { agreedTermsOf } from '../../stripe/agreed-terms.ts';
import { ACCOUNTS, card, start } from '../sandbox/support.ts';
import { orderIn } from '../support/builders.ts';

type Part = Stripe.PaymentIntentCaptureParams;

/** A payment of 10.00, of which these parts were captured. */
async function captured(asked: Partial<Stripe.PaymentIntentCreateParams>, parts: readonly Part[]) {
  const { stripe } = await start({ settings: { multicapture: true } });
  const { id } = await stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    capture_method: 'manual',
    payment_method_options: { card: { request_multicapture: 'if_available' } },
    transfer_data: { destination: ACCOUNTS.usCustom },
    ...asked,
  });
  for (const part of parts) await stripe.paymentIntents.capture(id, part);
  const intent = await stripe.paymentIntents.retrieve(id, { expand: [...PAYMENT_EXPANDS] });
  return agreedTermsOf(stripe, intent, 'order-1');
}

const fee = (amount: number, share: number, final = false): Part => ({
  amount_to_capture: amount,
  application_fee_amount: share,
  final_capture: final,
});
const toSeller = (amount: number, share: number): Part => ({
  amount_to_capture: amount,
  transfer_data: { amount: share },
  final_capture: false,
});
const AGREED = { application_fee_amount: 100 };

it.each([
  ['is what was agreed, before any capture', [], 100],
  ['is what the captures so far took of all, between two', [fee(300, 30), fee(200, 20)], 100],
  ['leaves each its share, rounded down', [fee(333, 33)], 100],
  ['is what all of them took, after the last', [fee(300, 30), fee(200, 20, true)], 50],
] as const)('the application fee of a payment captured in parts %s', async (_, parts, agreed) => {
  expect(await captured(AGREED, parts)).toMatchObject({ applicationFeeAmount: agreed, transferAmount: null });
});

it('the transfer of a payment captured in parts is what they took of all', async () => {
  const asked = { transfer_data: { destination: ACCOUNTS.usCustom, amount: 800 } };
  expect(await captured(asked, [toSeller(250, 200)])).toMatchObject({
    applicationFeeAmount: null,
    transferAmount: 800,
  });
});

it('the rest of one that is adopted between two captures is split as they were', async () => {
  const terms = await captured(AGREED, [fee(300, 30), fee(200, 20)]);
  const facts = { amountReceived: 500, amountCapturable: 500, multicapture: true };
  const order = orderIn('requires_capture', facts, { ...terms });
  expect(shareOfCapture(order, { amount: undefined, final: true })).toEqual({
    applicationFeeAmount: 50,
    transferAmount: null,
  });
});
