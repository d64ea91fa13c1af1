import type Stripe from 'stripe';
import type { Payout, PayoutFacts } from '../../domain/payouts/payout.ts';
import { payoutNotices, STRIPE_PAYOUT_STATUSES, stripePayoutOf } from '../../domain/payouts/payout.ts';
import { explainFailure } from '../../domain/payouts/payout-failures.ts';
import type { Attempt } from '../backend/attempt.ts';
import { presentNeeds } from '../commands/present-attention.ts';
import { presentPending } from '../commands/present-pending.ts';
import { rfc3339 } from '../http/rfc3339.ts';
import type { PayoutResource } from './payout-schema.ts';

/** A payout of Waybill's. */
export function presentPayout(payout: Payout, attempt: Attempt | null = null): PayoutResource {
  const { terms, state, attention } = payout;
  const atStripe = stripePayoutOf(payout);
  return {
    id: terms.id,
    object: 'payout',
    status: state.status,
    connected_account: terms.connectedAccount,
    amount: terms.amount,
    currency: terms.currency,
    method: terms.method,
    automatic: false,
    destination: atStripe?.destination ?? terms.destination,
    stripe_payout: atStripe?.id ?? null,
    arrival_date: atStripe && rfc3339(atStripe.arrivalDate),
    when_available: terms.whenAvailable,
    funds: state.status === 'waiting_for_funds' ? presentFunds(state.funds) : null,
    failure: atStripe?.status === 'failed' ? presentFailure(atStripe) : null,
    previous_failures: payout.failures.map(presentFailure),
    pending: presentPending(payout.pending, attempt),
    needs_attention: presentNeeds(attention, payoutNotices(payout)),
    statement_descriptor: terms.statementDescriptor,
    description: terms.description,
    metadata: { ...terms.metadata },
    created: rfc3339(payout.createdAt),
    livemode: payout.livemode,
  };
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
    destination:
      typeof payout.destination === 'string' ? payout.destination : (payout.destination?.id ?? null),
    stripe_payout: id,
    arrival_date: rfc3339(payout.arrival_date * 1_000),
    when_available: false,
    funds: null,
    failure: payout.status === 'failed' ? presentFailure({ id, failureCode, failureMessage }) : null,
    previous_failures: [],
    pending: null,
    needs_attention: null,
    statement_descriptor: payout.statement_descriptor,
    description: payout.description,
    metadata: { ...payout.metadata },
    created: rfc3339(payout.created * 1_000),
    livemode: payout.livemode,
  };
}

function presentFunds({
  available,
  pending,
}: Extract<Payout['state'], { status: 'waiting_for_funds' }>['funds']): PayoutResource['funds'] {
  return {
    available,
    pending: pending.map(({ amount, availableOn }) => ({ amount, available_on: rfc3339(availableOn) })),
  };
}

function presentFailure(failed: Pick<PayoutFacts, 'id' | 'failureCode' | 'failureMessage'>) {
  const { why, todo } = explainFailure(failed);
  return { stripe_payout: failed.id, code: failed.failureCode, reason: why, todo };
}
