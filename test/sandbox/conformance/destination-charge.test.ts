import { describe, expect, it } from 'vitest';
import {
  ASYNC_CAPTURE_SETTLES_S,
  baseOf,
  cardFee,
  expanded,
  idOf,
  keyed,
  refusal,
  useSandbox,
} from './support.ts';

const sandbox = useSandbox();

describe('a destination charge captured synchronously', () => {
  it.each(['2022-11-15', '2023-10-16'])('is the default of version %s', async (apiVersion) => {
    const intent = await sandbox.stripe.paymentIntents.create(
      {
        amount: 1000,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        confirm: true,
        return_url: 'https://example.com/back',
      },
      { apiVersion },
    );

    expect(intent).toMatchObject({ status: 'succeeded', capture_method: 'automatic' });
    const charge = await sandbox.stripe.charges.retrieve(idOf(intent.latest_charge), {}, { apiVersion });
    expect(charge.balance_transaction).toMatch(/^txn_/);
  });

  it('has its transfer, fee and balance transaction at once', async () => {
    const seller = await sandbox.account();
    const { id: customer } = await sandbox.stripe.customers.create();
    const card = await sandbox.stripe.paymentMethods.attach('pm_card_visa', { customer });

    const intent = await sandbox.destinationCharge(seller, {
      customer,
      payment_method: card.id,
      application_fee_amount: 123,
      expand: ['latest_charge.refunds'],
    });

    expect(intent).toMatchObject({
      status: 'succeeded',
      amount: 1000,
      amount_received: 1000,
      amount_capturable: 0,
      application_fee_amount: 123,
      customer,
      payment_method: card.id,
      on_behalf_of: null,
      canceled_at: null,
      last_payment_error: null,
      next_action: null,
      transfer_group: `group_${intent.id}`,
    });
    expect(expanded(intent.latest_charge)).toMatchObject({
      amount: 1000,
      amount_captured: 1000,
      amount_refunded: 0,
      application_fee: expect.stringMatching(/^fee_/),
      application_fee_amount: 123,
      balance_transaction: expect.stringMatching(/^txn_/),
      captured: true,
      customer,
      destination: seller,
      disputed: false,
      failure_code: null,
      on_behalf_of: null,
      outcome: { network_status: 'approved_by_network', reason: null, type: 'authorized' },
      paid: true,
      payment_intent: intent.id,
      payment_method: card.id,
      payment_method_details: {
        type: 'card',
        card: {
          amount_authorized: 1000,
          country: 'US',
          extended_authorization: { status: 'disabled' },
          incremental_authorization: { status: 'unavailable' },
          multicapture: { status: 'unavailable' },
          overcapture: { maximum_amount_capturable: 1000, status: 'unavailable' },
        },
      },
      refunded: false,
      refunds: { object: 'list', data: [], has_more: false, total_count: 0 },
      source_transfer: null,
      status: 'succeeded',
      transfer: expect.stringMatching(/^tr_/),
      transfer_group: `group_${intent.id}`,
    });
  });

  it('leaves the amount out of the intent’s transfer_data, and says null in the charge’s, when none was given', async () => {
    const destination = await sandbox.account();
    const intent = await sandbox.destinationCharge(destination);
    const charge = await sandbox.charge(intent);

    expect(intent.transfer_data).toStrictEqual({ destination });
    expect(charge.transfer_data).toStrictEqual({ amount: null, destination });
  });

  it('shares one base among the ids of payment, charge, transfer, refund and balance transaction', async () => {
    const intent = await sandbox.destinationCharge(await sandbox.account());
    const { charge, chargeEntry, transfer } = await sandbox.trail(intent);
    const refund = await sandbox.stripe.refunds.create({ payment_intent: intent.id });

    const bases = [intent, charge, chargeEntry, transfer, refund].map(({ id }) => baseOf(id));
    expect(new Set(bases)).toEqual(new Set([baseOf(intent.id)]));
  });

  it('expands the application fee with its balance transaction, which is the platform’s', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const { payment } = await sandbox.trail(intent);
    const charge = await sandbox.stripe.charges.retrieve(idOf(intent.latest_charge), {
      expand: ['application_fee.balance_transaction'],
    });

    expect(expanded(charge.application_fee)).toMatchObject({
      object: 'application_fee',
      account: seller,
      amount: 123,
      amount_refunded: 0,
      charge: payment.id,
      currency: 'usd',
      refunded: false,
      refunds: { data: [], has_more: false },
      balance_transaction: {
        type: 'application_fee',
        reporting_category: 'platform_earning',
        source: idOf(charge.application_fee),
        amount: 123,
        fee: 0,
        net: 123,
      },
    });
  });
});

