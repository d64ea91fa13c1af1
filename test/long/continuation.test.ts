import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runsOf } from '../../bench/long-life/runs.ts';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { readAll } from '../../stripe/read-all.ts';
import { createOrder, unbalanced } from '../e2e/support.ts';
import { continuingAfter } from '../support/server-args.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

/** Few, but so many that a run takes longer than a second: the server delays the next one of a shorter run. */
const EVENTS = 400;
const CALLERS = 8;
const REFUNDS_EACH = 40;
const BY_SIGNAL = 60;
const EVENTS_OF_STRIPE = 120;
/** Without an end to the commands there must be one to each run. */
const RUNS_MIN = 4;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, {}, { serverArgs: continuingAfter(EVENTS) });
});
afterAll(() => waybill?.stop());

const workflow = () => waybill.env.client.workflow.getHandle(orderWorkflowId('busy'));

/** One refund after the other, each under its key until there is a final answer. */
async function caller(name: number, seen: Map<number, number>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; n < REFUNDS_EACH; n++) {
    let answer: Answer;
    do {
      answer = await request(waybill, 'POST', '/v1/orders/busy/refunds', {
        body: { amount: 1 },
        key: `refund-${name}-${n}`,
      });
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    } while (answer.status === 202 || answer.status === 429);
    answers.push(answer);
  }
  return answers;
}

it('updates and signals that meet the end of a run are carried out once each, and none gets an error', async () => {
  const created = await createOrder(waybill, { id: 'busy', amount: 100_000, capture_method: 'automatic' });
  const { runId } = await workflow().describe();
  const signals = async () => {
    for (let n = 0; n < BY_SIGNAL; n++)
      await workflow().signal('refund', { request_id: `signal-${n}`, actor: 'ada', amount: 1 });
  };
  const events = async () => {
    for (let n = 0; n < EVENTS_OF_STRIPE; n++)
      await workflow().signal(stripeEventSignal, { eventId: `evt_${n}`, eventType: 'charge.updated' });
  };
  const statuses = new Map<number, number>();
  const callers = Array.from({ length: CALLERS }, (_, name) => caller(name, statuses));
  const [answers] = await Promise.all([Promise.all(callers), signals(), events()]);

  const expected = CALLERS * REFUNDS_EACH + BY_SIGNAL;
  const charge = created.body.latest_charge;
  await vi.waitFor(async () => {
    const { body: order } = await request(waybill, 'GET', '/v1/orders/busy');
    expect(order).toMatchObject({ amount_refunded: expected, needs_attention: null });
  }, WITHIN);
  const refunds = await readAll(waybill.stripe.refunds.list({ charge, limit: 100 }));
  expect(refunds).toHaveLength(expected);
  expect(new Set(refunds.map(({ metadata }) => metadata?.waybill_operation)).size).toBe(expected);
  expect(answers.flat().map(({ status }) => status)).toEqual(Array(CALLERS * REFUNDS_EACH).fill(200));
  expect([...statuses.keys()].filter((status) => ![200, 202, 429].includes(status))).toEqual([]);
  const runs = await runsOf(waybill.env.client, orderWorkflowId('busy'), runId);
  expect(runs.length).toBeGreaterThanOrEqual(RUNS_MIN);
  expect(await unbalanced(waybill)).toEqual([]);
});
