import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { documentOfApi } from '../../dev/client/openapi.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { earn, seller } from './sellers.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

/** Of the sandbox from the start. */
const EXPRESS = 'acct_1WaybillUSXpress';
/** An answer at once, for more requests than fit the retry budget. */
const OUTAGE = { effect: { error: 'lock_timeout' } };

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 }, { webhooks: true });
  await control(waybill, 'settings', { incremental_authorization: true });
  // Transfers without an order come out of the available balance.
  await earn(waybill, DESTINATION, 50_000);
  const rich = { amount: 50_000, payment_method: undefined, token: 'tok_bypassPending', transfer_amount: 1 };
  await createOrder(waybill, { ...rich, capture_method: 'automatic' });
});
afterAll(() => waybill?.stop());

/** What the body is sent to, and what of the example can be known only once that exists. */
interface Prepared {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
}

// biome-ignore lint/suspicious/noExplicitAny: a document of JSON
const { paths, components } = documentOfApi() as Record<string, any>;
const EXAMPLES = Object.entries<typeof paths>(paths).flatMap(([path, { post }]) => {
  const schema = post?.requestBody?.content['application/json']?.schema;
  const named = components.schemas[schema?.$ref?.split('/').at(-1)];
  return schema && path !== '/webhooks/stripe' ? [[post.operationId, path, (named ?? schema).example]] : [];
});

const authorized = async (body: object = {}) => (await createOrder(waybill, { ...body })).body;
const captured = (body: object = {}) =>
  authorized({ capture_method: 'automatic', application_fee_amount: 123, ...body });
