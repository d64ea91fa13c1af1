import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

const NET = 1000 - 59;

async function refunded(
  { stripe }: Harness,
  method: string,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
  refund: Stripe.RefundCreateParams = {},
): Promise<Stripe.Refund> {
  const { id } = await stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    payment_method: method,
    ...params,
  });
  return stripe.refunds.create({ payment_intent: id, ...refund });
}

const chargeOf = ({ stripe }: Harness, refund: Stripe.Refund) =>
  stripe.charges.retrieve(String(refund.charge));

async function refundEvents({ stripe }: Harness): Promise<string[]> {
  const { data } = await stripe.events.list({ types: ['refund.*', 'charge.refund*'], limit: 100 });
  return data.map(({ type }) => type).reverse();
}

describe('a refund that its bank sends back', () => {
  it('looks well at first, then fails: the money is on the balance again', async () => {
    const harness = await start();
    const refund = await refunded(harness, 'pm_card_refundFail');
    expect(refund.status).toBe('succeeded');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 1000);

    harness.sandbox.advance(60);
    const failed = await harness.stripe.refunds.retrieve(refund.id, {
      expand: ['failure_balance_transaction'],
    });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: { type: 'refund_failure', amount: 1000, fee: 0, source: refund.id },
    });
    expect(await chargeOf(harness, refund)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
    expect(await refundEvents(harness)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.failed',
      'refund.updated',
      'charge.refund.updated',
    ]);
  });

  it('leaves what the connected account gave back with the platform, and can be tried again', async () => {
    const harness = await start({ settings: { async_refund_seconds: 10 } });
    const refund = await refunded(
      harness,
      'pm_card_refundFail',
      { transfer_data: { destination: ACCOUNTS.usCustom } },
      { reverse_transfer: true },
    );
    harness.sandbox.advance(10);
    expect(held(harness.sandbox, ACCOUNTS.usCustom)).toBe(0);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
    const again = await harness.stripe.refunds.create({
      charge: String(refund.charge),
      reverse_transfer: true,
    });
    expect(again).toMatchObject({ amount: 1000, status: 'succeeded', transfer_reversal: null });
    expect(await chargeOf(harness, refund)).toMatchObject({ amount_refunded: 1000, refunded: true });
  });

  it('in another currency than it settled in takes back exactly what it took', async () => {
    const harness = await start();
    await refunded(harness, 'pm_card_refundFail', { currency: 'eur' }, { amount: 333 });
    const before = held(harness.sandbox, ACCOUNTS.platform);
    harness.sandbox.advance(60);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(before + Math.round(333 / 0.92));
  });

  it('may have failed before its money is back', async () => {
    const harness = await start({ settings: { failed_refund_returns_seconds: 30 } });
    const { id } = await refunded(harness, 'pm_card_visa', {}, { amount: 400 });
    const failed = await harness.control('POST', `refunds/${id}/fail`);
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed).not.toHaveProperty('failure_balance_transaction');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 400);

    harness.sandbox.advance(30);
    expect(
      await harness.stripe.refunds.retrieve(id, { expand: ['failure_balance_transaction'] }),
    ).toMatchObject({ status: 'failed', failure_balance_transaction: { amount: 400 } });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
  });

  it('can be any refund, long after', async () => {
    const harness = await start();
    const { id } = await refunded(harness, 'pm_card_visa', {}, { amount: 400 });
    harness.sandbox.advance(20 * 86_400);
    const failed = await harness.control('POST', `refunds/${id}/fail`, { reason: 'lost_or_stolen_card' });
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'lost_or_stolen_card' });
    expect(await harness.control('POST', `refunds/${id}/fail`)).toHaveProperty('error');
  });
});

// Of a live refund such an event came a day later (github.com/webhookdb/webhookdb, stripe_refund_v1_spec.rb).
describe('the reference of a refund', () => {
  const news = async ({ stripe }: Harness) => {
    const { data } = await stripe.events.list({ types: ['refund.updated', 'charge.refund.updated'] });
    return data.map(({ type, data: { object, previous_attributes: before }, request }) => {
      const { status, destination_details: details } = object as Stripe.Refund;
      return { type, status, card: details?.card, before, request };
    });
  };

  it('comes a day after it succeeded, and its events say what was there before', async () => {
    const harness = await start();
    const refund = await refunded(harness, 'pm_card_visa');
    harness.sandbox.advance(86_399);
    expect(await news(harness)).toEqual([]);
    harness.sandbox.advance(1);
    const { destination_details: details } = await harness.stripe.refunds.retrieve(refund.id);
    expect(details?.card).toMatchObject({ reference_status: 'available' });
    const told = {
      status: 'succeeded',
      card: details?.card,
      before: { destination_details: { card: { reference: null, reference_status: 'pending' } } },
      request: { id: null, idempotency_key: null },
    };
    expect(await news(harness)).toEqual([
      { type: 'charge.refund.updated', ...told },
      { type: 'refund.updated', ...told },
    ]);
  });

  it('comes after a late success, and not where the bank said no before', async () => {
    const harness = await start();
    const late = await refunded(harness, 'pm_card_pendingRefund');
    const failing = await refunded(harness, 'pm_card_refundFail');
    harness.sandbox.advance(2 * 86_400);
    const statusOf = async ({ id }: Stripe.Refund) =>
      (await harness.stripe.refunds.retrieve(id)).destination_details?.card?.reference_status;
    expect([await statusOf(late), await statusOf(failing)]).toEqual(['available', 'pending']);
  });
});

