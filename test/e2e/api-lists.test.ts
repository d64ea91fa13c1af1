import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountResource } from '../../api/accounts/account-schema.ts';
import { Visibility } from '../../api/backend/visibility.ts';
import { listOfWorkflows } from '../../api/http/common.ts';
import { orderResource, orderSummaryResource } from '../../api/orders/order-schema.ts';
import { transferResource } from '../../api/transfers/transfer-schema.ts';
import { ACCOUNT_WORKFLOW } from '../../contract/accounts.ts';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { PAYOUT_WORKFLOW } from '../../contract/payouts.ts';
import { NEEDS_ATTENTION } from '../../contract/search-attribute-keys.ts';
import { TRANSFER_WORKFLOW } from '../../contract/transfers.ts';
import {
  accountWorkflowId,
  orderWorkflowId,
  payoutWorkflowId,
  transferWorkflowId,
} from '../../domain/ids.ts';
import { serveApp } from '../api/serve-app.ts';
import { envelope, payoutTerms, terms } from '../support/builders.ts';
import type { Waybill } from '../support/waybill.ts';
import { POLICY, request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, WITHIN } from './support.ts';

const IDS = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7'];
const NEWEST_FIRST = IDS.toReversed();
const OTHER_ACCOUNT = 'acct_1WaybillUSXpress';
const BROKEN_PAYOUT = 'wpo_0123456789abcdef01234567';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
  for (const id of IDS) {
    await createOrder(waybill, { id, connected_account: id === 'l3' ? OTHER_ACCOUNT : DESTINATION });
  }
  await createOrder(waybill, { id: 'refused', connected_account: 'acct_1Unknown0000' });
  // Closed ones come last in Temporal's own order.
  await request(waybill, 'POST', '/v1/orders/l6/cancel');
  await request(waybill, 'POST', '/v1/orders/l2/cancel');
  await eventually(
    async () => (await ids('')).length === IDS.length && (await ids('status=canceled')).length === 2,
  );
});
afterAll(() => waybill?.stop());

const get = (path: string) => request(waybill, 'GET', path);
const ids = async (query: string): Promise<string[]> =>
  (await get(`/v1/orders?${query}`)).body.data.map(({ id }: { id: string }) => id);

