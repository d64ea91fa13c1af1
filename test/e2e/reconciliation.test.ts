import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { reconciliationResource } from '../../api/reconciliation/reconciliation-schema.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../contract/search-attribute-keys.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { reconciled as reconciledBy, reconciliationReport } from './reconciled.ts';
import { control, createOrder, DESTINATION, unbalanced } from './support.ts';

const HOUR_MS = 3_600_000;
const GERMAN = 'acct_1WaybillDECustom';

/** Without webhooks: what is done elsewhere, an order does not hear of here until it is told. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
  // Twice, as two workers do that start one after the other.
  for (let workers = 0; workers < 2; workers++) await ensureReconciling(waybill.env.client, schedule(0));
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

function schedule(pendingMs: number, lookBackMs = 24 * HOUR_MS) {
  return { taskQueue: 'waybill', everyMs: 24 * HOUR_MS, lookBackMs, pendingMs };
}

const captured = (body: Record<string, unknown> = {}) =>
  createOrder(waybill, { capture_method: 'automatic', ...body });

/** Acts on an order, and expects it to be done. */
async function act(order: Answer, what: string, body: Record<string, unknown> = {}): Promise<Answer> {
  const answer = await request(waybill, 'POST', `/v1/orders/${order.body.id}/${what}`, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(202);
  return answer;
}

/** By a bank debit that is sent back after it had arrived, and then by card. */
async function paidTwice(id: string): Promise<void> {
  await control(waybill, 'settings', { bank_debit_seconds: 1 });
  await captured({ id, payment_method: 'pm_usBankAccount_success', transfer_amount: 500 });
  const charge = await until(id, { status: 'captured', complete: true });
  await control(waybill, `charges/${charge}/fail`, { failure_code: 'account_closed' });
  await until(id, { status: 'requires_payment_method' });
  await act((await request(waybill, 'GET', `/v1/orders/${id}`)) as Answer, 'confirm', {
    payment_method: 'pm_card_visa',
  });
}

/** Tells an order to look at its payment until it shows this. Gives back its charge. */
async function until(id: string, expected: object): Promise<string> {
  const handle = waybill.env.client.workflow.getHandle(`order/${id}`);
  return vi.waitFor(async () => {
    await handle.signal('stripeEvent', { eventId: randomUUID(), eventType: 'look' });
    const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
    expect(body).toMatchObject(expected);
    return body.latest_charge;
  }, WITHIN);
}

const report = (query = '') => reconciliationReport(waybill, query);
const reconciled = (expected: object) => reconciledBy(waybill, expected);

it('there is no report before a run has ended', async () => {
  const answer = await report();
  expect(answer.status).toBe(404);
  expect(answer.body.detail).toBe('No reconciliation has finished yet.');
});

it('only ops may start a run', async () => {
  expect((await request(waybill, 'POST', '/v1/reconciliation/runs', { as: 'service' })).status).toBe(403);
});

describe('all of the platform’s transactions', () => {
  it('is explained: sales, refunds of every kind, transfers, currencies', async () => {
    await captured({ id: 'sale', application_fee_amount: 123 });
    const both = await captured({ id: 'refunded', application_fee_amount: 123 });
    await act(both, 'refunds', { reverse_transfer: true, refund_application_fee: true });
    const part = await captured({ id: 'part', transfer_amount: 877 });
    await act(part, 'refunds', { amount: 300, reverse_transfer: true });
    await act(part, 'refunds', { amount: 200 });
    await act(await createOrder(waybill, { id: 'partly-captured' }), 'capture', { amount: 400 });
    await captured({ id: 'async', capture_method: 'automatic_async' });
    await captured({ id: 'euro', currency: 'eur', connected_account: GERMAN, on_behalf_of: true });
    await paidTwice('paid-twice');
    const special = await captured({ id: 'special', transfer_amount: 500 });
    await act(special, 'transfers', { amount: 50, description: 'goodwill' });
    const funds = { payment_method: 'pm_card_bypassPending', amount: 5000, transfer_amount: 100 };
    await captured({ id: 'funded', ...funds });
    const terms = { amount: 250, currency: 'usd', destination: DESTINATION };
    const alone = { id: 'bonus', ...terms, description: 'seller of the month' };
    const bonus = await request(waybill, 'POST', '/v1/transfers', { body: alone });
    expect(bonus.status, JSON.stringify(bonus.body)).toBe(201);
    await createOrder(waybill, { id: 'authorized' });
    await vi.waitFor(async () => {
      expect((await request(waybill, 'GET', '/v1/orders/async')).body.complete).toBe(true);
    }, WITHIN);

    const { body } = await reconciled({
      reconciled: true,
      orders: { agreeing: 9, differing: 0, pending: 0 },
    });
    expect(reconciliationResource.safeParse(body).error).toBeUndefined();
    expect(body.differences).toEqual({
      object: 'list',
      url: '/v1/reports/reconciliation',
      has_more: false,
      data: [],
    });
    expect(body.totals).toMatchObject([
      { currency: 'eur', unexplained: { count: 0, amount: 0 } },
      {
        currency: 'usd',
        explained: { count: 1, amount: -250 },
        explained_by: { special_case_transfer: { count: 1, amount: -250 } },
        unexplained: { count: 0, amount: 0 },
        pending: { count: 0, amount: 0 },
      },
    ]);
  });

  it('adds up to the platform’s balance, cent by cent', async () => {
    const { body } = await report();
    const { available, pending } = await waybill.stripe.balance.retrieve();
    for (const { currency, matched, explained, unexplained } of body.totals) {
      const held = [...available, ...pending].filter((part) => part.currency === currency);
      expect([currency, matched.amount + explained.amount + unexplained.amount]).toEqual([
        currency,
        held.reduce((sum, { amount }) => sum + amount, 0),
      ]);
    }
  });

  it('adds up to the same in a second run', async () => {
    const { period: _, ...before } = (await report()).body;
    const { period: __, ...after } = (await reconciled({ reconciled: true })).body;
    expect(after).toEqual(before);
  });
});

describe('what was done behind Waybill’s back', () => {
  it('is a difference with its amount, its age and why', async () => {
    const { id } = await waybill.stripe.paymentIntents.create({
      amount: 700,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      capture_method: 'automatic',
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    expect(id).toMatch(/^pi_/);
    const { body } = await reconciled({ reconciled: false, difference_count: 2 });
    expect(body.differences.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'foreign_payment', amount: 650, currency: 'usd', order: null }),
        expect.objectContaining({ code: 'foreign_transfer', amount: -700, currency: 'usd', order: null }),
      ]),
    );
    expect(body.totals[1].unexplained).toEqual({ count: 2, amount: -50 });
    expect(await attentionOf('reconciliation')).toEqual([true, 'unreconciled']);
  });

  it('to an order is a difference in its funds too, until the order has read it', async () => {
    const order = (await request(waybill, 'GET', '/v1/orders/sale')).body;
    await waybill.stripe.refunds.create({ payment_intent: order.payment_intent, amount: 100 });
    const { body } = await reconciled({ difference_count: 4, orders: { differing: 1 } });
    expect(body.differences.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'unknown_to_order', order: 'sale', amount: -100 }),
        expect.objectContaining({ id: 'sale:usd', code: 'funds_differ', order: 'sale', amount: -100 }),
      ]),
    );
    const event = { eventId: 'evt_1', eventType: 'charge.refunded' };
    await waybill.env.client.workflow.getHandle('order/sale').signal('stripeEvent', event);
    await vi.waitFor(async () => {
      const { body: known } = await request(waybill, 'GET', '/v1/orders/sale');
      expect(known.amount_refunded).toBe(100);
    }, WITHIN);
    await reconciled({ difference_count: 2, orders: { agreeing: 9, differing: 0 } });
  });

  it('is listed in pages, and as CSV', async () => {
    const { body: first } = await report('?limit=1');
    expect(first.differences.has_more).toBe(true);
    const [{ id }] = first.differences.data;
    const { body: second } = await report(`?limit=1&starting_after=${id}`);
    expect(second.differences).toMatchObject({ has_more: false, data: [{ currency: 'usd' }] });
    expect((await report('?starting_after=txn_nothing')).body).toMatchObject({
      status: 400,
      param: 'starting_after',
    });

    const csv = await fetch(`${waybill.apiUrl}/v1/reports/reconciliation?format=csv`, {
      headers: { authorization: 'Bearer dev_read' },
    });
    const accepted = await fetch(`${waybill.apiUrl}/v1/reports/reconciliation`, {
      headers: { authorization: 'Bearer dev_read', accept: 'text/csv' },
    });
    expect(accepted.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const [header, ...rows] = (await csv.text()).trim().split('\r\n');
    expect(header).toBe(
      'record,currency,standing,reason,count,amount,order,connected_account,balance_transaction,since,age_seconds',
    );
    expect(rows).toContain('total,usd,unexplained,,2,-50,,,,,');
    expect(rows).toContain('reason,usd,explained,special_case_transfer,1,-250,,,,,');
    expect(rows.filter((row) => row.startsWith('difference,usd,unexplained,foreign_'))).toHaveLength(2);
  });

  it('is pending while it is young', async () => {
    await ensureReconciling(waybill.env.client, schedule(HOUR_MS));
    const { body } = await reconciled({ reconciled: true });
    expect(body.totals[1]).toMatchObject({ unexplained: { count: 0 }, pending: { count: 2, amount: -50 } });
    expect(await attentionOf('reconciliation')).toEqual([false, undefined]);
  });

  it('is found on every page of a long balance history', async () => {
    const charge = () =>
      waybill.stripe.charges.create({ amount: 100, currency: 'usd', source: 'tok_bypassPending' });
    for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 9 }, charge));
    const { body } = await reconciled({ totals: [{}, { pending: { count: 92 } }] });
    const { data } = await waybill.stripe.balanceTransactions.list({ limit: 100, currency: 'usd' });
    expect(data).toHaveLength(100);
    const { matched, explained, pending } = body.totals[1];
    expect(matched.count + explained.count + pending.count).toBeGreaterThan(110);
  });
});

