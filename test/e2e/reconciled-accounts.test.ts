import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureReconciling } from '../../worker/schedules.ts';
import { MeddlingProxy } from '../support/meddling-proxy.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { eventfulWeeks } from './eventful-weeks.ts';
import { reconciled } from './reconciled.ts';
import { unbalanced, WITHIN } from './support.ts';

const DAY_MS = 86_400_000;
/** So long ago the sandbox begins, and moves on until a week ago: nothing is too young to be compared. */
const BEGAN_MS = 20 * DAY_MS;

const proxy = new MeddlingProxy();
let waybill: Waybill;
let account: string;
beforeAll(async () => {
  waybill = await startWaybill(
    {},
    { webhooks: true },
    { proxy, sandboxOptions: { now: Date.now() - BEGAN_MS } },
  );
  await ensureReconciling(waybill.env.client, {
    taskQueue: 'waybill',
    everyMs: DAY_MS,
    lookBackMs: 2 * BEGAN_MS,
    pendingMs: 0,
  });
  account = await eventfulWeeks(waybill);
});
afterEach(async () => {
  proxy.meddle = () => null;
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(async () => {
  await waybill?.stop();
  await proxy.close();
});

/** Another net amount in the lines of an account that this applies to. */
function tamper(applies: (line: { type: string; net: number }) => boolean, by: number): void {
  proxy.meddle = ({ path, body }) => {
    if (!path.startsWith('/v1/balance_transactions')) return null;
    const list = JSON.parse(body);
    for (const line of list.data) if (applies(line)) line.net += by;
    return { body: JSON.stringify(list) };
  };
}

describe('the balance of each connected account', () => {
  it('is explained by the orders, and is the sum of its transactions', async () => {
    const { body } = await reconciled(waybill, {
      reconciled: true,
      connected: { accounts: { differing: 0 } },
    });
    expect(body.connected.accounts).toMatchObject({ pending: 0, unsummed: 0 });
    expect(body.connected.accounts.agreeing).toBeGreaterThan(1);
    const [usd] = body.connected.totals.filter(({ currency }: { currency: string }) => currency === 'usd');
    expect(usd.matched.count).toBeGreaterThanOrEqual(8);
    expect(usd.explained_by.payout.count).toBeGreaterThanOrEqual(2);
    expect(usd.unexplained).toEqual({ count: 0, amount: 0 });
  });

  it('is a difference where a line is not what its order says, with account, transaction and cents', async () => {
    const lines = await waybill.stripe.balanceTransactions.list({ limit: 100 }, { stripeAccount: account });
    const tampered = lines.data.find(({ type, net }) => type === 'payment' && net === 1_500);
    tamper(({ type, net }) => type === 'payment' && net === 1_500, 7);
    const { body } = await reconciled(waybill, { reconciled: false, difference_count: 2 });
    expect(body.differences.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'connected_differs',
          connected_account: account,
          balance_transaction: tampered?.id,
          order: expect.any(String),
        }),
        expect.objectContaining({
          id: `${account}:usd`,
          code: 'balance_differs',
          connected_account: account,
          balance_transaction: null,
          amount: -7,
        }),
      ]),
    );
  });

  it('is a difference where a line is missing', async () => {
    proxy.meddle = ({ path, body }) => {
      if (!path.startsWith('/v1/balance_transactions')) return null;
      const list = JSON.parse(body);
      list.data = list.data.filter(
        ({ type, net }: { type: string; net: number }) => !(type === 'payout' && net === -600),
      );
      return { body: JSON.stringify(list) };
    };
    const { body } = await reconciled(waybill, { difference_count: 1 });
    expect(body.differences.data).toMatchObject([
      { id: `${account}:usd`, code: 'balance_differs', amount: -600, connected_account: account },
    ]);
    proxy.meddle = () => null;
    await reconciled(waybill, { reconciled: true });
  });

  it('pages somebody by a metric of unexplained cents', async () => {
    tamper(({ type, net }) => type === 'payment' && net === 1_500, 7);
    await reconciled(waybill, { difference_count: 2 });
    await vi.waitFor(async () => {
      const text = await (await fetch(`${waybill.apiUrl}/metrics`)).text();
      expect(text).toContain(
        'waybill_reconciliation_unexplained_minor_units{currency="usd",side="connected"} 1514',
      );
    }, WITHIN);
  });
});
