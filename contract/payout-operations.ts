import type { CreationStamp, OperationStamp } from '../domain/commands/operation-stamp.ts';
import type { PayoutTerms } from '../domain/payouts/payout.ts';

/** One thing to be done at Stripe as the account whose money is paid out. */
interface PayoutOperationBase extends OperationStamp {
  readonly payoutId: string;
}

export interface CreatePayoutOperation extends PayoutOperationBase, CreationStamp {
  readonly operation: 'payout';
  readonly terms: PayoutTerms;
}

export interface CancelPayoutOperation extends PayoutOperationBase {
  readonly operation: 'cancel_payout';
  readonly connectedAccount: string;
  /** Stripe's id. */
  readonly payout: string;
}

export type PayoutOperation = CreatePayoutOperation | CancelPayoutOperation;
