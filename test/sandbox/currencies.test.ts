import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripeFee } from '../../sandbox/core/fees.ts';
import { convert, divideHalfUp, exchangeRate, formatAmount, proportion } from '../../sandbox/core/money.ts';
import { stepOf } from '../../sandbox/flows/reversals.ts';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

describe('Stripe’s fee', () => {
  it.each([
    { amount: 1000, currency: 'usd', fee: 59 },
    { amount: 950, currency: 'usd', fee: 58 },
    { amount: 2250, currency: 'usd', fee: 95 },
    { amount: 1342, currency: 'cad', fee: 69 },
    { amount: 10_000, currency: 'jpy', fee: 335 },
  ])('of $amount $currency is $fee', ({ amount, currency, fee }) => {
    expect(stripeFee(amount, currency)).toBe(fee);
  });
});

describe('amounts', () => {
  it.each([
    { text: '$10.00', amount: 1000, currency: 'usd' },
    { text: '£4.80', amount: 480, currency: 'gbp' },
    { text: '¥500', amount: 500, currency: 'jpy' },
    { text: 'KWD 1.500', amount: 1500, currency: 'kwd' },
  ])('are written $text', ({ text, amount, currency }) => {
    expect(formatAmount(amount, currency)).toBe(text);
  });

  it('convert between currencies of different decimals', () => {
    expect([convert(1000, 'usd', 'jpy'), convert(1512, 'jpy', 'usd'), convert(1000, 'usd', 'kwd')]).toEqual([
      1512, 1000, 3080,
    ]);
    expect([exchangeRate('usd', 'cad'), exchangeRate('usd', 'usd')]).toEqual([1.36, null]);
  });

  it('round half away from zero, on either side of it', () => {
    expect([divideHalfUp(5n, 2n), divideHalfUp(-5n, 2n), divideHalfUp(4n, 3n)]).toEqual([3, -3, 1]);
  });

  it('split by proportion into steps that add up to the whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999_999 }),
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 }),
        (total, parts) => {
          const whole = parts.reduce((sum, one) => sum + one, 0);
          let before = 0;
          let given = 0;
          for (const one of parts) {
            const step = stepOf(total, before, before + one, whole);
            expect(Math.abs(step - proportion(total, one, whole))).toBeLessThanOrEqual(1);
            given += step;
            before += one;
          }
          expect(given).toBe(total);
        },
      ),
    );
  });
});

describe('a connected account that holds another currency', () => {
  it('receives the transfer converted, and gives it back to the last cent', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1001,
      application_fee_amount: 101,
      transfer_data: { destination: ACCOUNTS.deCustom },
      expand: ['latest_charge.transfer.destination_payment.balance_transaction'],
    });
    const charge = intent.latest_charge as import('stripe').Stripe.Charge;
    const transfer = charge.transfer as import('stripe').Stripe.Transfer;
    expect(transfer).toMatchObject({
      amount: 1001,
      currency: 'usd',
      destination_payment: {
        amount: 1001,
        currency: 'usd',
        payment_method_details: { type: 'stripe_account' },
        balance_transaction: { amount: 921, currency: 'eur', exchange_rate: 0.92, fee: 93, net: 828 },
      },
    });
    expect(held(sandbox, ACCOUNTS.deCustom, 'eur')).toBe(828);
    for (const amount of [333, 333, 335]) {
      await stripe.refunds.create({
        payment_intent: intent.id,
        amount,
        reverse_transfer: true,
        refund_application_fee: true,
      });
    }
    expect(held(sandbox, ACCOUNTS.deCustom, 'eur')).toBe(0);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(-stripeFee(1001, 'usd'));
    expect(held(sandbox, 'stripe:fx')).toBe(0);
  });

  it('settles the charge itself where it is the settlement merchant', async () => {
    const { stripe, sandbox } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 100,
      on_behalf_of: ACCOUNTS.deCustom,
      transfer_data: { destination: ACCOUNTS.deCustom },
      expand: [
        'latest_charge.balance_transaction',
        'latest_charge.transfer',
        'latest_charge.application_fee',
      ],
    });
    expect(intent.latest_charge).toMatchObject({
      on_behalf_of: ACCOUNTS.deCustom,
      balance_transaction: { amount: 920, currency: 'eur', fee: 57, net: 863, exchange_rate: 0.92 },
      transfer: { amount: 920, currency: 'eur' },
      application_fee: { amount: 100, currency: 'usd' },
    });
    expect(held(sandbox, ACCOUNTS.deCustom, 'eur')).toBe(920 - 92);
    expect([held(sandbox, ACCOUNTS.platform, 'eur'), held(sandbox, ACCOUNTS.platform)]).toEqual([-57, 100]);
  });
});

describe('a currency without decimals, or with three', () => {
  it.each([
    { currency: 'jpy', amount: 5000, minimum: 50 },
    { currency: 'kwd', amount: 5000, minimum: 200 },
  ])(
    '$currency is charged in its own minor unit, from its own minimum',
    async ({ currency, amount, minimum }) => {
      const { stripe } = await start();
      const intent = await stripe.paymentIntents.create({ ...card, amount, currency });
      expect(intent).toMatchObject({ amount_received: amount, currency });
      const refused = await errorOf(stripe.paymentIntents.create({ ...card, amount: minimum - 1, currency }));
      expect(refused).toMatchObject({ code: 'amount_too_small', param: 'amount' });
    },
  );
});
