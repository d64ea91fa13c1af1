/** Who bears a lost dispute: the connected account gives its share back, or the platform pays for it. */
export const LOST_DISPUTE_POLICIES = ['recover', 'bear'] as const;

export type LostDisputePolicy = (typeof LOST_DISPUTE_POLICIES)[number];

/**
 * A transfer reversal; of several captures the amount is of all of them. Amount in minor units of `currency`, the transfer's own. What
 * moved is among the order's adjustments.
 */
export interface RecoveryReversal {
  readonly id: string;
  readonly transfer: string;
  readonly amount: number;
  readonly currency: string;
}

/** How much of a transfer is left, in minor units of its currency. */
export interface TransferFacts {
  readonly amount: number;
  readonly amountReversed: number;
  /** Those of the payment's other captures, where there were several. */
  readonly others: readonly (Omit<TransferFacts, 'others'> & { readonly transfer: string })[];
}

/** What is taken back of one transfer, in minor units of its currency. */
export interface TransferShare {
  readonly transfer: string;
  readonly amount: number;
}

/** How a lost dispute is recovered from the connected account. */
export interface Recovery {
  readonly disputeId: string;
  /** `refused`: Stripe will not do it for another reason than lack of funds; only a person can go on. */
  readonly status: 'pending' | 'recovered' | 'refused' | 'given_up';
  /** Failed tries. Each raises the generation of the idempotency key. */
  readonly attempts: number;
  /** Milliseconds since the epoch; null: not automatically. */
  readonly nextAttemptAt: number | null;
  readonly reversal: RecoveryReversal | null;
  readonly failure: RecoveryFailure | null;
  /** The dispute was won after that, so an operator may have paid the share back. Absent: it was not. */
  readonly wonAfterwards?: true;
  /** It is still lost, but a part of its money came back after that. Absent: it did not. */
  readonly returnedAfterwards?: true;
}

export interface RecoveryFailure {
  readonly code: string;
  readonly message: string;
}
