import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { accountWorkflowId, payoutWorkflowId } from '../../domain/ids.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { reconciled } from './reconciled.ts';
import { days, payOut, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

const HOUR_MS = 3_600_000;

let waybill: Waybill;
let receiver: Receiver;
let secret: string;
beforeAll(async () => {
  waybill = await startWaybill();
  receiver = await startReceiver();
  const { body } = await request(waybill, 'POST', '/v1/event_subscriptions', { body: { url: receiver.url } });
  secret = body.secret;
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

/** The events of a list that may be a moment behind their deliveries. */
function listed(query: string) {
  return vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', `/v1/events?${query}`);
    expect(body.data).not.toEqual([]);
    return body.data;
  }, WITHIN);
}

interface Told {
  readonly type: string;
  readonly data: Record<string, unknown> & { id: string; sequence: number };
}

/** What the subscriber got of an object, each event once, its signature checked. */
function events(id: string): Told[] {
  const webhook = new Webhook(secret);
  const all = new Map(
    receiver.received.map(({ headers, body }) => [
      headers['webhook-id'],
      webhook.verify(body, headers as Record<string, string>) as Told,
    ]),
  );
  return [...all.values()].filter(({ data }) => data.id === id || data.reference === id);
}
const told = (id: string) => events(id).map(({ type }) => type);

/** Tells a workflow to look at Stripe, as a webhook does, until its subscriber has learned this. */
async function untilTold(id: string, workflowId: string, type: string): Promise<Told['data']> {
  const handle = waybill.env.client.workflow.getHandle(workflowId);
  return vi.waitFor(async () => {
    await handle.signal(stripeEventSignal, { eventId: randomUUID(), eventType: 'look' });
    const event = events(id).find((one) => one.type === type);
    expect(event, `${told(id)}`).toBeDefined();
    return (event as Told).data;
  }, WITHIN);
}

describe('a subscriber learns', () => {
  // First: the other tests let the sandbox's clock run ahead of what a run compares.
  it('of unexplained cents, as soon as a run has found them', async () => {
    await waybill.stripe.paymentIntents.create({
      amount: 777,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    await ensureReconciling(waybill.env.client, {
      taskQueue: 'waybill',
      everyMs: 24 * HOUR_MS,
      lookBackMs: 24 * HOUR_MS,
      pendingMs: 0,
    });
    await reconciled(waybill, { reconciled: false });
    await vi.waitFor(() => expect(told('last')).toContain('reconciliation.differences_found'), WITHIN);
    expect(events('last')[0]?.data).toMatchObject({
      object: 'reconciliation',
      report: {
        reconciled: false,
        differences: expect.arrayContaining([expect.objectContaining({ currency: 'usd' })]),
      },
      failure: null,
    });
  });

  it('that a payout is made and paid, and finds it in the list', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body: payout } = await payOut(waybill, account);
    await days(waybill, 3);
    const paid = await untilTold(payout.id, payoutWorkflowId(payout.id), 'payout.paid');
    expect(paid).toMatchObject({
      object: 'payout',
      status: 'paid',
      connected_account: account,
      amount: 600,
      stripe_payout: payout.stripe_payout,
      subject: payout.stripe_payout,
    });
    expect(events(payout.id).map(({ data }) => data.sequence)).toEqual(told(payout.id).map((_, n) => n + 1));
    const list = await listed(`payout=${payout.id}&type=payout.paid`);
    expect(list).toMatchObject([{ type: 'payout.paid', data: { id: payout.id, status: 'paid' } }]);
    const { body: shown } = await request(waybill, 'GET', `/v1/accounts/${account}/payouts/${payout.id}`);
    const { subject: _, sequence: __, ...data } = list[0].data;
    expect(data).toEqual(shown);
  });

  it('that a payout failed and needs somebody', async () => {
    const account = await seller(waybill, { bank: 'closed', earned: 1000 });
    const { body: payout } = await payOut(waybill, account);
    await days(waybill, 3);
    const failed = await untilTold(payout.id, payoutWorkflowId(payout.id), 'payout.failed');
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'account_closed' } });
    await vi.waitFor(() => expect(told(payout.id)).toContain('payout.needs_attention'), WITHIN);
  });

  it('that a transfer without an order was made, and reversed after its workflow has ended', async () => {
    const terms = { id: 'bonus', amount: 500, currency: 'usd', destination: DESTINATION, description: 'x' };
    const { body: made } = await request(waybill, 'POST', '/v1/transfers', { body: terms });
    await waybill.env.client.workflow.getHandle('transfer/bonus').result();
    const reverse = () =>
      request(waybill, 'POST', '/v1/transfers/bonus/reversals', { body: { amount: 100 } });
    const { body: once } = await reverse();
    await waybill.env.client.workflow.getHandle('transfer/bonus').result();
    const { body: twice } = await reverse();
    await vi.waitFor(() => expect(events('bonus')).toHaveLength(3), WITHIN);
    expect(events('bonus')).toMatchObject([
      { type: 'transfer.created', data: { subject: made.stripe_transfer, status: 'paid', sequence: 1 } },
      {
        type: 'transfer.reversed',
        data: { subject: once.reversals[0].id, amount_reversed: 100, sequence: 2 },
      },
      {
        type: 'transfer.reversed',
        data: {
          subject: twice.reversals[0].id,
          status: 'partially_reversed',
          amount_reversed: 200,
          sequence: 3,
        },
      },
    ]);
  });

  it('that an account is restricted, and enabled again', async () => {
    const account = await seller(waybill);
    // Its first command gives it a workflow.
    await request(waybill, 'POST', `/v1/accounts/${account}`, { body: { metadata: { shop: '7' } } });
    const workflowId = accountWorkflowId(account);
    await control(waybill, `accounts/${account}`, { requirements: { past_due: ['individual.id_number'] } });
    const restricted = await untilTold(account, workflowId, 'account.restricted');
    expect(restricted).toMatchObject({
      object: 'account',
      reference: account,
      status: 'restricted',
      metadata: { shop: '7' },
      requirements: { past_due: ['individual.id_number'] },
    });
    expect(restricted).not.toHaveProperty('external_accounts');
    await control(waybill, `accounts/${account}`, { requirements: { past_due: [] } });
    await vi.waitFor(async () => {
      await untilTold(account, workflowId, 'account.enabled');
      expect(told(account).at(-1)).toBe('account.enabled');
    }, WITHIN);
    const sequences = events(account).map(({ data }) => data.sequence);
    expect(sequences).toEqual(sequences.map((_, n) => (sequences[0] ?? 0) + n));
    expect(await listed(`account=${account}&type=account.restricted`)).toHaveLength(1);
  });

  it("of an account's events by either of its names", async () => {
    const asked = { id: 'seller-7', type: 'express', country: 'US' };
    const { body: made } = await request(waybill, 'POST', '/v1/accounts', { body: asked });
    const [event] = await listed('account=seller-7');
    expect(event).toMatchObject({ type: 'account.onboarding', data: { id: made.id, reference: 'seller-7' } });
    expect((await listed(`account=${made.id}`)).at(-1).id).toBe(event.id);
  });
});
