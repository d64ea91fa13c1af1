import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, sandboxRequests, unbalanced } from './support.ts';

const { usCustom, deCustom, gbRecipient, jpCustom, usNotEnabled } = SEEDED_ACCOUNTS;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

describe('the settlement merchant of an order', () => {
  it('is the platform: its country, its currency, its descriptor, its delay', async () => {
    const { body } = await createOrder(waybill, { connected_account: deCustom });
    expect(body.settlement).toMatchObject({
      merchant: 'platform',
      country: 'US',
      currency: 'usd',
      delay_days: 2,
    });
  });

  it('is the connected account with on_behalf_of, and the order keeps it as it was at its creation', async () => {
    const { body } = await createOrder(waybill, {
      id: 'abroad',
      connected_account: deCustom,
      on_behalf_of: true,
    });
    const merchant = { merchant: deCustom, country: 'DE', currency: 'eur', delay_days: 7 };
    expect(body.settlement).toMatchObject(merchant);
    const captured = await request(waybill, 'POST', '/v1/orders/abroad/capture');
    expect(captured.body).toMatchObject({ settlement: merchant, funds: { settlement_currency: 'eur' } });
    await request(waybill, 'POST', `/v1/accounts/${deCustom}/payout_schedule`, {
      body: { interval: 'daily', delay_days: 10 },
    });
    expect((await request(waybill, 'GET', '/v1/orders/abroad')).body.settlement).toMatchObject(merchant);
    const later = await createOrder(waybill, { connected_account: deCustom, on_behalf_of: true });
    expect(later.body.settlement).toMatchObject({ delay_days: 10 });
  });
});

describe('an order for an account that cannot take it is refused with what is missing', () => {
  it.each([
    [
      'not enabled',
      { connected_account: usNotEnabled },
      'connected_account',
      /transfers \(inactive\).*individual\.dob/,
    ],
    [
      'a recipient, on its behalf',
      { connected_account: gbRecipient, on_behalf_of: true },
      'on_behalf_of',
      /recipient/,
    ],
    ['out of the region', { connected_account: jpCustom }, 'connected_account', /JP, outside the region/],
  ])('%s', async (_, body, param, detail) => {
    const before = (await sandboxRequests(waybill)).length;
    expect(await createOrder(waybill, { id: 'refused', ...body })).toMatchObject({
      status: 422,
      body: { code: 'account_not_ready', param, detail: expect.stringMatching(detail) },
    });
    const asked = (await sandboxRequests(waybill)).slice(before);
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('and the region does not matter on its behalf, nor the agreement without', async () => {
    expect((await createOrder(waybill, { connected_account: jpCustom, on_behalf_of: true })).status).toBe(
      201,
    );
    expect((await createOrder(waybill, { connected_account: gbRecipient })).status).toBe(201);
  });
});

describe('a platform abroad', () => {
  let abroad: Waybill;
  beforeAll(async () => {
    abroad = await startWaybill({}, {}, { sandboxOptions: { platformCountry: 'JP' } });
  });
  afterAll(() => abroad?.stop());

  it('is under the same rule in the other direction', async () => {
    expect(await createOrder(abroad, { connected_account: usCustom })).toMatchObject({
      status: 422,
      body: {
        code: 'account_not_ready',
        detail: expect.stringContaining('US, outside the region of the platform (JP)'),
      },
    });
    expect((await createOrder(abroad, { connected_account: usCustom, on_behalf_of: true })).status).toBe(201);
    expect((await createOrder(abroad, { connected_account: jpCustom })).status).toBe(201);
  });
});

describe('a charge with the deprecated destination[account]', () => {
  const sale = { amount: 1000, currency: 'usd' } as const;
  const order = { ...sale, token: 'tok_visa', on_behalf_of: true, capture_method: 'automatic' } as const;

  // Each row is one of the table "From `destination[account]`" in docs/api.md.
  it.each([
    ['to an account at home', { destination: { account: usCustom } }, { connected_account: usCustom }],
    [
      'to an account abroad, with a fee',
      { destination: { account: deCustom }, application_fee_amount: 123 },
      { connected_account: deCustom, application_fee_amount: 123 },
    ],
    [
      'with what the account gets',
      { destination: { account: usCustom, amount: 877 } },
      { connected_account: usCustom, transfer_amount: 877 },
    ],
  ])('%s moves the same cents as an order', async (_, charge, body) => {
    const balances = () =>
      Promise.all([
        waybill.stripe.balance.retrieve(),
        waybill.stripe.balance.retrieve({}, { stripeAccount: usCustom }),
        waybill.stripe.balance.retrieve({}, { stripeAccount: deCustom }),
      ]).then((all) =>
        all.map(({ pending }) => Object.fromEntries(pending.map((one) => [one.currency, one.amount]))),
      );
    const gained = async (act: () => Promise<unknown>) => {
      const before = await balances();
      await act();
      return (await balances()).map((held, i) =>
        Object.fromEntries(
          Object.entries(held).map(([currency, amount]) => [currency, amount - (before[i]?.[currency] ?? 0)]),
        ),
      );
    };
    const old = await gained(() => waybill.stripe.charges.create({ ...sale, source: 'tok_visa', ...charge }));
    const now = await gained(async () => {
      const sold = await request(waybill, 'POST', '/v1/orders', { body: { ...order, ...body } });
      expect(sold).toMatchObject({ status: 201, body: { status: 'captured', on_behalf_of: true } });
    });
    expect(old.flatMap((held) => Object.values(held)).filter((amount) => amount !== 0)).not.toEqual([]);
    expect(now).toEqual(old);
    expect(await unbalanced(waybill)).toEqual([]);
  });
});
