import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { at, expanded, idOf, keyed, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

const bothFlags = { reverse_transfer: true, refund_application_fee: true } as const;

describe('a refund', () => {
  it('of everything is the default; Stripe keeps its fee', async () => {
    const intent = await sandbox.pay({ description: 'You bought a thing' });
    const created = await sandbox.stripe.refunds.create({ charge: idOf(intent.latest_charge) });
    const refund = await sandbox.stripe.refunds.retrieve(created.id, { expand: ['balance_transaction'] });

    expect(created).toMatchObject({
      object: 'refund',
      amount: 1000,
      balance_transaction: expect.stringMatching(/^txn_/),
      charge: idOf(intent.latest_charge),
      currency: 'usd',
      destination_details: { type: 'card', card: { type: 'refund' } },
      payment_intent: intent.id,
      reason: null,
      source_transfer_reversal: null,
      status: 'succeeded',
      transfer_reversal: null,
    });
    expect(expanded(refund.balance_transaction)).toMatchObject({
      type: 'refund',
      reporting_category: 'refund',
      source: refund.id,
      amount: -1000,
      currency: 'usd',
      description: 'REFUND FOR CHARGE (You bought a thing)',
      exchange_rate: null,
      fee: 0,
      fee_details: [],
      available_on: expanded((await sandbox.charge(intent)).balance_transaction).available_on,
      net: -1000,
      status: 'pending',
    });
    expect(await sandbox.charge(intent)).toMatchObject({
      amount: 1000,
      amount_captured: 1000,
      amount_refunded: 1000,
      refunded: true,
      balance_transaction: { amount: 1000, type: 'charge' },
    });
  });

  it('of a charge without description is named plainly', async () => {
    const intent = await sandbox.pay();
    const refund = await sandbox.stripe.refunds.create({
      payment_intent: intent.id,
      expand: ['balance_transaction'],
    });
    expect(expanded(refund.balance_transaction).description).toBe('REFUND FOR CHARGE');
  });

  it('of a part leaves the charge not refunded, and several add up', async () => {
    const intent = await sandbox.pay();
    for (const amount of [500, 100]) {
      await sandbox.stripe.refunds.create({ payment_intent: intent.id, amount });
    }
    expect(await sandbox.charge(intent)).toMatchObject({ amount_refunded: 600, refunded: false });

    const rest = await sandbox.stripe.refunds.create({ payment_intent: intent.id });
    expect(rest.amount).toBe(400);
    expect(await sandbox.charge(intent)).toMatchObject({ amount_refunded: 1000, refunded: true });

    const { data } = await sandbox.stripe.refunds.list({ payment_intent: intent.id });
    expect(data.map(({ amount }) => amount)).toEqual([400, 100, 500]);
  });

  it('of a charge already refunded is refused', async () => {
    const intent = await sandbox.pay();
    const charge = idOf(intent.latest_charge);
    await sandbox.stripe.refunds.create({ charge, amount: 1000 });

    const { status, headers, error } = await refusal(
      sandbox.stripe.refunds.create({ charge, amount: 100 }, keyed()),
    );
    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'charge_already_refunded',
      message: `Charge ${charge} has already been refunded.`,
      doc_url: expect.stringMatching(/charge-already-refunded$/),
    });
    expect(error).not.toHaveProperty('param');
    expect(headers['stripe-should-retry']).toBe('false');
  });

  it.each([
    { before: 0, amount: 1100, message: 'Refund amount ($11.00) is greater than charge amount ($10.00)' },
    {
      before: 500,
      amount: 600,
      message: 'Refund amount ($6.00) is greater than unrefunded amount on charge ($5.00)',
    },
  ])('of $amount after $before of 1000 is refused: $message', async ({ before, amount, message }) => {
    const { id: payment_intent } = await sandbox.pay();
    if (before > 0) await sandbox.stripe.refunds.create({ payment_intent, amount: before });

    const { status, error } = await refusal(sandbox.stripe.refunds.create({ payment_intent, amount }));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'amount', message });
    expect(error).not.toHaveProperty('code');
  });

  it('needs a charge that succeeded', async () => {
    const { id: payment_intent } = await sandbox.pay({ confirm: false });
    expect(await refusal(sandbox.stripe.refunds.create({ payment_intent }))).toMatchObject({
      status: 400,
      error: {
        message: `This PaymentIntent (${payment_intent}) does not have a successful charge to refund.`,
      },
    });
  });

  it('goes against the most recent charge, past the declined ones', async () => {
    const created = await sandbox.pay({ payment_method: 'pm_card_visa_chargeDeclined', confirm: false });
    await refusal(sandbox.stripe.paymentIntents.confirm(created.id));
    const paid = await sandbox.stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' });

    const refund = await sandbox.stripe.refunds.create({ payment_intent: created.id });
    expect(refund.charge).toBe(idOf(paid.latest_charge));
  });
});

