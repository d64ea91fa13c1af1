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
