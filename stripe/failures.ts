import { ApplicationFailure } from '@temporalio/common';
import type { StripeFailure } from '../domain/errors.ts';
import { STRIPE_KEY_REFUSED, STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../domain/errors.ts';
import type { ClassifiedError } from './errors.ts';

/** Repeat the activity unchanged: whether the call took effect is unknown, or Stripe asked to come again. */
export function retryable({ failure, retryAfterMs }: ClassifiedError): ApplicationFailure {
  return ApplicationFailure.create({
    type: STRIPE_RETRYABLE,
    message: failure.message,
    details: [failure],
    ...(retryAfterMs === null ? {} : { nextRetryDelay: retryAfterMs }),
  });
}

/** Do not repeat before the key is replaced: nothing happened. */
export function keyRefused(failure: StripeFailure): ApplicationFailure {
  return ApplicationFailure.nonRetryable(failure.message, STRIPE_KEY_REFUSED, failure);
}

/** Do not repeat: a human has to look. */
export function needsAttention(failure: StripeFailure): ApplicationFailure {
  return ApplicationFailure.nonRetryable(failure.message, STRIPE_NEEDS_ATTENTION, failure);
}
