import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

/** A Temporal that lists no workflow, and in which each of any id answers every query so. */
export function temporalThatAnswers(query: (workflowId: string) => Promise<unknown>): Client {
  return {
    connection: SCRIPTED_CONNECTION,
    workflow: {
      getHandle: (workflowId: string) => ({ query: () => query(workflowId) }),
      list: async function* () {},
    },
  } as unknown as Client;
}

/** A Temporal that has no order: whose a transaction is, is told by Stripe's objects alone. */
export const NO_ORDERS = temporalThatAnswers(async (id) => {
  throw new WorkflowNotFoundError('not found', id, undefined);
});