describe('a refund that waits for its bank', () => {
  it('is pending, then succeeds', async () => {
    const harness = await start();
    const refund = await refunded(harness, 'pm_card_pendingRefund');
    expect(refund).toMatchObject({ status: 'pending' });
    harness.sandbox.advance(60);
    expect((await harness.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    expect((await refundEvents(harness)).slice(-2)).toEqual(['refund.updated', 'charge.refund.updated']);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 1000);
  });
});

// docs.stripe.com/refunds#requires-action
describe('a refund whose customer has to say where it goes', () => {
  const asked = async (harness: Harness) => {
    const { id } = await refunded(harness, 'pm_card_visa', {}, { amount: 400 });
    return (await harness.control('POST', `refunds/${id}/require_action`)) as unknown as Stripe.Refund;
  };

  it('is sent once they have answered, and asked about again where the bank sends it back', async () => {
    const harness = await start();
    const refund = await asked(harness);
    expect(refund).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'display_details', display_details: { expires_at: expect.any(Number) } },
    });
    const answered = await harness.control('POST', `refunds/${refund.id}/answer`);
    expect(answered).toMatchObject({ status: 'pending' });
    expect(answered).not.toHaveProperty('next_action');
    harness.sandbox.advance(60);
    expect((await harness.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    const again = await harness.control('POST', `refunds/${refund.id}/require_action`);
    expect(again).toMatchObject({ status: 'requires_action' });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 400);
  });

  it('can be canceled, or expires: the money is on the balance again', async () => {
    const harness = await start();
    const canceled = await harness.stripe.refunds.cancel((await asked(harness)).id);
    expect(canceled).toMatchObject({ status: 'canceled', failure_reason: 'merchant_request' });
    const expired = await harness.stripe.testHelpers.refunds.expire((await asked(harness)).id);
    expect(expired).toMatchObject({ status: 'failed', failure_reason: 'unknown' });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(2 * NET);
    expect((await refundEvents(harness)).filter((type) => type === 'refund.failed')).toHaveLength(1);
    const why = await errorOf(harness.stripe.refunds.cancel(canceled.id));
    expect(why.message).toBe('Canceling this refund is unsupported.');
  });
});

describe('taking back what a connected account no longer has', () => {
  it.each([
    { negative_balances: true, refusal: undefined },
    { negative_balances: false, refusal: 'balance_insufficient' },
  ])('is $refusal where negative_balances is $negative_balances', async ({ negative_balances, refusal }) => {
    const { stripe, sandbox } = await start({ settings: { negative_balances } });
    const destination = ACCOUNTS.usCustom;
    const { id } = await stripe.paymentIntents.create({
      ...card,
      amount: 500,
      transfer_data: { destination },
    });
    // A dispute of its own leaves the account with nothing.
    const disputed = { ...card, amount: 1000, payment_method: 'pm_card_createDispute' };
    await stripe.paymentIntents.create(disputed, { stripeAccount: destination });
    const [transfer] = (await stripe.transfers.list()).data;
    expect(held(sandbox, destination)).toBe(500 + NET - 2500);

    const reversal = stripe.transfers.createReversal(transfer?.id ?? '', { amount: 200 });
    const refund = reversal
      .catch(() => undefined)
      .then(() => stripe.refunds.create({ payment_intent: id, reverse_transfer: true }));
    if (refusal) {
      expect(await errorOf(reversal)).toMatchObject({ statusCode: 400, code: refusal });
      expect(await errorOf(refund)).toMatchObject({ statusCode: 400, code: refusal });
      expect((await stripe.refunds.list()).data).toEqual([]);
    } else {
      expect(await reversal).toMatchObject({ amount: 200 });
      expect(await refund).toMatchObject({ amount: 500, status: 'succeeded' });
    }
  });
});
