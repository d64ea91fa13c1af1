import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, WITHIN } from './support.ts';

const HOUR_MS = 3_600_000;
/** What a spreadsheet would take for a formula. */
const FORMULA = '=HYPERLINK("http://evil.example")';

let waybill: Waybill;
let sold: Answer['body'];
beforeAll(async () => {
  waybill = await startWaybill();
  const { id: customer } = await waybill.stripe.customers.create({ email: 'jenny@example.com' });
  await waybill.stripe.customers.create({ email: 'lonely@example.com' });
  const { id: method } = await waybill.stripe.paymentMethods.attach('pm_card_visa', { customer });
  const jennys = { customer, payment_method: method, description: FORMULA, metadata: { cart: '4711' } };
  sold = (await createOrder(waybill, { id: 'jennys', capture_method: 'automatic', ...jennys })).body;
  await createOrder(waybill, { id: 'anybodys' });
});
afterAll(() => waybill?.stop());

const get = (path: string) => request(waybill, 'GET', path, { as: 'read' });
const found = async (query: string): Promise<string[]> =>
  (await get(`/v1/orders?${query}`)).body.data.map(({ id }: { id: string }) => id);

describe('an order is found', () => {
  it('by its payment and its charge, at once', async () => {
    const { body } = await get(`/v1/orders?payment_intent=${sold.payment_intent}`);
    expect(body).toMatchObject({ object: 'list', url: '/v1/orders', has_more: false });
    expect(body.data).toMatchObject([{ id: 'jennys', amount_captured: 1000, metadata: { cart: '4711' } }]);
    expect(body.data[0]).not.toHaveProperty('refunds');
    expect(await found(`charge=${sold.latest_charge}`)).toEqual(['jennys']);
    const whole = await get(`/v1/orders?charge=${sold.latest_charge}&expand[]=data`);
    expect(whole.body.data).toEqual([(await get('/v1/orders/jennys')).body]);
  });

  it('by the charge of a payment that was taken over', async () => {
    const made = await waybill.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    expect(await found(`payment_intent=${made.id}`)).toEqual([]);
    await request(waybill, 'POST', '/v1/orders/taken/adopt', { body: { payment_intent: made.id } });
    expect(await found(`charge=${made.latest_charge}`)).toEqual(['taken']);
  });

  it('by the e-mail address of its customer', async () => {
    await vi.waitFor(
      async () => expect(await found('customer_email=jenny@example.com')).toEqual(['jennys']),
      WITHIN,
    );
    expect(await found('customer_email=jenny@example.com&status=authorized')).toEqual([]);
    expect(await found('customer_email=lonely@example.com')).toEqual([]);
    expect(await found('customer_email=unknown@example.com')).toEqual([]);
  });

  it('by nothing that Stripe does not know', async () => {
    expect(await found('payment_intent=pi_unknown')).toEqual([]);
    expect(await found('charge=ch_unknown')).toEqual([]);
  });

  it.each([
    ['payment_intent=pi_1&status=captured', 'status'],
    ['payment_intent=pi_1&charge=ch_1', 'charge'],
    ['charge=ch_1&starting_after=jennys', 'starting_after'],
    ['charge=pi_1', 'charge'],
    ['customer_email=jenny', 'customer_email'],
    ['format=csv', 'created[gte]'],
  ])('by no nonsense: %s', async (query, param) => {
    expect(await get(`/v1/orders?${query}`)).toMatchObject({ status: 400, body: { param } });
  });
});

it('a filtered list is a table for spreadsheets, in which no text is a formula', async () => {
  const [from, until] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const table = async (query: string, headers: Record<string, string> = {}) => {
    const url = `${waybill.apiUrl}/v1/orders?created[gte]=${from}&created[lt]=${until}${query}`;
    const response = await fetch(url, { headers: { authorization: 'Bearer dev_read', ...headers } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe(
      'id,created,status,currency,amount,amount_captured,amount_refunded,connected_account,customer,payment_intent,capture_before,needs_attention,description,metadata',
    );
    return lines;
  };
  await vi.waitFor(async () => expect(await table('&format=csv')).toHaveLength(3), WITHIN);
  const { created, customer, payment_intent } = sold;
  const own = ['jennys', created, 'captured', 'usd', 1000, 1000, 0, DESTINATION, customer, payment_intent];
  const texts = ['', '', `"'=HYPERLINK(""http://evil.example"")"`, '"{""cart"":""4711""}"'];
  const query = '&status=captured&customer_email=jenny@example.com';
  await vi.waitFor(
    async () => expect(await table(query, { accept: 'text/csv' })).toEqual([[...own, ...texts].join(',')]),
    WITHIN,
  );
  expect(await table('&status=refunded&format=csv')).toEqual([]);
});
