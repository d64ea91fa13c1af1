import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

const DAY_S = 86_400;
const NET = 1000 - 59;

/** Newer versions leave the types to the Dashboard; Stripe still takes them. */
type Wish = Partial<Stripe.PaymentIntentCreateParams> & { payment_method_types?: string[] };

const debit = ({ stripe }: Harness, account: string, params: Wish = {}): Promise<Stripe.PaymentIntent> => {
  const wish: Wish = { payment_method_types: ['us_bank_account'], ...params };
  return stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    payment_method: `pm_usBankAccount_${account}`,
    ...wish,
  });
};

async function eventTypes({ stripe }: Harness): Promise<string[]> {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
}

describe('a debit that its bank sends back after it had succeeded', () => {
  it('fails after all: the money is gone, Stripe keeps its fee, and the transfer stays', async () => {
    const harness = await start();
    const { id } = await debit(harness, 'success', { transfer_data: { destination: ACCOUNTS.usCustom } });
    harness.sandbox.advance(4 * DAY_S);
    const paid = await harness.stripe.paymentIntents.retrieve(id);
    const failed = await harness.control('POST', `charges/${paid.latest_charge}/fail`);
    expect(failed).toMatchObject({ status: 'failed', paid: false, failure_code: 'insufficient_funds' });
    const intent = await harness.stripe.paymentIntents.retrieve(id, {
      expand: ['latest_charge.failure_balance_transaction'],
    });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code: 'insufficient_funds' },
      latest_charge: {
        failure_balance_transaction: { type: 'payment_failure_refund', amount: -1000, fee: 0 },
      },
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 1000 - 1000);
    expect(held(harness.sandbox, ACCOUNTS.usCustom)).toBe(1000);
    expect((await eventTypes(harness)).slice(-2)).toEqual(['charge.failed', 'payment_intent.payment_failed']);
    expect(await harness.control('POST', `charges/${paid.latest_charge}/fail`)).toHaveProperty('error');
    const unknown = { failure_code: 'no_such_failure' };
    expect(await harness.control('POST', `charges/${paid.latest_charge}/fail`, unknown)).toHaveProperty(
      'error',
    );
  });
});

