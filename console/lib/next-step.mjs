import { stamp, until } from './time.mjs';

/** What Waybill, Stripe or a bank does if nobody acts, by the code of an attention or a notice (docs/runbook.md). */
const AT_THE_DEADLINE = 'Stripe releases the money at the deadline';
const RETRIES = 'It is tried again';
const LOOKS = 'Waybill looks whether Stripe has done it';
const READS = 'Read again at growing intervals';

const STEPS = {
  no_answer: RETRIES,
  api_connection_error: RETRIES,
  api_error: RETRIES,
  stripe_failing: RETRIES,
  rate_limit: RETRIES,
  lock_timeout: RETRIES,
  authentication_error: RETRIES,
  api_key_expired: RETRIES,
  permission_error: RETRIES,
  approval_needed: 'It is given up at the deadline',
  capture_expiring: AT_THE_DEADLINE,
  reauthorization_failed: AT_THE_DEADLINE,
  account_restricted: AT_THE_DEADLINE,
  early_fraud_warning: 'The customer or their bank is likely to dispute it',
  payment_in_review: 'The payment goes on as if it were approved',
  dispute_needs_response: 'The bank decides for the customer at the deadline',
  refund_unfunded: 'Stripe sends the refund once the balance covers it, and fails it at the deadline',
  refund_requires_action: 'Stripe fails the refund at the deadline unless the customer answers',
  recovery_pending: 'The reversal is tried again',
  settlement_missing: READS,
  processing_overdue: READS,
  payout_overdue: READS,
  reading_failed: READS,
};

/** Where Stripe does not say when. */
const WITHOUT_DEADLINE = { capture_expiring: 'Stripe releases the money after a week, or later' };

/** `operation`: what is stuck; absent: nothing. `nextAttemptAt`: when it is looked at or tried again; null: not known. */
export function nextStep({ code, operation, deadline, nextAttemptAt }) {
  const step =
    (deadline ? null : WITHOUT_DEADLINE[code]) ??
    STEPS[code] ??
    (operation ? LOOKS : 'Nothing: it waits for you');
  return nextAttemptAt ? `${step} ${until(nextAttemptAt)}, at ${stamp(nextAttemptAt).slice(11)} UTC` : step;
}
