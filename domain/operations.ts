import type { AccountFacts } from './account.ts';
import type { AccountOperation } from './account-operations.ts';
import type { CancellationReason, RefundReason } from './commands.ts';
import type { Problem } from './errors.ts';
import type { Adopted } from './observation.ts';
import type { Decline, OrderTerms, PaymentMethodRef, Refund, SpecialCaseTransfer } from './order.ts';
import type { PaymentFacts } from './payment.ts';
import type { AccountFunds, PayoutFacts } from './payout.ts';
import type { PayoutOperation } from './payout-operations.ts';

/**
 * One thing to be done at Stripe, with all that its idempotency key and its read-back need. The same operation is
 * repeated unchanged until its effect is known.
 */
interface OperationBase extends OperationStamp {
  readonly orderId: string;
}

/** What tells an operation from every other of the same order or account. */
export interface OperationStamp {
  readonly operationId: string;
  /** Rises only after a proven failure or an operator's decision. */
  readonly generation: number;
  /** Milliseconds since the epoch of the first intent: Stripe may forget the idempotency key a day later. */
  readonly requestedAt: number;
}

export interface AuthorizeOperation extends OperationBase {
  readonly operation: 'authorize';
  readonly terms: OrderTerms;
}
export interface ConfirmOperation extends OperationBase {
  readonly operation: 'confirm';
  readonly paymentIntent: string;
  readonly method: PaymentMethodRef | null;
  readonly returnUrl: string | null;
}
export interface CaptureOperation extends OperationBase {
  readonly operation: 'capture';
  readonly paymentIntent: string;
  /** Minor units. */
  readonly amount: number;
}
export interface CancelOperation extends OperationBase {
  readonly operation: 'cancel';
  readonly paymentIntent: string;
  readonly reason: CancellationReason | null;
}
export interface RefundOperation extends OperationBase {
  readonly operation: 'refund';
  readonly charge: string;
  /** Minor units. */
  readonly amount: number;
  readonly reverseTransfer: boolean;
  readonly refundApplicationFee: boolean;
  readonly reason: RefundReason | null;
  /** Minor units of the application fee that earlier refunds gave back: the fee object only tells the total. */
  readonly applicationFeeRefundedBefore: number;
}
export interface TransferOperation extends OperationBase {
  readonly operation: 'transfer';
  /** The charge to take it from; null: the platform's available balance. */
  readonly charge: string | null;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly description: string | null;
}

/** Takes over a PaymentIntent that exists. Its `operationId` is the PaymentIntent's. */
export interface AdoptOperation extends OperationBase {
  readonly operation: 'adopt';
  readonly paymentIntent: string;
  /** As they were read when the order was started. */
  readonly terms: OrderTerms;
  readonly livemode: boolean;
}

export type StripeOperation = OrderOperation | AccountOperation | PayoutOperation;

export type OrderOperation =
  | AuthorizeOperation
  | ConfirmOperation
  | CaptureOperation
  | CancelOperation
  | RefundOperation
  | TransferOperation
  | AdoptOperation;

/**
 * How an operation ended. `refused`: Stripe said no and nothing moved. `key_spent`: Stripe stored a failure under the
 * idempotency key and there is no effect, so the next generation's key is safe.
 */
export type OperationOutcome = { readonly stripeRequestId: string | null } & (
  | { readonly type: 'payment'; readonly payment: PaymentFacts }
  | { readonly type: 'declined'; readonly decline: Decline; readonly payment: PaymentFacts | null }
  | { readonly type: 'refund'; readonly refund: Refund }
  | { readonly type: 'transfer'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'adopted'; readonly adopted: Adopted }
  | { readonly type: 'refused'; readonly problem: Problem; readonly payment: PaymentFacts | null }
  | { readonly type: 'payout'; readonly payout: PayoutFacts }
  /** A payout was refused for lack of funds. */
  | { readonly type: 'funds_missing'; readonly funds: AccountFunds; readonly problem: Problem }
  | { readonly type: 'account'; readonly account: AccountFacts }
  | { readonly type: 'disconnected' }
  | { readonly type: 'key_spent' }
);
