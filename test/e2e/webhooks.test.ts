import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveApp } from '../api/serve-app.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, STATE_SECRET, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, DESTINATION, unbalanced } from './support.ts';

/** Nothing is fed by a schedule: what an order learns here, it learns by webhook. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'webhooks', {});
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** How often the timeline has each of Stripe's events. */
async function heard(id: string): Promise<string[]> {
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
  return body.data
    .filter(({ type }: { type: string }) => type === 'event')
    .map(({ name }: { name: string }) => name);
}

describe('a change made elsewhere at Stripe', () => {
  it('reaches the order: a capture', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.capture(body.payment_intent, { amount_to_capture: 400 });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({
        status: 'captured',
        amount_captured: 400,
        complete: true,
      });
    }, WITHIN);
    expect(await heard(body.id)).toContain('payment_intent.succeeded');
  });

  it('reaches the order: a cancellation', async () => {
    const { body } = await createOrder(waybill);
    await waybill.stripe.paymentIntents.cancel(body.payment_intent, { cancellation_reason: 'duplicate' });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({ status: 'canceled', cancellation_reason: 'duplicate' });
    }, WITHIN);
  });

  it('reaches the order: refunds, with what the seller and the fee returned', async () => {
    const { body } = await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
    const { stripe } = waybill;
    await stripe.refunds.create({ payment_intent: body.payment_intent, amount: 300 });
    await stripe.refunds.create({
      payment_intent: body.payment_intent,
      amount: 700,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    await vi.waitFor(async () => {
      expect(await order(body.id)).toMatchObject({
        status: 'refunded',
        amount_refunded: 1000,
        refunds: [
          { amount: 300, transfer_reversal: null, application_fee_refunded: 0 },
          { amount: 700, transfer_reversal: { amount: 700 }, application_fee_refunded: 86 },
        ],
        // 10.00 − 0.59 − 3.00 − 7.00; the connected account keeps 3.00 less the rest of the fee.
        funds: { platform_net: -322, connected_net: 263 },
      });
    }, WITHIN);
  });
});

describe('a special-case transfer that is reversed in the Dashboard', () => {
  async function paidMore(destination = DESTINATION) {
    const { body } = await createOrder(waybill, { capture_method: 'automatic', transfer_amount: 800 });
    const paid = await request(waybill, 'POST', `/v1/orders/${body.id}/transfers`, {
      body: { amount: 100, description: 'too much', destination },
    });
    // 10.00 − 0.59 − 8.00 − 1.00.
    expect(paid.body.funds).toMatchObject({ platform_net: 41 });
    return { ...paid.body, special: paid.body.transfers[0].id };
  }

  it('shows in the order’s funds', async () => {
    const { id, payment_intent: intent, special } = await paidMore();
    await waybill.stripe.transfers.createReversal(special, { amount: 30 });
    const reversed = {
      adjustments: [{ object: 'transfer_reversal', amount: 30 }],
      funds: { platform_net: 71, connected_net: 870 },
    };
    await vi.waitFor(async () => expect(await order(id)).toMatchObject(reversed), WITHIN);
    await waybill.stripe.refunds.create({ payment_intent: intent, amount: 200 });
    await vi.waitFor(async () => expect(await order(id)).toMatchObject({ amount_refunded: 200 }), WITHIN);
    expect((await order(id)).adjustments).toHaveLength(1);
  });

  it('takes nothing from the order’s own account if it went to another', async () => {
    const { id, special } = await paidMore('acct_1WaybillUSXpress');
    await waybill.stripe.transfers.createReversal(special);
    const reversed = { adjustments: [{ amount: 100 }], funds: { platform_net: 141, connected_net: 800 } };
    await vi.waitFor(async () => expect(await order(id)).toMatchObject(reversed), WITHIN);
  });
});

it('a refund of Waybill’s own that the customer’s bank sends back no longer counts; the reversal stays', async () => {
  const { body } = await createOrder(waybill, { capture_method: 'automatic', application_fee_amount: 123 });
  const refunded = await request(waybill, 'POST', `/v1/orders/${body.id}/refunds`, {
    body: { reverse_transfer: true, refund_application_fee: true },
  });
  expect(refunded.body.status).toBe('refunded');
  await control(waybill, `refunds/${refunded.body.refunds[0].id}/fail`);
  await vi.waitFor(async () => {
    expect(await order(body.id)).toMatchObject({
      status: 'captured',
      amount_refunded: 0,
      refunds: [{ status: 'failed', application_fee_refunded: 123, transfer_reversal: { amount: 1000 } }],
      // The platform has it all, less Stripe's fee: nothing was given back, and the seller's part was taken back.
      funds: { gross: 1000, stripe_fee: 59, platform_net: 941, connected_net: 0 },
      complete: true,
    });
  }, WITHIN);
});

