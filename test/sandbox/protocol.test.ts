import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

const AUTH = { Authorization: 'Bearer sk_test_waybill' };

async function raw(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`, { headers: AUTH, ...init });
  return { status: response.status, body: await response.json() };
}

describe('the door', () => {
  it.each([
    { name: 'no key', headers: {}, status: 401 },
    { name: 'a wrong key', headers: { Authorization: 'Bearer sk_test_other' }, status: 401 },
    {
      name: 'the key as basic auth',
      headers: { Authorization: `Basic ${btoa('sk_test_waybill:')}` },
      status: 200,
    },
    {
      name: 'an account that is not ours',
      headers: { ...AUTH, 'Stripe-Account': 'acct_1Elsewhere' },
      status: 403,
    },
  ])('answers $name with $status', async ({ headers, status }) => {
    const { url } = await start();
    expect((await raw(url, '/v1/balance', { headers: headers as Record<string, string> })).status).toBe(
      status,
    );
  });

  it('stays open for a caller that is busy for more than a few seconds', async () => {
    const { url } = await start();
    const { headers } = await fetch(`${url}/v1/balance`, { headers: AUTH });
    expect(headers.get('keep-alive')).toBe('timeout=60');
  });

  it('does not know what Stripe does not know', async () => {
    const { url } = await start();
    expect(await raw(url, '/v1/nonsense')).toMatchObject({
      status: 404,
      body: {
        error: {
          type: 'invalid_request_error',
          message: expect.stringContaining('Unrecognized request URL'),
        },
      },
    });
  });
});

describe('parameters', () => {
  it.each(['VASE*1', 'ваза', '123', 'x'.repeat(23)])('refuse %s as a statement suffix', async (suffix) => {
    const { stripe } = await start();
    const wanted = { ...card, amount: 1000, currency: 'usd', statement_descriptor_suffix: suffix };
    expect(await errorOf(stripe.paymentIntents.create(wanted))).toMatchObject({
      statusCode: 400,
      param: 'statement_descriptor_suffix',
    });
  });

  it('count characters, and the keys of metadata that was there before', async () => {
    const { stripe } = await start();
    const keys = Object.fromEntries(
      Array.from({ length: 49 }, (_, index) => [`k${index}`, '🎉'.repeat(500)]),
    );
    const { id } = await stripe.customers.create({ metadata: keys });
    const { metadata } = await stripe.customers.update(id, { metadata: { last: 'one' } });
    expect(Object.keys(metadata)).toHaveLength(50);
    expect(await errorOf(stripe.customers.update(id, { metadata: { more: 'x' } }))).toMatchObject({
      statusCode: 400,
      param: 'metadata',
    });
  });

  const create = { method: 'POST', path: '/v1/payment_intents' };
  it.each([
    { body: 'currency=usd', error: { code: 'parameter_missing', param: 'amount' } },
    { body: 'amount=ten&currency=usd', error: { code: 'parameter_invalid_integer', param: 'amount' } },
    { body: 'amount=10.5&currency=usd', error: { code: 'parameter_invalid_integer', param: 'amount' } },
    { body: 'amount=0&currency=usd', error: { code: 'parameter_invalid_integer', param: 'amount' } },
    {
      body: 'amount=49&currency=usd',
      error: { code: 'amount_too_small', message: 'Amount must be at least $0.50 usd' },
    },
    { body: 'amount=100000000&currency=usd', error: { code: 'amount_too_large', param: 'amount' } },
    { body: 'amount=100&currency=xyz', error: { param: 'currency' } },
    {
      body: 'amount=100&currency=usd&confirm=maybe',
      error: { param: 'confirm', message: 'Invalid boolean: maybe' },
    },
    {
      body: 'amount=100&currency=usd&customer=',
      error: { code: 'parameter_invalid_empty', param: 'customer' },
    },
    { body: 'amount=100&currency=usd&capture_method=later', error: { param: 'capture_method' } },
    {
      body: 'amount=100&currency=usd&transfer_data[to]=x',
      error: { code: 'parameter_unknown', message: 'Received unknown parameter: transfer_data[to]' },
    },
    {
      body: 'amount=100&currency=usd&surprise=1',
      error: {
        code: 'parameter_unknown',
        param: 'surprise',
        message: 'Received unknown parameter: surprise',
      },
    },
  ])('$body is refused, and the key stays free', async ({ body, error }) => {
    const { url } = await start();
    const headers = { ...AUTH, 'Idempotency-Key': 'k', 'Content-Type': 'application/x-www-form-urlencoded' };
    const refused = await raw(url, create.path, { method: 'POST', headers, body });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', ...error } },
    });
    const good = await raw(url, create.path, { method: 'POST', headers, body: 'amount=100&currency=usd' });
    expect(good.status).toBe(200);
  });
});

describe('lists', () => {
  it('are newest first and can be walked both ways', async () => {
    const { stripe } = await start();
    const ids: string[] = [];
    for (const amount of [100, 200, 300, 400, 500]) {
      ids.unshift((await stripe.paymentIntents.create({ ...card, amount })).id);
    }
    const first = await stripe.paymentIntents.list({ limit: 2 });
    const second = await stripe.paymentIntents.list({ limit: 2, starting_after: ids[1] as string });
    const back = await stripe.paymentIntents.list({ limit: 2, ending_before: ids[3] as string });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect([first.has_more, second.has_more]).toEqual([true, true]);
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
  });

  it('filter by the second of creation', async () => {
    const { stripe, sandbox } = await start();
    const early = await stripe.paymentIntents.create({ ...card, amount: 100 });
    sandbox.advance(60);
    const late = await stripe.paymentIntents.create({ ...card, amount: 200 });
    const ids = async (created: {
      gt?: number;
      lt?: number;
      gte?: number;
      lte?: number;
    }): Promise<string[]> => (await stripe.paymentIntents.list({ created })).data.map(({ id }) => id);
    expect(await ids({ gt: early.created })).toEqual([late.id]);
    expect(await ids({ lt: late.created })).toEqual([early.id]);
    expect(await ids({ gte: early.created, lte: late.created })).toEqual([late.id, early.id]);
  });

  it('refuse a cursor that leads nowhere and a limit below nothing', async () => {
    const { stripe } = await start();
    expect(await errorOf(stripe.charges.list({ starting_after: 'ch_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    });
    expect(await errorOf(stripe.charges.list({ limit: -1 }))).toMatchObject({ param: 'limit' });
  });
});

it('events are listed by twenty types at most', async () => {
  const { stripe } = await start();
  const types = Array.from({ length: 20 }, (_, n) => `type.${n}`);
  expect((await stripe.events.list({ types })).data).toEqual([]);
  const error = await errorOf(stripe.events.list({ types: [...types, 'charge.updated'] }));
  expect(error).toMatchObject({ statusCode: 400, param: 'types' });
});

describe('expansion', () => {
  it('reaches four levels, through lists, and no further', async () => {
    const { stripe } = await start();
    await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    const { data } = await stripe.paymentIntents.list({
      expand: ['data.latest_charge.transfer.destination_payment.balance_transaction'],
    });
    expect(data[0]?.latest_charge).toMatchObject({
      transfer: { destination_payment: { balance_transaction: { type: 'payment', net: 1000 } } },
    });
    const deep = ['latest_charge.transfer.destination_payment.balance_transaction.source'];
    const id = data[0]?.id ?? '';
    expect(await errorOf(stripe.paymentIntents.retrieve(id, { expand: deep }))).toMatchObject({
      param: 'expand',
    });
    expect(await errorOf(stripe.paymentIntents.retrieve(id, { expand: ['amount'] }))).toMatchObject({
      param: 'expand',
    });
  });
});

describe('expansion of what is behind a balance', () => {
  it('leaves out what another kind of source has, and refuses what none has', async () => {
    const { stripe } = await start();
    const acting = { stripeAccount: ACCOUNTS.usCustom };
    await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      payment_method: 'pm_card_bypassPending',
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    await stripe.payouts.create({ amount: 100, currency: 'usd' }, acting);
    const expand = ['data.source.source_transfer.source_transaction', 'data.source.charge.source_transfer'];
    const { data } = await stripe.balanceTransactions.list({ expand }, acting);
    expect(data).toMatchObject([
      { type: 'payout', source: { object: 'payout' } },
      { type: 'payment', source: { source_transfer: { source_transaction: { object: 'charge' } } } },
    ]);
    const none = { expand: ['data.source.nothing'] };
    expect(await errorOf(stripe.balanceTransactions.list(none, acting))).toMatchObject({ param: 'expand' });
  });
});

describe('one account', () => {
  it('does not see what is another’s', async () => {
    const { stripe } = await start();
    const acting = { stripeAccount: ACCOUNTS.usCustom };
    const intent = await stripe.paymentIntents.create({ ...card, amount: 1000 });
    const customer = await stripe.customers.create({});
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const missing = { code: 'resource_missing' };
    expect(await errorOf(stripe.paymentIntents.retrieve(intent.id, {}, acting))).toMatchObject(missing);
    expect(await errorOf(stripe.customers.retrieve(customer.id, {}, acting))).toMatchObject(missing);
    expect(await errorOf(stripe.paymentMethods.retrieve(method.id, {}, acting))).toMatchObject(missing);
    expect((await stripe.paymentIntents.list({}, acting)).data).toEqual([]);
  });

  it('uses a key of its own: the same key elsewhere is another request', async () => {
    const { stripe } = await start();
    const mine = await stripe.customers.create({}, { idempotencyKey: 'k' });
    const theirs = await stripe.customers.create(
      {},
      { idempotencyKey: 'k', stripeAccount: ACCOUNTS.usCustom },
    );
    expect(theirs.id).not.toBe(mine.id);
  });

  it('charging directly pays Stripe and the platform itself', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create(
      { ...card, amount: 1000, application_fee_amount: 123 },
      { stripeAccount: ACCOUNTS.usStandard },
    );
    expect(held(sandbox, ACCOUNTS.usStandard)).toBe(1000 - 59 - 123);
    expect(held(sandbox, ACCOUNTS.platform)).toBe(123);
  });
});

describe('the old form of a charge', () => {
  const old = { amount: 1000, currency: 'usd' };

  it('needs someone who pays', async () => {
    const { stripe } = await start();
    const refused = await errorOf(stripe.charges.create(old, { stripeAccount: ACCOUNTS.usCustom }));
    expect(refused).toMatchObject({ statusCode: 400, message: 'Must provide source or customer.' });
  });

  it('with destination[account] makes that account the settlement merchant, transfer_data does not', async () => {
    const { stripe, sandbox } = await start();
    const destination = { account: ACCOUNTS.usCustom, amount: 877 };
    // The client has dropped the deprecated parameter from its types; the API takes it still.
    const params = { ...old, source: 'tok_visa', destination } as import('stripe').Stripe.ChargeCreateParams;
    expect(await stripe.charges.create(params)).toMatchObject({
      on_behalf_of: ACCOUNTS.usCustom,
      transfer_data: { destination: ACCOUNTS.usCustom, amount: 877 },
      payment_intent: null,
    });
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(877);
    const modern = await stripe.charges.create({
      ...old,
      source: 'tok_visa',
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    expect(modern.on_behalf_of).toBeNull();
  });

  it('charges the source a customer has saved, and only once a token that was made', async () => {
    const { stripe } = await start();
    const token = await stripe.tokens.create({
      card: { number: '4242424242424242', exp_month: '12', exp_year: '2034', cvc: '314' },
    });
    const customer = await stripe.customers.create({ source: token.id });
    const charge = await stripe.charges.create({ ...old, customer: customer.id });
    expect(charge).toMatchObject({
      paid: true,
      customer: customer.id,
      payment_method: customer.default_source,
    });
    const again = await errorOf(stripe.charges.create({ ...old, source: token.id }));
    expect(again).toMatchObject({ code: 'token_already_used' });
  });
});
