import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { Harness } from './support.ts';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

const WINDOW_S = 7 * 86_400;
const SETTINGS = { settings: { multicapture: true } };
const TO_SELLER = { transfer_data: { destination: ACCOUNTS.usCustom } };

type Terms = Partial<Stripe.PaymentIntentCreateParams>;
type Part = Stripe.PaymentIntentCaptureParams;

/** A payment of 10.00 that may be captured in parts; `take` captures one and goes on holding the rest. */
async function authorized(terms: Terms = {}) {
  const harness = await start(SETTINGS);
  const { stripe } = harness;
  const intent = await stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    capture_method: 'manual',
    payment_method_options: { card: { request_multicapture: 'if_available' } },
    ...terms,
  });
  const { id } = intent;
  const charge = String(intent.latest_charge);
  return {
    ...harness,
    id,
    charge,
    capture: (amount: number, more: Part = {}) =>
      stripe.paymentIntents.capture(id, { amount_to_capture: amount, ...more }),
    take: (amount: number, more: Part = {}) =>
      stripe.paymentIntents.capture(id, { amount_to_capture: amount, final_capture: false, ...more }),
    refund: (params: Stripe.RefundCreateParams = {}) => stripe.refunds.create({ charge, ...params }),
    read: () => stripe.charges.retrieve(charge, { expand: ['balance_transaction', 'transfer'] }),
  };
}

/** What of the platform's balance history belongs to a source, oldest first. */
async function entriesOf({ stripe }: Pick<Harness, 'stripe'>, source: string): Promise<number[]> {
  const { data } = await stripe.balanceTransactions.list({ source });
  return data.map(({ amount }) => amount).reverse();
}

async function eventsOf({ stripe }: Pick<Harness, 'stripe'>, before: string[] = []): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  const types = data.map(({ type }) => type).reverse();
  return types.slice(before.length).filter((type) => /^(charge|payment_intent)\./.test(type));
}

describe('one authorization, several captures', () => {
  it('each becomes money at once: its own balance transaction with Stripe’s fee, transfer and application fee', async () => {
    const payment = await authorized({ ...TO_SELLER, application_fee_amount: 100 });
    const first = await payment.take(300, { application_fee_amount: 30 });
    expect(first).toMatchObject({
      status: 'requires_capture',
      amount_received: 300,
      amount_capturable: 700,
    });
    const afterFirst = await payment.read();
    expect(afterFirst).toMatchObject({
      captured: false,
      amount_captured: 300,
      balance_transaction: { amount: 300, fee: 39 },
      transfer: { amount: 300, source_transaction: payment.charge },
    });
    expect(held(payment.sandbox, ACCOUNTS.usCustom)).toBe(270);

    expect(await payment.capture(200, { application_fee_amount: 20 })).toMatchObject({
      status: 'succeeded',
      amount_received: 500,
      amount_capturable: 0,
    });
    const last = await payment.read();
    expect(last).toMatchObject({
      captured: true,
      amount_captured: 500,
      balance_transaction: { amount: 200, fee: 36 },
      transfer: { amount: 200 },
    });
    expect(last.application_fee).not.toBe(afterFirst.application_fee);
    expect(await entriesOf(payment, payment.charge)).toEqual([300, 200]);
    const { data: fees } = await payment.stripe.applicationFees.list({ charge: payment.charge });
    expect(fees.map(({ amount }) => amount)).toEqual([20, 30]);
    expect(held(payment.sandbox, ACCOUNTS.usCustom)).toBe(500 - 50);
    expect(held(payment.sandbox, ACCOUNTS.platform)).toBe(50 - 39 - 36);
  });

  it('what the last one releases is not called refunded', async () => {
    const payment = await authorized();
    await payment.take(700);
    await payment.capture(200);
    expect(await payment.read()).toMatchObject({ amount_captured: 900, amount_refunded: 0, refunded: false });
  });

  it('sends an event for each, and for the end', async () => {
    const payment = await authorized();
    const start = (await payment.stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    await payment.take(300);
    const part = ['charge.updated', 'payment_intent.amount_capturable_updated'];
    expect(await eventsOf(payment, start)).toEqual(part);
    await payment.capture(200);
    expect(await eventsOf(payment, start)).toEqual([
      ...part,
      'charge.updated',
      'charge.captured',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
    ]);
  });

  it('ends with the last cent', async () => {
    const { stripe, id } = await authorized();
    const all = await stripe.paymentIntents.capture(id, { final_capture: false });
    expect(all).toMatchObject({ status: 'succeeded', amount_received: 1000 });
  });

  it('can let the rest go, but not without having taken anything', async () => {
    const { capture, take } = await authorized();
    expect(await errorOf(capture(0))).toMatchObject({ param: 'amount' });
    await take(300);
    expect(await capture(0)).toMatchObject({ status: 'succeeded', amount_received: 300 });
  });

  it.each([
    { end: 'nobody captures the rest in time', status: 'succeeded' },
    { end: 'it is canceled', status: 'canceled' },
  ])('keeps what was taken when $end', async ({ status }) => {
    const { stripe, sandbox, id, take } = await authorized();
    await take(300);
    if (status === 'canceled') await stripe.paymentIntents.cancel(id);
    else sandbox.advance(WINDOW_S);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status,
      amount_received: 300,
      amount_capturable: 0,
    });
    expect(held(sandbox, ACCOUNTS.platform)).toBe(300 - 39);
  });

  it('takes no more than is left, and is refused where it was not granted', async () => {
    const { capture, take } = await authorized();
    await take(300);
    expect(await errorOf(capture(701))).toMatchObject({ code: 'amount_too_large' });
    const plain = await authorized({ payment_method_options: {} });
    expect(await errorOf(plain.take(300))).toMatchObject({ param: 'final_capture' });
  });

  it.each([
    { share: { application_fee_amount: 30 }, param: 'application_fee_amount' },
    { share: { transfer_data: { amount: 200 } }, param: 'transfer_data[amount]' },
  ])('a first one that names $param makes every later one name it', async ({ share, param }) => {
    const { take, capture } = await authorized(TO_SELLER);
    await take(300, share);
    expect(await errorOf(take(200))).toMatchObject({ code: 'parameter_missing', param });
    expect(await take(200, share)).toMatchObject({ amount_received: 500 });
    expect(await capture(0)).toMatchObject({ status: 'succeeded' });
  });

  it('a charge that supports it is no source of other transfers', async () => {
    const { stripe, charge, capture } = await authorized();
    await capture(1000);
    const transfer = { amount: 100, currency: 'usd', destination: ACCOUNTS.usCustom };
    const refused = stripe.transfers.create({ ...transfer, source_transaction: charge });
    expect(await errorOf(refused)).toMatchObject({ param: 'source_transaction' });
  });
});

