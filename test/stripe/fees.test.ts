import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { feePages } from '../../stripe/fees.ts';
import { ACCOUNTS, card, start } from '../sandbox/support.ts';
import { clientShown } from '../support/client-through.ts';

/** A client that is shown refunds as Stripe shows those that wait for funds: without a balance transaction. */
function withWaitingRefunds(url: string): Stripe {
  return clientShown(url, '/v1/refunds', (refunds) => {
    for (const refund of refunds) Object.assign(refund, { status: 'pending', balance_transaction: null });
  });
}

it('a refund that waits for funds has moved nothing yet, and takes no other fee out of the report', async () => {
  const { stripe, url } = await start();
  const sale = { ...card, amount: 1_000, transfer_data: { destination: ACCOUNTS.usCustom, amount: 900 } };
  await stripe.paymentIntents.create(sale);
  const { id } = await stripe.paymentIntents.create(sale);
  await stripe.refunds.create({ payment_intent: id, amount: 500, reverse_transfer: true });

  const filter = { connectedAccount: undefined, created: {}, currency: undefined };
  const { value: fees } = await feePages(withWaitingRefunds(url), filter).next();
  // The reversal has come, the refund has not left.
  expect(fees).toMatchObject([
    { charged: { amount: 100, refunded: 50 }, settled: { amount: 100, refunded: -450 } },
    { charged: { amount: 100, refunded: 0 }, settled: { amount: 100, refunded: 0 } },
  ]);
});

it('a sale that was adopted after it was paid names its order, as its PaymentIntent does', async () => {
  const { stripe } = await start();
  const sale = {
    ...card,
    amount: 1_000,
    transfer_data: { destination: ACCOUNTS.usCustom },
    application_fee_amount: 100,
  };
  const { id } = await stripe.paymentIntents.create(sale);
  await stripe.paymentIntents.create(sale);
  await stripe.paymentIntents.update(id, { metadata: { waybill_order: 'order-1' } });

  const filter = { connectedAccount: undefined, created: {}, currency: undefined };
  const { value: fees } = await feePages(stripe, filter).next();
  expect(fees).toMatchObject([{ order: null }, { order: 'order-1', paymentIntent: id }]);
});

it('of a debit that its bank sent back the platform kept no part, and a fee that it took from the account stays', async () => {
  const { stripe, sandbox, control } = await start();
  const debit = { amount: 1_000, currency: 'usd', confirm: true, payment_method: 'pm_usBankAccount_success' };
  const method = { payment_method_types: ['us_bank_account'] };
  const sales = [
    { transfer_data: { destination: ACCOUNTS.usCustom, amount: 900 } },
    { transfer_data: { destination: ACCOUNTS.usCustom }, application_fee_amount: 100 },
  ];
  const ids: string[] = [];
  for (const sale of sales)
    ids.push((await stripe.paymentIntents.create({ ...debit, ...method, ...sale })).id);
  sandbox.advance(4 * 86_400);
  for (const id of ids) {
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(id);
    await control('POST', `charges/${charge}/fail`);
  }

  const filter = { connectedAccount: undefined, created: {}, currency: undefined };
  const { value: fees } = await feePages(stripe, filter).next();
  expect(fees).toHaveLength(2);
  expect(fees).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        type: 'destination_platform_fee',
        charged: { currency: 'usd', amount: 100, refunded: 100 },
        settled: { currency: 'usd', amount: 100, refunded: 100 },
      }),
      expect.objectContaining({
        type: 'application_fee',
        charged: { currency: 'usd', amount: 100, refunded: 0 },
        settled: { currency: 'usd', amount: 100, refunded: 0 },
      }),
    ]),
  );
});
