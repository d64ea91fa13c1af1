import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { control, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

const CHARGES = 450;
const PAGES = 5;
/** The worker is killed between two pages, on a busy machine too. */
const PAGE_MS = 3_000;
/** A killed worker is missed after ten seconds. */
const WITHIN = { timeout: 90_000, interval: 50 };

let stack: Stack;
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' } });
}, 300_000);
afterAll(() => stack?.stop());

it('a reconciliation goes on at its page when its worker is killed, and counts nothing twice', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: at.sandboxUrl });
  const charge = () => stripe.charges.create({ amount: 100, currency: 'usd', source: 'tok_visa' });
  for (let n = 0; n < CHARGES; n += 10) await Promise.all(Array.from({ length: 10 }, charge));

  const match = { method: 'GET', path: '/v1/balance_transactions', times: 'always' };
  await control(at, 'faults', { match, effect: { delay_ms: PAGE_MS } });
  // The platform's; connected accounts come after them.
  const pages = async () =>
    (await sandboxRequests(at))
      .filter(({ path, stripe_account }) => path === '/v1/balance_transactions' && stripe_account === null)
      .map(({ params }) => params.starting_after);
  await fetch(`${at.sandboxUrl}/_sandbox/requests`, { method: 'DELETE' });
  expect(await request(at, 'POST', '/v1/reconciliation/runs')).toMatchObject({ status: 202 });
  await vi.waitFor(async () => expect((await pages()).length).toBeGreaterThanOrEqual(2), WITHIN);
  await stack.processes.worker.kill('SIGKILL');
  expect((await pages()).length).toBeLessThan(PAGES);
  await fetch(`${at.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  await stack.processes.worker.start();

  const report = await vi.waitFor(async () => {
    const answer = await request(at, 'GET', '/v1/reports/reconciliation');
    expect(answer.status).toBe(200);
    return answer.body;
  }, WITHIN);
  // Of payments that nobody knows, and that are young.
  expect(report.totals).toMatchObject([
    { currency: 'usd', pending: { count: CHARGES, amount: 67 * CHARGES } },
  ]);
  const asked = await pages();
  expect(new Set(asked).size).toBe(PAGES);
  expect(asked.filter((after) => after === undefined)).toHaveLength(1);
}, 300_000);
