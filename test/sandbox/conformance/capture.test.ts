import { describe, expect, it } from 'vitest';
import { cardFee, DAY_S, idOf, keyed, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

const WEEK_S = 7 * DAY_S;
const authorize = { capture_method: 'manual' } as const;

describe('an authorized payment', () => {
  it('is capturable in full, and no money has moved', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const intent = await sandbox.destinationCharge(seller, authorize);

    expect(intent).toMatchObject({
      status: 'requires_capture',
      amount: 1000,
      amount_capturable: 1000,
      amount_received: 0,
      capture_method: 'manual',
      latest_charge: expect.stringMatching(/^ch_/),
      transfer_group: `group_${intent.id}`,
    });
    const charge = await sandbox.stripe.charges.retrieve(idOf(intent.latest_charge));
    expect(charge).toMatchObject({
      amount: 1000,
      amount_captured: 0,
      amount_refunded: 0,
      balance_transaction: null,
      captured: false,
      payment_method_details: { card: { amount_authorized: 1000 } },
    });
    expect(charge.transfer ?? null).toBeNull();
    expect(await sandbox.balanceOf(seller)).toBe(0);
    expect(await sandbox.balanceOf()).toBe(before);
  });

  it('goes through requires_confirmation when it is created first and confirmed later', async () => {
    const created = await sandbox.pay({ ...authorize, confirm: false });
    expect(created).toMatchObject({
      status: 'requires_confirmation',
      amount_capturable: 0,
      latest_charge: null,
      payment_method: expect.stringMatching(/^pm_(?!card)/),
    });

    const confirmed = await sandbox.stripe.paymentIntents.confirm(created.id);
    expect(confirmed).toMatchObject({ status: 'requires_capture', amount_capturable: 1000 });
    expect(await sandbox.stripe.paymentIntents.retrieve(created.id)).toEqual(
      expect.objectContaining({ status: 'requires_capture', latest_charge: confirmed.latest_charge }),
    );
  });

  it('shows its payment method when asked to expand it', async () => {
    const { id } = await sandbox.pay(authorize);
    const intent = await sandbox.stripe.paymentIntents.retrieve(id, { expand: ['payment_method'] });
    expect(intent.payment_method).toMatchObject({
      object: 'payment_method',
      type: 'card',
      customer: null,
      card: { country: 'US', last4: '4242', brand: 'visa' },
    });
  });

  it('says until when it can be captured: seven days for a Visa card', async () => {
    const charge = await sandbox.charge(await sandbox.pay(authorize));
    const captureBefore = charge.payment_method_details?.card?.capture_before;
    expect(captureBefore).toBe(charge.created + WEEK_S);
  });

  it('is canceled by Stripe when nobody captures it in time', async () => {
    const { id } = await sandbox.pay(authorize);

    await sandbox.advanceClock(WEEK_S - 60);
    expect((await sandbox.stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture');
    await sandbox.advanceClock(120);

    expect(await sandbox.stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      amount_received: 0,
      cancellation_reason: 'expired',
      canceled_at: expect.any(Number),
    });
    expect(await refusal(sandbox.stripe.paymentIntents.capture(id))).toMatchObject({
      status: 400,
      error: { code: 'payment_intent_unexpected_state' },
    });
  });
});

describe('a capture', () => {
  it.each([
    { how: 'without an amount', params: {} },
    { how: 'of the whole amount', params: { amount_to_capture: 1000 } },
  ])('$how takes everything', async ({ params }) => {
    const { id } = await sandbox.pay(authorize);
    const captured = await sandbox.stripe.paymentIntents.capture(id, params);

    expect(captured).toMatchObject({
      status: 'succeeded',
      amount: 1000,
      amount_capturable: 0,
      amount_received: 1000,
    });
    const charge = await sandbox.charge(captured);
    expect(charge).toMatchObject({
      captured: true,
      amount_captured: 1000,
      amount_refunded: 0,
      refunded: false,
      balance_transaction: { amount: 1000, fee: cardFee(1000), type: 'charge' },
    });
  });

  // Since 2025-03-31.basil it is no refund any more: as-of-dahlia.test.ts.
  it('of a part releases the rest, which shows as a reversal on the card', async () => {
    const { id } = await sandbox.pay(authorize);
    const part = { amount_to_capture: 100 };
    const captured = await sandbox.stripe.paymentIntents.capture(id, part, { apiVersion: '2023-10-16' });

    expect(captured).toMatchObject({
      status: 'succeeded',
      amount: 1000,
      amount_capturable: 0,
      amount_received: 100,
    });
    const charge = await sandbox.charge(captured);
    expect(charge).toMatchObject({
      amount: 1000,
      amount_captured: 100,
      amount_refunded: 900,
      refunded: false,
      balance_transaction: { amount: 100, fee: cardFee(100), net: 100 - cardFee(100) },
    });
    const { data: refunds } = await sandbox.stripe.refunds.list({ charge: charge.id });
    expect(refunds).toEqual([
      expect.objectContaining({
        amount: 900,
        status: 'succeeded',
        destination_details: expect.objectContaining({
          type: 'card',
          card: expect.objectContaining({ type: 'reversal' }),
        }),
      }),
    ]);
  });

  it('makes the transfer of a destination charge, in full and without a fee for the seller', async () => {
    const seller = await sandbox.account();
    const created = await sandbox.destinationCharge(seller, {
      ...authorize,
      amount: 5151,
      on_behalf_of: seller,
      description: 'Donation',
    });
    expect(created).toMatchObject({ status: 'requires_capture', on_behalf_of: seller });

    const captured = await sandbox.stripe.paymentIntents.capture(created.id);
    const { charge, chargeEntry, transfer, paymentEntry } = await sandbox.trail(captured);

    expect(chargeEntry).toMatchObject({
      amount: 5151,
      balance_type: 'payments',
      description: 'Donation',
      status: 'pending',
      net: 5151 - chargeEntry.fee,
    });
    expect(transfer).toMatchObject({
      amount: 5151,
      source_transaction: charge.id,
      transfer_group: `group_${created.id}`,
    });
    expect(paymentEntry).toMatchObject({
      amount: 5151,
      available_on: chargeEntry.available_on,
      fee: 0,
      net: 5151,
    });
  });

  it('of a part transfers that part to the seller', async () => {
    const seller = await sandbox.account();
    const { id } = await sandbox.destinationCharge(seller, authorize);
    const captured = await sandbox.stripe.paymentIntents.capture(id, { amount_to_capture: 400 });

    const { transfer } = await sandbox.trail(captured);
    expect(transfer.amount).toBe(400);
    expect(await sandbox.balanceOf(seller)).toBe(400);
  });

  it('of less than the fee makes the capture the fee’s limit', async () => {
    const seller = await sandbox.account();
    const { id } = await sandbox.destinationCharge(seller, { ...authorize, application_fee_amount: 123 });
    await sandbox.stripe.paymentIntents.capture(id, { amount_to_capture: 100 });
    expect(await sandbox.balanceOf(seller)).toBe(0);
  });

  it('happens once: a second one is refused, with the state', async () => {
    const { id } = await sandbox.pay(authorize);
    await sandbox.stripe.paymentIntents.capture(id, { amount_to_capture: 100 });

    expect(
      await refusal(sandbox.stripe.paymentIntents.capture(id, { amount_to_capture: 100 })),
    ).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        code: 'payment_intent_unexpected_state',
        message:
          'This PaymentIntent could not be captured because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
        payment_intent: { id, status: 'succeeded', amount_received: 100 },
      },
    });
  });

  it('never takes more than was authorized', async () => {
    const { id } = await sandbox.pay(authorize);
    const { status, error } = await refusal(
      sandbox.stripe.paymentIntents.capture(id, { amount_to_capture: 1001 }),
    );

    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect((await sandbox.stripe.paymentIntents.retrieve(id)).amount_capturable).toBe(1000);
  });
});

