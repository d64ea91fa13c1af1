import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyRules } from '../../domain/money/currencies.ts';
import { stripeFee } from '../../sandbox/core/fees.ts';
import {
  chargeStep,
  convert,
  divideHalfUp,
  exchangeRate,
  formatAmount,
  hasTwoDecimals,
  isCurrency,
  payoutStep,
  proportion,
  supportedCurrencies,
} from '../../sandbox/core/money.ts';
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

it('the currencies are those of the service, by the same rules', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  expect(codes.filter(isCurrency)).toEqual(codes.filter((code) => currencyRules(code) !== undefined));
  for (const code of supportedCurrencies) {
    const steps = { chargeStep: chargeStep(code), payoutStep: payoutStep(code) };
    expect(currencyRules(code), code).toMatchObject(steps);
    expect(hasTwoDecimals(code), code).toBe(currencyRules(code)?.decimals === 2);
  }
});

describe('a currency without decimals, with three, or with two that are none', () => {
  it.each([
    { currency: 'jpy', amount: 5000, minimum: 50 },
    { currency: 'kwd', amount: 5120, minimum: 160 },
    { currency: 'isk', amount: 50_000, minimum: 6900 },
    { currency: 'ugx', amount: 500_000, minimum: 190_000 },
    { currency: 'huf', amount: 20_045, minimum: 17_500 },
    { currency: 'twd', amount: 20_045, minimum: 1600 },
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

  it.each([
    { currency: 'kwd', whole: 5000, uneven: 1125 },
    { currency: 'ugx', whole: 500_000, uneven: 100_050 },
  ])('$currency is charged, captured and refunded in whole steps', async ({ currency, whole, uneven }) => {
    const { stripe } = await start();
    const refusal = { type: 'StripeInvalidRequestError', rawType: 'invalid_request_error' };
    const { paymentIntents: intents } = stripe;
    expect(await errorOf(intents.create({ ...card, amount: whole + uneven, currency }))).toMatchObject(
      refusal,
    );
    const { id } = await intents.create({ ...card, amount: whole, currency, capture_method: 'manual' });
    expect(await errorOf(intents.capture(id, { amount_to_capture: uneven }))).toMatchObject(refusal);
    await intents.capture(id);
    expect(await errorOf(stripe.refunds.create({ payment_intent: id, amount: uneven }))).toMatchObject(
      refusal,
    );
    await stripe.refunds.create({ payment_intent: id });
  });
});
