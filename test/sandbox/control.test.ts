import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../sandbox/index.ts';
import { WITHIN } from '../support/within.ts';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

const DAY_S = 86_400;

interface Logged {
  data: { path: string; params: Record<string, unknown>; status: number | null; replayed: boolean }[];
}

describe('the request log', () => {
  it('lists the requests that came, without what must not be kept', async () => {
    const { stripe, control } = await start();
    await stripe.tokens.create({
      card: { number: '4242424242424242', exp_month: '12', exp_year: '2034', cvc: '314' },
    });
    const text = JSON.stringify(await control('GET', 'requests'));
    expect(text).toContain('/v1/tokens');
    expect(text).not.toContain('4242424242424242');
    expect(text).not.toContain('"314"');
  });

  it('marks replays and can be filtered and cleared', async () => {
    const { stripe, control } = await start();
    const key = { idempotencyKey: 'twice' };
    await stripe.paymentIntents.create({ ...card, amount: 1000 }, key);
    await stripe.paymentIntents.create({ ...card, amount: 1000 }, key);
    await stripe.balance.retrieve();
    const { data } = await control<Logged>('GET', 'requests?idempotency_key=twice');
    expect(data.map(({ status, replayed }) => [status, replayed])).toEqual([
      [200, false],
      [200, true],
    ]);
    await control('DELETE', 'requests');
    expect((await control<Logged>('GET', 'requests')).data).toEqual([]);
  });
});

describe('the ledger', () => {
  it('is read by pages, newest first', async () => {
    const { stripe, control } = await start();
    for (const amount of [100, 200, 300]) await stripe.paymentIntents.create({ ...card, amount });
    interface Page {
      entries: { id: string; lines: { amount: number }[] }[];
      has_more: boolean;
      total: number;
    }
    const first = await control<Page>('GET', 'ledger?limit=2');
    const last = first.entries.at(-1)?.id;
    const second = await control<Page>('GET', `ledger?limit=2&starting_after=${last}`);
    expect([first.entries.length, first.has_more, second.entries.length, second.has_more]).toEqual([
      2,
      true,
      1,
      false,
    ]);
    expect(second.entries[0]?.lines.some(({ amount }) => amount === -100)).toBe(true);
    expect(first.total).toBe(0);
  });
});

describe('the clock', () => {
  it('makes pending funds available at their midnight, each at its own', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create({ ...card, amount: 1000 });
    expect((await stripe.balance.retrieve()).pending[0]?.amount).toBe(941);
    sandbox.advance(1.5 * DAY_S - 1);
    expect((await stripe.balance.retrieve()).available[0]?.amount).toBe(0);
    sandbox.advance(1);
    const { pending, available } = await stripe.balance.retrieve();
    expect([pending[0]?.amount, available[0]?.amount]).toEqual([0, 941]);
  });

  it('cancels what nobody captured, and says why', async () => {
    const { stripe, sandbox } = await start();
    const { id, latest_charge } = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      capture_method: 'manual',
      expand: ['latest_charge'],
    });
    const charge = latest_charge as import('stripe').Stripe.Charge;
    expect((charge.payment_method_details?.card?.capture_before ?? 0) - charge.created).toBe(7 * DAY_S);
    sandbox.advance(7 * DAY_S - 1);
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture');
    sandbox.advance(1);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      canceled_at: charge.created + 7 * DAY_S,
      amount_capturable: 0,
    });
    const types = (await stripe.events.list({ limit: 2 })).data.map(({ type }) => type);
    expect(types).toEqual(['payment_intent.canceled', 'charge.expired']);
  });

  it('gives a merchant-initiated Visa payment a shorter window', async () => {
    const { stripe } = await start();
    const { latest_charge } = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      capture_method: 'manual',
      off_session: true,
      expand: ['latest_charge'],
    });
    const charge = latest_charge as import('stripe').Stripe.Charge;
    expect((charge.payment_method_details?.card?.capture_before ?? 0) - charge.created).toBe(4.75 * DAY_S);
  });

  it('brings transfer, fee and balance transaction of an asynchronous capture a little later', async () => {
    const { client, sandbox } = await start({ settings: { async_settlement_seconds: 2 } });
    const stripe = client('2026-10-28.endive');
    const { latest_charge } = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    const id = String(latest_charge);
    expect(await stripe.charges.retrieve(id)).toMatchObject({
      balance_transaction: null,
      application_fee: null,
      paid: true,
    });
    expect((await stripe.charges.retrieve(id)).transfer).toBeUndefined();
    sandbox.advance(2);
    const settled = await stripe.charges.retrieve(id);
    expect(settled).toMatchObject({
      balance_transaction: expect.stringMatching(/^txn_/),
      application_fee: expect.stringMatching(/^fee_/),
      transfer: expect.stringMatching(/^tr_/),
    });
    expect((await stripe.events.list({ limit: 1 })).data[0]?.type).toBe('charge.updated');
  });

  it('runs on unless it was stopped: what comes due needs no request', async () => {
    const sandbox = createSandbox({ settings: { async_settlement_seconds: 0.02 } });
    const { url } = await sandbox.listen();
    await fetch(`${url}/v1/payment_intents`, {
      method: 'POST',
      headers: { Authorization: 'Bearer sk_test_waybill' },
      body: 'amount=1000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true',
    });
    await vi.waitFor(() => expect(sandbox.ledger().entries).toHaveLength(1), WITHIN);
    await sandbox.close();
  });

  it('refuses to go back', async () => {
    const { control } = await start();
    expect(await control('POST', 'clock/advance', { seconds: -1 })).toHaveProperty('error');
  });
});

