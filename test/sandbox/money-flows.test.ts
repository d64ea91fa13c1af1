import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

const destination = ACCOUNTS.usCustom;

describe('the seeds’ worked figures', () => {
  it('10.00 with an application fee of 1.23 leaves 8.77 with the connected account and 0.64 with the platform', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination },
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 1000,
      transfer_group: `group_${intent.id}`,
    });
    expect(held(sandbox, destination)).toBe(877);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(64);
    expect(held(sandbox, 'stripe:fees')).toBe(59);
    expect(held(sandbox, 'card_network')).toBe(-1000);
  });

  it('10.00 with a transfer of 8.77 leaves the same', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      transfer_data: { destination, amount: 877 },
    });
    expect(held(sandbox, destination)).toBe(877);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(64);
  });
});

describe('refunds of a destination charge', () => {
  it('with both flags take everything back but Stripe’s fee', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination },
    });
    const refund = await stripe.refunds.create({
      payment_intent: intent.id,
      reverse_transfer: true,
      refund_application_fee: true,
      expand: ['transfer_reversal.transfer', 'charge.application_fee'],
    });
    expect(refund).toMatchObject({
      amount: 1000,
      status: 'succeeded',
      transfer_reversal: {
        amount: 1000,
        source_refund: refund.id,
        transfer: { reversed: true, amount_reversed: 1000 },
      },
      charge: { refunded: true, application_fee: { amount_refunded: 123, refunded: true } },
      destination_details: { card: { type: 'refund' } },
    });
    expect(held(sandbox, destination)).toBe(0);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(-59);
  });

  it('without flags are borne by the platform alone', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination },
    });
    await stripe.refunds.create({ payment_intent: intent.id });
    expect(held(sandbox, destination)).toBe(877);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(64 - 1000);
  });

  it('in parts reverse in proportion, and the last part takes the rest', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 999,
      transfer_data: { destination, amount: 500 },
    });
    const shares: number[] = [];
    for (const amount of [333, 333, 333]) {
      const refund = await stripe.refunds.create({
        payment_intent: intent.id,
        amount,
        reverse_transfer: true,
        expand: ['transfer_reversal'],
      });
      shares.push((refund.transfer_reversal as { amount: number }).amount);
    }
    expect(shares).toEqual([167, 167, 166]);
    expect(held(sandbox, destination)).toBe(0);
  });

  it('that complete the charge after one without reversal reverse only their own share', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      transfer_data: { destination },
    });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 600, reverse_transfer: true });
    expect(held(sandbox, destination)).toBe(400);
    const [transfer] = (await stripe.transfers.list()).data;
    expect(transfer).toMatchObject({ reversed: false, amount_reversed: 600 });
  });

  it('refuse to return the fee while keeping the transfer', async () => {
    const { stripe } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination },
    });
    const error = await errorOf(
      stripe.refunds.create({ payment_intent: intent.id, refund_application_fee: true }),
    );
    expect(error).toMatchObject({ statusCode: 400, param: 'refund_application_fee' });
  });
});

describe('what the connected account does with its side', () => {
  it('refunding the payment it received gives the transfer back to the platform', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create({ ...card, amount: 1000, transfer_data: { destination } });
    const acting = { stripeAccount: destination };
    const [payment] = (await stripe.charges.list({}, acting)).data;
    const refund = await stripe.refunds.create({ charge: payment?.id ?? '', amount: 300 }, acting);
    expect(refund).toMatchObject({ amount: 300, transfer_reversal: expect.stringMatching(/^trr_/) });
    expect(held(sandbox, destination)).toBe(700);
    expect((await stripe.transfers.list()).data[0]).toMatchObject({ amount_reversed: 300, reversed: false });
  });
});

describe('a transfer out of an order’s charge', () => {
  it('stays within what the charge brought, other transfers included', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({ ...card, amount: 480 });
    const params = { currency: 'usd', destination, source_transaction: intent.latest_charge as string };
    const transfer = await stripe.transfers.create({ ...params, amount: 408 });
    expect(transfer.transfer_group).toBe(`group_${intent.id}`);
    const refused = await errorOf(stripe.transfers.create({ ...params, amount: 73 }));
    expect(refused.message).toBe(
      'Transfers using this transaction as a source must not exceed the source amount of $4.80. (There is already a transfer using this source, amounting to $4.08.)',
    );
    await stripe.transfers.create({ ...params, amount: 72 });
    expect(held(sandbox, destination)).toBe(480);
  });

  it('without a source takes only what is available', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create({ ...card, amount: 1000 });
    const params = { amount: 500, currency: 'usd', destination };
    expect(await errorOf(stripe.transfers.create(params))).toMatchObject({ code: 'balance_insufficient' });
    sandbox.advance(2 * 86_400);
    expect(await stripe.transfers.create(params)).toMatchObject({
      source_transaction: null,
      transfer_group: null,
    });
    expect((await stripe.balance.retrieve({}, { stripeAccount: destination })).available[0]?.amount).toBe(
      500,
    );
  });
});
