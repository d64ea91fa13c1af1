import type { AccountFacts } from '../domain/accounts/account.ts';
import type { CreationStamp, OperationStamp } from '../domain/commands/operation-stamp.ts';
import type { PaymentMethodRef } from '../domain/commands/payment-method-ref.ts';
import type { Problem } from '../domain/errors.ts';
import type { Adjustment } from '../domain/orders/adjustment.ts';
import type { CaptureShare } from '../domain/orders/capture-share.ts';
import type { Dispute } from '../domain/orders/dispute.ts';
import type { Adopted } from '../domain/orders/observation.ts';
import type { Decline, OrderTerms, Refund, SpecialCaseTransfer } from '../domain/orders/order.ts';
import type { OrderCommandBody } from '../domain/orders/order-command-table.ts';
import type { PaymentFacts } from '../domain/orders/payment.ts';
import type { RecoveryReversal, TransferShare } from '../domain/orders/recovery-state.ts';
import type { AccountFunds, PayoutFacts } from '../domain/payouts/payout.ts';
import type { AccountOperation } from './account-operations.ts';
import type { PayoutOperation } from './payout-operations.ts';

/**
 * One thing to be done at Stripe, with all that its idempotency key and its read-back need. The same operation is
 * repeated unchanged until its effect is known.
 */
interface OperationBase extends OperationStamp {
  readonly orderId: string;
}

export interface AuthorizeOperation extends OperationBase, CreationStamp {
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
  /** Nothing is captured after it: what is left is released. */
  readonly final: boolean;
  /** Minor units that earlier captures took. */
  readonly amountCapturedBefore: number;
  /** Of one of several captures; null: as agreed when the payment was made. */
  readonly share: CaptureShare | null;
}
/** Changes the metadata of the order's PaymentIntent. */
export interface UpdateMetadataOperation extends OperationBase {
  readonly operation: 'update_metadata';
  readonly paymentIntent: string;
  /** Merged with what is there: an empty value removes its key. */
  readonly changes: Readonly<Record<string, string>>;
}
/** Raises what is authorized. */
export interface IncrementOperation extends OperationBase {
  readonly operation: 'increment';
  readonly paymentIntent: string;
  /** Minor units: the new total. */
  readonly amount: number;
}
export interface CancelOperation extends OperationBase {
  readonly operation: 'cancel';
  readonly paymentIntent: string;
  readonly reason: NonNullable<OrderCommandBody<'cancel'>['reason']> | null;
  /** Not where the customer has authorized or paid it since. Absent: whatever it holds. */
  readonly unlessPaid?: true;
}
export interface RefundOperation extends OperationBase {
  readonly operation: 'refund';
  readonly charge: string;
  /** Minor units; null: what is left at Stripe, which may be less than what is known to be left. */
  readonly amount: number | null;
  readonly reverseTransfer: boolean;
  readonly refundApplicationFee: boolean;
  readonly reason: NonNullable<OrderCommandBody<'refund'>['reason']> | null;
  /** Minor units of the application fee that are known to have gone back: the fee object has only the total. */
  readonly applicationFeeRefundedBefore: number;
  /** Ids of the fee refunds that did. */
  readonly feeRefundsBefore: readonly string[];
}
export interface TransferOperation extends OperationBase, CreationStamp {
  readonly operation: 'transfer';
  /** The charge to take it from; null: the platform's available balance. */
  readonly charge: string | null;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly description: string | null;
}
/** Takes a special-case transfer back, of an order or (`orderId` is then the transfer's own) of none. */
export interface ReverseTransferOperation extends OperationBase, CreationStamp {
  readonly operation: 'reverse_transfer';
  /** Stripe's id. */
  readonly transfer: string;
  /** Minor units of the transfer's currency; null: all that is left at Stripe. */
  readonly amount: number | null;
  readonly reason: string | null;
  /** It went to another account than the order's. */
  readonly isOtherAccount: boolean;
}

