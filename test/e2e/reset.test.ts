import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId, transferWorkflowId } from '../../domain/ids.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, madeAtStripe, unbalanced, WITHIN } from './support.ts';

/** Stripe forgets an idempotency key after a day. */
const LATER_SECONDS = 25 * 3_600;
/** What came after the point of the reset, and Temporal would bring once more. */
const [SIGNALS, UPDATES] = [1, 2];

let waybill: Waybill;
let first: Record<string, Answer>;
let before: Awaited<ReturnType<typeof madeAtStripe>>;

const post = (path: string, key: string, body: object) => () => request(waybill, 'POST', path, { body, key });

const REQUESTS: Record<string, () => Promise<Answer>> = {
  funds: () =>
    createOrder(
      waybill,
      {
        id: 'funds',
        payment_method: 'pm_card_bypassPending',
        capture_method: 'automatic',
        application_fee_amount: 500,
      },
      { key: 'funds' },
    ),
  held: () => createOrder(waybill, { id: 'held' }, { key: 'held' }),
  capture: post('/v1/orders/held/capture', 'capture', { amount: 700 }),
  paid: () =>
    createOrder(waybill, { id: 'paid', capture_method: 'automatic', transfer_amount: 800 }, { key: 'paid' }),
  firstRefund: post('/v1/orders/paid/refunds', 'first-refund', { amount: 100 }),
  tip: post('/v1/orders/paid/transfers', 'tip', { amount: 50, description: 'tip' }),
  refundOfRest: post('/v1/orders/paid/refunds', 'refund-of-rest', {}),
  parts: () => createOrder(waybill, { id: 'parts', request_multicapture: true }, { key: 'parts' }),
  firstPart: post('/v1/orders/parts/capture', 'first-part', { amount: 300, final: false }),
  secondPart: post('/v1/orders/parts/capture', 'second-part', { amount: 200, final: false }),
  transfer: post('/v1/transfers', 'transfer', {
    id: 'bonus',
    amount: 70,
    currency: 'usd',
    destination: DESTINATION,
    description: 'bonus',
  }),
  reversal: post('/v1/transfers/bonus/reversals', 'reversal', { amount: 30 }),
  reversalOfRest: post('/v1/transfers/bonus/reversals', 'reversal-of-rest', {}),
};
const RESET: Readonly<Record<string, string>> = {
  '/v1/orders/held': orderWorkflowId('held'),
  '/v1/orders/paid': orderWorkflowId('paid'),
  '/v1/orders/parts': orderWorkflowId('parts'),
  '/v1/transfers/bonus': transferWorkflowId('bonus'),
};

const read = async (path: string) => (await request(waybill, 'GET', path)).body;

/** Sends the workflow back to before it did anything. */
async function reset(workflowId: string): Promise<void> {
  const { workflow, workflowService, options } = waybill.env.client;
  const handle = workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const done = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await workflowService.resetWorkflowExecution({
    namespace: options.namespace,
    workflowExecution: { workflowId, runId: (await handle.describe()).runId },
    reason: 'as an operator does',
    workflowTaskFinishEventId: done?.eventId ?? null,
    resetReapplyExcludeTypes: [SIGNALS, UPDATES],
    requestId: randomUUID(),
  });
}

beforeAll(async () => {
  waybill = await startWaybill({}, { syncEveryMs: 1_000 });
  // Nothing of a refund is to change by the clock alone.
  await control(waybill, 'settings', { multicapture: true, refund_reference_seconds: 2 * LATER_SECONDS });
  first = {};
  for (const [name, ask] of Object.entries(REQUESTS)) first[name] = await ask();
  await control(waybill, 'clock/advance', { seconds: LATER_SECONDS });
  before = await madeAtStripe(waybill);
});
afterAll(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
  await waybill?.stop();
});

describe('a workflow that somebody resets to its beginning, without what came later', () => {
  it('every request was carried out once before', () => {
    for (const [name, { status }] of Object.entries(first)) expect([200, 201], name).toContain(status);
  });

  it.each(Object.entries(RESET))('%s comes to stand where it stood', async (path, workflowId) => {
    const { created: _, ...stood } = await read(path);
    await reset(workflowId);
    await vi.waitFor(async () => expect(await read(path)).toMatchObject(stood), WITHIN);
  });

  it.each(Object.entries(REQUESTS))('%s: a repeat under its own key moves nothing', async (name, ask) => {
    const { status, body } = await ask();
    expect([status, body.id]).toEqual([first[name]?.status, first[name]?.body.id]);
    expect(await madeAtStripe(waybill)).toEqual(before);
  });
});