describe('a destination charge captured asynchronously', () => {
  it('is the default', async () => {
    const intent = await sandbox.stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
    expect(intent).toMatchObject({ capture_method: 'automatic_async', status: 'requires_payment_method' });
  });

  it('succeeds while transfer, fee and balance transaction are missing, and they come a little later', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, {
      application_fee_amount: 123,
      capture_method: 'automatic_async',
      expand: ['latest_charge.balance_transaction', 'latest_charge.payment_intent'],
    });
    const chargeId = idOf(intent.latest_charge);

    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 1000,
      capture_method: 'automatic_async',
      transfer_data: { destination: seller },
      transfer_group: `group_${intent.id}`,
      latest_charge: {
        amount_captured: 1000,
        application_fee: null,
        application_fee_amount: 123,
        balance_transaction: null,
        captured: true,
        destination: seller,
        paid: true,
        payment_intent: { id: intent.id, latest_charge: chargeId, status: 'succeeded' },
        transfer_data: { amount: null, destination: seller },
        transfer_group: `group_${intent.id}`,
      },
    });

    const outstanding = await sandbox.stripe.charges.retrieve(chargeId);
    expect(outstanding).toMatchObject({ application_fee: null, balance_transaction: null });
    expect(outstanding.transfer ?? null).toBeNull();

    await sandbox.advanceClock(ASYNC_CAPTURE_SETTLES_S);
    expect(await sandbox.stripe.charges.retrieve(chargeId)).toMatchObject({
      application_fee: expect.stringMatching(/^fee_/),
      balance_transaction: expect.stringMatching(/^txn_/),
      transfer: expect.stringMatching(/^tr_/),
    });
  });
});

describe('a destination charge created first and confirmed later', () => {
  it('moves nothing before the confirmation, keeps the caller’s transfer group, and transfers the amount asked for', async () => {
    const seller = await sandbox.account();
    const created = await sandbox.destinationCharge(seller, {
      amount: 3000,
      transferAmount: 2553,
      confirm: false,
      description: 'Order 1',
      statement_descriptor_suffix: 'edgar',
      transfer_group: 'CH-1',
    });

    expect(created).toMatchObject({
      status: 'requires_confirmation',
      amount_received: 0,
      latest_charge: null,
      payment_method: expect.stringMatching(/^pm_/),
      statement_descriptor_suffix: 'edgar',
      transfer_data: { amount: 2553, destination: seller },
      transfer_group: 'CH-1',
    });
    expect(await sandbox.balanceOf(seller)).toBe(0);

    const confirmed = await sandbox.stripe.paymentIntents.confirm(created.id);
    const { charge, chargeEntry, transfer } = await sandbox.trail(confirmed);

    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 3000, transfer_group: 'CH-1' });
    expect(charge).toMatchObject({
      application_fee: null,
      application_fee_amount: null,
      description: 'Order 1',
      statement_descriptor_suffix: 'edgar',
      transfer_data: { amount: 2553, destination: seller },
      transfer_group: 'CH-1',
    });
    expect(chargeEntry).toMatchObject({
      type: 'charge',
      reporting_category: 'charge',
      source: charge.id,
      amount: 3000,
      currency: 'usd',
      description: 'Order 1',
      exchange_rate: null,
      fee: cardFee(3000),
      fee_details: [
        {
          type: 'stripe_fee',
          amount: cardFee(3000),
          currency: 'usd',
          description: 'Stripe processing fees',
        },
      ],
      net: 3000 - cardFee(3000),
      status: 'pending',
    });
    expect(transfer).toMatchObject({
      amount: 2553,
      amount_reversed: 0,
      currency: 'usd',
      description: null,
      destination: seller,
      destination_payment: expect.stringMatching(/^py_/),
      reversals: { object: 'list', data: [], has_more: false, total_count: 0 },
      reversed: false,
      source_transaction: charge.id,
      source_type: 'card',
      transfer_group: 'CH-1',
    });
  });

  it('has no transfer group of its own before it succeeds', async () => {
    const created = await sandbox.destinationCharge(await sandbox.account(), { confirm: false });
    expect(created.transfer_group).toBeNull();

    const confirmed = await sandbox.stripe.paymentIntents.confirm(created.id);
    expect(confirmed.transfer_group).toBe(`group_${created.id}`);
  });
});

