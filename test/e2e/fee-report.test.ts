import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, unbalanced } from './support.ts';

const DE = 'acct_1WaybillDECustom';
const PLATFORM = 'acct_1WaybillPlatform';
const DAY_SECONDS = 86_400;

type Amount = { currency: string; amount: number; refunded: number; net: number };
interface Row {
  id: string;
  order: string;
  type: string;
  created: string;
  charged: Amount;
  settled: Amount;
  connected_account: string;
  payment_intent: string;
}

let waybill: Waybill;
/** A moment between the first half of the sales and the second. */
let midway: string;

const both = { reverse_transfer: true, refund_application_fee: true };
/** Terms, and the refunds that follow; each refund takes its share back from the connected account. */
const SALES: readonly [Record<string, unknown>, Record<string, unknown>[]][] = [
  [{ application_fee_amount: 123 }, []],
  [{ transfer_amount: 877 }, []],
  [
    { application_fee_amount: 123, amount: 2001 },
    [
      { amount: 667, ...both },
      { amount: 667, ...both },
    ],
  ],
  [{ application_fee_amount: 123 }, [{ ...both }]],
  [{ application_fee_amount: 123 }, [{ amount: 500, reverse_transfer: true }]],
  [{}, []],
  [{ transfer_amount: 877 }, [{ amount: 333, reverse_transfer: true }]],
  [{ transfer_amount: 877 }, [{ reverse_transfer: true }]],
  [{ currency: 'eur', amount: 1999, application_fee_amount: 250 }, [{ amount: 700, ...both }]],
  [{ currency: 'eur', amount: 1999, transfer_amount: 1500 }, [{ amount: 700, reverse_transfer: true }]],
  [{ connected_account: DE, on_behalf_of: true, application_fee_amount: 123 }, [{ amount: 333, ...both }]],
  [{ connected_account: DE, on_behalf_of: true, transfer_amount: 800 }, []],
  [{ connected_account: DE, application_fee_amount: 77 }, []],
  [{ currency: 'jpy', amount: 5000, application_fee_amount: 450 }, []],
];

