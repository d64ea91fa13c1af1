import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, held, type start as Start, start } from './support.ts';

const DAY_S = 86_400;
const SELLER = ACCOUNTS.usCustom;
const AS_SELLER = { stripeAccount: SELLER };

type Options = Parameters<typeof Start>[0];

/** A seller with money that can leave at once. */
async function startWith(amount: number, options: Options = {}): Promise<Harness> {
  const harness = await start(options);
  await pay(harness, amount);
  return harness;
}

async function pay({ stripe }: Harness, amount: number): Promise<void> {
  await stripe.paymentIntents.create({
    ...card,
    amount,
    payment_method: 'pm_card_bypassPending',
    transfer_data: { destination: SELLER },
  });
}

async function bankNamed({ stripe }: Harness, external_account: string): Promise<string> {
  const { id } = await stripe.accounts.createExternalAccount(SELLER, { external_account });
  return id;
}

async function typesOf({ stripe }: Harness): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 }, AS_SELLER);
  return data.map(({ type }) => type).filter((type) => type.startsWith('payout.'));
}

const PAYOUT = { amount: 1000, currency: 'usd' };

describe('a payout', () => {
  it('is pending, in transit and paid, each at its time', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    const { id, arrival_date, created } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    const status = async () => (await stripe.payouts.retrieve(id, {}, AS_SELLER)).status;
    expect(await status()).toBe('pending');
    sandbox.advance(DAY_S);
    expect(await status()).toBe('in_transit');
    sandbox.advance(arrival_date - created - DAY_S);
    expect(await status()).toBe('paid');
    expect(await typesOf(harness)).toEqual(['payout.paid', 'payout.updated', 'payout.created']);
    expect(held(sandbox, SELLER)).toBe(4000);
  });

  it.each([
    ['btok_us_verified_noAccount', 'no_account'],
    ['btok_us_verified_accountClosed', 'account_closed'],
    ['btok_us_verified_insufficientFunds', 'insufficient_funds'],
    ['btok_us_verified_debitNotAuthorized', 'debit_not_authorized'],
    ['btok_us_verified_invalidCurrency', 'invalid_currency'],
    ['tok_visa_debit_us_transferFail', 'could_not_process'],
  ])('to %s fails with %s, and the money comes back', async (token, code) => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    const destination = await bankNamed(harness, token);
    const { id } = await stripe.payouts.create({ ...PAYOUT, destination }, AS_SELLER);
    expect(held(sandbox, SELLER)).toBe(4000);
    sandbox.advance(3 * DAY_S);
    const failed = await stripe.payouts.retrieve(id, { expand: ['failure_balance_transaction'] }, AS_SELLER);
    expect(failed).toMatchObject({
      status: 'failed',
      failure_code: code,
      failure_message: expect.stringMatching(/\.$/),
      failure_balance_transaction: {
        type: 'payout_failure',
        reporting_category: 'payout_reversal',
        amount: 1000,
        source: id,
      },
    });
    expect(held(sandbox, SELLER)).toBe(5000);
    expect(await typesOf(harness)).toContain('payout.failed');
  });

  it('can fail after it was paid, which its bank account does not survive', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox, control } = harness;
    const { id, destination } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    sandbox.advance(3 * DAY_S);
    await control('POST', `payouts/${id}/fail`, { failure_code: 'account_closed' });
    expect((await stripe.payouts.retrieve(id, {}, AS_SELLER)).status).toBe('failed');
    expect(held(sandbox, SELLER)).toBe(5000);
    const bank = await stripe.accounts.retrieveExternalAccount(SELLER, String(destination));
    expect(bank).toMatchObject({ status: 'errored' });
    expect(await control('POST', `payouts/${id}/fail`, {})).toHaveProperty('error');
  });

  it.each(['huf', 'twd', 'isk', 'ugx'])('leaves in whole units of %s', async (currency) => {
    const { stripe } = await startWith(5000);
    const message = expect.stringContaining('must be evenly divisible by 100');
    expect(await errorOf(stripe.payouts.create({ amount: 1045, currency }, AS_SELLER))).toMatchObject({
      message,
    });
  });

  it('can be canceled while it is pending, and not after', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    const first = await stripe.payouts.create(PAYOUT, AS_SELLER);
    const second = await stripe.payouts.create(PAYOUT, AS_SELLER);
    expect(await stripe.payouts.cancel(first.id, {}, AS_SELLER)).toMatchObject({ status: 'canceled' });
    expect(held(sandbox, SELLER)).toBe(4000);
    sandbox.advance(DAY_S);
    expect((await errorOf(stripe.payouts.cancel(second.id, {}, AS_SELLER))).message).toMatch(/in_transit/);
    sandbox.advance(2 * DAY_S);
    expect((await stripe.payouts.retrieve(first.id, {}, AS_SELLER)).status).toBe('canceled');
    expect(held(sandbox, SELLER)).toBe(4000);
  });

  it('that was paid can be reversed once', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    const { id } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    expect((await errorOf(stripe.payouts.reverse(id, {}, AS_SELLER))).message).toMatch(/pending/);
    sandbox.advance(3 * DAY_S);
    const back = await stripe.payouts.reverse(id, {}, AS_SELLER);
    expect(back).toMatchObject({ amount: -1000, original_payout: id });
    expect((await stripe.payouts.retrieve(id, {}, AS_SELLER)).reversed_by).toBe(back.id);
    expect(held(sandbox, SELLER)).toBe(5000);
    expect((await errorOf(stripe.payouts.reverse(id, {}, AS_SELLER))).message).toMatch(/reversed/);
  });

  it('belongs to the account that made it', async () => {
    const { stripe } = await startWith(5000);
    const { id } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    expect(await errorOf(stripe.payouts.retrieve(id))).toMatchObject({ statusCode: 404 });
    expect((await stripe.payouts.list()).data).toEqual([]);
    expect((await stripe.payouts.list({ status: 'pending' }, AS_SELLER)).data).toHaveLength(1);
  });

  it.each([
    ['with requirements overdue', 'payouts_not_allowed', {}],
    ['to somebody else’s bank account', 'resource_missing', { destination: 'ba_1WaybillDECustomBank0001' }],
    ['in a currency it has no bank account for', undefined, { currency: 'eur' }],
  ])('%s is refused, and nothing leaves', async (what, code, params) => {
    const { stripe, sandbox, control } = await startWith(5000);
    if (what.includes('overdue')) {
      await control('POST', `accounts/${SELLER}/require`, {
        fields: ['tos_acceptance.date'],
        past_due: true,
      });
    }
    const refused = await errorOf(stripe.payouts.create({ ...PAYOUT, ...params }, AS_SELLER));
    expect([refused.statusCode, refused.code]).toEqual([400, code]);
    expect(held(sandbox, SELLER)).toBe(5000);
  });
});