describe('the connected account’s side', () => {
  it('is a payment from the platform without fee, available when the charge is', async () => {
    const platform = await sandbox.stripe.accounts.retrieveCurrent();
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { amount: 3000, transferAmount: 2553 });
    const { chargeEntry, transfer, payment, paymentEntry } = await sandbox.trail(intent);

    expect(payment).toMatchObject({
      object: 'charge',
      id: expect.stringMatching(/^py_/),
      amount: 2553,
      amount_captured: 2553,
      amount_refunded: 0,
      application_fee: null,
      captured: true,
      currency: 'usd',
      customer: null,
      description: null,
      destination: null,
      on_behalf_of: null,
      outcome: null,
      paid: true,
      payment_intent: null,
      payment_method: null,
      refunded: false,
      source: { object: 'account', id: platform.id },
      source_transfer: transfer.id,
      status: 'succeeded',
      transfer_data: null,
      transfer_group: null,
    });
    expect(payment.payment_method_details).toStrictEqual({ type: 'stripe_account', stripe_account: {} });
    expect(paymentEntry).toMatchObject({
      type: 'payment',
      reporting_category: 'charge',
      source: payment.id,
      amount: 2553,
      available_on: chargeEntry.available_on,
      currency: 'usd',
      description: null,
      exchange_rate: null,
      fee: 0,
      fee_details: [],
      net: 2553,
      status: 'pending',
    });
  });

  it('can’t be seen by the platform’s own eyes, nor the platform’s charge by the account’s', async () => {
    const seller = await sandbox.account();
    const { charge, payment } = await sandbox.trail(await sandbox.destinationCharge(seller));

    const missing = { status: 404, error: { code: 'resource_missing' } };
    expect(await refusal(sandbox.stripe.charges.retrieve(payment.id))).toMatchObject(missing);
    const asSeller = sandbox.stripe.charges.retrieve(charge.id, {}, { stripeAccount: seller });
    expect(await refusal(asSeller)).toMatchObject(missing);
  });
});

describe('a destination charge that can’t be', () => {
  it('names the destination that doesn’t exist', async () => {
    const { status, headers, error } = await refusal(
      sandbox.destinationCharge('000000005', { amount: 100, transferAmount: 61 }, keyed()),
    );

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'transfer_data[destination]',
      message: "No such destination: '000000005'",
      doc_url: expect.stringMatching(/resource-missing$/),
    });
    expect(headers['original-request']).toMatch(/^req_/);
    expect(headers['stripe-should-retry']).toBeUndefined();
  });

  it('takes a fee or a transfer amount, not both', async () => {
    const both = sandbox.destinationCharge(await sandbox.account(), {
      application_fee_amount: 123,
      transferAmount: 877,
    });

    expect(await refusal(both)).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        message:
          'You may not provide the application_fee_amount parameter and the transfer_data[amount] parameter simultaneously. They are mutually exclusive.',
      },
    });
  });

  it.each([
    { name: 'a negative fee', params: { application_fee_amount: -1 } },
    { name: 'a transfer beyond the amount', params: { transferAmount: 1001 } },
    { name: 'a transfer of nothing', params: { transferAmount: 0 } },
    { name: 'a negative transfer', params: { transferAmount: -1 } },
  ])('is refused with $name, and nothing moves', async ({ params }) => {
    const seller = await sandbox.account();
    const { status, error } = await refusal(sandbox.destinationCharge(seller, params));

    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(await sandbox.balanceOf(seller)).toBe(0);
  });
});
