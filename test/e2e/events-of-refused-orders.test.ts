import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, WITHIN } from './support.ts';

interface Told {
  readonly type: string;
  readonly data: { readonly id: string; readonly sequence: number; readonly status: string };
}

let waybill: Waybill;
let receiver: Receiver;
beforeAll(async () => {
  waybill = await startWaybill();
  receiver = await startReceiver();
  const body = { url: receiver.url };
  expect(await request(waybill, 'POST', '/v1/event_subscriptions', { body })).toMatchObject({ status: 201 });
});
afterAll(async () => {
  await receiver?.stop();
  await waybill?.stop();
});

const toldOf = (order: string): Told[] =>
  receiver.received.map(({ body }) => JSON.parse(body) as Told).filter(({ data }) => data.id === order);

/** Its first attempts get no answer, so that whoever asked may not have waited; the next one is refused. */
async function refusedLate(id: string): Promise<void> {
  const path = '/v1/payment_intents';
  await control(waybill, 'faults', { match: { method: 'POST', path, times: 3 }, effect: { drop: true } });
  const error = { type: 'invalid_request_error', code: 'amount_too_large', message: 'No.' };
  await control(waybill, 'faults', {
    match: { method: 'POST', path },
    effect: { error, status: 400 },
  });
  expect((await createOrder(waybill, { id })).status).toBeGreaterThanOrEqual(400);
}

it('an order that Stripe refuses after a retry is told of, since its caller may not have waited', async () => {
  await refusedLate('refused-late');
  await vi.waitFor(() => {
    expect(toldOf('refused-late')).toMatchObject([
      { type: 'order.canceled', data: { sequence: 1, status: 'canceled' } },
    ]);
  }, WITHIN);
});

it('the next order of its id loses no event: they are numbered above the earlier one’s', async () => {
  await refusedLate('tried-again');
  await vi.waitFor(() => expect(toldOf('tried-again')).toHaveLength(1), WITHIN);
  expect(await createOrder(waybill, { id: 'tried-again' })).toMatchObject({ status: 201 });
  await request(waybill, 'POST', '/v1/orders/tried-again/capture');
  await vi.waitFor(() => {
    expect(toldOf('tried-again').map(({ type }) => type)).toEqual([
      'order.canceled',
      'order.authorized',
      'order.captured',
    ]);
  }, WITHIN);
  const numbers = toldOf('tried-again').map(({ data }) => data.sequence);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(
    receiver.received.length,
  );
});
