import { describe, expect, it } from 'vitest';
import { at, expanded, idOf, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

describe('a transfer of the platform’s own money', () => {
  it('is available at once, and says nothing of a charge', async () => {
    await sandbox.fundPlatform(1_000_000);
    const destination = await sandbox.account();

    const transfer = await sandbox.stripe.transfers.create({
      amount: 100_000,
      currency: 'usd',
      destination,
      description: 'message_why',
      expand: ['balance_transaction'],
    });

    expect(transfer).toMatchObject({
      object: 'transfer',
      amount: 100_000,
      amount_reversed: 0,
      currency: 'usd',
      description: 'message_why',
      destination,
      destination_payment: expect.stringMatching(/^py_/),
      reversals: { data: [], has_more: false, total_count: 0 },
      reversed: false,
      source_transaction: null,
      source_type: 'card',
      transfer_group: null,
    });
    expect(expanded(transfer.balance_transaction)).toMatchObject({
      type: 'transfer',
      reporting_category: 'transfer',
      source: transfer.id,
      amount: -100_000,
      available_on: transfer.created,
      currency: 'usd',
      description: 'message_why',
      exchange_rate: null,
      fee: 0,
      fee_details: [],
      net: -100_000,
      status: 'available',
    });
    const payment = await sandbox.payment(transfer);
    expect(payment).toMatchObject({
      amount: 100_000,
      source_transfer: transfer.id,
      balance_transaction: {
        type: 'payment',
        amount: 100_000,
        available_on: transfer.created,
        fee: 0,
        net: 100_000,
        status: 'available',
      },
    });
  });

  it('needs money that is available, not pending', async () => {
    const destination = await sandbox.account();
    await sandbox.pay({ amount: 90_000_000 });
    const { status, error } = await refusal(
      sandbox.stripe.transfers.create({ amount: 80_000_000, currency: 'usd', destination }),
    );
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'balance_insufficient' });
    expect(await sandbox.balanceOf(destination)).toBe(0);
  });

  it('to an account that doesn’t exist is refused', async () => {
    const { status, error } = await refusal(
      sandbox.stripe.transfers.create({ amount: 100, currency: 'usd', destination: 'acct_unknown' }),
    );
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: 'resource_missing',
      param: 'destination',
      message: "No such destination: 'acct_unknown'",
    });
  });

  it('can be described later', async () => {
    await sandbox.fundPlatform(1000);
    const destination = await sandbox.account();
    const { id } = await sandbox.stripe.transfers.create({ amount: 500, currency: 'usd', destination });
    const updated = await sandbox.stripe.transfers.update(id, { description: 'secret donation' });
    expect(updated).toMatchObject({ id, amount: 500, description: 'secret donation' });
    expect((await sandbox.stripe.transfers.retrieve(id)).description).toBe('secret donation');
  });

  it('is listed by destination and time', async () => {
    await sandbox.fundPlatform(1000);
    const destination = await sandbox.account();
    const sent = await sandbox.stripe.transfers.create({ amount: 500, currency: 'usd', destination });

    const list = await sandbox.stripe.transfers.list({ destination, limit: 100 });
    expect(list).toMatchObject({ object: 'list', url: '/v1/transfers', has_more: false });
    expect(list.data.map(({ id }) => id)).toEqual([sent.id]);
    const earlier = await sandbox.stripe.transfers.list({ destination, created: { lt: sent.created } });
    expect(earlier).toMatchObject({ data: [], has_more: false });
  });
});

describe('a transfer out of a charge', () => {
  it('takes the payment’s group and waits for the charge’s money', async () => {
    const destination = await sandbox.account();
    const intent = await sandbox.pay({ amount: 10_000 });
    const charge = await sandbox.charge(intent);
    const chargeEntry = expanded(charge.balance_transaction);

    const answer = await sandbox.call('POST', '/v1/transfers', {
      amount: '4843',
      currency: 'USD',
      destination,
      source_transaction: charge.id,
    });
    const transfer = await sandbox.stripe.transfers.retrieve(answer.body.id);

    expect(answer.status).toBe(200);
    expect(transfer).toMatchObject({
      amount: 4843,
      currency: 'usd',
      source_transaction: charge.id,
      source_type: 'card',
      transfer_group: `group_${intent.id}`,
    });
    const payment = await sandbox.payment(transfer);
    expect(payment.balance_transaction).toMatchObject({
      amount: 4843,
      available_on: chargeEntry.available_on,
      status: 'pending',
    });
    const { available, pending } = await sandbox.stripe.balance.retrieve({}, { stripeAccount: destination });
    expect(at(available, 0)).toMatchObject({ amount: 0, currency: 'usd' });
    expect(at(pending, 0)).toMatchObject({ amount: 4843, currency: 'usd' });
  });

  it('gives the charge its group, too', async () => {
    const destination = await sandbox.account();
    const intent = await sandbox.pay();
    await sandbox.stripe.transfers.create({
      amount: 500,
      currency: 'usd',
      destination,
      source_transaction: idOf(intent.latest_charge),
    });
    expect((await sandbox.charge(intent)).transfer_group).toBe(`group_${intent.id}`);
  });

  it('must not exceed what earlier ones left', async () => {
    const destination = await sandbox.account();
    const source_transaction = idOf((await sandbox.pay({ amount: 480 })).latest_charge);
    const send = (amount: number) =>
      sandbox.stripe.transfers.create({ amount, currency: 'usd', destination, source_transaction });

    await send(408);
    const { status, error } = await refusal(send(73));

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      message:
        'Transfers using this transaction as a source must not exceed the source amount of $4.80. (There is already a transfer using this source, amounting to $4.08.)',
    });
    await send(72);
    expect(await sandbox.balanceOf(destination)).toBe(480);
  });
});

