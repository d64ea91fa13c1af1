import { defineQuery } from '@temporalio/workflow';
import type { ReasonedCommand } from '../domain/commands/command.ts';
import type { Payout, PayoutTerms } from '../domain/payouts/payout.ts';
import type { Usual } from './brief.ts';
import { beginningUpdate } from './command-messages.ts';
import type { OrderPolicy } from './orders.ts';

export const PAYOUT_WORKFLOW = 'payout';

/** How long things may take, in milliseconds. */
interface PayoutPolicy extends Pick<OrderPolicy, 'retryBudgetMs' | 'approval'> {
  /** How long a paid payout is watched: a bank may still give the money back. */
  readonly watchPaidMs: number;
}

/** What of the settings becomes part of a new payout. */
export function payoutPolicy({ retryBudgetMs, approval }: OrderPolicy, watchPaidMs: number): PayoutPolicy {
  return { retryBudgetMs, watchPaidMs, ...(approval ? { approval } : {}) };
}

/** Argument of the `payout` workflow: connected account → its bank. Takes `stripeEvent` as an order does. */
export interface PayoutInput {
  readonly terms: PayoutTerms;
  readonly livemode: boolean;
  readonly policy: PayoutPolicy;
  /** The command that creates it. */
  readonly payOut: ReasonedCommand;
  /** There is a subscriber; absent: not yet. */
  readonly announced?: true;
}

/** Waits until the payout is at Stripe, or waits for funds; sent together with the start. */
export const payOutUpdate = beginningUpdate<Payout>('payOut');

/** What most payouts have: left out of what their updates answer. */
export const USUAL_PAYOUT: Usual<Payout> = {
  failures: [],
  failureAccepted: false,
  pending: null,
  attention: null,
  unreadable: null,
};

export const payoutQuery = defineQuery<Payout>('payout');