describe('an instant payout', () => {
  it('costs one percent and is there in a minute', async () => {
    const harness = await startWith(50_000);
    const { stripe, sandbox } = harness;
    const destination = await bankNamed(harness, 'tok_visa_debit_us_transferSuccess');
    const { instant_available } = await stripe.balance.retrieve({}, AS_SELLER);
    expect(instant_available).toMatchObject([{ amount: 50_000, currency: 'usd' }]);
    const payout = await stripe.payouts.create(
      { amount: 10_000, currency: 'usd', method: 'instant', destination, expand: ['balance_transaction'] },
      AS_SELLER,
    );
    expect(payout).toMatchObject({
      method: 'instant',
      type: 'card',
      balance_transaction: { amount: -10_000, fee: 100, net: -10_100 },
    });
    sandbox.advance(60);
    expect((await stripe.payouts.retrieve(payout.id, {}, AS_SELLER)).status).toBe('paid');
    expect(held(sandbox, SELLER)).toBe(39_900);
  });

  // docs.stripe.com/payouts/instant-payouts
  it('of what is left after the fee is told who asks for it, and not of the platform', async () => {
    const harness = await startWith(50_000);
    const destination = await bankNamed(harness, 'tok_visa_debit_us_transferSuccess');
    const { balance } = harness.stripe;
    expect((await balance.retrieve({}, AS_SELLER)).instant_available?.[0]).not.toHaveProperty(
      'net_available',
    );
    const expand = ['instant_available.net_available'];
    const { instant_available: asked } = await balance.retrieve({ expand }, AS_SELLER);
    expect(asked?.[0]?.net_available).toContainEqual({
      amount: 49_500,
      destination,
      source_types: { card: 49_500 },
    });
    expect(await errorOf(balance.retrieve({ expand }))).toMatchObject({
      code: 'property_cannot_be_expanded',
    });
  });

  it('is refused where the card does not take it, and where the fee is not there', async () => {
    const harness = await startWith(1000);
    const { stripe } = harness;
    const destination = await bankNamed(harness, 'tok_visa_debit_us_instantPayoutUnsupported');
    const params = { ...PAYOUT, method: 'instant' } as const;
    expect(await errorOf(stripe.payouts.create({ ...params, destination }, AS_SELLER))).toMatchObject({
      code: 'instant_payouts_unsupported',
    });
    expect(await errorOf(stripe.payouts.create(params, AS_SELLER))).toMatchObject({
      code: 'balance_insufficient',
    });
  });
});

