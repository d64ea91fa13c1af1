import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createReconciliationActivities } from '../../activities/reconciliation/reconciliation.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { reconciled } from './reconciled.ts';
import { control, createOrder, DESTINATION, unbalanced, WITHIN } from './support.ts';

const DAY_MS = 86_400_000;

let waybill: Waybill;
beforeAll(async () => {
  // An order closes as soon as nothing of it is outstanding.
  waybill = await startWaybill({ openMs: 1 });
  const schedule = { taskQueue: 'waybill', everyMs: DAY_MS, lookBackMs: DAY_MS, pendingMs: 0 };
  await ensureReconciling(waybill.env.client, schedule);
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** A sale of 10.00 whose order is closed. */
async function closedSale(id: string): Promise<void> {
  await createOrder(waybill, { id, capture_method: 'automatic', transfer_amount: 500 });
  await closed(id);
}

async function closed(id: string): Promise<void> {
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);
}

it('an order that was closed and reopened is compared once', async () => {
  await closedSale('taken-up');
  expect(
    await request(waybill, 'POST', '/v1/orders/taken-up/refunds', { body: { amount: 100 } }),
  ).toMatchObject({ status: 200 });
  await closed('taken-up');
  await reconciled(waybill, { reconciled: true, orders: { agreeing: 1, differing: 0, pending: 0 } });
});

it('an order whose payment its bank took back is compared though it is not paid', async () => {
  await control(waybill, 'settings', { bank_debit_seconds: 1 });
  const debit = { payment_method: 'pm_usBankAccount_success', transfer_amount: 500 };
  await createOrder(waybill, { id: 'taken-back', capture_method: 'automatic', ...debit });
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('taken-back'));
  await vi.waitFor(async () => {
    const { status } = await order('taken-back');
    if (status !== 'captured')
      await handle.signal('stripeEvent', { eventId: randomUUID(), eventType: 'look' });
    expect(status).toBe('captured');
  }, WITHIN);
  const { latest_charge: charge } = await order('taken-back');
  await closed('taken-back');
  await control(waybill, `charges/${charge}/fail`, { failure_code: 'account_closed' });
  await request(waybill, 'POST', '/v1/orders/taken-back/adopt', {
    body: { payment_intent: (await order('taken-back')).payment_intent },
  });
  await vi.waitFor(
    async () => expect((await order('taken-back')).status).toBe('requires_payment_method'),
    WITHIN,
  );
  await reconciled(waybill, { reconciled: true, orders: { agreeing: 2, differing: 0, pending: 0 } });
});

it('an order from before the period is compared once if its money moved in it', async () => {
  await closedSale('long-ago');
  const { payment_intent: intent } = await order('long-ago');
  const { startTime } = await waybill.env.client.workflow.getHandle(orderWorkflowId('long-ago')).describe();
  // Refunded behind its back, in two parts.
  for (const amount of [100, 150]) await waybill.stripe.refunds.create({ payment_intent: intent, amount });
  const { stripe, env } = waybill;
  const { reconcileTransactions } = createReconciliationActivities({
    stripe,
    temporal: env.client,
    taskQueue: 'waybill',
  });
  const [from, to] = [startTime.getTime() + 1, Date.now() + DAY_MS];
  const { findings } = await reconcileTransactions({ period: { from, to, expectedSince: to }, after: null });
  expect(findings.orders).toMatchObject({ differing: 1, pending: 0 });
  expect(findings.differences).toContainEqual(
    expect.objectContaining({ id: 'long-ago:usd', code: 'funds_differ', amount: -250 }),
  );
});

it('a transfer made out of an order’s charge in the Dashboard is a difference until it is marked', async () => {
  const { latest_charge: charge } = await order('taken-up');
  const transfer = await waybill.stripe.transfers.create({
    ...{ amount: 50, currency: 'usd', destination: DESTINATION },
    source_transaction: charge,
  });
  const { body } = await reconciled(waybill, { reconciled: false });
  expect(body.differences.data).toContainEqual(
    expect.objectContaining({ code: 'unknown_to_order', order: 'taken-up', amount: -50 }),
  );
  await waybill.stripe.transfers.update(transfer.id, { metadata: { waybill_explained: 'a thank-you' } });
  const { body: marked } = await reconciled(waybill, {});
  expect(marked.totals[0].explained_by.looked_at).toEqual({ count: 1, amount: -50 });
  expect(marked.differences.data).not.toContainEqual(expect.objectContaining({ amount: -50 }));
});

it('a special-case transfer that was paid again under its id is a difference', async () => {
  const funds = { payment_method: 'pm_card_bypassPending', amount: 5000, transfer_amount: 100 };
  await createOrder(waybill, { id: 'funds', capture_method: 'automatic', ...funds });
  const terms = { amount: 250, currency: 'usd', destination: DESTINATION };
  const bonus = { id: 'bonus', ...terms, description: 'seller of the month' };
  expect(await request(waybill, 'POST', '/v1/transfers', { body: bonus })).toMatchObject({ status: 201 });
  const [paid] = (await waybill.stripe.transfers.list({ limit: 1 })).data;
  await waybill.stripe.transfers.create({ ...terms, metadata: { ...paid?.metadata } });
  const { body } = await reconciled(waybill, { reconciled: false });
  expect(body.totals[0].explained_by.special_case_transfer).toEqual({ count: 1, amount: -250 });
  expect(body.differences.data).toContainEqual(
    expect.objectContaining({ code: 'foreign_transfer', amount: -250 }),
  );
});
