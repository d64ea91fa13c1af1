import { describe, expect, it } from 'vitest';
import { at, cardFee, expanded, idOf, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

describe('a destination charge on behalf of an account in another currency', () => {
  it('settles there: charge, fee, transfer and payment are in the account’s currency', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, {
      on_behalf_of: seller,
      application_fee_amount: 30,
    });
    const { charge, chargeEntry, transfer, payment, paymentEntry } = await sandbox.trail(intent);
    const settled = chargeEntry.amount;
    const rate = Number(chargeEntry.exchange_rate);

    expect(intent).toMatchObject({
      currency: 'usd',
      amount: 1000,
      amount_received: 1000,
      on_behalf_of: seller,
    });
    expect(charge).toMatchObject({
      currency: 'usd',
      amount: 1000,
      on_behalf_of: seller,
      application_fee_amount: 30,
    });
    expect(rate).toBeGreaterThan(0);
    expect(rate).not.toBe(1);
    expect(chargeEntry).toMatchObject({
      currency: 'cad',
      amount: Math.round(1000 * rate),
      fee: cardFee(settled),
      fee_details: [{ type: 'stripe_fee', amount: cardFee(settled), currency: 'cad' }],
      net: settled - cardFee(settled),
    });
    expect(transfer).toMatchObject({ currency: 'cad', amount: settled, source_transaction: charge.id });
    expect(payment).toMatchObject({
      currency: 'cad',
      amount: settled,
      application_fee_amount: Math.round(30 * rate),
    });
    expect(paymentEntry).toMatchObject({ currency: 'cad', amount: settled, exchange_rate: null });
    expect(expanded(payment.application_fee)).toMatchObject({
      amount: 30,
      currency: 'usd',
      charge: payment.id,
    });
    expect(idOf(charge.application_fee)).toBe(idOf(payment.application_fee));
  });

  it('is refunded in full in both currencies: customer’s and account’s', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, {
      on_behalf_of: seller,
      application_fee_amount: 30,
    });
    const created = await sandbox.stripe.refunds.create({
      charge: idOf(intent.latest_charge),
      reverse_transfer: true,
      refund_application_fee: true,
    });
    const refund = await sandbox.stripe.refunds.retrieve(created.id, { expand: ['balance_transaction'] });
    const { transfer, payment } = await sandbox.trail(intent);
    const fee = await sandbox.stripe.applicationFees.retrieve(idOf(payment.application_fee), {
      expand: ['refunds.data.balance_transaction'],
    });

    expect(refund).toMatchObject({
      amount: 1000,
      currency: 'usd',
      balance_transaction: {
        type: 'refund',
        currency: 'cad',
        exchange_rate: expect.any(Number),
        description: 'REFUND FOR CHARGE',
      },
    });
    expect(expanded(refund.balance_transaction).amount).toBeLessThan(-1000);
    expect(transfer).toMatchObject({ amount_reversed: transfer.amount, reversed: true });
    expect(at(transfer.reversals.data, 0)).toMatchObject({
      amount: transfer.amount,
      currency: 'cad',
      source_refund: refund.id,
    });
    expect(payment).toMatchObject({ amount_refunded: payment.amount, refunded: true });
    expect(at(payment.refunds?.data ?? [], 0)).toMatchObject({
      amount: payment.amount,
      currency: 'cad',
      balance_transaction: { amount: -payment.amount, currency: 'cad', exchange_rate: null },
    });
    // The fee is counted in the payment's currency; what the account gets back is in its own.
    expect(fee).toMatchObject({ amount: 30, amount_refunded: 30, currency: 'usd', refunded: true });
    expect(at(fee.refunds.data, 0)).toMatchObject({
      currency: 'cad',
      amount: payment.application_fee_amount,
      balance_transaction: { type: 'application_fee_refund', amount: -30, currency: 'usd' },
    });
    expect(await sandbox.balanceOf(seller, 'cad')).toBe(0);
  });

  it('is refunded in part by shares of the transfer’s amount', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, {
      on_behalf_of: seller,
      application_fee_amount: 30,
    });
    const { transfer: whole } = await sandbox.trail(intent);

    for (const amount of [500, 100]) {
      await sandbox.stripe.refunds.create({
        payment_intent: intent.id,
        amount,
        reverse_transfer: true,
        refund_application_fee: true,
      });
    }

    const { charge, transfer, payment } = await sandbox.trail(intent);
    const shares = [Math.round(whole.amount * 0.1), Math.round(whole.amount * 0.5)];
    expect(charge).toMatchObject({ amount_refunded: 600, refunded: false });
    expect(transfer.reversals.data.map(({ amount }) => amount)).toEqual(shares);
    expect(payment.refunds?.data.map(({ amount }) => amount)).toEqual(shares);
    expect(transfer.amount_reversed).toBe(at(shares, 0) + at(shares, 1));
    const fee = await sandbox.stripe.applicationFees.retrieve(idOf(charge.application_fee));
    expect(fee).toMatchObject({ amount_refunded: 18, refunded: false });
    expect(fee.refunds.data).toHaveLength(2);
  });
});

