import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

const DAY_S = 86_400;
const FEATURES = { extended_authorization: true, incremental_authorization: true, multicapture: true };
const ASKED = {
  request_extended_authorization: 'if_available',
  request_incremental_authorization: 'if_available',
  request_multicapture: 'if_available',
} as const;

async function authorized(
  { stripe }: Harness,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    capture_method: 'manual',
    payment_method_options: { card: ASKED },
    ...params,
  });
}

async function cardOf(
  { stripe }: Harness,
  intent: Stripe.PaymentIntent,
): Promise<Stripe.Charge.PaymentMethodDetails.Card & { held_for: number }> {
  const charge = await stripe.charges.retrieve(String(intent.latest_charge));
  const details = charge.payment_method_details?.card;
  if (!details) throw new Error('not paid by card');
  return { ...details, held_for: (details.capture_before ?? 0) - charge.created };
}

describe('beyond one capture in seven days', () => {
  it.each([
    {
      account: 'has it',
      settings: FEATURES,
      asked: ASKED,
      status: 'available',
      extended: 'enabled',
      days: 30,
    },
    { account: 'lacks it', settings: {}, asked: ASKED, status: 'unavailable', extended: 'disabled', days: 7 },
    {
      account: 'has it, but nobody asked',
      settings: FEATURES,
      asked: {},
      status: 'unavailable',
      extended: 'disabled',
      days: 7,
    },
  ])('the account $account: $status', async ({ settings, asked, status, extended, days }) => {
    const harness = await start({ settings });
    const intent = await authorized(harness, { payment_method_options: { card: asked } });
    expect(await cardOf(harness, intent)).toMatchObject({
      extended_authorization: { status: extended },
      incremental_authorization: { status },
      multicapture: { status },
      held_for: days * DAY_S,
    });
  });

  it('a wish that is none of Stripe’s words is refused', async () => {
    const harness = await start({ settings: FEATURES });
    const card = { request_multicapture: 'always' } as unknown as typeof ASKED;
    expect(await errorOf(authorized(harness, { payment_method_options: { card } }))).toMatchObject({
      statusCode: 400,
      param: 'payment_method_options[card][request_multicapture]',
    });
  });
});

describe('multicapture', () => {
  it('takes several parts out of one authorization, and settles them with the last', async () => {
    const harness = await start({ settings: FEATURES });
    const { stripe, sandbox } = harness;
    const { id } = await authorized(harness, { transfer_data: { destination: ACCOUNTS.usCustom } });
    const first = await stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false });
    expect(first).toMatchObject({
      status: 'requires_capture',
      amount_received: 300,
      amount_capturable: 700,
    });
    const last = await stripe.paymentIntents.capture(id, {
      amount_to_capture: 200,
      expand: ['latest_charge'],
    });
    expect(last).toMatchObject({
      status: 'succeeded',
      amount_received: 500,
      amount_capturable: 0,
      latest_charge: { amount_captured: 500, amount_refunded: 500, refunded: false },
    });
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(500);
  });

  it('ends by itself with the last cent', async () => {
    const harness = await start({ settings: FEATURES });
    const { id } = await authorized(harness);
    const all = await harness.stripe.paymentIntents.capture(id, { final_capture: false });
    expect(all).toMatchObject({ status: 'succeeded', amount_received: 1000 });
  });

  it('can let the rest go, but not without having taken anything', async () => {
    const harness = await start({ settings: FEATURES });
    const { stripe } = harness;
    const { id } = await authorized(harness);
    expect(await errorOf(stripe.paymentIntents.capture(id, { amount_to_capture: 0 }))).toMatchObject({
      param: 'amount_to_capture',
    });
    await stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false });
    expect(await stripe.paymentIntents.capture(id, { amount_to_capture: 0 })).toMatchObject({
      status: 'succeeded',
      amount_received: 300,
    });
  });

  it.each([
    { end: 'nobody captures the rest in time', status: 'succeeded' },
    { end: 'it is canceled', status: 'canceled' },
  ])('keeps what was taken when $end', async ({ status }) => {
    const harness = await start({ settings: FEATURES });
    const { id } = await authorized(harness);
    await harness.stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false });
    if (status === 'canceled') await harness.stripe.paymentIntents.cancel(id);
    else harness.sandbox.advance(30 * DAY_S);
    expect(await harness.stripe.paymentIntents.retrieve(id)).toMatchObject({
      status,
      amount_received: 300,
      amount_capturable: 0,
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(300 - 39);
  });

  it('takes no more than is left, and is refused where it was not granted', async () => {
    const harness = await start({ settings: { multicapture: true } });
    const { id } = await authorized(harness);
    await harness.stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false });
    const tooMuch = harness.stripe.paymentIntents.capture(id, { amount_to_capture: 701 });
    expect(await errorOf(tooMuch)).toMatchObject({ code: 'amount_too_large' });
    const plain = await authorized(harness, { payment_method_options: {} });
    const refused = harness.stripe.paymentIntents.capture(plain.id, { final_capture: false });
    expect(await errorOf(refused)).toMatchObject({ param: 'final_capture' });
  });
});

describe('incremental authorization', () => {
  it('holds more than before, and captures it', async () => {
    const harness = await start({ settings: FEATURES });
    const { stripe, sandbox } = harness;
    const { id } = await authorized(harness, {
      application_fee_amount: 100,
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    const raised = await stripe.paymentIntents.incrementAuthorization(id, {
      amount: 1500,
      application_fee_amount: 150,
    });
    expect(raised).toMatchObject({
      status: 'requires_capture',
      amount: 1500,
      amount_capturable: 1500,
      application_fee_amount: 150,
    });
    expect(await cardOf(harness, raised)).toMatchObject({ amount_authorized: 1500 });
    expect(await stripe.paymentIntents.capture(id)).toMatchObject({ amount_received: 1500 });
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1350);
  });

  it.each([
    { why: 'for no more than is held', amount: 1000, settings: FEATURES, refusal: { param: 'amount' } },
    { why: 'where it was not granted', amount: 1500, settings: {}, refusal: { param: 'intent' } },
  ])('is refused $why', async ({ amount, settings, refusal }) => {
    const harness = await start({ settings });
    const { id } = await authorized(harness);
    const refused = harness.stripe.paymentIntents.incrementAuthorization(id, { amount });
    expect(await errorOf(refused)).toMatchObject({ statusCode: 400, ...refusal });
    expect(await harness.stripe.paymentIntents.retrieve(id)).toMatchObject({ amount: 1000 });
  });

  it('is refused once the payment is captured', async () => {
    const harness = await start({ settings: FEATURES });
    const { id } = await authorized(harness);
    await harness.stripe.paymentIntents.capture(id);
    const refused = harness.stripe.paymentIntents.incrementAuthorization(id, { amount: 1500 });
    expect(await errorOf(refused)).toMatchObject({ code: 'payment_intent_unexpected_state' });
  });
});
