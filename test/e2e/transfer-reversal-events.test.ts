import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { transferTransferGroup } from '../../domain/commands/transfer-groups.ts';
import {
  idempotencyKey,
  stripeEventWorkflowId,
  stripeMetadata,
  transferWorkflowId,
} from '../../domain/ids.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

describe.each([
  ['webhooks', { webhooks: true }],
  ['the feed of missed events alone', { syncEveryMs: 1_000 }],
])('with %s, a subscriber learns of a transfer without an order', (_, hearing) => {
  let waybill: Waybill;
  let receiver: Receiver;
  beforeAll(async () => {
    waybill = await startWaybill({}, hearing);
    receiver = await startReceiver();
    await request(waybill, 'POST', '/v1/event_subscriptions', { body: { url: receiver.url } });
    // What transfers and payouts take from.
    await createOrder(waybill, {
      amount: 50_000,
      payment_method: 'pm_card_bypassPending',
      capture_method: 'automatic',
      transfer_amount: 1,
    });
  });
  afterAll(async () => {
    await receiver?.stop();
    await waybill?.stop();
  });

  /** What the subscriber got of an object in the order of its numbers, each event once. */
  function told(id: string): { type: string; data: Record<string, unknown> }[] {
    const all = new Map(
      receiver.received.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(String(body))]),
    );
    const own = [...all.values()].filter(({ data }) => data.id === id);
    return own.toSorted((one, other) => one.data.sequence - other.data.sequence);
  }
  const handle = (id: string) => waybill.env.client.workflow.getHandle(transferWorkflowId(id));
  const transfers = () => waybill.stripe.transfers;

  /** Its workflow has ended. */
  async function paid(id: string): Promise<string> {
    const body = { id, amount: 500, currency: 'usd', destination: DESTINATION, description: 'bonus' };
    const { body: made } = await request(waybill, 'POST', '/v1/transfers', { body });
    await handle(id).result();
    return made.stripe_transfer;
  }

  async function reversalsTold(id: string, subjects: readonly string[]) {
    await vi.waitFor(() => {
      const reversed = told(id).filter(({ type }) => type === 'transfer.reversed');
      expect(reversed.map(({ data }) => data.subject)).toEqual(subjects);
    }, WITHIN);
  }

  const reversalsIn = (timeline: { data: { name: string; stripe_id: string }[] }) =>
    timeline.data.filter(({ name }) => name === 'transfer_reversal').map(({ stripe_id }) => stripe_id);
  const timelineOf = async (id: string) =>
    (await request(waybill, 'GET', `/v1/transfers/${id}/timeline`)).body;

  it('that somebody reversed it at Stripe, once, and not twice what Waybill reversed', async () => {
    const transfer = await paid('mixed');
    const first = await transfers().createReversal(transfer, { amount: 200 });
    await reversalsTold('mixed', [first.id]);
    await handle('mixed').result();
    expect(told('mixed').at(-1)).toMatchObject({
      type: 'transfer.reversed',
      data: {
        id: 'mixed',
        object: 'transfer',
        status: 'partially_reversed',
        amount_reversed: 200,
        reversals: [{ id: first.id, amount: 200 }],
        stripe_transfer: transfer,
        needs_attention: null,
        sequence: 2,
      },
    });
    expect((await timelineOf('mixed')).data).toContainEqual(
      expect.objectContaining({
        type: 'event',
        name: 'transfer_reversal',
        actor: 'stripe',
        stripe_id: first.id,
      }),
    );

    const { body } = await request(waybill, 'POST', '/v1/transfers/mixed/reversals', {
      body: { amount: 100 },
    });
    const [own] = body.reversals;
    await handle('mixed').result();
    const rest = await transfers().createReversal(transfer);
    await reversalsTold('mixed', [first.id, own.id, rest.id]);
    // This run read all of them: had it known one less, it would have told of it.
    await handle('mixed').result();
    expect(told('mixed').map(({ data: { sequence, status } }) => [sequence, status])).toEqual([
      [1, 'paid'],
      [2, 'partially_reversed'],
      [3, 'partially_reversed'],
      [4, 'reversed'],
    ]);
    expect(reversalsIn(await timelineOf('mixed'))).toEqual([first.id, rest.id]);
  });

  /** Brings an event about it once more, under another id, and says what became of it. */
  async function delivered(transferId: string, at: number) {
    const to = { temporal: waybill.env.client, taskQueue: 'waybill' };
    const eventId = `evt_${randomUUID()}`;
    const subject = { kind: 'transfer', transferId, at } as const;
    expect(await deliver(to, { eventId, eventType: 'transfer.reversed', own: false, subject })).toBe(
      'parked',
    );
    return waybill.env.client.workflow.getHandle(stripeEventWorkflowId(eventId)).result();
  }

  it('nothing by an event that is late, or of a transfer that Waybill did not make', async () => {
    const { id, created } = await transfers().createReversal(await paid('late'));
    await reversalsTold('late', [id]);
    const { runId } = await handle('late').describe();
    await handle('late').result();
    expect(await delivered('late', created * 1_000)).toBe('ended');
    expect((await handle('late').describe()).runId).toBe(runId);
    expect(await delivered('nobody-made-it', created * 1_000)).toBe('foreign');
    await expect(handle('nobody-made-it').describe()).rejects.toThrow(WorkflowNotFoundError);
    expect(told('late')).toHaveLength(2);
  });

  /** Made by Waybill, 1.00 of it taken back by Waybill, and an hour later forgotten by Temporal. */
  async function forgotten(id: string): Promise<{ transfer: string; old: string }> {
    const made = await transfers().create({
      amount: 500,
      currency: 'usd',
      destination: DESTINATION,
      transfer_group: transferTransferGroup(id),
      metadata: stripeMetadata(id, 'cmd_pay'),
    });
    const key = {
      operation: 'reverse_transfer',
      operationId: 'cmd_old',
      generation: 0,
      orderId: id,
    } as const;
    const options = { idempotencyKey: idempotencyKey(key) };
    const old = await transfers().createReversal(made.id, { amount: 100 }, options);
    await control(waybill, 'clock/advance', { seconds: 3_600 });
    return { transfer: made.id, old: old.id };
  }

  it('what somebody reverses once Temporal has forgotten it, and nothing older', async () => {
    const { transfer, old } = await forgotten('forgotten');
    const { id, created } = await transfers().createReversal(transfer, { amount: 50 });
    await reversalsTold('forgotten', [id]);
    expect(told('forgotten')).toMatchObject([
      { data: { status: 'partially_reversed', amount_reversed: 150, reversals: [{ id }, { id: old }] } },
    ]);
    await handle('forgotten').result();
    expect(await delivered('forgotten', created * 1_000)).toBe('ended');
  });

  it('the same, once a command has reopened what Temporal had forgotten', async () => {
    const { transfer, old } = await forgotten('commanded');
    expect(await delivered('commanded', Date.now() + 7 * 86_400_000)).toBe('ended');
    const { body } = await request(waybill, 'POST', '/v1/transfers/commanded/reversals', {
      body: { amount: 50 },
    });
    const [own] = body.reversals;
    await handle('commanded').result();
    const last = await transfers().createReversal(transfer);
    await reversalsTold('commanded', [own.id, last.id]);
    expect(told('commanded').at(-1)?.data.reversals).toMatchObject([
      { id: last.id },
      { id: own.id },
      { id: old },
    ]);
  });
});
