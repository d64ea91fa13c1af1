import type { MetricMeter } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { EVENT_ENDPOINT_GONE, EVENT_NOT_ACCEPTED } from '../../contract/outgoing-events.ts';
import { countDeliveries } from '../../worker/metrics.ts';

/** What is counted of a delivery that ends so. */
async function countedOf(delivery: () => Promise<unknown>): Promise<unknown[]> {
  const counted: unknown[] = [];
  const createCounter = () => ({ add: (...counts: unknown[]) => counted.push(counts) });
  const { inbound } = countDeliveries({ metricMeter: { createCounter } as unknown as MetricMeter } as never);
  await inbound?.execute?.({} as ActivityExecuteInput, delivery).catch(() => {});
  return counted;
}

it.each([
  ['delivered', async () => ({ status: 'delivered' })],
  ['skipped', async () => ({ status: 'skipped' })],
  ['gone', () => Promise.reject(ApplicationFailure.nonRetryable('answered 410', EVENT_ENDPOINT_GONE))],
  ['not_accepted', () => Promise.reject(ApplicationFailure.retryable('answered 500', EVENT_NOT_ACCEPTED))],
  ['failed', () => Promise.reject(new Error('Temporal cannot be reached'))],
])('an attempt to deliver is counted as %s', async (outcome, delivery) => {
  expect(await countedOf(delivery)).toEqual([[1, { outcome }]]);
});