describe('a reversal', () => {
  async function sent(amount: number) {
    await sandbox.fundPlatform(10 * amount);
    const destination = await sandbox.account();
    const before = await sandbox.balanceOf();
    const transfer = await sandbox.stripe.transfers.create({ amount, currency: 'usd', destination });
    return { before, destination, transfer };
  }

  it('of nothing in particular takes everything back', async () => {
    const { before, destination, transfer } = await sent(200);
    const reversal = await sandbox.stripe.transfers.createReversal(transfer.id);

    expect(reversal).toMatchObject({
      object: 'transfer_reversal',
      id: expect.stringMatching(/^trr_/),
      amount: 200,
      balance_transaction: expect.stringMatching(/^txn_/),
      currency: 'usd',
      source_refund: null,
      transfer: transfer.id,
    });
    expect(await sandbox.stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 200,
      reversed: true,
    });
    const payment = await sandbox.payment(transfer);
    expect(payment).toMatchObject({
      amount: 200,
      amount_refunded: 200,
      refunded: true,
      balance_transaction: { amount: 200, type: 'payment', status: 'available' },
      refunds: {
        total_count: 1,
        data: [
          {
            id: expect.stringMatching(/^pyr_/),
            amount: 200,
            charge: payment.id,
            payment_intent: null,
            source_transfer_reversal: reversal.id,
            status: 'succeeded',
            transfer_reversal: reversal.id,
          },
        ],
      },
    });
    const theirs = at(payment.refunds?.data ?? [], 0);
    const entry = await sandbox.stripe.balanceTransactions.retrieve(
      idOf(theirs.balance_transaction),
      {},
      { stripeAccount: destination },
    );
    expect(entry).toMatchObject({
      type: 'payment_refund',
      reporting_category: 'refund',
      source: theirs.id,
      amount: -200,
      description: 'REFUND FOR PAYMENT',
      exchange_rate: null,
      fee: 0,
      fee_details: [],
      net: -200,
      status: 'available',
    });
    const ours = await sandbox.stripe.balanceTransactions.retrieve(idOf(reversal.balance_transaction));
    expect(ours).toMatchObject({
      type: 'transfer_refund',
      reporting_category: 'transfer_reversal',
      source: transfer.id,
      amount: 200,
      fee: 0,
      net: 200,
    });
    expect(await sandbox.balanceOf(destination)).toBe(0);
    expect(await sandbox.balanceOf()).toBe(before);
  });

  it('of a part of a captured destination charge recovers Stripe’s fee from the seller', async () => {
    const seller = await sandbox.account();
    const { id } = await sandbox.destinationCharge(seller, { amount: 5151, capture_method: 'manual' });
    const { transfer } = await sandbox.trail(await sandbox.stripe.paymentIntents.capture(id));

    const reversal = await sandbox.stripe.transfers.createReversal(transfer.id, {
      amount: 191,
      description: 'Stripe fee',
    });

    expect(reversal).toMatchObject({ amount: 191, source_refund: null, transfer: transfer.id });
    expect(await sandbox.balanceOf(seller)).toBe(4960);
  });

  it('beyond what is left is refused', async () => {
    const { transfer } = await sent(200);
    await sandbox.stripe.transfers.createReversal(transfer.id, { amount: 150 });

    const { status, error } = await refusal(
      sandbox.stripe.transfers.createReversal(transfer.id, { amount: 51 }),
    );
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(await sandbox.stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 150,
      reversed: false,
    });
  });
});

describe('a payment seen by the account that received it', () => {
  it('can be annotated by that account, and stays as it was', async () => {
    const seller = await sandbox.account();
    const { payment } = await sandbox.trail(await sandbox.destinationCharge(seller));
    const updated = await sandbox.stripe.charges.update(
      payment.id,
      { description: 'from a reader', metadata: { order: '1' } },
      { stripeAccount: seller },
    );
    expect(updated).toMatchObject({
      id: payment.id,
      amount: 1000,
      description: 'from a reader',
      metadata: { order: '1' },
      source_transfer: payment.source_transfer,
    });
  });
});
