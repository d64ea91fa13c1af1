import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

/** Where recordings of the real Stripe differed from the sandbox. */
const payment = { ...card, amount: 1000 };
const destination = { transfer_data: { destination: ACCOUNTS.usCustom } };

describe('a payment', () => {
  it('takes an application fee of 0 and collects none', async () => {
    const { stripe } = await start();
    const intent = await stripe.paymentIntents.create({
      ...payment,
      ...destination,
      application_fee_amount: 0,
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', latest_charge: { application_fee: null } });
    expect((await stripe.applicationFees.list()).data).toEqual([]);
  });

  it('that was declined uses a payment method up that has no customer', async () => {
    const { stripe } = await start();
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_chargeDeclined' },
    });
    const again = { ...payment, payment_method: method.id };
    expect(await errorOf(stripe.paymentIntents.create(again))).toMatchObject({ code: 'card_declined' });
    const second = await errorOf(stripe.paymentIntents.create(again));
    expect(second).toMatchObject({ statusCode: 400, param: 'payment_method' });
    expect(second.message).toContain('It may not be used again');
  });

  it('that is declined says what to do next, and what the card network said', async () => {
    const { stripe } = await start();
    const declined = { ...payment, payment_method: 'pm_card_chargeDeclinedInsufficientFunds' };
    const error = await errorOf(stripe.paymentIntents.create(declined));
    expect(error.raw).toMatchObject({ advice_code: 'try_again_later', network_decline_code: '51' });
    const [charge] = (await stripe.charges.list()).data;
    expect(charge?.outcome).toMatchObject({ advice_code: 'try_again_later', network_decline_code: '51' });
  });

  it('shows its exchange rate in smallest units', async () => {
    const { stripe } = await start();
    const intent = await stripe.paymentIntents.create({
      ...payment,
      currency: 'jpy',
      expand: ['latest_charge.balance_transaction'],
    });
    const charge = intent.latest_charge as { balance_transaction?: unknown };
    // 1,000 yen at 151.2 yen a dollar: 661 cents, 0.661 cents a yen.
    expect(charge.balance_transaction).toMatchObject({ amount: 661, exchange_rate: 0.661376 });
  });
});

describe('a payment method', () => {
  it('of the platform is explained to whoever names it as an account', async () => {
    const { stripe } = await start();
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    const error = await errorOf(
      stripe.paymentIntents.create(
        { ...payment, payment_method: method.id },
        { stripeAccount: ACCOUNTS.usCustom },
      ),
    );
    expect(error).toMatchObject({ code: 'resource_missing', param: 'payment_method' });
    expect(error.message).toContain('provided with a platform-owned payment method ID');
  });

  it('has its security code checked once it is attached', async () => {
    const { stripe } = await start();
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    expect(method.card?.checks?.cvc_check).toBe('unchecked');
    const customer = await stripe.customers.create({});
    const attached = await stripe.paymentMethods.attach(method.id, { customer: customer.id });
    expect(attached.card?.checks?.cvc_check).toBe('pass');
  });

  it('pm_card_authenticationRequired is a German card', async () => {
    const { stripe } = await start();
    const method = await stripe.paymentMethods.retrieve('pm_card_authenticationRequired');
    expect(method.card).toMatchObject({ last4: '3184', country: 'DE' });
  });
});

