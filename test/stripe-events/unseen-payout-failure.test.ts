import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { isUnseenFailure } from '../../stripe-events/unseen-payout-failure.ts';

function showing(name: string): Client {
  const describe = async () => ({ status: { name }, typedSearchAttributes: { get: () => 'in_transit' } });
  return { workflow: { getHandle: () => ({ describe }) } } as unknown as Client;
}

it.each([
  ['RUNNING', false],
  // It reads Stripe once it is unpaused.
  ['PAUSED', false],
  ['TERMINATED', true],
  ['COMPLETED', true],
])('whether nobody sees a payout fail whose workflow is %s: %s', async (name, isUnseen) => {
  expect(await isUnseenFailure(showing(name), 'payout-1')).toBe(isUnseen);
});
