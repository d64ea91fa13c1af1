import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { deliver } from '../../stripe-events/deliver.ts';

/** Temporal, where no workflow follows the account. `isCounted`: whether a count finds any. */
function temporalWith(isCounted: (query: string) => boolean) {
  const started: string[] = [];
  const workflow = {
    async *list() {},
    count: async (query: string) => ({ count: isCounted(query) ? 1 : 0 }),
    start: async (_: string, { workflowId }: { workflowId: string }) => {
      started.push(workflowId);
    },
  };
  return { temporal: { workflow } as unknown as Client, started };
}

it.each<[string, (query: string) => boolean, string]>([
  ['an authorized order names', (query) => query.includes("OrderStatus = 'authorized'"), 'parked'],
  ['was rejected when its workflow ended', (query) => query.includes("AccountStatus = 'rejected'"), 'parked'],
  ['concerns nobody', () => false, 'ignored'],
])('the event of an account without a workflow that %s', async (_, isCounted, delivery) => {
  const { temporal, started } = temporalWith(isCounted);
  const event = {
    eventId: 'evt_1',
    eventType: 'account.updated',
    own: false,
    subject: { kind: 'account', account: 'acct_1' },
  } as const;
  expect(await deliver({ temporal, taskQueue: 'none' }, event)).toBe(delivery);
  expect(started).toEqual(delivery === 'parked' ? ['stripe-event/evt_1'] : []);
});
