import { expect, it } from 'vitest';
import type { Order } from '../../domain/orders/order.ts';
import { transition } from '../../domain/orders/transition.ts';
import { transactionsOfOrder } from '../../reconciliation/transactions.ts';
import { ACCOUNTS, start } from '../sandbox/support.ts';
import { facts, orderIn, refund, transfer } from '../support/builders.ts';
import { eventfulPayment } from './eventful-payment.ts';

it('an order’s transactions are all that the platform’s balance has of it', async () => {
  const harness = await start();
  const { stripe } = harness;
  const { intent, charge } = await eventfulPayment(harness, 'pm_card_createDispute');
  await stripe.transfers.createReversal(String(charge.transfer), { amount: 300 });
  const special = await stripe.transfers.create({
    amount: 50,
    currency: 'usd',
    destination: ACCOUNTS.usCustom,
    source_transaction: charge.id,
  });
  await stripe.transfers.createReversal(special.id, { amount: 20 });
  await stripe.applicationFees.createRefund(String(charge.application_fee), { amount: 23 });
  const paid: Order = transition(orderIn('pending'), {
    type: 'payment_observed',
    payment: facts('succeeded', { paymentIntent: intent.id }),
  });
  const order = transition(paid, { type: 'transfer_recorded', transfer: transfer({ id: special.id }) });
  const known = await transactionsOfOrder(stripe, order);
  const all = await stripe.balanceTransactions.list({ limit: 100 });
  expect(known.map(({ id }) => id).toSorted()).toEqual(all.data.map(({ id }) => id).toSorted());
  expect(all.data).toHaveLength(8);
});

it('of a payment that was captured in parts, all of them are read', async () => {
  const harness = await start();
  const { stripe } = harness;
  await harness.control('POST', 'settings', { multicapture: true });
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    capture_method: 'manual',
    application_fee_amount: 123,
    transfer_data: { destination: ACCOUNTS.usCustom },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    payment_method_options: { card: { request_multicapture: 'if_available' } },
  });
  await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 300, final_capture: false });
  await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 200 });
  await stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });
  const order = transition(orderIn('pending', {}, { requestMulticapture: true }), {
    type: 'payment_observed',
    payment: facts('succeeded', { paymentIntent: intent.id }),
  });
  const known = await transactionsOfOrder(stripe, order);
  const all = await stripe.balanceTransactions.list({ limit: 100 });
  expect(known.map(({ id }) => id).toSorted()).toEqual(all.data.map(({ id }) => id).toSorted());
});

it('a refund that failed is read with what came back, though its charge shows none any more', async () => {
  const harness = await start();
  const { stripe, control } = harness;
  const { intent } = await eventfulPayment(harness, 'pm_card_visa');
  const { id } = await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
  await control('POST', `refunds/${id}/fail`, { reason: 'expired_or_canceled_card' });
  const order = [
    { type: 'payment_observed', payment: facts('succeeded', { paymentIntent: intent.id }) } as const,
    { type: 'refund_recorded', refund: refund({ id, status: 'failed' }) } as const,
  ].reduce(transition, orderIn('pending'));
  const known = await transactionsOfOrder(stripe, order);
  expect(known.map(({ type, net }) => [type, net])).toEqual([
    ['charge', 941],
    ['transfer', -1000],
    ['application_fee', 123],
    ['refund', -400],
    ['refund_failure', 400],
  ]);
});
