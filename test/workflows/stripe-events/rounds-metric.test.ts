import { expect, it, vi } from 'vitest';
import { inRounds, ONE_ROUND } from '../../../workflows/stripe-events/rounds.ts';

const { counted } = vi.hoisted(() => ({ counted: [] as number[] }));
// The SDK has a meter, and details to show, in a workflow alone.
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<typeof import('@temporalio/workflow')>()),
  metricMeter: { createCounter: () => ({ add: (value: number) => counted.push(value) }) },
  setCurrentDetails: () => undefined,
}));

it('rounds of which none ever comes to its end are counted as none, which an alert sees; no number at all it does not', async () => {
  const refused = inRounds(ONE_ROUND, async () => {
    throw new Error('the key may not read events');
  });
  await expect(refused).rejects.toThrow('may not read');
  expect(counted).toEqual([0]);
  await inRounds(ONE_ROUND, async () => 'read');
  expect(counted).toEqual([0, 0, 1]);
});
