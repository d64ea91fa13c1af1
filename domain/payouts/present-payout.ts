import { presentPending } from '../commands/present-pending.ts';
import { firstNeed, nextAttemptAt } from '../orders/needs.ts';
import { presentApproval, presentNeed } from '../orders/present-need.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { AccountFunds, Payout, PayoutFacts, PayoutTerms } from './payout.ts';
import { stripePayoutOf } from './payout.ts';
import type { PaidOutOnceMore } from './payout-failures.ts';
import { explainFailure, paidOutOnceMore, spendable } from './payout-failures.ts';
import { payoutNotices } from './payout-notices.ts';

/** A payout of Waybill's. */
export function presentPayout(payout: Payout) {
  const { terms, state, attention } = payout;
  const atStripe = stripePayoutOf(payout);
  const how = paidOutOnceMore(terms);
  return {
    id: terms.id,
    object: 'payout' as const,
    status: state.status,
    connected_account: terms.connectedAccount,
    amount: terms.amount,
    currency: terms.currency,
    method: terms.method,
    automatic: false,
    destination: atStripe?.destination ?? terms.destination,
    stripe_payout: atStripe?.id ?? null,
    arrival_date: atStripe && rfc3339(atStripe.arrivalDate),
    trace_id: atStripe?.traceId ? { ...atStripe.traceId } : null,
    reversed_by: atStripe?.reversedBy ?? null,
    // Waybill reverses none.
    original_payout: null,
    when_available: terms.whenAvailable,
    funds: state.status === 'waiting_for_funds' ? presentFunds(state.funds, terms.method) : null,
    failure: atStripe?.status === 'failed' ? presentPayoutFailure(atStripe, how) : null,
    previous_failures: payout.failures.map((failed) => presentPayoutFailure(failed, how)),
    pending: presentPending(payout.pending),
    needs_attention: presentNeed(firstNeed(attention, payoutNotices(payout)), nextAttemptAt(payout)),
    approvals: payout.approvals.map(presentApproval),
    statement_descriptor: terms.statementDescriptor,
    description: terms.description,
    metadata: { ...terms.metadata },
    created: rfc3339(payout.createdAt),
    livemode: payout.livemode,
  };
}

/** What a payout of that method may take: of an instant one less than is available. */
function presentFunds(funds: AccountFunds, method: PayoutTerms['method']) {
  return {
    available: spendable(funds, method),
    pending: funds.pending.map(({ amount, availableOn }) => ({ amount, available_on: rfc3339(availableOn) })),
  };
}

export function presentPayoutFailure(
  failed: Pick<PayoutFacts, 'id' | 'failureCode' | 'failureMessage'>,
  how: PaidOutOnceMore,
) {
  const { why, todo } = explainFailure(failed, how);
  return { stripe_payout: failed.id, code: failed.failureCode, reason: why, todo };
}
