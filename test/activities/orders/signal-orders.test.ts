import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { signalOpenOrders } from '../../../activities/orders/signal-orders.ts';

const NOTICE = { account: 'acct_1', canReceive: false, canSettle: false, detail: 'It is restricted.' };

/** Attempts to signal 500 orders. `failing`: what becomes of a signal to this one. */
function activity(failing: (id: string) => Error | null) {
  const signaled: string[] = [];
  let running = 0;
  const seen = { most: 0 };
  let left: unknown;
  const workflow = {
    async *list({ query }: { query: string }) {
      if (query.includes("ExecutionStatus = 'Running'"))
        for (let n = 0; n < 500; n++) yield { workflowId: `order/${n}` };
    },
    getHandle: (id: string) => ({
      async signal() {
        running += 1;
        seen.most = Math.max(seen.most, running);
        await turn();
        running -= 1;
        const error = failing(id);
        if (error) throw error;
        signaled.push(id);
      },
    }),
  };
  const temporal = { workflow } as unknown as Client;
  const progress = {
    known: () => left,
    note: (details: unknown) => {
      left = JSON.parse(JSON.stringify(details));
    },
  };
  return { signaled, seen, attempt: () => signalOpenOrders({ temporal, progress }, NOTICE) };
}

it('signals many orders at once, and all of them in one attempt though some fail', async () => {
  const { signaled, seen, attempt } = activity((id) => {
    if (id === 'order/1') return new WorkflowNotFoundError('it has ended', id, undefined);
    return id === 'order/2' ? new Error('Temporal is busy') : null;
  });
  await expect(attempt()).rejects.toThrow('Temporal is busy');
  expect(signaled).toHaveLength(500 - 2);
  expect(seen.most).toBe(20);
});

it('goes on in the next attempt where the one before broke off, and signals none twice', async () => {
  let isRepaired = false;
  const { signaled, attempt } = activity((id) => {
    if (isRepaired || (id !== 'order/0' && signaled.length < 250)) return null;
    return new Error('Temporal is busy');
  });
  await expect(attempt()).rejects.toThrow('Temporal is busy');
  expect(signaled).toHaveLength(250);
  isRepaired = true;
  await attempt();
  expect(signaled).toHaveLength(500);
  expect(new Set(signaled).size).toBe(500);
});
