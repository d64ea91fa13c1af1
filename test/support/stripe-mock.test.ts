import Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from './needs.ts';
import { noGo, type StripeMock, startStripeMock } from './stripe-mock.ts';

needs(noGo)('stripe-mock, the judge of our requests,', () => {
  let mock: StripeMock;
  let stripe: Stripe;

  beforeAll(async () => {
    mock = await startStripeMock();
    stripe = new Stripe('sk_test_waybill', {
      host: mock.host,
      port: mock.port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    });
  });

  afterAll(async () => {
    await mock?.stop();
  });

  it('accepts a destination charge, its capture, its refund with both flags, and a special-case transfer', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      confirm: true,
      capture_method: 'manual',
      application_fee_amount: 123,
      on_behalf_of: 'acct_123',
      transfer_data: { destination: 'acct_123' },
      metadata: { order: 'order_1' },
      expand: ['latest_charge'],
    });
    expect(intent.object).toBe('payment_intent');

    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 500 });
    expect(captured.object).toBe('payment_intent');

    const refund = await stripe.refunds.create({
      payment_intent: intent.id,
      amount: 100,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    expect(refund.object).toBe('refund');

    const transfer = await stripe.transfers.create({
      amount: 100,
      currency: 'usd',
      destination: 'acct_123',
      source_transaction: 'ch_123',
    });
    expect(transfer.object).toBe('transfer');
  });

  it.each([
    { broken: 'an unknown parameter', params: { amount: 1000, currency: 'usd', ammount: 1 } },
    { broken: 'a missing required one', params: { amount: 1000 } },
    { broken: 'a fractional amount', params: { amount: 10.5, currency: 'usd' } },
  ])('refuses $broken', async ({ params }) => {
    const create = stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams);
    await expect(create).rejects.toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400 });
  });
});