const post = async (path: string, body: object): Promise<Answer['body']> => {
  const headers = { prefer: 'wait=30' };
  const answer = await request(waybill, 'POST', path, { body, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
};
const id = ({ id }: { id: string }): Prepared => ({ params: { id } });

async function whileStripeIsAway(path: string, work: () => Promise<Answer['body']>): Promise<Answer['body']> {
  await control(waybill, 'faults', { match: { method: 'POST', path, times: 1_000 }, ...OUTAGE });
  const stuck = await work();
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  expect(stuck.needs_attention).toMatchObject({ allowed_actions: expect.arrayContaining(['retry']) });
  return stuck;
}

const TRANSFER = { amount: 500, currency: 'usd', destination: DESTINATION, description: 'bonus' };

const special = (order: string) => post(`/v1/orders/${order}/transfers`, { amount: 100, description: 'x' });
const disputed = async () => {
  const { id: order } = await captured({ payment_method: 'pm_card_createDispute' });
  await expect
    .poll(async () => (await request(waybill, 'GET', `/v1/orders/${order}`)).body.dispute, WITHIN)
    .not.toBeNull();
  return { params: { id: order } };
};
const subscription = async () =>
  id(await post('/v1/event_subscriptions', { url: 'https://shop.example.com/1', events: ['*'] }));
const payoutOf = async (account: string) => {
  const body = { amount: 600, currency: 'usd', when_available: true };
  const { id: payout } = await post(`/v1/accounts/${account}/payouts`, body);
  return { params: { id: account, payout } };
};

const custom = async () => ({ params: { id: await seller(waybill) } });

/** Where an operation needs more than what is there from the start. */
const PREPARATIONS: Readonly<Record<string, () => Promise<Prepared>>> = {
  'orders.confirm': async () => {
    const declined = await createOrder(waybill, { payment_method: 'pm_card_chargeDeclined' });
    return { params: { id: declined.body.order } };
  },
  'orders.capture': async () => id(await authorized()),
  'orders.increment': async () => id(await authorized({ request_incremental_authorization: true })),
  'orders.update': async () => id(await authorized()),
  'orders.cancel': async () => id(await authorized()),
  'orders.refund': async () => id(await captured()),
  'orders.transfer': async () =>
    id(await captured({ transfer_amount: 500, application_fee_amount: undefined })),
  'orders.reverseTransfer': async () => {
    const order = await captured({ transfer_amount: 500, application_fee_amount: undefined });
    const { transfers } = await special(order.id);
    return { params: { id: order.id, transfer: transfers[0].id } };
  },
  'orders.submitEvidence': disputed,
  'orders.acceptDispute': disputed,
  'orders.resolve': async () => {
    const order = await authorized();
    const path = `/v1/payment_intents/${order.payment_intent}/capture`;
    return id(await whileStripeIsAway(path, () => post(`/v1/orders/${order.id}/capture`, {})));
  },
  'orders.adopt': async () => {
    const { id: payment_intent } = await waybill.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      capture_method: 'manual',
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    return { params: { id: 'adopted' }, body: { payment_intent } };
  },
  'transfers.reverse': async () => id(await post('/v1/transfers', TRANSFER)),
  'transfers.resolve': async () =>
    id(await whileStripeIsAway('/v1/transfers', () => post('/v1/transfers', TRANSFER))),
  'accounts.addPerson': async () => {
    const company = { type: 'custom', country: 'US', business_type: 'company' } as const;
    return id(
      await waybill.stripe.accounts.create({ ...company, capabilities: { transfers: { requested: true } } }),
    );
  },
  'accounts.update': custom,
  'accounts.requestCapabilities': custom,
  'accounts.addExternalAccount': custom,
  'accounts.setPayoutSchedule': custom,
  'accounts.reject': custom,
  'accounts.deauthorize': async () =>
    id(await waybill.stripe.accounts.create({ type: 'standard', country: 'US' })),
  'accounts.createOnboardingLink': async () =>
    id(await waybill.stripe.accounts.create({ type: 'express', country: 'US' })),
  'accounts.createLoginLink': async () => ({ params: { id: EXPRESS } }),
  'accounts.resolve': async () => {
    const body = { id: 'stuck-seller', type: 'express', country: 'US' };
    await whileStripeIsAway('/v1/accounts', () => post('/v1/accounts', body));
    return { params: { id: 'stuck-seller' } };
  },
  'customers.attachPaymentMethod': async () => id(await post('/v1/customers', { name: 'Jenny' })),
  'customers.detachPaymentMethod': async () => {
    const { id: customer } = await post('/v1/customers', { name: 'Jenny' });
    const method = await post(`/v1/customers/${customer}/payment_methods`, {
      payment_method: 'pm_card_visa',
    });
    return { params: { id: customer, payment_method: method.id } };
  },
  'payouts.create': async () => ({ params: { id: await seller(waybill, { earned: 1_000 }) } }),
  'payouts.cancel': async () => payoutOf(await seller(waybill)),
  'payouts.resolve': async () => {
    const account = await seller(waybill, { earned: 1_000 });
    let prepared: Prepared = {};
    await whileStripeIsAway('/v1/payouts', async () => {
      prepared = await payoutOf(account);
      return (await request(waybill, 'GET', `/v1/accounts/${account}/payouts/${prepared.params?.payout}`))
        .body;
    });
    return prepared;
  },
  'eventSubscriptions.rotateSecret': subscription,
  'events.replay': async () => {
    await subscription();
    const order = await captured();
    const events = async () => (await request(waybill, 'GET', `/v1/events?order=${order.id}`)).body.data;
    await expect.poll(async () => (await events()).length, WITHIN).toBeGreaterThan(0);
    return id((await events())[0]);
  },
};

describe('the example of a body', () => {
  it.each(EXAMPLES)('is there, and works when it is tried: %s', async (operationId, path, example) => {
    expect(example).toBeDefined();
    const prepared = (await PREPARATIONS[commandOf(operationId)]?.()) ?? {};
    const url = path.replace(
      /\{(\w+)\}/g,
      (_: string, name: string) => prepared.params?.[name] ?? `missing-${name}`,
    );
    const answer = await request(waybill, 'POST', url, { body: { ...example, ...prepared.body } });
    expect([200, 201, 202], JSON.stringify(answer.body)).toContain(answer.status);
  });
});

/** A preview needs what its command needs: `orders.previewCapture` → `orders.capture`. */
function commandOf(operationId: string): string {
  return operationId.replace(/\.preview(\w)/, (_, first: string) => `.${first.toLowerCase()}`);
}
