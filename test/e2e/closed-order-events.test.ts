import { WorkflowNotFoundError } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EndedOrders } from '../../api/backend/ended-orders.ts';
import { updateOf } from '../../contract/command-messages.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import type { OrderInput } from '../../contract/orders.ts';
import { orderQuery } from '../../contract/orders.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { AccountDirectory } from '../../stripe/account-directory.ts';
import { envelope } from '../support/builders.ts';
import { COMMANDS } from '../support/order-bench.ts';
import { FORGETS_AT_ONCE } from '../support/server-args.ts';
import type { Waybill } from '../support/waybill.ts';
import { POLICY, request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, endFaults, HELD_BACK, putInReview, unbalanced, WITHIN } from './support.ts';

const DAY_SECONDS = 86_400;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill(
    { openMs: 1 },
    { webhooks: true },
    { serverArgs: FORGETS_AT_ONCE, onDisputeLost: 'recover' },
  );
  await control(waybill, 'settings', { incremental_authorization: true });
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

async function shows(id: string, expected: object) {
  await vi.waitFor(async () => expect(await order(id)).toMatchObject(expected), WITHIN);
}

/** Its workflow has ended. */
async function closed(id: string): Promise<void> {
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);
}

/** A sale of 10.00 with a fee of 1.23, captured at once, whose order is closed. */
async function closedSale(body: Record<string, unknown> = {}) {
  const terms = { capture_method: 'automatic', application_fee_amount: 123, on_dispute_lost: 'bear' };
  const sale = { ...terms, ...body };
  const { body: sold } = await createOrder(waybill, sale);
  await closed(sold.id);
  return sold;
}

const resolve = (id: string, body: Record<string, unknown>) =>
  request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body });

/** As after a restore of an older backup. */
async function forget(id: string): Promise<void> {
  const { client, namespace = 'default' } = waybill.env;
  const workflowId = orderWorkflowId(id);
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  await vi.waitFor(async () => {
    await expect(client.workflow.getHandle(workflowId).describe()).rejects.toThrow(WorkflowNotFoundError);
  }, WITHIN);
}

