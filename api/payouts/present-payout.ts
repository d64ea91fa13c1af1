import type Stripe from 'stripe';
import { presentPending } from '../../domain/commands/present-pending.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { STRIPE_PAYOUT_STATUSES } from '../../domain/payouts/payout.ts';
import { presentPayout, presentPayoutFailure } from '../../domain/payouts/present-payout.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import type { Attempt } from '../backend/attempt.ts';
import type { PayoutResource } from './payout-schema.ts';

/** A payout of Waybill's. `attempt`: what Temporal knows of the retries of its pending operation. */
export function presentPayoutWith(payout: Payout, attempt: Attempt | null): PayoutResource {
  return { ...presentPayout(payout), pending: presentPending(payout.pending, attempt) };
}

/** A payout that Stripe made by the account's schedule, as Stripe shows it. */
export function presentStripePayout(payout: Stripe.Payout, connectedAccount: string): PayoutResource {
  const { id, failure_code: failureCode, failure_message: failureMessage } = payout;
  return {
    id,
    object: 'payout',
    status: STRIPE_PAYOUT_STATUSES.find((status) => status === payout.status) ?? 'pending',
    connected_account: connectedAccount,
    amount: payout.amount,
    currency: payout.currency,
    method: payout.method === 'instant' ? 'instant' : 'standard',
    automatic: payout.automatic,
    destination: idOf(payout.destination),
    stripe_payout: id,
    arrival_date: rfc3339(payout.arrival_date * 1_000),
    trace_id: payout.trace_id ? { status: payout.trace_id.status, value: payout.trace_id.value } : null,
    reversed_by: idOf(payout.reversed_by),
    original_payout: idOf(payout.original_payout),
    when_available: false,
    funds: null,
    failure:
      payout.status === 'failed'
        ? presentPayoutFailure({ id, failureCode, failureMessage }, 'elsewhere')
        : null,
    previous_failures: [],
    pending: null,
    needs_attention: null,
    approvals: [],
    statement_descriptor: payout.statement_descriptor,
    description: payout.description,
    metadata: { ...payout.metadata },
    created: rfc3339(payout.created * 1_000),
    livemode: payout.livemode,
  };
}