beforeAll(async () => {
  waybill = await startWaybill();
  for (const [n, [terms, refunds]] of SALES.entries()) {
    if (n === SALES.length / 2) {
      await control(waybill, 'clock/advance', { seconds: DAY_SECONDS });
      midway = new Date(Date.now() + (DAY_SECONDS / 2) * 1_000).toISOString();
    }
    const { status, body } = await createOrder(waybill, {
      id: `sale-${n}`,
      capture_method: 'automatic',
      ...terms,
    });
    if (status !== 201) throw new Error(`sale ${n}: ${status} ${JSON.stringify(body)}`);
    for (const refund of refunds) {
      const answer = await request(waybill, 'POST', `/v1/orders/sale-${n}/refunds`, { body: refund });
      if (answer.status !== 200) throw new Error(`refund of sale ${n}: ${JSON.stringify(answer.body)}`);
    }
  }
});
afterAll(() => waybill?.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  request(waybill, 'GET', `/v1/reports/fees${path}`, { as: 'read', headers });

/** All sales lie in it: the sandbox's clock runs ahead by a day. */
const [FROM, TO] = [-1, 90].map((days) => new Date(Date.now() + days * DAY_SECONDS * 1_000).toISOString());
const PERIOD = `created[gte]=${FROM}&created[lt]=${TO}`;

async function allRows(query = ''): Promise<Row[]> {
  const { body } = await get(`?limit=100${query}`);
  return body.data;
}

/** By currency: what the platform has and what Stripe took of it. */
async function ledger(): Promise<Record<string, number>> {
  const response = await fetch(`${waybill.sandboxUrl}/_sandbox/ledger`);
  const { accounts } = (await response.json()) as {
    accounts: { account: string; currency: string; amount: number }[];
  };
  const kept = accounts.filter(({ account }) => account.startsWith(PLATFORM) || account === 'stripe:fees');
  return sum(kept);
}

function sum(parts: readonly { currency: string; amount: number }[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { currency, amount } of parts) total[currency] = (total[currency] ?? 0) + amount;
  return Object.fromEntries(Object.entries(total).filter(([, amount]) => amount !== 0));
}

const net = (amounts: readonly Amount[]) =>
  sum(amounts.map((one) => ({ currency: one.currency, amount: one.net })));

describe('the fee report', () => {
  it('adds up to what the ledger says that the platform kept, before Stripe’s own fee', async () => {
    expect(await unbalanced(waybill)).toEqual([]);
    const rows = await allRows();
    expect(net(rows.map(({ settled }) => settled))).toEqual(await ledger());
  });

  it('has one row for each sale with a fee, newest first, with what was refunded of it', async () => {
    const rows = await allRows();
    expect(rows).toHaveLength(SALES.length - 1);
    const times = rows.map(({ created }) => created);
    expect(times).toEqual([...times].sort().reverse());
    const of = (n: number) => rows.find(({ order }) => order === `sale-${n}`);
    expect(of(0)).toMatchObject({
      object: 'platform_fee',
      type: 'application_fee',
      connected_account: DESTINATION,
      charged: { currency: 'usd', amount: 123, refunded: 0, net: 123 },
      settled: { currency: 'usd', amount: 123, refunded: 0, net: 123 },
    });
    expect(of(1)).toMatchObject({ type: 'destination_platform_fee', charged: { amount: 123, net: 123 } });
    expect(of(2)).toMatchObject({ charged: { amount: 123, refunded: 82, net: 41 } });
    expect(of(3)).toMatchObject({ charged: { amount: 123, refunded: 123, net: 0 } });
    expect(of(4)).toMatchObject({ charged: { amount: 123, refunded: 0 } });
    expect(of(5)).toBeUndefined();
    expect(of(6)).toMatchObject({ charged: { amount: 123, refunded: 333 - 292 } });
    expect(of(7)).toMatchObject({ charged: { amount: 123, refunded: 123, net: 0 } });
    expect(of(9)).toMatchObject({ charged: { currency: 'eur', amount: 499 }, settled: { currency: 'usd' } });
    expect(of(11)).toMatchObject({
      charged: { currency: 'usd', amount: 200 },
      settled: { currency: 'eur', amount: 184 },
    });
  });

  it('calculates a destination platform fee as the seeds do: the PaymentIntent’s amount less its transfer_data[amount]', async () => {
    const fees = (await allRows()).filter(({ type }) => type === 'destination_platform_fee');
    expect(fees.length).toBeGreaterThan(3);
    for (const { payment_intent, charged } of fees) {
      const intent = await waybill.stripe.paymentIntents.retrieve(payment_intent);
      expect(charged.amount).toBe(intent.amount - (intent.transfer_data?.amount ?? 0));
    }
  });

  it('comes in pages that miss nothing and repeat nothing', async () => {
    const seen: string[] = [];
    for (let more = true; more; ) {
      const after = seen.length === 0 ? '' : `&starting_after=${seen.at(-1)}`;
      const { body } = await get(`?limit=4${after}`);
      seen.push(...body.data.map(({ id }: Row) => id));
      more = body.has_more;
    }
    expect(seen).toEqual((await allRows()).map(({ id }) => id));
  });

  it('is filtered by account, currency and period, whose halves add up to the whole', async () => {
    const rows = await allRows();
    const ids = (some: readonly Row[]) => some.map(({ id }) => id);
    const ofDe = rows.filter(({ connected_account }) => connected_account === DE);
    expect(ids(await allRows(`&connected_account=${DE}`))).toEqual(ids(ofDe));
    expect((await allRows('&currency=eur')).map(({ charged }) => charged.currency)).toEqual(['eur', 'eur']);
    const [later, earlier] = [
      await allRows(`&created[gte]=${midway}`),
      await allRows(`&created[lt]=${midway}`),
    ];
    expect([later.length > 0, earlier.length > 0]).toEqual([true, true]);
    expect(ids([...later, ...earlier])).toEqual(ids(rows));
  });

  it('has totals by currency and by account', async () => {
    const rows = await allRows();
    const { body } = await get(`/totals?${PERIOD}`);
    expect(body.count).toBe(rows.length);
    expect(net(body.charged)).toEqual(net(rows.map(({ charged }) => charged)));
    expect(net(body.settled)).toEqual(await ledger());
    const byAccount = body.by_account.map((one: { connected_account: string }) => one.connected_account);
    expect(byAccount).toEqual([DE, DESTINATION]);
    const { body: ofDe } = await get(`/totals?${PERIOD}&connected_account=${DE}`);
    expect(ofDe.by_account).toEqual([body.by_account[0]]);
  });

  it.each([
    ['&format=csv', {}],
    ['', { accept: 'text/csv' }],
    ['', { accept: 'text/html, text/csv;q=0.9' }],
  ])('is a table with the same rows: %s %o', async (query, headers) => {
    const response = await fetch(`${waybill.apiUrl}/v1/reports/fees?${PERIOD}${query}`, {
      headers: { authorization: 'Bearer dev_read', ...headers },
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe(
      'created,type,order,connected_account,payment_intent,charge,transfer,application_fee,currency,amount,refunded,net,settled_currency,settled_amount,settled_refunded,settled_net',
    );
    const rows = await allRows();
    expect(lines.map((line) => line.split(',')[6])).toEqual(rows.map(({ id }) => id));
    expect(lines.map((line) => Number(line.split(',').at(-1)))).toEqual(
      rows.map(({ settled }) => settled.net),
    );
  });

  it.each([
    ['?format=xml', 'format'],
    ['?currency=USD', 'currency'],
    ['?created[gte]=monday', 'created[gte]'],
    ['?connected_account=cus_1', 'connected_account'],
    ['?starting_after=', 'starting_after'],
    ['/totals?limit=3', 'limit'],
    ['/totals', 'created[gte]'],
    [`/totals?created[gt]=${FROM}`, 'created[lt]'],
    [`/totals?created[lte]=${TO}`, 'created[gte]'],
    ['/totals?created[gte]=2026-01-01T00:00:00Z&created[lt]=2026-04-03T00:00:01Z', 'created[lt]'],
    ['?format=csv', 'created[gte]'],
  ])('refuses %s by name', async (query, param) => {
    expect(await get(query)).toMatchObject({ status: 400, body: { code: 'invalid_request', param } });
  });

  it('fails visibly when Stripe cannot be read, as a table too', async () => {
    const fault = { match: { method: 'GET', path: '/v1/transfers', times: 4 }, effect: { status: 500 } };
    await control(waybill, 'faults', fault);
    for (const query of ['', `?${PERIOD}&format=csv`]) {
      expect(await get(query)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    }
  });
});