describe('what was found', () => {
  const foreign = (amount: number) =>
    waybill.stripe.paymentIntents.create({
      amount,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      capture_method: 'automatic',
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
  const found = async () =>
    (await report('?limit=100')).body.differences.data.map(({ amount }: { amount: number }) => amount);

  it('is no longer reported once it is explained: adopted by an order, or marked by an operator', async () => {
    const [ours, theirs] = [await foreign(911), await foreign(922)];
    const transfer = await waybill.stripe.transfers.create({
      amount: 33,
      currency: 'usd',
      destination: DESTINATION,
    });
    await ensureReconciling(waybill.env.client, schedule(0));
    await reconciled({ reconciled: false });
    expect(await found()).toEqual(expect.arrayContaining([-911, -922, -33]));

    const body = { payment_intent: ours.id };
    const adopted = await request(waybill, 'POST', '/v1/orders/found/adopt', { body });
    expect(adopted).toMatchObject({ status: 201 });
    const metadata = { waybill_explained: 'a sale of our own, ticket 4711' };
    await waybill.stripe.paymentIntents.update(theirs.id, { metadata });
    await waybill.stripe.transfers.update(transfer.id, { metadata });
    await vi.waitFor(async () => {
      const { body: now } = await reconciled({});
      // The payment with its transfer, and the transfer alone.
      expect(now.totals[1].explained_by.looked_at.count).toBe(3);
      for (const amount of [-911, -922, -33]) expect(await found()).not.toContain(amount);
    }, WITHIN);
  });

  it('is reported until it is explained, even from before the run’s period', async () => {
    const transfer = await waybill.stripe.transfers.create({
      amount: 44,
      currency: 'usd',
      destination: DESTINATION,
    });
    const sale = (await request(waybill, 'GET', '/v1/orders/sale')).body;
    await waybill.stripe.refunds.create({ payment_intent: sale.payment_intent, amount: 55 });
    const { body: before } = await reconciled({ orders: { differing: 1 } });
    expect(await found()).toEqual(expect.arrayContaining([-44, -55, -55]));

    await ensureReconciling(waybill.env.client, schedule(0, 1));
    for (let runs = 0; runs < 2; runs++) {
      const { body: later } = await reconciled({ orders: { agreeing: 0, differing: 1 } });
      expect(later.difference_count).toBe(before.difference_count);
      expect(await found()).toEqual(expect.arrayContaining([-44, -55, -55]));
    }

    await waybill.stripe.transfers.update(transfer.id, { metadata: { waybill_explained: 'ticket 4712' } });
    const event = { eventId: 'evt_2', eventType: 'charge.refunded' };
    await waybill.env.client.workflow.getHandle('order/sale').signal('stripeEvent', event);
    await until('sale', { amount_refunded: 155 });
    await reconciled({
      difference_count: before.difference_count - 3,
      orders: { agreeing: 0, differing: 0 },
    });
  });
});

async function attentionOf(workflowId: string): Promise<unknown[]> {
  const { typedSearchAttributes } = await waybill.env.client.workflow.getHandle(workflowId).describe();
  return [typedSearchAttributes.get(NEEDS_ATTENTION), typedSearchAttributes.get(ATTENTION_CODE)];
}
