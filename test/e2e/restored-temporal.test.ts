import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, madeAtStripe, unbalanced, WITHIN } from './support.ts';

/** Stripe forgets an idempotency key after a day. */
const LOST_SECONDS = 25 * 3_600;
const home = mkdtempSync(join(tmpdir(), 'waybill-restored-'));
const live = join(home, 'temporal');
const backup = join(home, 'backup');

let waybill: Waybill;
let first: Record<string, Answer>;
/** The run of the order that the backup does not have. */
let lostRun: string;
let before: Awaited<ReturnType<typeof madeAtStripe>>;

const automatic = (id: string) => () =>
  createOrder(waybill, { id, capture_method: 'automatic', transfer_amount: 800 }, { key: id });
const post = (path: string, key: string, body: object) => () => request(waybill, 'POST', path, { body, key });

/** What was asked before the backup, and is in it. */
const EARLIER = {
  held: () => createOrder(waybill, { id: 'held' }, { key: 'held' }),
  paid: automatic('paid'),
  funds: () =>
    createOrder(
      waybill,
      {
        id: 'funds',
        payment_method: 'pm_card_bypassPending',
        capture_method: 'automatic',
        application_fee_amount: 500,
      },
      { key: 'funds' },
    ),
  parts: () => createOrder(waybill, { id: 'parts', request_multicapture: true }, { key: 'parts' }),
  firstRefund: post('/v1/orders/paid/refunds', 'first-refund', { amount: 100 }),
};
/** What was asked after the backup. */
const LATER = {
  capture: post('/v1/orders/held/capture', 'capture', {}),
  firstPart: post('/v1/orders/parts/capture', 'first-part', { amount: 300, final: false }),
  secondPart: post('/v1/orders/parts/capture', 'second-part', { amount: 200, final: false }),
  refund: post('/v1/orders/paid/refunds', 'refund', { amount: 200 }),
  order: automatic('new'),
  refundOfNew: post('/v1/orders/new/refunds', 'refund-of-new', { amount: 300 }),
  heldNew: () => createOrder(waybill, { id: 'held-new' }, { key: 'held-new' }),
  captureOfNew: post('/v1/orders/held-new/capture', 'capture-of-new', {}),
  transfer: post('/v1/transfers', 'transfer', {
    id: 'bonus',
    amount: 70,
    currency: 'usd',
    destination: DESTINATION,
    description: 'bonus',
  }),
  reversal: post('/v1/transfers/bonus/reversals', 'reversal', { amount: 30 }),
  transferOfOrder: post('/v1/orders/paid/transfers', 'transfer-of-order', { amount: 50, description: 'tip' }),
};

const start = () =>
  startWaybill(
    {},
    { syncEveryMs: 1_000 },
    {
      serverArgs: ['--db-filename', join(live, 'temporal.db')],
      sandboxOptions: { dataDir: join(home, 'sandbox') },
    },
  );

async function each(requests: Record<string, () => Promise<Answer>>): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {};
  for (const [name, ask] of Object.entries(requests)) answers[name] = await ask();
  return answers;
}

const runOfNew = async () =>
  (await waybill.env.client.workflow.getHandle(orderWorkflowId('new')).describe()).runId;

beforeAll(async () => {
  mkdirSync(live);
  waybill = await start();
  await control(waybill, 'settings', { multicapture: true });
  const earlier = await each(EARLIER);
  await waybill.stop();
  cpSync(live, backup, { recursive: true });

  waybill = await start();
  first = { ...earlier, ...(await each(LATER)) };
  lostRun = await runOfNew();
  await control(waybill, 'clock/advance', { seconds: LOST_SECONDS });
  before = await madeAtStripe(waybill);
  await waybill.stop();
  rmSync(live, { recursive: true });
  cpSync(backup, live, { recursive: true });
  waybill = await start();
});
afterAll(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
  await waybill?.stop();
  rmSync(home, { recursive: true });
});

describe('with Temporal restored from a backup of a day ago', () => {
  it('every request was carried out once before', () => {
    for (const [name, { status }] of Object.entries(first)) expect([200, 201], name).toContain(status);
    const [charges, refunds, , payments] = before.ids;
    expect([charges, refunds, payments].map((ids) => ids?.length)).toEqual([6, 3, 6]);
  });

  it('orders of the lost day are as Stripe has them', async () => {
    // The feed of missed events may be rebuilding them.
    await vi.waitFor(async () => {
      expect(await request(waybill, 'GET', '/v1/orders/new')).toMatchObject({
        status: 200,
        body: { payment_intent: first.order?.body.payment_intent, amount_refunded: 300 },
      });
      expect(await request(waybill, 'GET', '/v1/orders/held-new')).toMatchObject({
        body: { status: 'captured', payment_intent: first.heldNew?.body.payment_intent },
      });
    }, WITHIN);
  });

  it.each([...Object.keys(LATER), ...Object.keys(EARLIER)])(
    '%s: a repeat under its own key moves nothing',
    async (name) => {
      const again = await { ...EARLIER, ...LATER }[name as keyof typeof LATER]();
      expect(again.status).toBe(first[name]?.status);
      expect(await madeAtStripe(waybill)).toEqual(before);
    },
  );

  it('a repeat with another body is refused, also where an event has rebuilt the order from Stripe', async () => {
    const other = { id: 'new', capture_method: 'automatic', amount: 999 };
    expect(await createOrder(waybill, other, { key: 'new' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    const unknown = await createOrder(waybill, other, { key: 'unknown' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'order_exists' } });
    expect(await madeAtStripe(waybill)).toEqual(before);
  });

  it('the order of the lost day has a workflow again, which is another', async () => {
    expect(await runOfNew()).not.toBe(lostRun);
  });

  it('orders of before show what happened to them in the lost day', async () => {
    const held = await request(waybill, 'GET', '/v1/orders/held');
    expect(held.body).toMatchObject({
      status: 'captured',
      needs_attention: null,
      payment_intent: first.held?.body.payment_intent,
    });
    const parts = await request(waybill, 'GET', '/v1/orders/parts');
    expect(parts.body).toMatchObject({ status: 'authorized', amount_captured: 500, needs_attention: null });
    const paid = await request(waybill, 'GET', '/v1/orders/paid');
    expect(paid.body).toMatchObject({ amount_refunded: 300, needs_attention: null });
  });
});