describe('a refund of several captures', () => {
  it('may come before the last of them, up to what they took', async () => {
    const { take, capture, refund, read } = await authorized();
    await take(300);
    expect(await errorOf(refund({ amount: 301 }))).toMatchObject({ param: 'amount' });
    await refund();
    expect(await read()).toMatchObject({ amount_refunded: 300, refunded: false });
    await capture(0);
    expect(await read()).toMatchObject({ amount_captured: 300, amount_refunded: 300, refunded: true });
  });

  it('reverses every transfer and gives every fee back when it takes all that is left', async () => {
    const payment = await authorized({ ...TO_SELLER, application_fee_amount: 100 });
    await payment.take(300, { application_fee_amount: 30 });
    await payment.capture(200, { application_fee_amount: 20 });
    const refund = await payment.refund({ reverse_transfer: true, refund_application_fee: true });
    expect(await payment.read()).toMatchObject({ amount_refunded: 500, refunded: true });
    const { data } = await payment.stripe.transfers.list();
    expect(data).toMatchObject([{ reversed: true }, { reversed: true }]);
    expect(data.flatMap(({ reversals }) => reversals.data)).toMatchObject([
      { amount: 200, source_refund: refund.id },
      { amount: 300, source_refund: refund.id },
    ]);
    expect(held(payment.sandbox, ACCOUNTS.usCustom)).toBe(0);
    expect(held(payment.sandbox, ACCOUNTS.platform)).toBe(-39 - 36);
  });

  it('takes nothing back from the connected account in part, nor after somebody else did', async () => {
    const payment = await authorized(TO_SELLER);
    await payment.take(300);
    await payment.capture(200);
    expect(await errorOf(payment.refund({ amount: 100, reverse_transfer: true }))).toMatchObject({
      param: 'reverse_transfer',
    });
    const [transfer] = (await payment.stripe.transfers.list()).data;
    await payment.stripe.transfers.createReversal(transfer?.id ?? '', { amount: 100 });
    expect(await errorOf(payment.refund({ reverse_transfer: true }))).toMatchObject({
      param: 'reverse_transfer',
    });
    expect(await payment.refund({ amount: 100 })).toMatchObject({ status: 'succeeded' });
  });
});

it('a dispute takes what all captures brought', async () => {
  const { take, capture, charge, control, sandbox } = await authorized();
  await take(300);
  await capture(200);
  await control('POST', `charges/${charge}/dispute`, {});
  expect(held(sandbox, ACCOUNTS.platform)).toBe(-39 - 36 - 1500);
});