describe('a refund of a destination charge', () => {
  it('leaves transfer and fee alone unless asked', async () => {
    const intent = await sandbox.destinationCharge(await sandbox.account(), { application_fee_amount: 123 });
    const refund = await sandbox.stripe.refunds.create({ payment_intent: intent.id });

    expect(refund.transfer_reversal).toBeNull();
    const { charge, transfer, payment } = await sandbox.trail(intent);
    expect(transfer).toMatchObject({ amount_reversed: 0, reversed: false });
    expect(payment).toMatchObject({ amount_refunded: 0, refunded: false });
    const fee = await sandbox.stripe.applicationFees.retrieve(idOf(charge.application_fee));
    expect(fee).toMatchObject({ amount_refunded: 0, refunded: false });
  });

  it('in full with both flags reverses the transfer and gives the fee back, in linked objects', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 30 });
    const refund = await sandbox.stripe.refunds.create({
      charge: idOf(intent.latest_charge),
      ...bothFlags,
    });
    const { charge, transfer, payment } = await sandbox.trail(intent);
    const reversal = at(transfer.reversals.data, 0);
    const theirRefund = at(payment.refunds?.data ?? [], 0);

    expect(refund).toMatchObject({
      amount: 1000,
      transfer_reversal: reversal.id,
      source_transfer_reversal: null,
    });
    expect(transfer).toMatchObject({
      amount: 1000,
      amount_reversed: 1000,
      reversed: true,
      reversals: { total_count: 1, has_more: false },
    });
    expect(reversal).toMatchObject({
      object: 'transfer_reversal',
      id: expect.stringMatching(/^trr_/),
      amount: 1000,
      balance_transaction: expect.stringMatching(/^txn_/),
      currency: 'usd',
      source_refund: refund.id,
      transfer: transfer.id,
    });
    expect(payment).toMatchObject({ amount_refunded: 1000, refunded: true, refunds: { total_count: 1 } });
    expect(theirRefund).toMatchObject({
      object: 'refund',
      id: expect.stringMatching(/^pyr_/),
      amount: 1000,
      charge: payment.id,
      currency: 'usd',
      payment_intent: null,
      reason: null,
      source_transfer_reversal: reversal.id,
      status: 'succeeded',
      transfer_reversal: reversal.id,
      balance_transaction: {
        type: 'payment_refund',
        reporting_category: 'refund',
        source: theirRefund.id,
        amount: -1000,
        description: 'REFUND FOR PAYMENT',
        fee: 0,
        fee_details: [],
        net: -1000,
      },
    });
    await expectFeeRefund(charge, { amount: 30, refunded: 30, of: 30 });
  });

  it('twice in part with both flags takes each time its share of transfer and fee', async () => {
    const intent = await sandbox.destinationCharge(await sandbox.account(), { application_fee_amount: 30 });
    const charge = idOf(intent.latest_charge);

    const first = await sandbox.stripe.refunds.create({ charge, amount: 500, ...bothFlags });
    let trail = await sandbox.trail(intent);
    expect(trail.transfer).toMatchObject({ amount_reversed: 500, reversed: false });
    expect(trail.payment).toMatchObject({ amount_refunded: 500, refunded: false });
    await expectFeeRefund(trail.charge, { amount: 15, refunded: 15, of: 30 });

    const second = await sandbox.stripe.refunds.create({ charge, amount: 100, ...bothFlags });
    trail = await sandbox.trail(intent);
    expect(trail.charge).toMatchObject({ amount_refunded: 600, refunded: false });
    expect(trail.transfer).toMatchObject({ amount_reversed: 600, reversed: false });
    expect(trail.transfer.reversals).toMatchObject({
      total_count: 2,
      data: [
        { amount: 100, source_refund: second.id, id: second.transfer_reversal },
        { amount: 500, source_refund: first.id, id: first.transfer_reversal },
      ],
    });
    expect(trail.payment.refunds).toMatchObject({
      total_count: 2,
      data: [
        { amount: 100, transfer_reversal: second.transfer_reversal },
        { amount: 500, transfer_reversal: first.transfer_reversal },
      ],
    });
    await expectFeeRefund(trail.charge, { amount: 3, refunded: 18, of: 30 });
  });

  it.each([
    { charged: 153, transferred: 109, refunded: 50, reversed: 36 },
    { charged: 1000, transferred: 877, refunded: 500, reversed: 439 },
    { charged: 1000, transferred: 877, refunded: 1, reversed: 1 },
    { charged: 1000, transferred: 770, refunded: 1000, reversed: 770 },
  ])('of $refunded of $charged reverses $reversed of a transfer of $transferred', async (row) => {
    const intent = await sandbox.destinationCharge(await sandbox.account(), {
      amount: row.charged,
      transferAmount: row.transferred,
    });
    // There is no fee to give back, and asking for it is no error.
    await sandbox.stripe.refunds.create({ payment_intent: intent.id, amount: row.refunded, ...bothFlags });

    const { transfer, payment } = await sandbox.trail(intent);
    expect(transfer).toMatchObject({
      amount: row.transferred,
      amount_reversed: row.reversed,
      reversed: row.reversed === row.transferred,
    });
    expect(payment.amount_refunded).toBe(row.reversed);
  });

  it('that completes an earlier one without reversal reverses its own share only', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller);
    await sandbox.stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
    await sandbox.stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });

    const { charge, transfer } = await sandbox.trail(intent);
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true });
    expect(transfer).toMatchObject({ amount_reversed: 600, reversed: false });
    expect(await sandbox.balanceOf(seller)).toBe(400);
  });

  it('can’t give the fee back without reversing the transfer', async () => {
    const seller = await sandbox.account();
    const { id: payment_intent } = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const { status, error } = await refusal(
      sandbox.stripe.refunds.create({ payment_intent, refund_application_fee: true }),
    );

    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(await sandbox.balanceOf(seller)).toBe(877);
  });

  it('without transfer has nothing to reverse', async () => {
    const { id: payment_intent } = await sandbox.pay();
    const { status, error } = await refusal(
      sandbox.stripe.refunds.create({ payment_intent, reverse_transfer: true }),
    );
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
  });

  it('may leave the fee for later: it can be refunded on its own', async () => {
    const seller = await sandbox.account();
    const intent = await sandbox.destinationCharge(seller, { application_fee_amount: 123 });
    const fee = idOf((await sandbox.charge(intent)).application_fee);

    const part = await sandbox.stripe.applicationFees.createRefund(fee, { amount: 23 });
    expect(part).toMatchObject({ object: 'fee_refund', id: expect.stringMatching(/^fr_/), amount: 23, fee });
    await sandbox.stripe.applicationFees.createRefund(fee);

    expect(await sandbox.stripe.applicationFees.retrieve(fee)).toMatchObject({
      amount: 123,
      amount_refunded: 123,
      refunded: true,
      refunds: { data: [{ amount: 100 }, { amount: 23 }] },
    });
    expect(await sandbox.balanceOf(seller)).toBe(1000);
  });
});

/** The latest refund of a charge's application fee, and how far the fee has been refunded. */
async function expectFeeRefund(
  charge: Stripe.Charge,
  { amount, refunded, of }: { amount: number; refunded: number; of: number },
): Promise<void> {
  const fee = await sandbox.stripe.applicationFees.retrieve(idOf(charge.application_fee), {
    expand: ['refunds.data.balance_transaction'],
  });
  expect(fee).toMatchObject({ amount: of, amount_refunded: refunded, refunded: refunded === of });
  expect(at(fee.refunds.data, 0)).toMatchObject({
    object: 'fee_refund',
    id: expect.stringMatching(/^fr_/),
    amount,
    fee: fee.id,
    balance_transaction: {
      type: 'application_fee_refund',
      source: fee.id,
      reporting_category: 'platform_earning_refund',
      amount: -amount,
      currency: 'usd',
      description: 'REFUND FOR APPLICATION FEE',
      fee: 0,
      net: -amount,
    },
  });
}
