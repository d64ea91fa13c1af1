import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { eventfulWeeks } from './eventful-weeks.ts';

const DAY_MS = 86_400_000;
/** So long ago the sandbox begins: everything happens on days that have ended. */
const DAYS = 20;
const AMOUNTS = [
  'charges',
  'transfers',
  'application_fees',
  'refunds',
  'disputes',
  'payouts',
  'other',
  'fees',
];

type Row = Readonly<Record<string, string>>;

let waybill: Waybill;
let account: string;
beforeAll(async () => {
  waybill = await startWaybill(
    {},
    { webhooks: true },
    { sandboxOptions: { now: Date.now() - DAYS * DAY_MS } },
  );
  account = await eventfulWeeks(waybill);
});
afterAll(() => waybill?.stop());

async function statement(path: string): Promise<{ status: number; type: string | null; text: string }> {
  const headers = { authorization: 'Bearer dev_read' };
  const response = await fetch(`${waybill.apiUrl}/v1/reports/statements/${path}`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function rowsOf(path: string): Promise<Row[]> {
  const { status, text } = await statement(path);
  expect(status, text).toBe(200);
  const [header = '', ...rows] = text.trimEnd().split('\r\n');
  const names = header.split(',');
  return rows.map((row) =>
    Object.fromEntries(row.split(',').map((value, index) => [names[index] ?? '', value])),
  );
}

const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const of = (row: Row) => `${row.connected_account} ${row.currency}`;
const recordOf = (rows: readonly Row[], record: string) => rows.filter((row) => row.record === record);

describe('a daily statement', () => {
  it('adds up on every day, from nothing to what Stripe has, on the platform and on every account', async () => {
    const held = new Map<string, number>();
    const booked = new Set<string>();
    for (let days = DAYS + 1; days > 0; days--) {
      const rows = await rowsOf(`daily?date=${dayBefore(days)}`);
      for (const opening of recordOf(rows, 'opening')) {
        expect([of(opening), Number(opening.balance)]).toEqual([of(opening), held.get(of(opening)) ?? 0]);
      }
      for (const line of recordOf(rows, 'line')) {
        const columns = AMOUNTS.map((name) => [name, Number(line[name])] as const);
        expect(columns.reduce((sum, [, amount]) => sum + amount, 0)).toBe(Number(line.net));
        for (const [name, amount] of columns) if (amount !== 0) booked.add(name);
        held.set(of(line), (held.get(of(line)) ?? 0) + Number(line.net));
      }
      for (const closing of recordOf(rows, 'closing')) {
        expect([of(closing), Number(closing.balance)]).toEqual([of(closing), held.get(of(closing)) ?? 0]);
      }
    }
    const { available, pending } = await waybill.stripe.balance.retrieve({}, { stripeAccount: account });
    const atStripe = [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
    expect(held.get(`${account} usd`)).toBe(atStripe);
    expect([...booked].toSorted()).toEqual(AMOUNTS.toSorted());
  });

  it('names the order of each line, and of one account alone where it is asked for', async () => {
    const rows = await rowsOf(`daily?date=${dayBefore(DAYS)}&connected_account=${account}`);
    expect(new Set(rows.map((row) => row.connected_account))).toEqual(new Set([account]));
    const lines = recordOf(rows, 'line');
    expect(lines.filter(({ order }) => order === '').map(({ payouts }) => payouts)).toEqual(['-600']);
    const refunded = lines.filter(({ refunds }) => refunds !== '0');
    expect(refunded.map(({ order }) => order !== '')).toEqual([true, true]);
  });

  it('can’t be had of a day that has not ended, or is long gone, and says so', async () => {
    for (const [date, why] of [
      [dayBefore(0), 'a day that has ended'],
      [dayBefore(200), 'at most 92 days ago'],
      ['yesterday', 'must be a date'],
    ] as const) {
      const { status, text } = await statement(`daily?date=${date}`);
      expect([status, text]).toEqual([400, expect.stringContaining(why)]);
    }
  });

  it('has no text that a spreadsheet takes for a formula', async () => {
    await waybill.stripe.paymentIntents.create({
      ...{ amount: 500, currency: 'usd', payment_method: 'pm_card_visa', confirm: true },
      metadata: { waybill_order: '=SUM(A1)' },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      capture_method: 'automatic',
    });
    const { text } = await statement(`daily?date=${dayBefore(DAYS - 8)}`);
    expect(text).toContain(",'=SUM(A1),");
  });
});

describe('the statement of a payout', () => {
  it('names the orders that an automatic one paid out, and adds up to nothing', async () => {
    const { data } = await waybill.stripe.payouts.list({}, { stripeAccount: account });
    const automatic = data.find((payout) => payout.automatic);
    const rows = await rowsOf(`payout?connected_account=${account}&payout=${automatic?.id}`);
    expect(rows.reduce((sum, { net }) => sum + Number(net), 0)).toBe(0);
    expect(rows.filter(({ order }) => order !== '').length).toBeGreaterThan(2);
    expect(rows.find(({ order }) => order === '')?.payouts).toBe(String(-(automatic?.amount ?? 0) - 600));
  });

  it('can’t be had of a manual one: Stripe says why', async () => {
    const { data } = await waybill.stripe.payouts.list({}, { stripeAccount: account });
    const manual = data.find((payout) => !payout.automatic);
    const { status, text } = await statement(`payout?connected_account=${account}&payout=${manual?.id}`);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('automatic') }),
    ]);
  });
});
