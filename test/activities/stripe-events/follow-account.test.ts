import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { followAccount } from '../../../activities/stripe-events/follow-account.ts';

const ID = 'account/seller';

/** An account that Stripe shows, whose last workflow came to that end. Gives the policies under which another was started. */
function ended(status: 'COMPLETED' | 'RUNNING', accountStatus: string, requirements = {}) {
  const started: string[] = [];
  const workflow = {
    start: async (_: string, { workflowId, workflowIdReusePolicy: policy }: Record<string, string>) => {
      if (workflowId !== ID || policy !== 'ALLOW_DUPLICATE')
        throw new WorkflowExecutionAlreadyStartedError('taken', ID, 'account');
      started.push(policy);
    },
    getHandle: () => ({
      describe: async () => ({
        status: { name: status },
        typedSearchAttributes: { get: () => accountStatus },
      }),
    }),
  };
  const account = { id: 'acct_1', metadata: { waybill_account: 'seller' }, requirements };
  const stripe = { accounts: { retrieve: async () => account } };
  const follow = () =>
    followAccount(
      {
        stripe: stripe as unknown as Stripe,
        temporal: { workflow } as unknown as Client,
        taskQueue: 'none',
        livemode: false,
        retryBudgetMs: 1,
        subscriptions: { list: async () => [] },
      },
      'acct_1',
    );
  return { follow, started };
}

it.each([
  ['its owner has connected again', 'disconnected'],
  ['is no longer rejected', 'rejected'],
])('an account that %s gets a workflow again', async (_, accountStatus) => {
  const { follow, started } = ended('COMPLETED', accountStatus);
  expect(await follow()).toBe(true);
  expect(started).toEqual(['ALLOW_DUPLICATE']);
});

it.each([
  ['RUNNING', 'enabled'],
  ['COMPLETED', 'rejected'],
] as const)('one whose workflow is %s and %s gets none', async (status, accountStatus) => {
  const { follow, started } = ended(status, accountStatus, { disabled_reason: 'rejected.fraud' });
  expect(await follow()).toBe(false);
  expect(started).toEqual([]);
});
