import { QueryRejectedError, ServiceError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError } from '@temporalio/common';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { withoutRetriesOfBugs } from '../../../activities/shared/bugs.ts';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';

/** What an activity fails with that throws this. */
async function failureOf(thrown: unknown): Promise<unknown> {
  const { broken } = withoutRetriesOfBugs({
    broken: async () => {
      throw thrown;
    },
  });
  return broken().catch((error: unknown) => error);
}

describe('a bug in an activity', () => {
  it.each([
    new RangeError('Division by zero'),
    new TypeError('x is not a function'),
    new URIError('URI malformed'),
    new IllegalTransition('never'),
    new Error('nothing was to be reversed'),
    Object.assign(new TypeError('must be a string'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('is never retried, and keeps its name and its stack: %o', async (error) => {
    const failure = (await failureOf(error)) as ApplicationFailure;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: error.name, message: error.message, nonRetryable: true });
    expect((failure.cause as Error).stack).toBe(error.stack);
  });

  it('may be thrown as anything', async () => {
    expect(await failureOf('text')).toMatchObject({ type: 'Error', message: 'text', nonRetryable: true });
  });
});

describe('an outage in an activity', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  const unavailable = Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: '', metadata: {} });
  it.each([
    refused,
    new TypeError('fetch failed', { cause: refused }),
    new TypeError('terminated', { cause: Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }) }),
    unavailable,
    new ServiceError('Failed to signal Workflow', { cause: unavailable }),
    // Of a workflow that somebody has paused.
    new QueryRejectedError(8),
    new DOMException('too late', 'TimeoutError'),
    new NamespaceNotFoundError('default'),
    new Stripe.errors.StripeConnectionError({ message: 'no answer' } as never),
    ApplicationFailure.retryable('come again', 'StripeRetryable'),
    new CancelledFailure('shut down'),
  ])('stays what it is, and is retried: %o', async (error) => {
    expect(await failureOf(error)).toBe(error);
  });
});

it('an activity that succeeds is untouched', async () => {
  const { sum } = withoutRetriesOfBugs({ sum: async (a: number, b: number) => a + b });
  expect(await sum(1, 2)).toBe(3);
});
