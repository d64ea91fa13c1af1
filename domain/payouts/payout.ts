import type { Attention } from '../attention/attention.ts';
import type { ReadingFailure, Unreadable } from '../attention/reading.ts';
import { unreadableBy } from '../attention/reading.ts';
import type { Approval } from '../commands/approval.ts';
import type { PendingOperation } from '../commands/pending.ts';
import { IllegalTransition } from '../illegal-transition.ts';
import type { HeldPayoutCommand } from './payout-command-table.ts';

/** What a caller asked for: out of a connected account's balance, to its bank account or debit card. */
export interface PayoutTerms {
  readonly id: string;
  readonly connectedAccount: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly method: 'standard' | 'instant';
  /** Null: the account's default for the currency. */
  readonly destination: string | null;
  /** Wait for funds instead of being refused. */
  readonly whenAvailable: boolean;
  readonly statementDescriptor: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** https://docs.stripe.com/api/payouts/object#payout_object-status */
export const STRIPE_PAYOUT_STATUSES = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const;
export type StripePayoutStatus = (typeof STRIPE_PAYOUT_STATUSES)[number];

/** The few facts of a payout at Stripe that Waybill keeps. Times in milliseconds since the epoch. */
export interface PayoutFacts {
  readonly id: string;
  readonly status: StripePayoutStatus;
  readonly destination: string | null;
  readonly arrivalDate: number;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  /** By which the bank finds it. Absent: Stripe does not say, or it was not read yet. */
  readonly traceId?: TraceId;
  /** The payout that brings its money back from the bank. Absent: none does. */
  readonly reversedBy?: string;
}

/** `status`: Stripe's, `pending` until up to 10 days after the arrival date, then `supported` or `unsupported`. */
interface TraceId {
  readonly status: string;
  readonly value: string | null;
}

/** What an account has of one currency. */
export interface AccountFunds {
  /** Minor units. */
  readonly available: number;
  /** Minor units that may be paid out instantly; null: Stripe does not say. */
  readonly instantAvailable: number | null;
  /** What is on its way, soonest first. Times in milliseconds since the epoch. */
  readonly pending: readonly { readonly amount: number; readonly availableOn: number }[];
}

export type PayoutState =
  /** Nothing is at Stripe yet, or not known to be. */
  | { readonly status: 'creating' }
  | { readonly status: 'waiting_for_funds'; readonly funds: AccountFunds }
  | { readonly status: StripePayoutStatus; readonly payout: PayoutFacts }
  /** Called off before anything was at Stripe. */
  | { readonly status: 'canceled'; readonly payout: null };

export interface Payout {
  readonly terms: PayoutTerms;
  readonly livemode: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly state: PayoutState;
  /** Payouts of this one that failed before; each was paid out again by an operator's decision. */
  readonly failures: readonly PayoutFacts[];
  /** An operator left the money of the failed payout in the account's balance. */
  readonly failureAccepted: boolean;
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Commands that wait for another person; the first may be its creation. */
  readonly approvals: readonly Approval<HeldPayoutCommand>[];
  /** Why it, or what its account has, cannot be read: what is known of it may no longer be so. */
  readonly unreadable: Unreadable | null;
  /** Since when it takes longer than any payout should, in milliseconds since the epoch. Absent: it does not. */
  readonly overdueSince?: number;
}

export type PayoutEvent =
  | { readonly type: 'funds_awaited'; readonly funds: AccountFunds }
  | { readonly type: 'payout_observed'; readonly payout: PayoutFacts }
  /** Called off, or refused, before anything was at Stripe. */
  | { readonly type: 'given_up' }
  /** After a failure: the same money, in a new payout. */
  | { readonly type: 'paid_out_again'; readonly payout: PayoutFacts }
  | { readonly type: 'failure_accepted' }
  /** `at`: milliseconds since the epoch; null: not any more. */
  | { readonly type: 'overdue'; readonly at: number | null }
  | { readonly type: 'approval_asked'; readonly approval: Approval<HeldPayoutCommand> }
  | { readonly type: 'approval_ended'; readonly id: string }
  /** Null: it was read again. */
  | { readonly type: 'reading_failed'; readonly failure: ReadingFailure | null; readonly at: number }
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' };

export function newPayout(terms: PayoutTerms, createdAt: number, livemode: boolean): Payout {
  return {
    terms,
    livemode,
    createdAt,
    state: { status: 'creating' },
    failures: [],
    failureAccepted: false,
    pending: null,
    attention: null,
    approvals: [],
    unreadable: null,
  };
}

/** Where a payout may be seen after where it was last seen: a bank may give the money back after `paid`. */
const AFTER: Readonly<Record<StripePayoutStatus, readonly StripePayoutStatus[]>> = {
  pending: ['in_transit', 'paid', 'failed', 'canceled'],
  in_transit: ['paid', 'failed', 'canceled'],
  paid: ['failed'],
  failed: [],
  canceled: [],
};

/** Whether Stripe's payout is further than where it was last seen. */
export function isPayoutNews(known: StripePayoutStatus, seen: StripePayoutStatus): boolean {
  return AFTER[known].includes(seen);
}

/** The payout after an event. Pure: a late or repeated event gives back an equal payout, an impossible one throws. */
export function payoutTransition(payout: Payout, event: PayoutEvent): Payout {
  const next = after(payout, event);
  // Each status has a time of its own.
  return next.state.status === payout.state.status ? next : onTime(next);
}

function onTime({ overdueSince: _, ...payout }: Payout): Payout {
  return payout;
}

function after(payout: Payout, event: PayoutEvent): Payout {
  const { state } = payout;
  switch (event.type) {
    case 'funds_awaited':
      assertNothingAtStripe(state);
      return { ...payout, state: { status: 'waiting_for_funds', funds: event.funds } };
    case 'payout_observed':
      return { ...payout, state: observed(state, event.payout), unreadable: null };
    case 'given_up':
      assertNothingAtStripe(state);
      return { ...payout, state: { status: 'canceled', payout: null }, unreadable: null };
    case 'paid_out_again':
      return {
        ...payout,
        state: { status: event.payout.status, payout: event.payout },
        failures: [...payout.failures, failedPayoutOf(state)],
        attention: null,
      };
    case 'failure_accepted':
      failedPayoutOf(state);
      return { ...payout, failureAccepted: true };
    case 'overdue':
      return event.at === null
        ? onTime(payout)
        : { ...payout, overdueSince: payout.overdueSince ?? event.at };
    case 'approval_asked':
      return { ...payout, approvals: [...payout.approvals, event.approval] };
    case 'approval_ended':
      return { ...payout, approvals: payout.approvals.filter(({ id }) => id !== event.id) };
    case 'reading_failed':
      return { ...payout, unreadable: unreadableBy(payout.unreadable, event.failure, event.at) };
    case 'attention_raised':
      return { ...payout, attention: event.attention };
    case 'attention_cleared':
      return { ...payout, attention: null };
  }
}

/** The payout as Stripe knows it; null while nothing is there. */
export function stripePayoutOf({ state }: Payout): PayoutFacts | null {
  return 'payout' in state ? state.payout : null;
}

function observed(state: PayoutState, seen: PayoutFacts): PayoutState {
  if (state.status === 'canceled' && state.payout === null) {
    throw new IllegalTransition(`${seen.id} exists, but its payout was called off`);
  }
  if (!('payout' in state) || state.payout === null) return { status: seen.status, payout: seen };
  if (state.payout.id !== seen.id) {
    throw new IllegalTransition(`this payout is ${state.payout.id}, not ${seen.id}`);
  }
  const isCurrent = seen.status === state.payout.status || isPayoutNews(state.payout.status, seen.status);
  return isCurrent ? { status: seen.status, payout: { ...learned(state.payout), ...seen } } : state;
}

/** An older worker reads neither. */
function learned({ traceId, reversedBy }: PayoutFacts): Pick<PayoutFacts, 'traceId' | 'reversedBy'> {
  return { ...(traceId ? { traceId } : {}), ...(reversedBy ? { reversedBy } : {}) };
}

function failedPayoutOf(state: PayoutState): PayoutFacts {
  if (state.status === 'failed') return state.payout;
  throw new IllegalTransition(`a ${state.status} payout has not failed`);
}

function assertNothingAtStripe(state: PayoutState): void {
  if (state.status === 'creating' || state.status === 'waiting_for_funds') return;
  throw new IllegalTransition(`a ${state.status} payout is past that`);
}
