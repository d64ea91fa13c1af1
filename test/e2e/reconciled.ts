import { expect, vi } from 'vitest';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';

/** A run, and a busy machine. */
const WITHIN = { timeout: 25_000, interval: 200 };

/** The last run's report. */
export function reconciliationReport(waybill: Waybill, query = ''): Promise<Answer> {
  return request(waybill, 'GET', `/v1/reports/reconciliation${query}`, { as: 'read' });
}

/** Runs it now, and gives the report of that run. Lists of workflows lag, so until it says what is expected. */
export async function reconciled(waybill: Waybill, expected: object): Promise<Answer> {
  const shown = async () => (await reconciliationReport(waybill)).body.period?.to;
  return vi.waitFor(async () => {
    const before = await shown();
    const started = await request(waybill, 'POST', '/v1/reconciliation/runs');
    expect(started.status).toBe(202);
    await vi.waitFor(async () => expect(await shown()).not.toBe(before), WITHIN);
    const answer = await reconciliationReport(waybill);
    expect(answer.body).toMatchObject(expected);
    return answer;
  }, WITHIN);
}
