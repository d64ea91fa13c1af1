import { describe, expect, it } from 'vitest';
import { idOf, useSandbox } from './support.ts';

const sandbox = useSandbox();

/** Who holds what of a 10.00 payment, by how the platform takes its share. */
describe('of 10.00 paid, with Stripe’s 0.59', () => {
  it.each([
    {
      how: 'an application fee of 1.23',
      params: { application_fee_amount: 123 },
      connected: 877,
      platform: 64,
    },
    { how: 'a transfer of 8.77', params: { transferAmount: 877 }, connected: 877, platform: 64 },
    { how: 'no share for the platform', params: {}, connected: 1000, platform: -59 },
    { how: 'all of it as fee', params: { application_fee_amount: 1000 }, connected: 0, platform: 941 },
    {
      how: 'a fee beyond the amount, which caps it,',
      params: { application_fee_amount: 1500 },
      connected: 0,
      platform: 941,
    },
  ])(
    '$how leaves $connected to the seller and $platform to the platform',
    async ({ params, connected, platform }) => {
      const seller = await sandbox.account();
      const before = await sandbox.balanceOf();

      await sandbox.destinationCharge(seller, params);

      expect(await sandbox.balanceOf(seller)).toBe(connected);
      expect((await sandbox.balanceOf()) - before).toBe(platform);
    },
  );

  it('the fee of a payment with a transfer amount is the difference to the payment’s amount', async () => {
    const created = await sandbox.destinationCharge(await sandbox.account(), { transferAmount: 877 });
    const intent = await sandbox.stripe.paymentIntents.retrieve(created.id);
    expect(intent.amount - (intent.transfer_data?.amount ?? 0)).toBe(123);
  });

  it('an application fee takes the whole amount to the seller and the fee back', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const { charge, chargeEntry, transfer, paymentEntry } = await sandbox.trail(intent);

    expect(chargeEntry).toMatchObject({ amount: 1000, fee: 59, net: 941 });
    expect(transfer.amount).toBe(1000);
    expect(paymentEntry).toMatchObject({ amount: 1000, fee: 123, net: 877 });
    const fee = await sandbox.stripe.applicationFees.retrieve(idOf(charge.application_fee));
    expect(fee).toMatchObject({ amount: 123, currency: 'usd', account: seller });
  });
});

describe('a refund, by default,', () => {
  it('leaves the seller its money and the platform the bill', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });

    await sandbox.stripe.refunds.create({ payment_intent: intent.id });

    expect(await sandbox.balanceOf(seller)).toBe(877);
    expect((await sandbox.balanceOf()) - before).toBe(64 - 1000);
  });

  it('with both flags takes everything back but Stripe’s fee', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });

    await sandbox.stripe.refunds.create({
      payment_intent: intent.id,
      reverse_transfer: true,
      refund_application_fee: true,
    });

    expect(await sandbox.balanceOf(seller)).toBe(0);
    expect((await sandbox.balanceOf()) - before).toBe(-59);
  });

  it('with reversal alone leaves the fee with the platform, at the seller’s cost', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });

    await sandbox.stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });

    expect(await sandbox.balanceOf(seller)).toBe(-123);
    expect((await sandbox.balanceOf()) - before).toBe(64);
  });
});

describe('acting as a connected account', () => {
  it('without a source is refused: the account is not the one who pays', async () => {
    const seller = await sandbox.account();
    const answer = await sandbox.call(
      'POST',
      '/v1/charges',
      { amount: '1000', currency: 'usd' },
      { 'Stripe-Account': seller },
    );

    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      type: 'invalid_request_error',
      message: 'Must provide source or customer.',
    });
  });

  it('an account that isn’t connected is refused', async () => {
    const answer = await sandbox.call('GET', '/v1/balance', {}, { 'Stripe-Account': 'acct_unknown' });
    expect(answer.status).toBe(403);
    expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', code: 'account_invalid' });
  });
});

describe('the deprecated destination[account]', () => {
  it('makes the account the settlement merchant without more, which transfer_data[destination] does not', async () => {
    const seller = await sandbox.account();
    const params = { amount: '1000', currency: 'usd', source: 'tok_visa' };
    const old = await sandbox.call('POST', '/v1/charges', { ...params, 'destination[account]': seller });
    const now = await sandbox.call('POST', '/v1/charges', {
      ...params,
      'transfer_data[destination]': seller,
    });

    expect(old.body).toMatchObject({ destination: seller, on_behalf_of: seller, status: 'succeeded' });
    expect(now.body).toMatchObject({ destination: seller, on_behalf_of: null, status: 'succeeded' });
  });

  it('transfers destination[amount] and keeps the rest', async () => {
    const seller = await sandbox.account();
    const answer = await sandbox.call('POST', '/v1/charges', {
      amount: '1000',
      currency: 'usd',
      source: 'tok_visa',
      'destination[account]': seller,
      'destination[amount]': '877',
    });

    expect(answer.status).toBe(200);
    expect(await sandbox.balanceOf(seller)).toBe(877);
  });
});
