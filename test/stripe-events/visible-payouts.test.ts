import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { visiblePayouts } from '../../stripe-events/visible-state.ts';

/** Temporal, with one payout for each filter that it is asked with: those that need nobody, and those that are late. */
const PAYOUTS: Readonly<Record<string, readonly [string, string]>> = {
  'NeedsAttention = false': ['payout/wpo_1', 'in_transit'],
  "AttentionCode = 'payout_overdue'": ['payout/wpo_2', 'pending'],
};

it('a payout that is only late is compared with Stripe as the others are', async () => {
  const workflow = {
    async *list({ query }: { query: string }) {
      for (const [filter, [workflowId, status]] of Object.entries(PAYOUTS)) {
        if (!query.endsWith(filter)) continue;
        const shown: Record<string, string> = { ConnectedAccount: 'acct_1', PayoutStatus: status };
        yield {
          workflowId,
          typedSearchAttributes: { get: ({ name }: { name: string }) => shown[name] },
        };
      }
    },
  };
  const found = await visiblePayouts({ workflow } as unknown as Client);
  expect(found).toEqual(
    new Map([
      [
        'acct_1',
        new Map([
          ['wpo_1', 'in_transit'],
          ['wpo_2', 'pending'],
        ]),
      ],
    ]),
  );
});
