import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ORDER_NOT_KNOWN } from '../../contract/stripe-events.ts';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { transferTransferGroup } from '../../domain/commands/transfer-groups.ts';
import { stripeMetadata, transferWorkflowId } from '../../domain/ids.ts';
import { SubscriptionDirectory } from '../../event-delivery/directory.ts';
import { reopenTransfer } from '../../stripe-events/reopen-transfer.ts';
import type { Waybill } from '../support/waybill.ts';
import { POLICY, request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, WITHIN } from './support.ts';

/** Without webhooks and without the feed: a test brings the events itself. */
let waybill: Waybill;
let receiver: Receiver;
beforeAll(async () => {
  waybill = await startWaybill();
  receiver = await startReceiver();
  await request(waybill, 'POST', '/v1/event_subscriptions', { body: { url: receiver.url } });
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

const TERMS = { amount: 500, currency: 'usd', destination: DESTINATION };
const handle = (id: string) => waybill.env.client.workflow.getHandle(transferWorkflowId(id));

/** Its workflow has ended. */
async function paid(id: string): Promise<string> {
  const { body } = await request(waybill, 'POST', '/v1/transfers', {
    body: { ...TERMS, id, description: 'bonus' },
  });
  await handle(id).result();
  return body.stripe_transfer;
}

/** Made by Waybill, and forgotten by Temporal. */
async function forgotten(id: string): Promise<string> {
  const own = { transfer_group: transferTransferGroup(id), metadata: stripeMetadata(id, 'cmd_pay') };
  return (await waybill.stripe.transfers.create({ ...TERMS, ...own })).id;
}

/** What the subscriber was sent of its reversals, by event. */
function reversalsTold(id: string): string[] {
  const sent = receiver.received.map(({ headers, body }) => [
    headers['webhook-id'],
    JSON.parse(String(body)),
  ]);
  return [...new Map<string, { type: string; data: { id: string; subject: string } }>(sent as never).values()]
    .filter(({ type, data }) => type === 'transfer.reversed' && data.id === id)
    .map(({ data }) => data.subject);
}

it.each([
  ['that has ended', 'ended', paid],
  ['that Temporal has forgotten', 'lost', forgotten],
])(
  'two events that take up one transfer %s at the same time announce each reversal once',
  async (_, transferId, made) => {
    const transfer = await made(transferId);
    const one = await waybill.stripe.transfers.createReversal(transfer, { amount: 100 });
    const other = await waybill.stripe.transfers.createReversal(transfer, { amount: 200 });
    const { client: temporal } = waybill.env;
    const subscriptions = new SubscriptionDirectory(temporal);
    const base = { stripe: waybill.stripe, temporal, taskQueue: 'waybill', now: Date.now };
    const bring = (eventId: string, list = () => subscriptions.list()) => {
      const subject = { kind: 'transfer', transferId, at: one.created * 1_000 } as const;
      const event = { eventId, eventType: 'transfer.reversed', own: false, subject };
      const deps = {
        ...base,
        subscriptions: { list },
        policy: { ...POLICY, onDisputeLost: 'bear' as const },
      };
      return reopenTransfer(deps, subject, event);
    };

    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isHeld = false;
    const slow = bring('evt_slow', async () => {
      isHeld = true;
      await held;
      return subscriptions.list();
    });
    slow.catch(() => {});
    await vi.waitFor(() => expect(isHeld).toBe(true), WITHIN);
    expect(await bring('evt_quick')).toBe('reopened');
    await handle(transferId).result();
    goOn();

    await expect(slow).rejects.toMatchObject({ type: ORDER_NOT_KNOWN, nonRetryable: false });
    expect(await bring('evt_slow')).toBe('ended');
    await vi.waitFor(() => expect(reversalsTold(transferId)).toHaveLength(2), WITHIN);
    expect(new Set(reversalsTold(transferId))).toEqual(new Set([one.id, other.id]));
  },
);
