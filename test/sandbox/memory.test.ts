import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { TableName } from '../../sandbox/objects/tables.ts';
import { createPlatform, type Platform, type SandboxOptions } from '../../sandbox/platform.ts';
import { ACCOUNTS, card, errorOf, held, START, start } from './support.ts';

const KB = 1024;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What zlib held outside of the heap is let go only after the collection that finds it unused; on Node 24 that is the next one. */
function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let keys = 0;

async function post({ engine }: Platform, path: string, body: string): Promise<{ id: string }> {
  keys += 1;
  const headers: Record<string, string> = {
    authorization: 'Bearer sk_test_waybill',
    'idempotency-key': `a-key-as-long-as-waybills-${keys}`,
  };
  const answer = await engine.handle({
    method: 'POST',
    path,
    query: '',
    body,
    header: (name) => headers[name],
  });
  expect(answer?.status).toBe(200);
  return JSON.parse(answer?.body ?? '') as { id: string };
}

/** A destination charge with a fee, authorized and captured, asked for with what Waybill expands. */
async function captureOrders(platform: Platform, orders: number): Promise<void> {
  for (let n = 0; n < orders; n += 1) {
    const { id } = await post(
      platform,
      '/v1/payment_intents',
      `amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card&capture_method=manual&transfer_data[destination]=${ACCOUNTS.usCustom}&application_fee_amount=123&metadata[waybill_order]=order-${n}&expand[]=latest_charge`,
    );
    await post(platform, `/v1/payment_intents/${id}/capture`, 'expand[]=latest_charge.balance_transaction');
  }
}

const platform = (settings: SandboxOptions['settings'] = {}): Platform =>
  createPlatform({ seed: 1, now: START, settings });

describe('the memory of the sandbox', () => {
  it('holds a captured order with its events and kept answers in less than 15 KB', async () => {
    const each = platform();
    const [warmUp, orders] = [300, 700];
    await captureOrders(each, warmUp);
    const before = heapBytes();
    await captureOrders(each, orders);
    expect((heapBytes() - before) / orders).toBeLessThan(15 * KB);
    // What was measured is still there, the first order included.
    expect(each.world.store.size('payment_intent')).toBe(warmUp + orders);
    const [oldest] = each.world.store.rows('event');
    expect(oldest?.data.object).toMatchObject({ amount: 1000, metadata: {} });
  });

  it('keeps as many finished payments as payments_kept_max says, with nothing left of older ones', async () => {
    const each = platform({ payments_kept_max: 50, events_kept_max: 50 });
    const { store } = each.world;
    const tables: TableName[] = ['payment_intent', 'charge', 'transfer', 'application_fee', 'payment_method'];
    const sizes = () =>
      [...tables, 'balance_transaction' as const, 'ledger_entry' as const].map((one) => store.size(one));
    await captureOrders(each, 100);
    const before = sizes();
    await captureOrders(each, 100);
    expect(sizes()).toEqual(before);
    expect(store.size('payment_intent')).toBeLessThanOrEqual(52);
  });
});

describe('a sandbox that forgets finished payments', () => {
  const payment = { ...card, amount: 1000, transfer_data: { destination: ACCOUNTS.usCustom, amount: 877 } };
  const settings = { payments_kept_max: 1 };

  it('keeps the money where it is, and the ledger at zero', async () => {
    const { stripe, sandbox } = await start({ settings });
    const first = await stripe.paymentIntents.create(payment);
    for (let n = 0; n < 4; n += 1)
      await stripe.paymentIntents.create(payment, { idempotencyKey: `later-${n}` });
    expect((await errorOf(stripe.paymentIntents.retrieve(first.id))).code).toBe('resource_missing');
    expect((await stripe.balanceTransactions.list({ source: String(first.latest_charge) })).data).toEqual([]);
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(5 * 877);
  });

  it('keeps what is not finished: an authorization, an open dispute, a refund that its bank has not confirmed', async () => {
    const { stripe } = await start({ settings });
    const open = await stripe.paymentIntents.create({ ...payment, capture_method: 'manual' });
    const disputed = await stripe.paymentIntents.create({
      ...payment,
      payment_method: 'pm_card_createDispute',
    });
    const refunded = await stripe.paymentIntents.create({
      ...payment,
      payment_method: 'pm_card_pendingRefund',
    });
    await stripe.refunds.create({ payment_intent: refunded.id });
    for (let n = 0; n < 6; n += 1)
      await stripe.paymentIntents.create(payment, { idempotencyKey: `later-${n}` });
    const kept = (await stripe.paymentIntents.list({ limit: 100 })).data.map(({ id }) => id);
    expect(kept).toEqual(expect.arrayContaining([open.id, disputed.id, refunded.id]));
    expect(await stripe.paymentIntents.capture(open.id)).toMatchObject({ status: 'succeeded' });
  });

  it('keeps all of them where the settings say so', async () => {
    const { stripe, control } = await start({ settings });
    await control('POST', 'settings', { payments_kept_max: null });
    for (let n = 0; n < 4; n += 1)
      await stripe.paymentIntents.create(payment, { idempotencyKey: `order-${n}` });
    expect((await stripe.paymentIntents.list()).data).toHaveLength(4);
  });
});
