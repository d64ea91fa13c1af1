import { expect, vi } from 'vitest';
import type { AccountsCursor, PageFound } from '../../activities/reconciliation/reconciliation.ts';
import { createReconciliationActivities } from '../../activities/reconciliation/reconciliation.ts';
import type { Findings } from '../../domain/reconciliation/reconciliation.ts';
import { combine, NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const DAY_MS = 86_400_000;

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

/** What is found by one look at everything that all balances and the orders have, however young. */
export async function foundNow({ stripe, env }: Waybill): Promise<Findings> {
  const { reconcileTransactions, reconcileOrders, reconcileAccounts } = createReconciliationActivities({
    stripe,
    temporal: env.client,
    taskQueue: 'waybill',
  });
  // Some tests let the sandbox's clock run ahead.
  const period = { from: 0, to: Date.now() + 1_000 * DAY_MS, expectedSince: Date.now() + 1_000 * DAY_MS };
  let findings = NOTHING_FOUND;
  for (let after: string | null | undefined; after !== null; ) {
    const page = await reconcileTransactions({ period, after: after ?? null });
    findings = combine(findings, page.findings);
    after = page.next;
  }
  for (let from: number | null = period.from; from !== null; ) {
    const page: PageFound<number> = await reconcileOrders({ period, from });
    findings = combine(findings, page.findings);
    from = page.next;
  }
  for (let at: AccountsCursor | null | undefined; at !== null; ) {
    const page: PageFound<AccountsCursor> = await reconcileAccounts({ period, at: at ?? null });
    findings = combine(findings, page.findings);
    at = page.next;
  }
  return findings;
}

/** Waits until each order has what its transactions come to, and there are some. */
export async function allReconciles(waybill: Waybill): Promise<void> {
  await vi.waitFor(async () => {
    const { orders, differences } = await foundNow(waybill);
    expect(differences).toEqual([]);
    expect(orders).toEqual({ agreeing: expect.toSatisfy((count) => count > 0), differing: 0, pending: 0 });
  }, WITHIN);
}
