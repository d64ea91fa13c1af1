import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.ts';
import type { Drill } from './drill.ts';
import { startDrill } from './drill.ts';

const ORDERS = 4;

let drill: Drill;
beforeAll(async () => {
  ensureBuilt();
  drill = await startDrill();
}, 300_000);
afterAll(() => drill?.stop(), 60_000);

it.each([
  ['worker', 2],
  ['worker', 6],
  ['api', 3],
  ['sandbox', 5],
  ['temporal', 3],
  ['temporal', 7],
] as const)(
  'no cent moves twice when %s is killed after request %i',
  async (victim, afterRequests) => {
    const accounts = await drill.play({ victim, afterRequests }, `${victim}-${afterRequests}`, ORDERS);
    for (const account of accounts) {
      expect(account).toMatchObject({
        order: { status: 'captured', amount_captured: 1000, amount_refunded: 350, needs_attention: null },
        charges: 1,
        amountCaptured: 1000,
        refunds: [100, 250],
      });
    }
    expect(await drill.unbalanced()).toEqual([]);
  },
  180_000,
);

it.each([
  ['worker', 1],
  ['worker', 3],
  ['sandbox', 2],
] as const)(
  'each payout is made once when %s is killed after request %i',
  async (victim, afterRequests) => {
    const payouts = await drill.payOut({ victim, afterRequests }, `pay-${victim}-${afterRequests}`, ORDERS);
    expect(payouts).toEqual(Array.from({ length: ORDERS }, () => ({ status: 'pending', atStripe: 1 })));
    expect(await drill.unbalanced()).toEqual([]);
  },
  180_000,
);
