import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import {
  control,
  createOrder,
  DESTINATION,
  endFaults,
  HELD_BACK,
  sandboxRequests,
  unbalanced,
  WITHIN,
} from './support.ts';

/** Of four places starts take three, and those of one account two. */
const LIMITS = { perKey: 10_000, perAddress: 600, stripeReadsPerKey: 1_000, commandsMax: 4 };
const STARTS = ['first', 'second', 'third'];
const OTHER_ACCOUNT = 'acct_1WaybillUSXpress';
const OVERLOADED = { status: 429, body: { code: 'overloaded', retryable: true } };

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 120_000 }, {}, { api: { limits: LIMITS } });
});
afterEach(() => endFaults(waybill));
afterAll(() => waybill?.stop());

const PATIENT = { headers: { prefer: 'wait=60' } };

/** Stripe holds the payments of these orders back until they are let go: the API waits for all of them. */
async function occupied(ids: readonly string[]): Promise<() => Promise<Answer[]>> {
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents', times: ids.length },
    effect: HELD_BACK,
  });
  const answers = Promise.all(
    ids.map((id, n) =>
      createOrder(waybill, { id, connected_account: n < 2 ? DESTINATION : OTHER_ACCOUNT }, PATIENT),
    ),
  );
  await vi.waitFor(async () => {
    const response = await fetch(`${waybill.sandboxUrl}/_sandbox/faults`);
    const { data } = (await response.json()) as { data: readonly { fired: number }[] };
    expect(data[0]?.fired).toBe(ids.length);
  }, WITHIN);
  return async () => {
    await endFaults(waybill);
    return answers;
  };
}

async function isKnown(id: string): Promise<boolean> {
  try {
    await waybill.env.client.workflow.getHandle(orderWorkflowId(id)).describe();
    return true;
  } catch (error) {
    if (faultOf(error)?.type === 'not_found') return false;
    throw error;
  }
}

it('a start for which there is no place is refused with Retry-After and leaves nothing, so that its key works later', async () => {
  const letGo = await occupied(STARTS);
  const shed = await createOrder(waybill, { id: 'shed' }, { key: 'of-the-shed' });
  expect(shed).toMatchObject(OVERLOADED);
  expect(shed.headers.get('retry-after')).toBe('2');
  expect(await isKnown('shed')).toBe(false);

  expect((await letGo()).map(({ status }) => status)).toEqual([201, 201, 201]);
  const later = await createOrder(waybill, { id: 'shed' }, { key: 'of-the-shed' });
  expect(later).toMatchObject({ status: 201, body: { id: 'shed', status: 'authorized' } });
  expect(later.headers.get('idempotent-replayed')).toBeNull();
  const made = (await sandboxRequests(waybill)).filter(
    ({ method, path, params }) =>
      method === 'POST' &&
      path === '/v1/payment_intents' &&
      JSON.stringify(params.metadata).includes('"shed"'),
  );
  expect(made).toHaveLength(1);
  expect(await unbalanced(waybill)).toEqual([]);
});

it('one account’s starts leave places to those of others', async () => {
  const letGo = await occupied(['of-one', 'of-it']);
  expect(await createOrder(waybill, { id: 'too-many' })).toMatchObject(OVERLOADED);
  expect(await createOrder(waybill, { id: 'of-another', connected_account: OTHER_ACCOUNT })).toMatchObject({
    status: 201,
  });
  await letGo();
});

it('while starts are shed, a capture finds a place, and reads, probes and metrics are answered', async () => {
  await createOrder(waybill, { id: 'to-capture' });
  const letGo = await occupied(STARTS.map((id) => `again-${id}`));
  expect(await createOrder(waybill, { connected_account: 'acct_1WaybillUSStndrd' })).toMatchObject(
    OVERLOADED,
  );

  expect(await request(waybill, 'POST', '/v1/orders/to-capture/capture')).toMatchObject({
    status: 200,
    body: { status: 'captured' },
  });
  for (const path of ['/v1/orders/to-capture', '/v1/orders', '/readyz']) {
    expect(await request(waybill, 'GET', path)).toMatchObject({ status: 200 });
  }
  const metrics = await (await fetch(`${waybill.apiUrl}/metrics`)).text();
  expect(metrics).toMatch(/^waybill_commands_shed_total\{load="start"\} [1-9]/m);
  await letGo();
});

it('commands of what exists are refused only when every place is taken', async () => {
  await createOrder(waybill, { id: 'held' });
  await createOrder(waybill, { id: 'next' });
  const letGo = await occupied(STARTS.map((id) => `more-${id}`));
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents/*/capture', times: 1 },
    effect: HELD_BACK,
  });
  const captured = request(waybill, 'POST', '/v1/orders/held/capture', PATIENT);
  await vi.waitFor(
    async () => expect(await request(waybill, 'POST', '/v1/orders/none/cancel')).toMatchObject(OVERLOADED),
    WITHIN,
  );
  await letGo();
  expect(await captured).toMatchObject({ status: 200, body: { status: 'captured' } });
  expect(await request(waybill, 'POST', '/v1/orders/next/capture')).toMatchObject({ status: 200 });
});