describe('a destination charge to an account in another currency, settled by the platform', () => {
  it('is transferred in the platform’s currency and converted on the account’s side', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, { transferAmount: 770 });
    const { chargeEntry, transfer, payment, paymentEntry } = await sandbox.trail(intent);

    expect(intent.on_behalf_of).toBeNull();
    expect(chargeEntry).toMatchObject({ currency: 'usd', amount: 1000, exchange_rate: null });
    expect(transfer).toMatchObject({ currency: 'usd', amount: 770 });
    expect(payment).toMatchObject({ currency: 'usd', amount: 770 });
    expect(paymentEntry).toMatchObject({
      type: 'payment',
      currency: 'cad',
      amount: Math.round(770 * Number(paymentEntry.exchange_rate)),
      fee: 0,
      fee_details: [],
      net: paymentEntry.amount,
    });
    expect(paymentEntry.exchange_rate).not.toBe(1);
    expect(await sandbox.balanceOf(seller, 'cad')).toBe(paymentEntry.amount);
  });

  it('reverses in the transfer’s currency, and converts the account’s refund', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, { amount: 153, transferAmount: 109 });
    await sandbox.stripe.refunds.create({
      charge: idOf(intent.latest_charge),
      amount: 50,
      reverse_transfer: true,
      refund_application_fee: true,
    });

    const { transfer, payment } = await sandbox.trail(intent);
    expect(transfer).toMatchObject({
      currency: 'usd',
      amount_reversed: 36,
      reversals: { data: [{ amount: 36, currency: 'usd' }] },
    });
    expect(payment).toMatchObject({ currency: 'usd', amount_refunded: 36, refunded: false });
    const theirs = at(payment.refunds?.data ?? [], 0);
    const entry = expanded(theirs.balance_transaction);
    expect(theirs).toMatchObject({ amount: 36, currency: 'usd' });
    expect(entry).toMatchObject({ currency: 'cad', amount: -Math.round(36 * Number(entry.exchange_rate)) });
  });

  it('gives all of it back with a full refund', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const intent = await sandbox.destinationCharge(seller, { transferAmount: 770 });
    await sandbox.stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true });

    const { transfer, payment } = await sandbox.trail(intent);
    expect(transfer).toMatchObject({ amount_reversed: 770, reversed: true });
    expect(payment).toMatchObject({ amount_refunded: 770, refunded: true });
  });
});

describe('on_behalf_of', () => {
  it('in the platform’s own currency leaves Stripe’s fee with the platform', async () => {
    const seller = await sandbox.account();
    const before = await sandbox.balanceOf();
    const intent = await sandbox.destinationCharge(seller, { on_behalf_of: seller });
    const { paymentEntry } = await sandbox.trail(intent);

    expect(paymentEntry).toMatchObject({ amount: 1000, fee: 0, net: 1000, exchange_rate: null });
    expect((await sandbox.balanceOf()) - before).toBe(-59);
  });

  it('needs the card_payments capability, which the recipient agreement rules out', async () => {
    const { data: accounts } = await sandbox.stripe.accounts.list({ limit: 100 });
    const recipient = accounts.find(
      ({ tos_acceptance }) => tos_acceptance?.service_agreement === 'recipient',
    );
    expect(recipient).toBeDefined();
    const destination = idOf(recipient);

    const { status, error } = await refusal(
      sandbox.destinationCharge(destination, { on_behalf_of: destination }),
    );
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'on_behalf_of' });
  });
});

describe('an account outside the platform’s region', () => {
  it('can’t be paid while the platform is the settlement merchant, but on its behalf it can', async () => {
    const seller = await sandbox.account('JP', 'jpy');
    const { status, error } = await refusal(sandbox.destinationCharge(seller));
    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringMatching(
        /^Cannot create a destination charge for connected accounts in JP because funds would be settled on the platform and the connected account is outside the platform's region\. You may use the `on_behalf_of` parameter/,
      ),
    });

    const intent = await sandbox.destinationCharge(seller, { on_behalf_of: seller });
    const { chargeEntry, transfer } = await sandbox.trail(intent);
    expect(chargeEntry.currency).toBe('jpy');
    expect(transfer).toMatchObject({ currency: 'jpy', amount: chargeEntry.amount });
  });
});

describe('an account that can’t receive transfers yet', () => {
  it('is refused as a destination, with the capabilities it lacks', async () => {
    const { data: accounts } = await sandbox.stripe.accounts.list({ limit: 100 });
    const unready = accounts.find(({ capabilities }) => capabilities?.transfers !== 'active');
    expect(unready).toBeDefined();

    expect(await refusal(sandbox.destinationCharge(idOf(unready)))).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        code: 'insufficient_capabilities_for_transfer',
        message:
          'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
      },
    });
  });
});
