/** What tells an operation from every other of the same order, account or payout. */
export interface OperationStamp {
  readonly operationId: string;
  /** Rises only after a proven failure or an operator's decision. */
  readonly generation: number;
  /** Milliseconds since the epoch of the first intent: Stripe may forget the idempotency key a day later. */
  readonly requestedAt: number;
  /** What Stripe expands in its answer, pinned by the workflow when it first asks. */
  readonly expand?: readonly string[];
}