/** Takes over a PaymentIntent that exists. Its `operationId` is the PaymentIntent's. */
export interface AdoptOperation extends OperationBase {
  readonly operation: 'adopt';
  readonly paymentIntent: string;
  /** As they were read when the order was started. */
  readonly terms: OrderTerms;
  readonly livemode: boolean;
  /** An order of this very payment was closed, which still remembers what it did. */
  readonly isReopened: boolean;
}
/** A new authorization in place of one that soon lapses, by the payment method of the old one. */
export interface ReauthorizeOperation extends OperationBase {
  readonly operation: 'reauthorize';
  readonly cycle: number;
  /** The PaymentIntent whose place it takes. */
  readonly replaces: string;
  readonly terms: OrderTerms;
}
/** Cancels a PaymentIntent that another one has made needless. */
export interface ReleaseOperation extends OperationBase {
  readonly operation: 'release';
  readonly paymentIntent: string;
}
/** Takes the connected account's share of a lost dispute back. */
export interface RecoverOperation extends OperationBase {
  readonly operation: 'recover';
  readonly disputeId: string;
  readonly transfer: string;
  /** Minor units of the transfer's currency. */
  readonly amount: number;
  /** What is taken back of the transfers of other captures. */
  readonly others: readonly TransferShare[];
  /** The application fee goes back in the same proportion. */
  readonly refundApplicationFee: boolean;
}
export interface SubmitEvidenceOperation extends OperationBase {
  readonly operation: 'submit_evidence';
  readonly dispute: string;
  /** How often evidence was submitted before. */
  readonly submissionCount: number;
  /** False: it stays staged at Stripe. */
  readonly submit: boolean;
}
export interface AcceptDisputeOperation extends OperationBase {
  readonly operation: 'accept_dispute';
  readonly dispute: string;
}

export type StripeOperation = OrderOperation | AccountOperation | PayoutOperation;
export type OperationName = StripeOperation['operation'];
/** The operation of that name. */
export type OperationOf<Name extends OperationName> = Extract<StripeOperation, { operation: Name }>;

export type OrderOperation =
  | AuthorizeOperation
  | ConfirmOperation
  | CaptureOperation
  | CancelOperation
  | RefundOperation
  | TransferOperation
  | ReverseTransferOperation
  | AdoptOperation
  | IncrementOperation
  | UpdateMetadataOperation
  | ReauthorizeOperation
  | ReleaseOperation
  | RecoverOperation
  | SubmitEvidenceOperation
  | AcceptDisputeOperation;

/** What an operator named is not taken for an operation's effect. `why`: a sentence for people. */
export interface NotClaimed {
  readonly type: 'not_claimed';
  readonly why: string;
}

/**
 * How an operation ended. `refused`: Stripe said no and nothing moved. `key_spent`: what Stripe stored under the
 * idempotency key is without effect, so the next generation's key is safe.
 */
export type OperationOutcome = {
  readonly stripeRequestId: string | null;
  /** An earlier request brought it about, which Temporal has forgotten: this one is a repeat. */
  readonly fromEarlierRequest?: true;
} & (
  | { readonly type: 'payment'; readonly payment: PaymentFacts }
  | { readonly type: 'declined'; readonly decline: Decline; readonly payment: PaymentFacts | null }
  | { readonly type: 'metadata'; readonly metadata: Readonly<Record<string, string>> }
  | { readonly type: 'refund'; readonly refund: Refund }
  | { readonly type: 'transfer'; readonly transfer: SpecialCaseTransfer }
  | { readonly type: 'adjustment'; readonly adjustment: Adjustment }
  | { readonly type: 'adopted'; readonly adopted: Adopted }
  | { readonly type: 'reversal'; readonly reversal: RecoveryReversal }
  | { readonly type: 'dispute'; readonly dispute: Dispute }
  | { readonly type: 'refused'; readonly problem: Problem; readonly payment: PaymentFacts | null }
  | { readonly type: 'payout'; readonly payout: PayoutFacts }
  /** A payout was refused for lack of funds. */
  | { readonly type: 'funds_missing'; readonly funds: AccountFunds; readonly problem: Problem }
  | { readonly type: 'account'; readonly account: AccountFacts }
  | { readonly type: 'disconnected' }
  | { readonly type: 'key_spent' }
);