describe('a debit of a US bank account', () => {
  it('is processing for days, and no money has moved', async () => {
    const harness = await start();
    const intent = await debit(harness, 'success', { expand: ['latest_charge'] });
    expect(intent).toMatchObject({ status: 'processing', amount_received: 0, transfer_group: null });
    expect(intent.latest_charge).toMatchObject({
      status: 'pending',
      paid: false,
      balance_transaction: null,
      payment_method_details: { type: 'us_bank_account', us_bank_account: { last4: '6789' } },
    });
    harness.sandbox.advance(4 * DAY_S - 1);
    expect((await harness.stripe.paymentIntents.retrieve(intent.id)).status).toBe('processing');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(0);
    expect(await eventTypes(harness)).toEqual([
      'payment_intent.created',
      'charge.pending',
      'payment_intent.processing',
    ]);
  });

  it('is listed by its caller’s own transfer group from the start', async () => {
    const harness = await start();
    const { latest_charge: charge } = await debit(harness, 'success', { transfer_group: 'ours' });
    const { data } = await harness.stripe.charges.list({ transfer_group: 'ours' });
    expect(data).toMatchObject([{ id: charge, status: 'pending', transfer_group: 'ours' }]);
  });

  it('cannot be disputed before it has succeeded, nor once it has failed', async () => {
    const harness = await start();
    const { latest_charge: charge } = await debit(harness, 'noAccount');
    expect(await harness.control('POST', `charges/${charge}/dispute`, {})).toHaveProperty('error');
    harness.sandbox.advance(4 * DAY_S);
    expect(await harness.control('POST', `charges/${charge}/dispute`, {})).toHaveProperty('error');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(0);
  });

  it('succeeds in the end, with transfer and group', async () => {
    const harness = await start();
    const { id } = await debit(harness, 'success', { transfer_data: { destination: ACCOUNTS.usCustom } });
    harness.sandbox.advance(4 * DAY_S);
    expect(await harness.stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'succeeded',
      amount_received: 1000,
      transfer_group: `group_${id}`,
    });
    expect(held(harness.sandbox, ACCOUNTS.usCustom)).toBe(1000);
    expect((await eventTypes(harness)).slice(-2)).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
  });

  it.each([
    { account: 'insufficientFunds', code: 'insufficient_funds' },
    { account: 'accountClosed', code: 'account_closed' },
    { account: 'noAccount', code: 'no_account' },
    { account: 'debitNotAuthorized', code: 'debit_not_authorized' },
  ])('by pm_usBankAccount_$account fails with $code, and another method pays', async ({ account, code }) => {
    const harness = await start();
    const { id } = await debit(harness, account, { payment_method_types: ['us_bank_account', 'card'] });
    harness.sandbox.advance(4 * DAY_S);
    expect(await harness.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code, payment_method: { type: 'us_bank_account' } },
      latest_charge: { status: 'failed', failure_code: code },
    });
    expect((await eventTypes(harness)).slice(-2)).toEqual(['charge.failed', 'payment_intent.payment_failed']);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(0);
    const paid = await harness.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
  });

  it('can be sent back after it succeeded: a dispute that is lost already', async () => {
    const harness = await start();
    await debit(harness, 'dispute');
    harness.sandbox.advance(4 * DAY_S);
    expect((await harness.stripe.disputes.list()).data).toMatchObject([
      { status: 'lost', reason: 'debit_not_authorized', amount: 1000 },
    ]);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 2500);
    expect((await eventTypes(harness)).slice(-3)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ]);
  });

  it('that never ends can be canceled', async () => {
    const harness = await start();
    const { id } = await debit(harness, 'processing');
    harness.sandbox.advance(30 * DAY_S);
    expect((await harness.stripe.paymentIntents.retrieve(id)).status).toBe('processing');
    const canceled = await harness.stripe.paymentIntents.cancel(id, { expand: ['latest_charge'] });
    expect(canceled).toMatchObject({ status: 'canceled', latest_charge: { status: 'failed' } });
  });

  it.each([
    { wish: { capture_method: 'manual' }, param: 'capture_method' },
    { wish: { currency: 'eur' }, param: 'currency' },
    { wish: { payment_method_types: ['card'] }, param: 'payment_method' },
  ])('is refused with $wish', async ({ wish, param }) => {
    const harness = await start();
    const refused = debit(harness, 'success', wish as Wish);
    expect(await errorOf(refused)).toMatchObject({ statusCode: 400, param });
  });

  it('is paid back to the bank account', async () => {
    const harness = await start();
    const { id } = await debit(harness, 'success');
    expect(await errorOf(harness.stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      statusCode: 400,
    });
    harness.sandbox.advance(4 * DAY_S);
    const refund = await harness.stripe.refunds.create({ payment_intent: id });
    expect(refund.destination_details).toMatchObject({ type: 'us_bank_transfer' });
  });
});

describe('a bank account as a payment method', () => {
  it('is made from a test number, attached, and listed by its type', async () => {
    const { stripe } = await start();
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.create({
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'company',
        account_number: '000222222227',
        routing_number: '110000000',
      },
      billing_details: { name: 'Ada' },
    });
    expect(method).toMatchObject({
      type: 'us_bank_account',
      us_bank_account: { last4: '2227', account_holder_type: 'company' },
    });
    await stripe.paymentMethods.attach(method.id, { customer: customer.id });
    const ids = async (type: 'card' | 'us_bank_account') =>
      (await stripe.paymentMethods.list({ customer: customer.id, type })).data.map(({ id }) => id);
    expect([await ids('us_bank_account'), await ids('card')]).toEqual([[method.id], []]);
  });

  it('is refused with a number that is none for tests', async () => {
    const { stripe } = await start();
    const refused = stripe.paymentMethods.create({
      type: 'us_bank_account',
      us_bank_account: { account_number: '000987654321', routing_number: '110000000' },
    });
    expect(await errorOf(refused)).toMatchObject({ code: 'account_number_invalid' });
  });
});
