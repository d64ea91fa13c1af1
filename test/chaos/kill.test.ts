import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Part } from '../../dev/processes/parts.ts';
import { ensureBuilt } from '../support/build.ts';
import type { Receiver } from '../support/event-receiver.ts';
import { startReceiver } from '../support/event-receiver.ts';
import type { Drill } from './drill.ts';
import { startDrill } from './drill.ts';

const ORDERS = 4;

/** A delivery that died with its worker is noticed by its timeout. */
const DELIVERED_WITHIN = { timeout: 90_000, interval: 500 };

let drill: Drill<Part>;
let receiver: Receiver;
const played: string[] = [];
beforeAll(async () => {
  ensureBuilt();
  receiver = await startReceiver();
  drill = await startDrill();
  await drill.subscribe(receiver.url);
}, 300_000);
afterAll(async () => {
  await drill?.stop();
  await receiver?.stop();
}, 60_000);

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
      played.push(account.order.id);
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

it.each([
  ['worker', 2],
  ['worker', 7],
  ['api', 3],
] as const)(
  'each transfer is taken back once when %s is killed after request %i',
  async (victim, afterRequests) => {
    const name = `reverse-${victim}-${afterRequests}`;
    const parts = await drill.reverse({ victim, afterRequests }, name, ORDERS);
    expect(parts).toEqual(Array.from({ length: ORDERS }, () => [60, 40]));
    expect(await drill.unbalanced()).toEqual([]);
  },
  180_000,
);

it('every event of all of them has reached its subscriber, each under one id', async () => {
  const idsOf = (order: string, type: string): Set<unknown> => {
    const told = receiver.received.filter(({ body }) => {
      const event = JSON.parse(body);
      return event.data.id === order && event.type === type;
    });
    return new Set(told.map(({ headers }) => headers['webhook-id']));
  };
  const seen = () =>
    played.map((order) => [
      order,
      idsOf(order, 'order.authorized').size,
      idsOf(order, 'order.captured').size,
      idsOf(order, 'order.refunded').size,
    ]);
  const expected = played.map((order) => [order, 1, 1, 2]);
  await vi.waitFor(() => expect(seen()).toEqual(expected), DELIVERED_WITHIN);
}, 120_000);