describe('a cancellation', () => {
  it('of a payment that never got a card ends it, and keeps its transfer group', async () => {
    const { id } = await sandbox.stripe.paymentIntents.create({
      amount: 4000,
      currency: 'usd',
      transfer_group: 'R594422549',
    });
    expect(await sandbox.stripe.paymentIntents.cancel(id)).toMatchObject({
      status: 'canceled',
      amount: 4000,
      amount_capturable: 0,
      amount_received: 0,
      canceled_at: expect.any(Number),
      cancellation_reason: null,
      latest_charge: null,
      payment_method: null,
      transfer_group: 'R594422549',
    });
  });

  it('of an authorized payment releases the card without a trace on any balance', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const { id } = await sandbox.destinationCharge(seller, authorize);

    const canceled = await sandbox.stripe.paymentIntents.cancel(id, {
      cancellation_reason: 'requested_by_customer',
    });

    expect(canceled).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      amount_received: 0,
      cancellation_reason: 'requested_by_customer',
    });
    const charge = await sandbox.stripe.charges.retrieve(idOf(canceled.latest_charge));
    expect(charge).toMatchObject({ captured: false, balance_transaction: null });
    expect(await sandbox.balanceOf(seller)).toBe(0);
    expect(await sandbox.balanceOf()).toBe(before);
  });

  it('of a payment that succeeded is refused, with the payment in the error', async () => {
    const intent = await sandbox.pay({ amount: 100, description: 'the description' });
    const { status, headers, error } = await refusal(
      sandbox.stripe.paymentIntents.cancel(intent.id, {}, keyed()),
    );

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message:
        'You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.',
      doc_url: expect.stringMatching(/payment-intent-unexpected-state$/),
      payment_intent: {
        id: intent.id,
        object: 'payment_intent',
        status: 'succeeded',
        amount_received: 100,
        description: 'the description',
        latest_charge: intent.latest_charge,
      },
    });
    expect(headers['stripe-should-retry']).toBe('false');
    expect(headers['original-request']).toMatch(/^req_/);
  });
});
