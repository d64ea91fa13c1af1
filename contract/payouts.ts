import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { CommandEnvelope, CommandResult } from '../domain/commands/commands.ts';
import type { Payout, PayoutTerms } from '../domain/payouts/payout.ts';
import type { CommandMessage, OrderPolicy } from './orders.ts';

export const PAYOUT_WORKFLOW = 'payout';

/** How long things may take, in milliseconds. */
interface PayoutPolicy extends Pick<OrderPolicy, 'retryBudgetMs'> {
  /** How long a paid payout is watched: a bank may still give the money back. */
  readonly watchPaidMs: number;
}

/** Argument of the `payout` workflow: connected account → its bank. Takes `stripeEvent` as an order does. */
export interface PayoutInput {
  readonly terms: PayoutTerms;
  readonly livemode: boolean;
  readonly policy: PayoutPolicy;
  /** The command that creates it. */
  readonly payOut: CommandEnvelope;
}

export interface PayoutAnswer {
  readonly result: CommandResult;
  readonly payout: Payout;
}

/** Waits until the payout is at Stripe, or waits for funds; sent together with the start. */
export const payOutUpdate = defineUpdate<PayoutAnswer, [CommandEnvelope]>('payOut');

export const cancelPayoutUpdate = defineUpdate<PayoutAnswer, [CommandMessage<'cancel'>]>('cancel');

export const resolvePayoutUpdate = defineUpdate<PayoutAnswer, [CommandMessage<'resolve'>]>('resolve');

export const payoutQuery = defineQuery<Payout>('payout');
