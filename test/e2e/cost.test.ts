import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { DESTINATION, sandboxRequests } from './support.ts';

/** What one order may cost. A change that needs more has to say why. */
const EVENTS_MAX = 18;
const HISTORY_BYTES_MAX = 6_144;

const ORDER = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: DESTINATION,
};

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

it('an authorized and captured order costs two mutating Stripe calls, one look before the first, two workflow tasks and few events', async () => {
  const created = await request(waybill, 'POST', '/v1/orders', {
    body: { ...ORDER, id: 'cheap' },
  });
  expect(created.body).toMatchObject({ status: 'authorized' });
  const captured = await request(waybill, 'POST', '/v1/orders/cheap/capture');
  expect(captured.body.status).toBe('captured');

  const calls = await sandboxRequests(waybill);
  expect(calls.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
    '/v1/payment_intents',
    `/v1/payment_intents/${created.body.payment_intent}/capture`,
  ]);
  // What the API looks up before it takes an order, and remembers for the next ones; and whether Stripe knows the order.
  expect(calls.filter(({ method }) => method === 'GET').map(({ path }) => path)).toEqual([
    '/v1/account',
    `/v1/accounts/${DESTINATION}`,
    '/v1/charges',
  ]);
  await request(waybill, 'POST', '/v1/orders', { body: { ...ORDER, id: 'next' } });
  const later = (await sandboxRequests(waybill)).slice(calls.length);
  expect(later.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/charges',
    'POST /v1/payment_intents',
  ]);

  const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('cheap'));
  const history = await handle.fetchHistory();
  const { historySizeBytes } = (await handle.describe()).raw.workflowExecutionInfo ?? {};
  const events = history.events ?? [];
  expect(events.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(2);
  expect(events.length).toBeLessThanOrEqual(EVENTS_MAX);
  const upserts = events.flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
    upsert ? [Object.keys(upsert.searchAttributes?.indexedFields ?? {}).toSorted()] : [],
  );
  expect(upserts).toEqual([
    ['CaptureBefore', 'OrderStatus', 'PaymentIntent'],
    ['AmountCaptured', 'OrderStatus'],
  ]);
  expect(
    events
      .flatMap(({ userMetadata }) => userMetadata?.summary ?? [])
      .map((one) => defaultPayloadConverter.fromPayload(one)),
  ).toEqual([
    '10.00 USD → acct_1WaybillUSCustom',
    'authorize 10.00 USD',
    'Read again: authorized',
    'Read again: authorized',
    'capture 10.00 USD',
    'Read again: captured',
  ]);
  expect(Number(historySizeBytes)).toBeLessThanOrEqual(HISTORY_BYTES_MAX);
});
