import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import type { EndedTransfers } from '../../../api/backend/ended-transfers.ts';
import { Transfers } from '../../../api/backend/transfers.ts';
import type { TransferState } from '../../../contract/transfers.ts';
import { envelope, NOW, transfer } from '../../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../../support/scripted-connection.ts';

const state = (changes: Partial<TransferState>, amount = 100): TransferState => ({
  input: {
    id: 'bonus',
    amount,
    currency: 'usd',
    destination: 'acct_seller',
    description: null,
    pay: envelope('pay-1'),
    livemode: false,
    policy: { retryBudgetMs: 1 },
  },
  createdAt: NOW,
  status: 'pending',
  transfer: null,
  reversals: [],
  pending: null,
  attention: null,
  approvals: [],
  ...changes,
});
const REFUSED = state({ status: 'abandoned' }, 999);
const PAID = state({ status: 'paid', transfer: transfer() });

/** What is read where the workflow answers so, and Stripe knows that one. */
function read(known: TransferState, atStripe: TransferState | null): Promise<TransferState> {
  const workflow = { getHandle: () => ({ query: async () => known }) };
  const temporal = { connection: SCRIPTED_CONNECTION, workflow } as unknown as Client;
  const ended = { readFromStripeForReader: async () => atStripe } as Partial<EndedTransfers>;
  const events = { announcing: async <T>(input: T) => input };
  return new Transfers({ temporal, taskQueue: 'none' }, ended as EndedTransfers, events).read('bonus');
}

it('a transfer that Temporal has forgotten is read from Stripe, also after Stripe refused the next request for its id', async () => {
  expect(await read(REFUSED, PAID)).toEqual(PAID);
});

it.each([
  ['abandoned, and unknown to Stripe', REFUSED, null],
  ['not asked of Stripe yet', state({}), PAID],
  ['paid', PAID, null],
])('one that is %s is read from its workflow', async (_, known, atStripe) => {
  expect(await read(known, atStripe)).toEqual(known);
});
