import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderLife } from '../../bench/long-life/order-life.ts';
import { runsOf } from '../../bench/long-life/runs.ts';
import { memoryQuery } from '../../contract/orders.ts';
import { Caller } from '../../dev/chaos/caller.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { control, unbalanced } from '../e2e/support.ts';
import { continuingAfter } from '../support/server-args.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';

const COMMANDS = 400;
/** So few events a run that the order continues as new all the time. */
const EVENTS = 100;
/** What comes on top until a run can end: the command under way, with its events. */
const EVENTS_MORE = 60;
const COMMANDS_MAX = 200;
const TIMELINE_MAX = 500;
/** Stripe forgets an idempotency key after a day. */
const FORGOTTEN_SECONDS = 25 * 3_600;

let waybill: Waybill;
let life: OrderLife;
let firstRunId: string;
const workflow = () => waybill.env.client.workflow.getHandle(orderWorkflowId(life.id));

beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true }, { serverArgs: continuingAfter(EVENTS) });
  life = new OrderLife(new Caller({ url: waybill.apiUrl, apiKey: 'dev_ops' }), waybill.stripe);
  await life.begin();
  firstRunId = (await workflow().describe()).runId;
  for (let n = 0; n < COMMANDS; n++) await life.live(n);
}, 600_000);
afterAll(() => waybill?.stop());

describe(`an order with ${COMMANDS} commands, webhooks and refunds in the Dashboard`, () => {
  it('equals Stripe: nothing is lost or done twice by continuing as new', async () => {
    expect(await life.differences()).toEqual([]);
    expect(life.counts).toMatchObject({ refunds: 48, transfers: 40, reversals: 40, refused: 80 });
    expect(await unbalanced(waybill)).toEqual([]);
  });

  it('has short histories, however many there are', async () => {
    const runs = await runsOf(waybill.env.client, orderWorkflowId(life.id), firstRunId);
    expect(runs.length).toBeGreaterThan(COMMANDS / EVENTS);
    for (const { events } of runs) expect(events).toBeLessThan(EVENTS + EVENTS_MORE);
  });

  it('leaves to its next run no more commands and entries than it may remember', async () => {
    const { commands, timeline } = await workflow().query(memoryQuery);
    expect(commands).toHaveLength(COMMANDS_MAX);
    expect(timeline.entries).toHaveLength(TIMELINE_MAX);
    expect(timeline.dropped).toBeGreaterThan(0);
    expect(timeline.entries[0]).toMatchObject({ type: 'command', name: 'authorize' });
  });

  it('does nothing twice for a request that it has forgotten, though Stripe has forgotten its key, too', async () => {
    await control(waybill, 'clock/advance', { seconds: FORGOTTEN_SECONDS });
    await life.repeatFirst();
    expect(await life.differences()).toEqual([]);
    expect(await unbalanced(waybill)).toEqual([]);
  });

  it('is seen to differ once somebody refunds what nobody counted', async () => {
    const { body: order } = await request(waybill, 'GET', `/v1/orders/${life.id}`);
    await waybill.stripe.refunds.create({ charge: order.latest_charge, amount: 1 });
    expect((await life.differences()).join()).toMatch(/refunds: 48 asked, \d+ shown, 49 at Stripe/);
  });
});
