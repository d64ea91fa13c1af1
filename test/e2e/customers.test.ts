import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, sandboxRequests } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const post = (path: string, body: unknown, key?: string) =>
  request(waybill, 'POST', path, { body, as: 'service', ...(key === undefined ? {} : { key }) });
const get = (path: string) => request(waybill, 'GET', path, { as: 'service' });

async function customer(): Promise<string> {
  return (await post('/v1/customers', {})).body.id;
}

describe('a customer', () => {
  it('is saved with a payment method and charged later, while away', async () => {
    const made = await post('/v1/customers', { email: 'jenny@example.com', metadata: { user: '7' } });
    expect(made).toMatchObject({
      status: 201,
      body: {
        object: 'customer',
        email: 'jenny@example.com',
        default_payment_method: null,
        metadata: { user: '7' },
      },
    });
    const { id } = made.body;
    expect(made.headers.get('Location')).toBe(`/v1/customers/${id}`);
    const saved = await post(`/v1/customers/${id}/payment_methods`, {
      payment_method: 'pm_card_visa',
      default: true,
    });
    expect(saved).toMatchObject({
      status: 201,
      body: { object: 'payment_method', customer: id, card: { brand: 'visa', last4: '4242' } },
    });
    expect((await get(`/v1/customers/${id}`)).body.default_payment_method).toBe(saved.body.id);

    const paid = await createOrder(waybill, { customer: id, payment_method: undefined, off_session: true });
    expect(paid).toMatchObject({ status: 201, body: { status: 'authorized', customer: id } });
  });

  it('is charged by one of several payment methods, and by none that was detached', async () => {
    const id = await customer();
    const path = `/v1/customers/${id}/payment_methods`;
    const visa = await post(path, { token: 'tok_visa' });
    const mastercard = await post(path, { payment_method: 'pm_card_mastercard' });
    const listed = await get(path);
    expect(listed.body.data.map((method: { id: string }) => method.id)).toEqual([
      mastercard.body.id,
      visa.body.id,
    ]);

    const detached = await post(`${path}/${visa.body.id}/detach`, {}, 'detach');
    expect(detached).toMatchObject({ status: 200, body: { id: visa.body.id, customer: null } });
    expect((await post(`${path}/${visa.body.id}/detach`, {}, 'detach')).status).toBe(200);
    const refused = await createOrder(waybill, { customer: id, payment_method: visa.body.id });
    expect(refused).toMatchObject({ status: 400, body: { code: 'stripe_refused', param: 'payment_method' } });
    const paid = await createOrder(waybill, { customer: id, payment_method: mastercard.body.id });
    expect(paid.status).toBe(201);
  });

  it('is created once however often the request comes', async () => {
    const body = { description: 'once' };
    const first = await post('/v1/customers', body, 'once');
    const second = await post('/v1/customers', body, 'once');
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await post('/v1/customers', { description: 'another' }, 'once')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    const path = `/v1/customers/${first.body.id}/payment_methods`;
    const attach = () => post(path, { token: 'tok_visa', default: true }, 'attach');
    expect((await attach()).body.id).toBe((await attach()).body.id);
    expect((await get(path)).body.data).toHaveLength(1);
  });

  it('is not changed by a repeat that asks for more under the same key', async () => {
    const path = `/v1/customers/${await customer()}`;
    const body = { payment_method: 'pm_card_visa' };
    expect((await post(`${path}/payment_methods`, body, 'not-default')).status).toBe(201);
    expect(await post(`${path}/payment_methods`, { ...body, default: true }, 'not-default')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused', param: 'Idempotency-Key' },
    });
    expect((await get(path)).body.default_payment_method).toBeNull();
  });

  it('that does not exist is not found, whatever is asked of it', async () => {
    const path = '/v1/customers/cus_nobody';
    for (const answer of [
      await get(path),
      await get(`${path}/payment_methods`),
      await post(`${path}/payment_methods`, { payment_method: 'pm_card_visa' }),
      await post(`${path}/payment_methods`, { token: 'tok_visa', default: true }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('is listed with the others, and found by e-mail', async () => {
    const { body } = await post('/v1/customers', { email: 'one@of-many.example' });
    const found = await get('/v1/customers?email=one%40of-many.example');
    expect(found.body).toMatchObject({ object: 'list', has_more: false, data: [{ id: body.id }] });
    expect((await get('/v1/customers?limit=1')).body).toMatchObject({
      has_more: true,
      data: [{ id: body.id }],
    });
  });

  it('whose card is declined when it is saved gets the decline', async () => {
    const refused = await post(`/v1/customers/${await customer()}/payment_methods`, {
      payment_method: 'pm_card_chargeDeclined',
    });
    expect(refused).toMatchObject({
      status: 402,
      body: { code: 'card_declined', decline_code: 'generic_decline' },
    });
  });
});

describe('a common mistake is refused with an explanation', () => {
  it('paying out to a customer', async () => {
    const transfer = await request(waybill, 'POST', '/v1/transfers', {
      body: { amount: 100, currency: 'usd', destination: 'cus_1', description: 'thanks' },
    });
    const order = await createOrder(waybill, { connected_account: 'cus_1' });
    for (const [refused, param] of [
      [transfer, 'destination'],
      [order, 'connected_account'],
    ] as const) {
      expect(refused).toMatchObject({
        status: 400,
        body: { param, detail: expect.stringContaining('nothing can be paid out to them') },
      });
    }
  });

  it.each(['ba_1NvaqX', 'card_1NvaqX', 'btok_1NvaqX'])('charging %s of an account', async (id) => {
    const refused = await createOrder(waybill, { payment_method: id });
    expect(refused).toMatchObject({
      status: 400,
      body: { param: 'payment_method', detail: expect.stringContaining('never charged from it') },
    });
  });

  it('a payment method of another account', async () => {
    const elsewhere = await waybill.stripe.paymentMethods.create(
      { type: 'card', card: { token: 'tok_visa' } } as never,
      { stripeAccount: DESTINATION },
    );
    expect(await createOrder(waybill, { payment_method: elsewhere.id })).toMatchObject({
      status: 400,
      body: { param: 'payment_method', detail: expect.stringContaining('live on the platform') },
    });
  });

  it('a customer of another account', async () => {
    const elsewhere = await waybill.stripe.customers.create({}, { stripeAccount: DESTINATION });
    expect(await createOrder(waybill, { customer: elsewhere.id, payment_method: undefined })).toMatchObject({
      status: 400,
      body: { param: 'customer', detail: expect.stringContaining('live on the platform') },
    });
  });

  it('naming a connected account and no source', async () => {
    expect(await createOrder(waybill, { payment_method: undefined })).toMatchObject({
      status: 400,
      body: {
        param: 'payment_method',
        detail: expect.stringContaining('Must provide source or customer'),
      },
    });
  });

  it('and no payment was made', async () => {
    const paid = (await sandboxRequests(waybill)).filter(
      ({ path, params }) => path === '/v1/payment_intents' && String(params.payment_method).startsWith('ba_'),
    );
    expect(paid).toEqual([]);
  });
});