describe('a refund', () => {
  const authorization = { amount: 1000, currency: 'usd', source: 'tok_visa', capture: false } as const;

  it('of a charge without a PaymentIntent that was not captured releases it', async () => {
    const { stripe } = await start();
    const { id: charge } = await stripe.charges.create(authorization);
    const refund = await stripe.refunds.create({ charge });
    expect(refund).toMatchObject({ amount: 1000, balance_transaction: null, status: 'succeeded' });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ refunded: true });
    const late = await errorOf(stripe.charges.capture(charge));
    expect(late).toMatchObject({ code: 'charge_expired_for_capture' });
  });

  it('of a part of it is refused', async () => {
    const { stripe } = await start();
    const { id: charge } = await stripe.charges.create(authorization);
    const error = await errorOf(stripe.refunds.create({ charge, amount: 400 }));
    expect(error).toMatchObject({ statusCode: 400, param: 'amount' });
    expect(await stripe.charges.capture(charge)).toMatchObject({ captured: true });
  });

  it('returns Stripe’s fee where Stripe does so: of the percentage its share, and all that is left with the last one', async () => {
    const { stripe, sandbox, control } = await start({ settings: { refunds_return_fee: true } });
    const { id } = await stripe.paymentIntents.create(payment);
    const refund = async (amount?: number) => {
      const params = { payment_intent: id, expand: ['balance_transaction'], ...(amount ? { amount } : {}) };
      const made = await stripe.refunds.create(params);
      const entry = made.balance_transaction as Stripe.BalanceTransaction;
      return {
        id: made.id,
        amount: entry.amount,
        fee: entry.fee,
        net: entry.net,
        details: entry.fee_details,
      };
    };
    expect(await refund(500)).toMatchObject({
      ...{ amount: -500, fee: -15, net: -485 },
      details: [{ amount: -15, description: 'Stripe processing fee refund', type: 'stripe_fee' }],
    });
    expect(await refund(100)).toMatchObject({ amount: -100, fee: -2 });
    const last = await refund();
    expect(last).toMatchObject({ amount: -400, fee: -42 });
    expect(held(sandbox, ACCOUNTS.platform)).toBe(0);
    await control('POST', `refunds/${last.id}/fail`);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(400 - 42);
  });

  it('that is unknown cannot be canceled', async () => {
    const { stripe } = await start();
    expect(await errorOf(stripe.refunds.cancel('re_unknown'))).toMatchObject({ statusCode: 404 });
  });
});

describe('a list', () => {
  it.each([
    ['refunds', { charge: 'ch_unknown' }, 'charge'],
    ['refunds', { payment_intent: 'pi_unknown' }, 'payment_intent'],
    ['charges', { payment_intent: 'pi_unknown' }, 'payment_intent'],
    ['charges', { customer: 'cus_unknown' }, 'customer'],
    ['paymentIntents', { customer: 'cus_unknown' }, 'customer'],
    ['disputes', { charge: 'ch_unknown' }, 'charge'],
  ] as const)('of %s by %o is an error of its own', async (resource, params, param) => {
    const { stripe } = await start();
    const error = await errorOf((stripe[resource].list as (query: object) => Promise<unknown>)(params));
    expect(error).toMatchObject({ statusCode: 400, code: 'resource_missing', param });
  });
});

describe('an account', () => {
  const custom = {
    type: 'custom',
    country: 'US',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  } as const;

  it('with an address on the web and what it sells needs no category code', async () => {
    const { stripe } = await start();
    const owes = async (business_profile: object) =>
      (await stripe.accounts.create({ ...custom, business_profile })).requirements?.currently_due;
    const told = { url: 'https://pots.example', product_description: 'Pots' };
    expect(await owes(told)).not.toContain('business_profile.mcc');
    expect(await owes({ url: told.url })).toContain('business_profile.mcc');
  });

  it('takes a nationality, and refuses an e-mail address that is none', async () => {
    const { stripe } = await start();
    const individual = { nationality: 'FR' } as object;
    await stripe.accounts.create({ ...custom, business_type: 'individual', individual });
    const error = await errorOf(stripe.accounts.create({ ...custom, email: 'nobody' }));
    expect(error).toMatchObject({ statusCode: 400, code: 'email_invalid', param: 'email' });
  });
});

describe('the controls', () => {
  it.each([
    [{ effect: { error: { kode: 'x' } } }, 'unknown field of effect.error: kode'],
    [{ effect: { error: { code: 5 } } }, 'effect.error.code must be text'],
    [{ effect: { error: 'no_such_error' } }, 'unknown error: no_such_error'],
    [{ effect: { error: 'rate_limit' }, mach: {} }, 'unknown field: mach'],
  ])('refuse the fault %j', async (fault, message) => {
    const { control } = await start();
    expect(JSON.stringify(await control('POST', 'faults', fault))).toContain(message);
    expect(await control('GET', 'faults')).toMatchObject({ data: [] });
  });

  it('say that a clock put forward moves nobody else', async () => {
    const { control } = await start();
    const { warning } = await control<{ warning: string }>('POST', 'clock/advance', { seconds: 60 });
    expect(warning).toContain('Only the sandbox moved');
  });
});
