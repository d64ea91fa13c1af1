import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, sandboxRequests } from './support.ts';

const ROTATED = ['dev_ops', 'the-next-secret-of-olga'].map((secret) => ({
  name: 'olga',
  role: 'ops' as const,
  secret,
}));

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, {}, { api: { keys: ROTATED } });
});
afterAll(() => waybill?.stop());

it('a refund repeated with the next secret of the same key gets the first answer', async () => {
  const { body: order } = await createOrder(waybill, { capture_method: 'automatic' });
  const refund = (secret: string) =>
    request(waybill, 'POST', `/v1/orders/${order.id}/refunds`, {
      key: 'refund-once',
      body: { amount: 400 },
      headers: { authorization: `Bearer ${secret}` },
    });
  const [first, repeat] = [await refund('dev_ops'), await refund('the-next-secret-of-olga')];
  expect(first.status).toBe(200);
  expect(repeat.body).toEqual(first.body);
  expect(repeat.headers.get('idempotent-replayed')).toBe('true');
  const refunds = (await sandboxRequests(waybill)).filter(
    ({ method, path }) => method === 'POST' && path === '/v1/refunds',
  );
  expect(refunds).toHaveLength(1);
});
