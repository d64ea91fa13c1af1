import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, WITHIN } from './support.ts';

/** Orders, attention, money at risk, pending, parked and undelivered events, schedules, reconciliation. */
const PARTS = 9;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 120_000 }, { syncEveryMs: 60_000 });
});
afterAll(() => waybill?.stop());

async function listed(query: string, count: number): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', `/v1/orders?${query}`);
    expect(body.data).toHaveLength(count);
  }, WITHIN);
}

/** With these lines. Of a busy server a scrape may lack parts, and a schedule may be a moment late; a later one has them. */
function wholeScrape(lines: readonly string[]): Promise<string> {
  return vi.waitFor(async () => {
    const text = await (await fetch(`${waybill.apiUrl}/metrics`)).text();
    expect(text.match(/^waybill_state_up.* 1$/gm)).toHaveLength(PARTS);
    expect(text.split('\n')).toEqual(expect.arrayContaining([...lines]));
    return text;
  }, WITHIN);
}

it('/metrics shows the state of the whole installation: orders, what needs attention, what is retried, money at risk', async () => {
  const before = Date.now() / 1_000;
  // They end in less than the day ahead of which people are warned.
  await control(waybill, 'settings', { capture_window_seconds: 3_600 });
  expect((await createOrder(waybill)).status).toBe(201);
  expect((await createOrder(waybill, { amount: 2_500 })).status).toBe(201);
  await control(waybill, 'settings', { capture_window_seconds: 7 * 86_400 });
  const { id } = (await createOrder(waybill)).body;
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents/*/capture', times: 1_000 },
    effect: { status: 429 },
  });
  await request(waybill, 'POST', `/v1/orders/${id}/capture`, { headers: { prefer: 'wait=0' } });
  await listed('needs_attention=true', 2);
  await listed('pending_for%5Bgte%5D=0', 1);

  const text = await wholeScrape([
    'waybill_orders{status="authorized"} 3',
    'waybill_orders{status="captured"} 0',
    'waybill_attention{code="capture_expiring"} 2',
    'waybill_money_at_risk_minor_units{currency="usd"} 3500',
    'waybill_pending_operations 1',
    'waybill_stripe_events_parked 0',
    'waybill_paused_workflows 0',
    'waybill_undelivered_events 0',
    'waybill_schedule_lag_seconds{schedule="waybill-sync"} 0',
  ]);
  const lines = text.split('\n');
  const value = (series: string) =>
    Number(lines.find((line) => line.startsWith(`${series} `))?.split(' ')[1]);
  for (const since of [
    'waybill_attention_oldest_timestamp_seconds{code="capture_expiring"}',
    'waybill_pending_operations_oldest_timestamp_seconds',
  ]) {
    expect(value(since)).toBeGreaterThanOrEqual(Math.floor(before));
    expect(value(since)).toBeLessThanOrEqual(Date.now() / 1_000);
  }
  // Nothing waits, so nothing is the oldest of it; and nobody has reconciled anything.
  expect(text).not.toMatch(/^waybill_undelivered_events_oldest/m);
  expect(text).not.toMatch(/^waybill_reconciliation_/m);
});