it('an order is not signaled about its own requests', async () => {
  const { body } = await createOrder(waybill);
  await request(waybill, 'POST', `/v1/orders/${body.id}/capture`);
  await control(waybill, 'webhooks/settle');
  expect(await heard(body.id)).toEqual([]);
});

describe('a restriction of an account that Waybill did not make', () => {
  async function madeElsewhere(): Promise<string> {
    const { id } = await waybill.stripe.accounts.create({
      type: 'custom',
      country: 'US',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    await control(waybill, `accounts/${id}`, {
      capabilities: { transfers: 'active', card_payments: 'active' },
    });
    return id;
  }
  const workflows = async (account: string) =>
    (await waybill.env.client.workflow.count(`WorkflowType = 'account' AND ConnectedAccount = '${account}'`))
      .count;

  it('reaches the order that names it, by a webhook alone', async () => {
    const account = await madeElsewhere();
    const { body } = await createOrder(waybill, { connected_account: account });
    const query = `OrderStatus = 'authorized' AND ConnectedAccount = '${account}'`;
    await vi.waitFor(async () => {
      expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
    }, WITHIN);
    expect(await workflows(account)).toBe(0);
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'inactive' } });
    await vi.waitFor(async () => {
      expect((await order(body.id)).needs_attention).toMatchObject({ code: 'account_restricted' });
    }, WITHIN);
  });

  it('starts no workflow for the account if no order waits for its capture', async () => {
    const account = await madeElsewhere();
    const { body } = await createOrder(waybill, { connected_account: account, capture_method: 'automatic' });
    await control(waybill, `accounts/${account}`, { capabilities: { transfers: 'inactive' } });
    // The sandbox sends in order: once a later event has come, this one has.
    await waybill.stripe.refunds.create({ payment_intent: body.payment_intent });
    await vi.waitFor(async () => expect(await order(body.id)).toMatchObject({ status: 'refunded' }), WITHIN);
    expect(await workflows(account)).toBe(0);
  });
});

