import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

/** A Temporal that has no order: whose a transaction is, is told by Stripe's objects alone. */
export const NO_ORDERS = {
  workflow: {
    getHandle: (id: string) => ({
      query: async () => {
        throw new WorkflowNotFoundError('not found', id, undefined);
      },
    }),
    list: async function* () {},
  },
} as unknown as Client;
