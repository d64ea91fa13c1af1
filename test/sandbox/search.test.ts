import { expect, it } from 'vitest';
import { refusal, useSandbox } from './conformance/support.ts';

const sandbox = useSandbox();

async function paid(sku: string, changes: object = {}): Promise<string> {
  const { id } = await sandbox.stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    metadata: { sku },
    ...changes,
  });
  return id;
}

it('finds PaymentIntents by what is in their metadata, newest first, page by page', async () => {
  const ids = [await paid('7'), await paid('7'), await paid('7', { currency: 'eur' }), await paid('8')];
  const find = (query: string, page?: string) =>
    sandbox.stripe.paymentIntents.search({ query, limit: 2, ...(page ? { page } : {}) });
  const first = await find("metadata['sku']:'7'");
  expect(first).toMatchObject({ object: 'search_result', has_more: true });
  const second = await find("metadata['sku']:'7'", first.next_page ?? '');
  expect(second).toMatchObject({ has_more: false, next_page: null });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.slice(0, 3).toReversed());
  expect((await find(`metadata["sku"]:"7" AND currency:"eur"`)).data.map(({ id }) => id)).toEqual([ids[2]]);
  expect((await find("metadata['sku']:'none'")).data).toEqual([]);
});

it('refuses a query that it does not understand, instead of finding too much', async () => {
  const { status, error } = await refusal(sandbox.stripe.paymentIntents.search({ query: 'amount>5' }));
  expect(status).toBe(400);
  expect(error).toMatchObject({ type: 'invalid_request_error', param: 'query' });
});
