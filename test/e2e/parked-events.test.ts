import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, DESTINATION } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterAll(() => waybill?.stop());

/** A payment that somebody else made on the platform. */
function paidElsewhere(metadata: Record<string, string> = {}) {
  return waybill.stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    transfer_data: { destination: DESTINATION },
    metadata,
  });
}

async function newest(type: string): Promise<string> {
  const { data } = await waybill.stripe.events.list({ type, limit: 1 });
  return data[0]?.id ?? '';
}

/** The workflow that keeps an event, and how it ended. */
function keeping(event: string) {
  return waybill.env.client.workflow.getHandle(`stripe-event/${event}`);
}

async function counted(type: string, outcome: string): Promise<number> {
  const text = await (await fetch(`${waybill.apiUrl}/metrics`)).text();
  const name = `waybill_stripe_events_total{type="${type}",outcome="${outcome}"}`;
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')[1] ?? 0,
  );
}

describe('an event of a payment that Waybill did not make', () => {
  it('is ignored, and counted as foreign', async () => {
    const before = await counted('payment_intent.succeeded', 'foreign');
    await paidElsewhere();
    await control(waybill, 'webhooks/settle');
    expect(await counted('payment_intent.succeeded', 'foreign')).toBe(before + 1);
    await expect(keeping(await newest('payment_intent.succeeded')).describe()).rejects.toThrow();
  });

  it('is parked if it does not say so itself, until Stripe shows whose it is', async () => {
    const { id } = await paidElsewhere();
    await waybill.stripe.refunds.create({ payment_intent: id });
    await control(waybill, 'webhooks/settle');
    expect(await keeping(await newest('refund.created')).result()).toBe('foreign');
  });
});

it('an event of a payment with a foreign order id in its metadata is ignored', async () => {
  const { id } = await paidElsewhere({ waybill_order: 'their own / words' });
  await waybill.stripe.refunds.create({ payment_intent: id });
  await control(waybill, 'webhooks/settle');
  expect(await keeping(await newest('refund.created')).result()).toBe('foreign');
});

it('an event of a transfer that somebody else made is not parked', async () => {
  await createOrder(waybill, {
    payment_method: 'pm_card_bypassPending',
    capture_method: 'automatic',
    transfer_amount: 1,
  });
  const { id } = await waybill.stripe.transfers.create({
    amount: 10,
    currency: 'usd',
    destination: DESTINATION,
  });
  const before = await counted('transfer.reversed', 'ignored');
  await waybill.stripe.transfers.createReversal(id);
  await control(waybill, 'webhooks/settle');
  expect(await counted('transfer.reversed', 'ignored')).toBe(before + 1);
});

it('an event that comes before its order is parked until the order is there', async () => {
  await paidElsewhere({ waybill_order: 'comes-later' });
  await control(waybill, 'webhooks/settle');
  const kept = keeping(await newest('payment_intent.succeeded'));
  expect((await kept.describe()).status.name).toBe('RUNNING');
  expect((await createOrder(waybill, { id: 'comes-later' })).status).toBe(201);
  expect(await kept.result()).toBe('signaled');
});

it('an event of an order that has ended is acknowledged and changes nothing', async () => {
  const { body } = await createOrder(waybill);
  await waybill.stripe.paymentIntents.cancel(body.payment_intent);
  const handle = waybill.env.client.workflow.getHandle(`order/${body.id}`);
  await handle.result();
  await control(waybill, 'webhooks/settle');
  const before = await counted('payment_intent.canceled', 'ended');
  const response = await fetch(
    `${waybill.sandboxUrl}/_sandbox/webhooks?type=payment_intent.canceled&limit=1`,
  );
  const { data } = (await response.json()) as { data: { id: string }[] };
  await control(waybill, `webhooks/${data[0]?.id}/send`);
  expect(await counted('payment_intent.canceled', 'ended')).toBe(before + 1);
});

it('events of connected accounts, signed with the secret of Connect, are accepted', async () => {
  // No order names it: one that waits for its capture has the account followed.
  const before = await counted('account.updated', 'ignored');
  await control(waybill, 'accounts/acct_1WaybillUSXpress', {
    requirements: { eventually_due: ['tos_acceptance.date'] },
  });
  await control(waybill, 'webhooks/settle');
  await vi.waitFor(async () => {
    expect(await counted('account.updated', 'ignored')).toBeGreaterThan(before);
  }, WITHIN);
});