describe('GET /v1/orders', () => {
  it('lists newest first, open or closed, without those that Stripe refused', async () => {
    const { body } = await get('/v1/orders');
    expect(body).toMatchObject({ object: 'list', url: '/v1/orders', has_more: false });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(NEWEST_FIRST);
  });

  it.each([1, 2, 3, 7])('gives every order once in pages of %i', async (limit) => {
    const seen: string[] = [];
    for (let more = true; more; ) {
      const after = seen.length > 0 ? `&starting_after=${seen.at(-1)}` : '';
      const { body } = await get(`/v1/orders?limit=${limit}${after}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      more = body.has_more;
    }
    expect(seen).toEqual(NEWEST_FIRST);
  });

  it('filters', async () => {
    const startedAt = await new Visibility(waybill.env.client).startedAt('order/l4');
    const created = new Date(startedAt ?? 0).toISOString();
    expect(await ids('status=canceled')).toEqual(['l6', 'l2']);
    expect(await ids(`connected_account=${OTHER_ACCOUNT}`)).toEqual(['l3']);
    expect(await ids('needs_attention=true')).toEqual([]);
    expect(await ids('customer=cus_none')).toEqual([]);
    expect(await ids(`created[gte]=${created}`)).toEqual(['l7', 'l6', 'l5', 'l4']);
    expect(await ids(`created[gt]=${created}`)).toEqual(['l7', 'l6', 'l5']);
    expect(await ids(`created[lte]=${created}`)).toEqual(['l4', 'l3', 'l2', 'l1']);
    expect(await ids(`created[lt]=${created}`)).toEqual(['l3', 'l2', 'l1']);
    expect(await ids('capture_before[lte]=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await ids('capture_before[gte]=2020-01-01T00:00:00Z')).length).toBe(5);
  });

  it('refuses a page after an unknown order', async () => {
    expect(await get('/v1/orders?starting_after=none')).toMatchObject({
      status: 400,
      body: { param: 'starting_after' },
    });
  });

  it('cuts a page out of more orders than it can sort', async () => {
    const visibility = new Visibility(waybill.env.client, { rowsMax: 3 });
    const seen: string[] = [];
    for (let more = true; more; ) {
      const last = seen.at(-1);
      const startedAt = last === undefined ? null : await visibility.startedAt(last);
      const after = last === undefined || startedAt === null ? null : { workflowId: last, startedAt };
      const page = await visibility.page(ORDER_WORKFLOW, [], { limit: 2, after });
      seen.push(...page.rows.map(({ workflowId }) => workflowId));
      more = page.hasMore;
    }
    expect(seen).toEqual(NEWEST_FIRST.map((id) => `order/${id}`));
  });
});

describe('an order whose workflow fails its tasks', () => {
  it('is in the list with what is known of it, and hides none of the others', async () => {
    const input = {
      terms: terms({ id: 'broken' }),
      livemode: false,
      policy: POLICY,
      authorize: envelope('cmd_1'),
    };
    const handle = await waybill.env.client.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId('broken'),
      taskQueue: 'waybill',
      // No run carried such a thing over: it stands for a bug.
      args: [input, { commands: 5 }],
      typedSearchAttributes: [{ key: NEEDS_ATTENTION, value: true }],
    });
    await eventually(async () => (await get('/v1/orders?needs_attention=true')).body.data.length === 1);
    const answer = await get('/v1/orders?needs_attention=true');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: [
          { id: 'broken', object: 'order', unreadable: expect.stringMatching(/not shown/), status: null },
        ],
      },
    });
    const asked = await get('/v1/orders?needs_attention=true&expand[]=data');
    expect(asked.body.data).toMatchObject([{ id: 'broken', unreadable: expect.stringMatching(/answer/) }]);
    expect(
      listOfWorkflows([orderSummaryResource, orderResource], 'OrderList').safeParse(answer.body).error,
    ).toBeUndefined();
    expect(await ids('')).toEqual(['broken', ...NEWEST_FIRST]);
    await handle.terminate();
  });
});

it.each([
  [
    'transfers',
    TRANSFER_WORKFLOW,
    transferWorkflowId('broken'),
    'broken',
    {
      ...{ id: 'broken', amount: 1, currency: 'usd', destination: DESTINATION, description: null },
      pay: envelope('pay'),
    },
  ],
  [
    'payouts',
    PAYOUT_WORKFLOW,
    payoutWorkflowId(BROKEN_PAYOUT),
    BROKEN_PAYOUT,
    { terms: payoutTerms({ id: BROKEN_PAYOUT }), payOut: envelope('pay-out') },
  ],
  [
    'accounts',
    ACCOUNT_WORKFLOW,
    accountWorkflowId('broken'),
    'broken',
    { reference: 'broken', origin: { kind: 'create' }, begin: envelope('begin') },
  ],
])(
  'one of the %s whose workflow fails its tasks is in the list too, as unreadable',
  async (list, workflowType, workflowId, id, input) => {
    const handle = await waybill.env.client.workflow.start(workflowType, {
      workflowId,
      taskQueue: 'waybill',
      args: [{ ...input, livemode: false, policy: { ...POLICY, watchPaidMs: 1_000 } }, { commands: 5 }],
      typedSearchAttributes: [{ key: NEEDS_ATTENTION, value: true }],
    });
    await eventually(async () => {
      const { status, body } = await get(`/v1/${list}?needs_attention=true`);
      expect(status).toBe(200);
      return body.data.length === 1;
    });
    const { body } = await get(`/v1/${list}?needs_attention=true`);
    expect(body.data).toMatchObject([
      { id, object: list.slice(0, -1), unreadable: expect.stringMatching(/answer|not shown/) },
    ]);
    await handle.terminate();
  },
);

describe('transfers with no order', () => {
  it('are refused by Stripe where the balance does not cover them', async () => {
    const transfer = { amount: 500, currency: 'usd', destination: DESTINATION, description: 'a goodwill' };
    const answer = await request(waybill, 'POST', '/v1/transfers', { body: transfer });
    expect(answer).toMatchObject({ status: 422, body: { code: 'balance_insufficient' } });
  });

  it('are paid once, read and listed', async () => {
    await createOrder(waybill, {
      amount: 50_000,
      payment_method: 'pm_card_bypassPending',
      capture_method: 'automatic',
      transfer_amount: 1,
    });
    const body = {
      id: 'goodwill',
      amount: 500,
      currency: 'usd',
      destination: DESTINATION,
      description: 'a goodwill',
    };
    const paid = await request(waybill, 'POST', '/v1/transfers', { body, key: 'goodwill' });
    expect(paid.status).toBe(201);
    expect(transferResource.safeParse(paid.body).error).toBeUndefined();
    expect(paid.body).toMatchObject({ id: 'goodwill', status: 'paid', destination: DESTINATION });
    const again = await request(waybill, 'POST', '/v1/transfers', { body, key: 'goodwill' });
    expect(again).toMatchObject({ status: 201, body: paid.body });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect((await get('/v1/transfers/goodwill')).body).toEqual(paid.body);
    await eventually(async () => (await get('/v1/transfers')).body.data.length >= 1);
    expect((await get(`/v1/transfers?destination=${DESTINATION}`)).body.data[0].id).toBe('goodwill');
    const resolve = { action: 'retry', reason: 'x' };
    expect(await request(waybill, 'POST', '/v1/transfers/goodwill/resolve', { body: resolve })).toMatchObject(
      {
        status: 409,
      },
    );
  });
});

describe('accounts', () => {
  it('are listed and read from Stripe, without private data', async () => {
    const { status, body } = await get('/v1/accounts?limit=100');
    expect(status).toBe(200);
    for (const account of body.data) expect(accountResource.safeParse(account).error).toBeUndefined();
    expect(body.data).toContainEqual(
      expect.objectContaining({ id: DESTINATION, type: 'custom', status: 'enabled' }),
    );
    expect(body.data).toContainEqual(
      expect.objectContaining({ id: 'acct_1WaybillUSNotYet', status: 'onboarding' }),
    );
    expect((await get(`/v1/accounts/${DESTINATION}`)).body.country).toBe('US');
    expect(await get('/v1/accounts/acct_1None')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('without a worker', () => {
  it('an order is taken and waits; a read says 503', async () => {
    const alone = await serveApp({
      temporal: waybill.env.client,
      taskQueue: 'nobody',
      logger: pino({ level: 'silent' }),
    });
    const body = {
      id: 'waiting',
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: DESTINATION,
    };
    const create = (key: string) =>
      alone.call('POST', '/v1/orders', { key, body, headers: { Prefer: 'wait=1' } });
    expect(await create('w')).toMatchObject({ status: 202, body: { id: 'waiting', status: 'pending' } });
    expect(await create('w')).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    expect(await create('another')).toMatchObject({ status: 409, body: { code: 'order_exists' } });
    expect(await alone.call('GET', '/v1/orders/waiting')).toMatchObject({
      status: 503,
      body: { retryable: true },
    });
    expect((await alone.call('GET', '/readyz')).body).toMatchObject({ status: 'not_ready', workers: 'none' });
    await alone.stop();
  });
});

it.each(['/v1/accounts', '/v1/transfers', '/v1/customers', '/v1/orders', '/v1/payouts'])(
  'a reader may read %s',
  async (path) => {
    expect(await request(waybill, 'GET', path, { as: 'read' })).toMatchObject({ status: 200 });
  },
);

function eventually(check: () => Promise<boolean>): Promise<void> {
  return vi.waitFor(async () => expect(await check()).toBe(true), WITHIN);
}
