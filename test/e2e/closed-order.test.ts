import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ openMs: 1 });
});
afterAll(() => waybill?.stop());

const refund = (id: string, amount: number, key: string) =>
  request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body: { amount }, key });

async function closed(id: string): Promise<void> {
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);
}

it('a closed order is reopened for a refund, with its memory', async () => {
  const terms = { id: 'closed', capture_method: 'automatic', on_dispute_lost: 'recover' };
  await vi.waitFor(async () => {
    expect(await createOrder(waybill, terms, { key: 'made' })).toMatchObject({ status: 201 });
  }, WITHIN);
  await closed('closed');
  expect(await refund('closed', 300, 'late')).toMatchObject({
    status: 200,
    body: { amount_refunded: 300, on_dispute_lost: 'recover' },
  });
  await closed('closed');
  expect(await refund('closed', 300, 'late')).toMatchObject({ status: 200, body: { amount_refunded: 300 } });
  expect(await refund('closed', 200, 'later')).toMatchObject({ status: 200, body: { amount_refunded: 500 } });
  expect(await refund('closed', 300, 'late')).toMatchObject({ status: 200, body: { amount_refunded: 500 } });
  expect(await refund('closed', 1, 'late')).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  });
  const made = (await sandboxRequests(waybill)).filter(
    ({ method, path, status }) => method === 'POST' && path === '/v1/refunds' && status === 200,
  );
  expect(made).toHaveLength(2);
  const { body: timeline } = await request(waybill, 'GET', '/v1/orders/closed/timeline');
  expect(
    timeline.data.flatMap(({ type, name }: Record<string, string>) => (type === 'command' ? [name] : [])),
  ).toEqual(['authorize', 'refund', 'adopt', 'refund', 'adopt']);
});

it('the request that made an order gets its first answer again while the order is open again', async () => {
  const make = (amount = 1000) =>
    createOrder(waybill, { id: 'again', amount, capture_method: 'automatic' }, { key: 'again' });
  expect(await make()).toMatchObject({ status: 201 });
  await closed('again');
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/refunds', times: 'always' },
    effect: { error: 'rate_limit' },
  });
  const late = { body: { amount: 300 }, key: 'again-late', headers: { prefer: 'wait=0' } };
  await request(waybill, 'POST', '/v1/orders/again/refunds', late);
  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('again'));
  await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('RUNNING'), WITHIN);

  const repeated = await make();
  expect(repeated).toMatchObject({ status: 201, body: { id: 'again' } });
  expect(repeated.headers.get('Idempotent-Replayed')).toBe('true');
  expect(await make(999)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  expect(await createOrder(waybill, { id: 'again' }, { key: 'another' })).toMatchObject({
    status: 409,
    body: { code: 'order_exists' },
  });
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  await closed('again');
});

it('a reopened order is listed once, in its present state', async () => {
  const sold = ['listed-1', 'listed-2'];
  for (const id of sold) {
    await createOrder(waybill, { id, capture_method: 'automatic' });
    await closed(id);
  }
  for (const amount of [300, 700]) {
    await refund('listed-1', amount, `listed-${amount}`);
    await closed('listed-1');
  }
  const idsOf = async (query: string): Promise<string[]> => {
    const { body } = await request(waybill, 'GET', `/v1/orders?${query}`);
    return body.data.map(({ id }: { id: string }) => id).filter((id: string) => sold.includes(id));
  };
  await vi.waitFor(async () => {
    expect(await idsOf('limit=100')).toEqual(['listed-1', 'listed-2']);
    expect(await idsOf('status=captured')).toEqual(['listed-2']);
    expect(await idsOf('status=refunded')).toEqual(['listed-1']);
    expect(await idsOf('limit=1&starting_after=listed-1')).toEqual(['listed-2']);
  }, WITHIN);
});

it('many refunds of a closed order at once are each carried out once', async () => {
  expect(await createOrder(waybill, { id: 'rush', capture_method: 'automatic' })).toMatchObject({
    status: 201,
  });
  await closed('rush');
  const answers = await Promise.all(
    ['a', 'a', 'b', 'b', 'c', 'd'].map((key) => refund('rush', 250, `rush-${key}`)),
  );
  const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
  // Only one of two requests under one key is carried out at a time.
  expect(refused.filter((code) => code !== 'idempotency_key_in_use')).toEqual([]);
  await vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', '/v1/orders/rush');
    expect(body).toMatchObject({ status: 'refunded', amount_refunded: 1000 });
    expect(body.refunds).toHaveLength(4);
  }, WITHIN);
});

it('a special-case transfer of a closed order is reversed once', async () => {
  await createOrder(waybill, { id: 'reversed-late', capture_method: 'automatic', transfer_amount: 300 });
  const { body } = await request(waybill, 'POST', '/v1/orders/reversed-late/transfers', {
    body: { amount: 500, description: 'bonus' },
  });
  const path = `/v1/orders/reversed-late/transfers/${body.transfers[0].id}/reversals`;
  const reverse = (amount: number) => request(waybill, 'POST', path, { body: { amount }, key: 'late' });
  await closed('reversed-late');
  // Its workflow has not learnt of it.
  await waybill.stripe.transfers.createReversal(body.transfers[0].id, { amount: 50 });
  const done = { status: 200, body: { transfers: [{ status: 'partially_reversed', amount_reversed: 250 }] } };
  expect(await reverse(200)).toMatchObject(done);
  await closed('reversed-late');
  expect(await reverse(200)).toMatchObject(done);
  expect(await reverse(100)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  const { data } = await waybill.stripe.transfers.listReversals(body.transfers[0].id);
  expect(data.map(({ amount }) => amount)).toEqual([200, 50]);
});
