import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { signalOpenOrders } from '../../../activities/orders/signal-orders.ts';

const ORDERS = Array.from({ length: 500 }, (_, n) => `order/${n}`);
const NOTICE = { account: 'acct_1', canReceive: false, canSettle: false, detail: 'It is restricted.' };

it('signals many orders at once, and all of them in one attempt though some fail', async () => {
  const signaled: string[] = [];
  let running = 0;
  let most = 0;
  const workflow = {
    async *list() {
      for (const workflowId of ORDERS) yield { workflowId };
    },
    getHandle: (id: string) => ({
      async signal() {
        running += 1;
        most = Math.max(most, running);
        await turn();
        running -= 1;
        if (id === 'order/1') throw new WorkflowNotFoundError('it has ended', id, undefined);
        if (id === 'order/2') throw new Error('Temporal is busy');
        signaled.push(id);
      },
    }),
  };
  await expect(signalOpenOrders({ workflow } as unknown as Client, NOTICE)).rejects.toThrow(
    'Temporal is busy',
  );
  expect(signaled).toHaveLength(ORDERS.length - 2);
  expect(most).toBe(20);
});