describe('what happens to an account outside the API', () => {
  it('reaches a payment that was authorized before', async () => {
    const { stripe, sandbox, control } = await start();
    const { id } = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      capture_method: 'manual',
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    await control('POST', `accounts/${ACCOUNTS.usCustom}`, { capabilities: { transfers: 'inactive' } });
    const refused = await errorOf(stripe.paymentIntents.capture(id));
    expect(refused).toMatchObject({ statusCode: 400, code: 'insufficient_capabilities_for_transfer' });
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture');
    expect(held(sandbox, ACCOUNTS.platform)).toBe(0);
  });
});

describe('settings', () => {
  it('change what happens from now on, outlive a restart, and end with a reset', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-settings-'));
    const window = async ({ stripe }: Harness): Promise<number> => {
      const held = await stripe.paymentIntents.create({
        ...card,
        amount: 1000,
        capture_method: 'manual',
        expand: ['latest_charge'],
      });
      const charge = held.latest_charge as import('stripe').Stripe.Charge;
      return (charge.payment_method_details?.card?.capture_before ?? 0) - charge.created;
    };
    try {
      const before = await start({ dataDir });
      expect(await before.control('POST', 'settings', { capture_window_seconds: 90 })).toMatchObject({
        capture_window_seconds: 90,
        async_settlement_seconds: 1,
      });
      expect(await window(before)).toBe(90);
      const after = await start({ dataDir });
      expect(await window(after)).toBe(90);
      await after.control('POST', 'reset');
      expect(await window(after)).toBe(7 * DAY_S);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it.each([{ capture_window: 5 }, { capture_window_seconds: -1 }, { async_settlement_seconds: null }])(
    'are not changed to %j',
    async (body) => {
      const { control } = await start();
      const before = await control('GET', 'settings');
      expect(await control('POST', 'settings', body)).toHaveProperty('error');
      expect(await control('GET', 'settings')).toEqual(before);
    },
  );
});

describe('a body that makes no sense', () => {
  it.each<[string, unknown]>([
    ['clock/advance', null],
    ['settings', [5]],
    ['faults', { match: { method: 5 }, effect: { drop: true } }],
    ['faults', { match: { path: 5 }, effect: { drop: true } }],
    ['faults', { effect: { status: 99_999 } }],
    ['faults', { effect: { delay_ms: 'long' } }],
    ['webhooks', { hold: true, types: [5] }],
    [`accounts/${ACCOUNTS.usCustom}`, { requirements: { past_due: null } }],
    [`accounts/${ACCOUNTS.usCustom}`, { capabilities: { transfers: 'maybe' } }],
  ])('is refused by %s: %j', async (path, body) => {
    const { url, stripe } = await start();
    const sent = { method: 'POST', body: JSON.stringify(body) };
    expect((await fetch(`${url}/_sandbox/${path}`, sent)).status).toBe(400);
    await stripe.paymentIntents.create({ ...card, amount: 1000 });
  });

  it('is refused where it is not what its encoding says', async () => {
    const { url } = await start();
    const headers = { 'Content-Encoding': 'gzip' };
    const response = await fetch(`${url}/v1/refunds`, { method: 'POST', headers, body: 'plain' });
    expect(response.status).toBe(400);
  });
});

it('does not take a caller’s own hash for one of Stripe’s objects', async () => {
  const { stripe } = await start();
  for (const object of ['charge', 'constructor']) {
    const created = stripe.customers.create({ metadata: { object }, expand: ['metadata.refunds'] });
    expect(await errorOf(created)).toMatchObject({ statusCode: 400, code: 'property_cannot_be_expanded' });
  }
});

it('what Stripe announces to require of an account is told, and restricts nothing yet', async () => {
  const { control, stripe } = await start();
  const future_requirements = { currently_due: ['company.tax_id'], current_deadline: 1_900_000_000 };
  await control('POST', `accounts/${ACCOUNTS.usCustom}`, { future_requirements });
  expect(await stripe.accounts.retrieve(ACCOUNTS.usCustom)).toMatchObject({
    charges_enabled: true,
    future_requirements,
    requirements: { currently_due: [] },
  });
  const wrong = { future_requirements: { currently_due: 'company.tax_id' } };
  expect(await control('POST', `accounts/${ACCOUNTS.usCustom}`, wrong)).toHaveProperty('error');
});
