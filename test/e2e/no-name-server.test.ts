import dns from 'node:dns';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, sandboxRequests, WITHIN } from './support.ts';

/** A name that no name server knows (RFC 6761). */
const NAME = 'stripe.invalid';

let waybill: Waybill;
beforeAll(async () => {
  const proxy = { listen: async (target: string) => target.replace('127.0.0.1', NAME) };
  waybill = await startWaybill({ retryBudgetMs: 120_000 }, {}, { proxy });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await waybill?.stop();
});

it('while Stripe’s name is not found an order waits and says why; once it is found the order goes on, and pays once', async () => {
  const headers = { Prefer: 'wait=1' };
  const body = {
    id: 'nameless',
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    connected_account: 'acct_1WaybillUSCustom',
  };
  const ask = () => request(waybill, 'POST', '/v1/orders', { body, key: 'nameless', headers });
  expect(await ask()).toMatchObject({ status: 202 });
  const read = async () => (await request(waybill, 'GET', '/v1/orders/nameless')).body;
  await vi.waitFor(async () => {
    const { pending } = await read();
    expect(pending).toMatchObject({ operation: 'authorize', last_error: { code: 'api_connection_error' } });
    expect(pending.last_error.message).toMatch(/(ENOTFOUND|EAI_AGAIN) stripe\.invalid/);
  }, WITHIN);

  const lookup = dns.lookup;
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: [never, never]) =>
    lookup(name === NAME ? '127.0.0.1' : name, ...rest)) as typeof dns.lookup);
  await vi.waitFor(async () => expect(await read()).toMatchObject({ status: 'authorized', pending: null }), {
    timeout: 60_000,
    interval: 200,
  });
  expect(await createOrder(waybill, { id: 'next' })).toMatchObject({ status: 201 });
  const made = (await sandboxRequests(waybill)).filter(
    ({ method, path }) => method === 'POST' && path === '/v1/payment_intents',
  );
  expect(made).toHaveLength(2);
});