describe('automatic payouts', () => {
  type Schedule = Stripe.AccountUpdateParams.Settings.Payouts.Schedule;
  const setSchedule = ({ stripe }: Harness, schedule: Schedule) =>
    stripe.accounts.update(SELLER, { settings: { payouts: { schedule } } });

  // The clock starts on Monday, 2 March 2026, at noon.
  it.each<[string, Schedule, string]>([
    ['daily', { interval: 'daily' }, '2026-03-03'],
    ['weekly', { interval: 'weekly', weekly_anchor: 'friday' }, '2026-03-06'],
    ['weekly on the day itself, a week later', { interval: 'weekly', weekly_anchor: 'monday' }, '2026-03-09'],
    ['monthly', { interval: 'monthly', monthly_anchor: 15 }, '2026-03-15'],
    ['monthly on a day that not each month has', { interval: 'monthly', monthly_anchor: 31 }, '2026-03-31'],
  ])('%s', async (_name, schedule, day) => {
    const harness = await startWith(5000);
    await setSchedule(harness, schedule);
    harness.sandbox.advance(40 * DAY_S);
    const { data } = await harness.stripe.payouts.list({}, AS_SELLER);
    expect(data).toHaveLength(1);
    const [payout] = data;
    expect(payout).toMatchObject({ automatic: true, amount: 5000, status: 'paid' });
    expect(new Date((payout?.created ?? 0) * 1000).toISOString().slice(0, 10)).toBe(day);
    expect(held(harness.sandbox, SELLER)).toBe(0);
  });

  it('wait for what is pending, and are the sum of their transactions', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    await setSchedule(harness, { interval: 'daily' });
    await stripe.paymentIntents.create({ ...card, amount: 777, transfer_data: { destination: SELLER } });
    sandbox.advance(DAY_S);
    await pay(harness, 333);
    sandbox.advance(5 * DAY_S);
    const { data } = await stripe.payouts.list({}, AS_SELLER);
    expect(data.map(({ amount }) => amount).reverse()).toEqual([5000, 1110]);
    for (const { id, amount } of data) {
      const { data: rows } = await stripe.balanceTransactions.list({ payout: id }, AS_SELLER);
      expect(rows.find(({ type }) => type === 'payout')?.net).toBe(-amount);
      const others = rows.filter(({ type }) => type !== 'payout');
      expect(others.reduce((sum, { net }) => sum + net, 0)).toBe(amount);
    }
  });

  it('stop at a bank account that failed, and go on when there is another', async () => {
    const harness = await startWith(5000);
    const { stripe, sandbox } = harness;
    await setSchedule(harness, { interval: 'daily' });
    await stripe.accounts.update(SELLER, { external_account: 'btok_us_verified_noAccount' });
    sandbox.advance(20 * DAY_S);
    expect((await stripe.payouts.list({}, AS_SELLER)).data.map(({ status }) => status)).toEqual(['failed']);
    await stripe.accounts.update(SELLER, { external_account: 'btok_us_verified' });
    sandbox.advance(5 * DAY_S);
    const { data } = await stripe.payouts.list({}, AS_SELLER);
    expect(data.map(({ status }) => status)).toEqual(['paid', 'failed']);
    expect(held(sandbox, SELLER)).toBe(0);
  });

  it('are made by nobody where they are manual; such a payout lists no transactions', async () => {
    const { stripe, sandbox } = await startWith(5000);
    sandbox.advance(40 * DAY_S);
    expect(held(sandbox, SELLER)).toBe(5000);
    const { id } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    const refused = await errorOf(stripe.balanceTransactions.list({ payout: id }, AS_SELLER));
    expect(refused.message).toMatch(/only be filtered on automatic/);
  });
});

describe('the settlement merchant’s name', () => {
  it('is what the cardholder reads: the platform’s, or that of the account charged for', async () => {
    const { stripe } = await start();
    await stripe.accounts.update(SELLER, {
      settings: { payments: { statement_descriptor: 'Rosen Bakery' } },
    });
    const describe = async (params: Partial<Stripe.PaymentIntentCreateParams>) => {
      const { latest_charge } = await stripe.paymentIntents.create({
        ...card,
        amount: 1000,
        transfer_data: { destination: SELLER },
        expand: ['latest_charge'],
        ...params,
      });
      return (latest_charge as Stripe.Charge).calculated_statement_descriptor;
    };
    expect(await describe({})).toBe('WAYBILL PLATFORM');
    expect(await describe({ on_behalf_of: SELLER })).toBe('ROSEN BAKERY');
    expect(await describe({ on_behalf_of: SELLER, statement_descriptor_suffix: 'cake' })).toBe(
      'ROSEN BAKERY* CAKE',
    );
  });
});