describe('a test of the webhooks', () => {
  const PLATFORM = 'we_1WaybillPlatformEndpoint';
  const CONNECT = 'we_1WaybillConnectEndpoint0';
  interface Check {
    readonly check: string;
    readonly state: string;
    readonly detail: string;
  }

  async function tested(body: object = {}) {
    const answer = await request(waybill, 'POST', '/v1/diagnostics/webhooks', { body });
    expect(answer.status).toBe(200);
    const [platform, connect]: readonly Check[] = answer.body.checks;
    return { platform, connect };
  }

  /** One more endpoint at Stripe, and the secret that it signs with. */
  async function another(options: { connect?: boolean; url?: string; events?: readonly string[] } = {}) {
    const { connect = false, url = `${waybill.apiUrl}/webhooks/stripe`, events = ['*'] } = options;
    const params = { url, connect, enabled_events: [...events] as ['*'] };
    const { id, secret = '' } = await waybill.stripe.webhookEndpoints.create(params);
    return { id, url, secret };
  }

  async function without(ids: readonly string[], work: () => Promise<void>) {
    const set = (disabled: boolean) =>
      Promise.all(ids.map((id) => waybill.stripe.webhookEndpoints.update(id, { disabled })));
    await set(true);
    await work().finally(() => set(false));
  }

  it('sees both endpoints deliver an event that is signed rightly, and leaves nothing behind', async () => {
    const before = (await waybill.stripe.accounts.retrieve(DESTINATION)).metadata;
    const { workflow } = waybill.env.client;
    const parked = async () => (await workflow.count("WorkflowType = 'stripeEvent'")).count;
    const parkedBefore = await parked();
    expect(await tested({ connected_account: DESTINATION, wait_seconds: 60 })).toMatchObject({
      platform: {
        check: 'Platform webhooks',
        state: 'ok',
        detail: expect.stringContaining('payment_intent.canceled came signed with a configured secret: http'),
      },
      connect: { check: 'Connect webhooks', state: 'ok', detail: expect.stringContaining('account.updated') },
    });
    expect((await waybill.stripe.accounts.retrieve(DESTINATION)).metadata).toEqual(before);
    const [intent] = (await waybill.stripe.paymentIntents.list({ limit: 1 })).data;
    expect(intent).toMatchObject({ status: 'canceled', latest_charge: null, metadata: expect.anything() });
    await control(waybill, 'webhooks/settle');
    expect(await parked()).toBe(parkedBefore);
    const path = '/v1/orders/of-a-test/adopt';
    const adopted = await request(waybill, 'POST', path, { body: { payment_intent: intent?.id } });
    expect(adopted).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('is for ops alone, and does not touch a connected account that nobody named', async () => {
    const path = '/v1/diagnostics/webhooks';
    expect(await request(waybill, 'POST', path, { as: 'service' })).toMatchObject({ status: 403 });
    expect(await tested({ wait_seconds: 60 })).toMatchObject({
      platform: { state: 'ok' },
      connect: { state: 'unknown', detail: expect.stringContaining('was not tried') },
    });
  });

  it('finds an endpoint that signs with another secret, and one that is disabled', async () => {
    const extra = [await another(), await another({ connect: true })];
    await without([PLATFORM, CONNECT], async () => {
      const wrong = { state: 'wrong', detail: expect.stringMatching(/^disabled at Stripe: .*no secret in/) };
      const found = await tested({ connected_account: DESTINATION, wait_seconds: 60 });
      expect(found).toMatchObject({ platform: wrong, connect: wrong });
    });
    const both = await tested({ wait_seconds: 60 });
    expect(both.platform).toMatchObject({
      state: 'wrong',
      detail: expect.stringMatching(/came 1 of 2 times, signed with a configured secret.*; .*no secret in/),
    });
    for (const { id } of extra) await waybill.stripe.webhookEndpoints.del(id);
  });

  it('finds an endpoint that Stripe cannot reach, one that lacks the event, and that there is none', async () => {
    await without([PLATFORM], async () => {
      const away = await another({ url: 'http://127.0.0.1:9/webhooks/stripe' });
      expect((await tested({ wait_seconds: 1 })).platform?.detail).toContain(
        'payment_intent.canceled did not come within 1 s: can Stripe reach http://127.0.0.1:9/webhooks/stripe',
      );
      await waybill.stripe.webhookEndpoints.update(away.id, { enabled_events: ['charge.updated'] });
      expect((await tested()).platform?.detail).toContain(`not sent payment_intent.canceled: ${away.url}`);
      await waybill.stripe.webhookEndpoints.del(away.id);
    });
    const elsewhere = { url: 'http://127.0.0.1:9/elsewhere' };
    await waybill.stripe.webhookEndpoints.update(PLATFORM, elsewhere);
    expect((await tested()).platform).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching('no endpoint'),
    });
    await waybill.stripe.webhookEndpoints.update(PLATFORM, { url: `${waybill.apiUrl}/webhooks/stripe` });
  });

  it.each([
    ['rightly', true, 'ok'],
    ['wrongly', false, 'wrong'],
  ])('knows what came to another process of the API, signed %s', async (_, isConfigured, state) => {
    const extra = await another({ url: 'http://127.0.0.1:9/webhooks/stripe' });
    const other = await serveApp({
      temporal: waybill.env.client,
      stripe: waybill.stripe,
      stateSecret: STATE_SECRET,
      webhookSecrets: isConfigured ? [extra.secret] : ['whsec_of_another'],
    });
    const url = `${other.url}/webhooks/stripe`;
    await waybill.stripe.webhookEndpoints.update(extra.id, { url });
    await waybill.stripe.webhookEndpoints.update(PLATFORM, { url: 'http://127.0.0.1:9/elsewhere' });
    expect((await tested({ wait_seconds: 60 })).platform).toMatchObject({
      state,
      detail: expect.stringContaining(url),
    });
    await waybill.stripe.webhookEndpoints.update(PLATFORM, { url: `${waybill.apiUrl}/webhooks/stripe` });
    await waybill.stripe.webhookEndpoints.del(extra.id);
    await other.stop();
  });
});