/** First, while Stripe's clock is the service's: an authorization lapses by the one and is renewed by the other. */
describe('the request that made an order that Temporal has forgotten', () => {
  it('is answered as a repeat once an event has rebuilt it, also where its authorization was renewed', async () => {
    const customer = await waybill.stripe.customers.create({});
    const method = await waybill.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    await control(waybill, 'settings', { capture_window_seconds: 10 });
    const renewing = {
      id: 'renewed',
      customer: customer.id,
      payment_method: method.id,
      on_capture_expiry: 'reauthorize',
    };
    const { body: first } = await createOrder(waybill, renewing, { key: 'renewed' });
    await control(waybill, 'settings', { capture_window_seconds: null });
    await shows('renewed', { status: 'authorized', reauthorizations: 1 });
    const { body: captured } = await request(waybill, 'POST', '/v1/orders/renewed/capture');
    expect(captured.payment_intent).not.toBe(first.payment_intent);
    await closed('renewed');
    await forget('renewed');
    await control(waybill, `charges/${captured.latest_charge}/dispute`);
    await shows('renewed', { needs_attention: { code: 'dispute_needs_response' } });

    const again = await createOrder(waybill, renewing, { key: 'renewed' });
    expect(again).toMatchObject({ status: 201, body: { payment_intent: captured.payment_intent } });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await createOrder(waybill, { ...renewing, amount: 999 }, { key: 'renewed' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await createOrder(waybill, renewing, { key: 'another' })).toMatchObject({
      status: 409,
      body: { code: 'order_exists' },
    });
  });

  it('is answered as a repeat while the order is being rebuilt, which reads as Stripe has it', async () => {
    const body = { id: 'unread', capture_method: 'automatic' };
    const { body: sold } = await createOrder(waybill, body, { key: 'unread' });
    await closed('unread');
    const { client } = waybill.env;
    const workflowId = orderWorkflowId('unread');
    const { terms, livemode } = await client.workflow.getHandle(workflowId).query(orderQuery);
    await forget('unread');
    const path = `/v1/payment_intents/${sold.payment_intent}`;
    await control(waybill, 'faults', { match: { method: 'GET', path }, effect: HELD_BACK });
    const policy = { ...POLICY, openMs: 1, onDisputeLost: 'bear' } as const;
    const input: OrderInput = {
      terms,
      livemode,
      policy,
      authorize: envelope('evt_1'),
      adopt: { paymentIntent: sold.payment_intent, memory: null },
    };
    const { workflowType, memo, searchAttributes } = orderBeginning(input, 'waybill');
    await client.workflow.start(workflowType, {
      workflowId,
      taskQueue: 'waybill',
      args: [input],
      memo,
      typedSearchAttributes: searchAttributes,
    });
    await vi.waitFor(async () => {
      const faults = await (await fetch(`${waybill.sandboxUrl}/_sandbox/faults`)).json();
      expect(faults).toMatchObject({ data: [{ fired: 1 }] });
    }, WITHIN);

    const asStripeHasIt = { status: 'captured', payment_intent: sold.payment_intent };
    expect(await order('unread')).toMatchObject(asStripeHasIt);
    const again = await createOrder(waybill, body, { key: 'unread' });
    expect(again).toMatchObject({ status: 201, body: asStripeHasIt });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    const unread = await client.workflow.getHandle(workflowId).query(orderQuery);
    expect(unread.payment.status).toBe('pending');
    // It was closed when the refund came, and is being reopened when that is to be reopened for the refund.
    const { stripe, env } = waybill;
    const logger = pino({ level: 'silent' });
    const deps = { temporal: env.client, taskQueue: 'waybill', stripe, policy, livemode, logger };
    const events = { announcing: async <Input>(given: Input) => given };
    const { kind, ...refund } = { ...COMMANDS.refund, amount: 250 };
    const command = envelope('refund-1');
    const refunded = new EndedOrders(deps, events, new AccountDirectory(stripe)).command(
      {
        orderId: 'unread',
        closed: unread,
        update: updateOf<Order>(ORDER_COMMANDS.refund),
        message: messageOf(command, refund),
        command: { kind, ...command, ...refund },
      },
      WITHIN.timeout,
    );
    await endFaults(waybill);
    expect(await refunded).toMatchObject({
      result: { outcome: 'done' },
      state: { refunds: [{ amount: 250 }] },
    });
    await closed('unread');
  });
});

describe('an order that is closed', () => {
  it('is reopened by a dispute, with its memory, and answers it as any order', async () => {
    const { id, latest_charge: charge } = await closedSale();
    await control(waybill, `charges/${charge}/dispute`);
    await shows(id, {
      status: 'captured',
      dispute: { status: 'needs_response' },
      funds: { platform_net: 64 - 2500, connected_net: 877 },
      needs_attention: { code: 'dispute_needs_response' },
    });
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/orders?limit=100&needs_attention=true');
      expect(body.data.map((found: { id: string }) => found.id)).toContain(id);
    }, WITHIN);
    const { body: timeline } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
    const commands = timeline.data.flatMap(({ type, name, actor }: Record<string, string>) =>
      type === 'command' ? [[name, actor]] : [],
    );
    expect(commands).toEqual([
      ['authorize', 'dev_ops'],
      ['adopt', 'stripe'],
    ]);
    const accepted = await request(waybill, 'POST', `/v1/orders/${id}/dispute/accept`);
    expect(accepted).toMatchObject({ status: 200, body: { dispute: { status: 'lost' } } });
    await closed(id);
  });

  it('is reopened by a refund that fails late, and by one made in the Dashboard', async () => {
    const { id, payment_intent: intent } = await closedSale();
    const { id: refund } = await waybill.stripe.refunds.create({ payment_intent: intent, amount: 300 });
    await shows(id, { amount_refunded: 300, refunds: [{ id: refund }] });
    await closed(id);
    await control(waybill, `refunds/${refund}/fail`);
    await shows(id, { amount_refunded: 0, needs_attention: { code: 'refund_failed', subject: refund } });
    await resolve(id, { action: 'acknowledge', stripe_id: refund, reason: 'paid in cash' });
    await closed(id);

    await waybill.stripe.refunds.create({ payment_intent: intent, amount: 200 });
    await shows(id, { amount_refunded: 200, needs_attention: null });
    expect((await order(id)).notices).toMatchObject([{ code: 'refund_failed', acknowledged_by: 'dev_ops' }]);
  });

  it('is reopened by the number that a bank gives its refund, which its timeline says once', async () => {
    const { id, payment_intent: intent } = await closedSale();
    const { id: refund } = await waybill.stripe.refunds.create({ payment_intent: intent, amount: 300 });
    await shows(id, { refunds: [{ id: refund, reference: null, reference_status: 'pending' }] });
    await closed(id);
    await control(waybill, 'clock/advance', { seconds: DAY_SECONDS });
    await shows(id, { refunds: [{ id: refund, reference_status: 'available' }] });
    await closed(id);

    const named = async (name: string) => {
      const { body } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
      return body.data.filter((entry: { name: string }) => entry.name === name);
    };
    const { length: times } = await named('adopt');
    // Its refund is read anew then.
    await waybill.stripe.refunds.update(refund, { metadata: { note: 'looked at' } });
    await vi.waitFor(async () => expect((await named('adopt')).length).toBeGreaterThan(times), WITHIN);
    await closed(id);
    expect(await named('refund_reference')).toMatchObject([
      { stripe_id: refund, detail: `acquirer_reference_number ${(await order(id)).refunds[0].reference}` },
    ]);
  });

  it('is reopened by an early fraud warning, and closes again once somebody has seen it', async () => {
    const { id, latest_charge: charge } = await closedSale();
    await control(waybill, `charges/${charge}/fraud_warning`);
    await shows(id, {
      status: 'captured',
      needs_attention: { code: 'early_fraud_warning', subject: charge },
    });
    await resolve(id, { action: 'acknowledge', reason: 'the customer is known' });
    await closed(id);
    expect((await order(id)).needs_attention).toBeNull();
  });

  it('is reopened by a review, and closes again once that is closed', async () => {
    const { id, latest_charge: charge } = await closedSale();
    const review = await putInReview(waybill, charge);
    await shows(id, { needs_attention: { code: 'payment_in_review', subject: review } });
    await waybill.stripe.reviews.approve(review);
    await closed(id);
    expect((await order(id)).needs_attention).toBeNull();
  });

  it.each([
    ['more was authorized than agreed at first', { request_incremental_authorization: true }],
    ['somebody took another fee at its capture', {}],
  ])('is reopened though %s', async (why, terms) => {
    const sale = { capture_method: 'manual', application_fee_amount: 123, ...terms };
    const { body: sold } = await createOrder(waybill, sale);
    const { id, payment_intent: intent } = sold;
    if (why.startsWith('more')) {
      await request(waybill, 'POST', `/v1/orders/${id}/increment`, { body: { amount: 1200 } });
      await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    } else {
      await waybill.stripe.paymentIntents.capture(intent, { application_fee_amount: 100 });
    }
    await closed(id);
    await waybill.stripe.refunds.create({ payment_intent: intent, amount: 200 });
    await shows(id, { status: 'captured', amount_refunded: 200 });
    await closed(id);
    const body = { amount: 100 };
    const refunded = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body });
    expect(refunded).toMatchObject({ status: 200, body: { amount_refunded: 300 } });
  });

  it('stays closed if none of its money moved', async () => {
    const { id, latest_charge: charge } = await closedSale();
    await waybill.stripe.charges.update(charge, { description: 'seen' });
    await control(waybill, 'webhooks/settle');
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  it('recovers nothing a second time when it is reopened, even when Stripe has forgotten the key', async () => {
    const { id, latest_charge: charge, transfer } = await closedSale({ on_dispute_lost: 'recover' });
    await control(waybill, `charges/${charge}/dispute`, { amount: 400 });
    await shows(id, { dispute: { status: 'needs_response' } });
    await control(waybill, `disputes/${(await order(id)).dispute.id}/decide`, { verdict: 'lost' });
    const recovered = {
      dispute: { recovery: { status: 'recovered' } },
      funds: { connected_net: 877 - 400 + 49 },
    };
    await shows(id, recovered);
    await closed(id);
    await control(waybill, 'clock/advance', { seconds: 2 * DAY_SECONDS });

    const body = { amount: 10, description: 'goodwill' };
    const paid = await request(waybill, 'POST', `/v1/orders/${id}/transfers`, { body });
    expect(paid.body).toMatchObject({ funds: { connected_net: 877 - 400 + 49 + 10 } });
    await closed(id);
    await shows(id, { dispute: { recovery: { status: 'recovered' } } });
    expect((await waybill.stripe.transfers.listReversals(transfer)).data).toHaveLength(1);
  });
});

it('an order that Temporal has forgotten is rebuilt from Stripe by a dispute, with the service’s default', async () => {
  const { id, latest_charge: charge } = await closedSale({ on_dispute_lost: 'recover' });
  await forget(id);
  expect(await order(id)).toMatchObject({ status: 'captured', on_dispute_lost: 'recover' });
  await control(waybill, `charges/${charge}/dispute`);
  await shows(id, {
    dispute: { status: 'needs_response' },
    needs_attention: { code: 'dispute_needs_response' },
  });
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await control(waybill, `disputes/${(await order(id)).dispute.id}/decide`, { verdict: 'lost' });
  await shows(id, { on_dispute_lost: 'recover', dispute: { recovery: { status: 'recovered' } } });
});
