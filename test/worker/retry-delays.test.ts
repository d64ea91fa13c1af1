import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { STRIPE_RETRYABLE } from '../../domain/errors.ts';
import { classify } from '../../stripe/errors.ts';
import { retryable } from '../../stripe/failures.ts';
import { retryDelayMs, retryDelays } from '../../worker/retry-delays.ts';
import { connectionError, stripeError } from '../support/stripe-errors.ts';

const least = () => 0;
const most = () => 1;

describe('the delay before the next attempt', () => {
  it.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [3, 2_000, 4_000],
    [6, 16_000, 32_000],
    [7, 22_500, 45_000],
    [500, 22_500, 45_000],
  ])('after attempt %i is between %i and %i ms', (attempt, from, to) => {
    expect(retryDelayMs(attempt, 0, least)).toBe(from);
    expect(retryDelayMs(attempt, 0, most)).toBe(to);
  });

  it('is never shorter than Stripe asks, and grows all the same', () => {
    expect(retryDelayMs(1, 7_000, least)).toBeGreaterThanOrEqual(7_000);
    expect(retryDelayMs(4, 7_000, least)).toBeGreaterThan(retryDelayMs(1, 7_000, most));
  });
});

describe('an activity that may succeed later', () => {
  const limited = stripeError({ statusCode: 429, headers: { 'retry-after': '7' } });

  it('is repeated later with each attempt, and not by all in step', async () => {
    const delays = await Promise.all(
      Array.from({ length: 20 }, () => delayAfter(3, retryable(classify(limited)))),
    );
    for (const delayMs of delays) expect(delayMs).toBeGreaterThanOrEqual(7_000 + 2_000);
    expect(new Set(delays).size).toBeGreaterThan(1);
  });

  it('passes its workflow a delay only where Stripe asks for one', async () => {
    const [failure] = await failuresOf(1, retryable(classify(limited)));
    expect(failure).toMatchObject({
      type: STRIPE_RETRYABLE,
      details: [{ code: 'rate_limit' }, expect.any(Number)],
    });
    const [lost] = await failuresOf(1, retryable(classify(connectionError())));
    expect(lost?.details).toHaveLength(1);
  });

  it('leaves every other failure as it is', async () => {
    const bug = new TypeError('a bug');
    expect(await failuresOf(1, bug)).toEqual([bug]);
  });
});

async function delayAfter(attempt: number, error: unknown): Promise<number> {
  const [failure] = await failuresOf(attempt, error);
  return Number(failure?.nextRetryDelay);
}

/** What the interceptor makes of an activity that fails so, in its `attempt`th attempt. */
async function failuresOf(attempt: number, error: unknown): Promise<ApplicationFailure[]> {
  const context = { info: { attempt } } as Parameters<typeof retryDelays>[0];
  const { inbound } = retryDelays(context);
  return Promise.resolve(inbound?.execute?.({} as never, () => Promise.reject(error))).then(
    () => [],
    (failure: ApplicationFailure) => [failure],
  );
}
