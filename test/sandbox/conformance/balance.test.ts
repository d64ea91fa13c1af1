import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { cardFee, DAY_S, expanded, idOf, sumOf, useSandbox } from './support.ts';

const sandbox = useSandbox();

describe('Stripe’s fee', () => {
  it.each([
    { amount: 950, fee: 58 },
    { amount: 1000, fee: 59 },
    { amount: 2250, fee: 95 },
    { amount: 3000, fee: 117 },
  ])('of $amount is $fee, named in fee_details, and the rest is net', async ({ amount, fee }) => {
    const charge = await sandbox.charge(await sandbox.pay({ amount, description: 'Payment for Invoice' }));
    expect(expanded(charge.balance_transaction)).toMatchObject({
      object: 'balance_transaction',
      type: 'charge',
      reporting_category: 'charge',
      balance_type: 'payments',
      amount,
      currency: 'usd',
      description: 'Payment for Invoice',
      exchange_rate: null,
      fee,
      fee_details: [
        { type: 'stripe_fee', amount: fee, currency: 'usd', description: 'Stripe processing fees' },
      ],
      net: amount - fee,
      source: charge.id,
      status: 'pending',
    });
  });
});

describe('the money of a charge', () => {
  it('is pending until midnight UTC two days on, and then available', async () => {
    const before = await sandbox.stripe.balance.retrieve();
    const charge = await sandbox.charge(await sandbox.pay());
    const entry = expanded(charge.balance_transaction);
    const net = 1000 - cardFee(1000);

    expect(entry.available_on % DAY_S).toBe(0);
    const daysOn = entry.available_on / DAY_S - Math.floor(entry.created / DAY_S);
    expect(daysOn).toBe(2);
    const during = await sandbox.stripe.balance.retrieve();
    expect(sumOf(during.pending, 'usd') - sumOf(before.pending, 'usd')).toBe(net);
    expect(sumOf(during.available, 'usd')).toBe(sumOf(before.available, 'usd'));

    await sandbox.advanceClock(entry.available_on - entry.created);
    const after = await sandbox.stripe.balance.retrieve();
    expect(sumOf(after.pending, 'usd')).toBe(0);
    expect(sumOf(after.available, 'usd')).toBe(sumOf(during.available, 'usd') + sumOf(during.pending, 'usd'));
    expect((await sandbox.stripe.balanceTransactions.retrieve(entry.id)).status).toBe('available');
  });

  it('of the card that bypasses pending is available at once', async () => {
    const before = await sandbox.stripe.balance.retrieve();
    const intent = await sandbox.pay({ amount: 100, payment_method: 'pm_card_bypassPending' });
    const charge = await sandbox.charge(intent);
    const after = await sandbox.stripe.balance.retrieve();

    expect(charge.balance_transaction).toMatchObject({ amount: 100, status: 'available' });
    expect(sumOf(after.available, 'usd') - sumOf(before.available, 'usd')).toBe(100 - cardFee(100));
  });
});

describe('a balance', () => {
  it('has a reserve for its connected accounts on the platform only', async () => {
    const seller = await sandbox.account();
    const platform = await sandbox.stripe.balance.retrieve();
    const connected = await sandbox.stripe.balance.retrieve({}, { stripeAccount: seller });

    expect(platform).toMatchObject({
      object: 'balance',
      livemode: false,
      available: expect.arrayContaining([expect.objectContaining({ currency: 'usd' })]),
      pending: expect.arrayContaining([expect.objectContaining({ currency: 'usd' })]),
      connect_reserved: expect.arrayContaining([expect.objectContaining({ currency: 'usd' })]),
    });
    expect(connected).not.toHaveProperty('connect_reserved');
  });

  it('may be negative, and then the platform’s money is reserved for the account', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const before = await sandbox.stripe.balance.retrieve();
    await sandbox.stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });
    const after = await sandbox.stripe.balance.retrieve();

    expect(await sandbox.balanceOf(seller)).toBe(-123);
    const reserved = (balance: Stripe.Balance) => sumOf(balance.connect_reserved ?? [], 'usd');
    const spendable = (balance: Stripe.Balance) =>
      sumOf(balance.available, 'usd') + sumOf(balance.pending, 'usd');
    expect(reserved(after) - reserved(before)).toBe(123);
    expect(spendable(after) - spendable(before)).toBe(-123);
  });
});

describe('balance transactions', () => {
  it('explain a payment’s life on both sides, newest first', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const refund = await sandbox.stripe.refunds.create({
      payment_intent: intent.id,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    const { charge, transfer, payment } = await sandbox.trail(intent);

    const theirs = await sandbox.stripe.balanceTransactions.list({}, { stripeAccount: seller });
    expect(theirs.data.at(-1)).toMatchObject({ type: 'payment', source: payment.id, net: 877 });
    expect(theirs.data.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    expect(theirs.data.map(({ type }) => type)).toContain('payment_refund');

    const sources = [
      { type: 'charge', source: charge.id, amount: 1000 },
      { type: 'transfer', source: transfer.id, amount: -1000 },
      { type: 'application_fee', source: idOf(charge.application_fee), amount: 123 },
      { type: 'refund', source: refund.id, amount: -1000 },
      { type: 'application_fee_refund', amount: -123 },
      { type: 'transfer_refund', amount: 1000 },
    ];
    const ours = await sandbox.stripe.balanceTransactions.list({ limit: sources.length });
    expect(ours.data).toHaveLength(sources.length);
    for (const expected of sources) expect(ours.data).toContainEqual(expect.objectContaining(expected));
    expect(ours.data.reduce((sum, { net }) => sum + net, 0)).toBe(-59);
    const ages = ours.data.map(({ created }) => created);
    expect(ages).toEqual([...ages].sort((a, b) => b - a));
  });

  it('are found by type and by source', async () => {
    const intent = await sandbox.pay();
    const source = idOf(intent.latest_charge);
    const refund = await sandbox.stripe.refunds.create({ payment_intent: intent.id });

    const bySource = await sandbox.stripe.balanceTransactions.list({ source });
    expect(bySource.data.map((entry) => entry.source)).toEqual([source]);
    const byType = await sandbox.stripe.balanceTransactions.list({ type: 'refund', limit: 1 });
    expect(byType.data.map((entry) => entry.source)).toEqual([refund.id]);
  });

  it('come in pages', async () => {
    for (let payments = 0; payments < 3; payments += 1) await sandbox.pay();

    const firstPage = await sandbox.stripe.balanceTransactions.list({ type: 'charge', limit: 2 });
    expect(firstPage).toMatchObject({ object: 'list', has_more: true, url: '/v1/balance_transactions' });
    const all: string[] = [];
    for await (const { id } of sandbox.stripe.balanceTransactions.list({ type: 'charge', limit: 2 })) {
      all.push(id);
    }
    expect(all.slice(0, 2)).toEqual(firstPage.data.map(({ id }) => id));
    expect(new Set(all).size).toBe(all.length);
  });
});
