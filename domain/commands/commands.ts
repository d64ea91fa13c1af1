import type { ResolveAction } from '../attention/attention.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { PaymentMethodRef } from './payment-method-ref.ts';

/** Who asked, and under which request: what the timeline and idempotency need. */
export interface CommandEnvelope {
  /** Unique in its order; the same id is the same command. */
  readonly commandId: string;
  /** Hash of the request's body: the same command id with another hash is refused. */
  readonly requestHash: string;
  /** The API request that first brought it; a repeat sees another id than its own in the result. */
  readonly requestId: string;
  readonly actor: string;
}

export interface Confirm {
  readonly kind: 'confirm';
  /** Null: the customer is back from 3-D Secure. */
  readonly method: PaymentMethodRef | null;
}
export interface Capture {
  readonly kind: 'capture';
  /** Minor units; null: all that is capturable. */
  readonly amount: number | null;
  /** Releases the rest; false: more is captured later, where card and account allow it. */
  readonly final: boolean;
}
export interface Increment {
  readonly kind: 'increment';
  /** Minor units: the new total, as Stripe takes it. */
  readonly amount: number;
}
export interface Cancel {
  readonly kind: 'cancel';
  readonly reason: CancellationReason | null;
}
export interface RefundCommand {
  readonly kind: 'refund';
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  readonly reverseTransfer: boolean;
  readonly refundApplicationFee: boolean;
  readonly reason: RefundReason | null;
}
export interface TransferCommand {
  readonly kind: 'transfer';
  /** Minor units of the currency in which the charge was settled: Stripe takes no other for `source_transaction`. */
  readonly amount: number;
  /** Null: the order's connected account. */
  readonly destination: string | null;
  readonly description: string | null;
}
/** Takes a special-case transfer back from its account. */
export interface ReverseTransfer {
  readonly kind: 'reverse_transfer';
  /** Stripe's id. */
  readonly transfer: string;
  /** Minor units of the transfer's currency; null: all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
}
/** Evidence was staged at Stripe; with `submit` it goes to the bank. Its text never enters a workflow: it may be personal. */
export interface SubmitEvidence {
  readonly kind: 'submit_evidence';
  /** Stripe's id; none: the one that is open. */
  readonly dispute?: string | null;
  /** Names of the fields that were staged. */
  readonly fields: readonly string[];
  readonly submit: boolean;
}
/** The platform gives in: the dispute is lost. */
export interface AcceptDispute {
  readonly kind: 'accept_dispute';
  /** Stripe's id; none: the one that is open. */
  readonly dispute?: string | null;
}
export interface Resolve {
  readonly kind: 'resolve';
  readonly action: ResolveAction;
  readonly stripeId: string | null;
  readonly reason: string;
}

export type CommandBody =
  | Confirm
  | Capture
  | Increment
  | Cancel
  | RefundCommand
  | TransferCommand
  | ReverseTransfer
  | SubmitEvidence
  | AcceptDispute
  | Resolve;
export type Command = CommandEnvelope & CommandBody;
export type CommandKind = CommandBody['kind'];

export const CANCELLATION_REASONS = [
  'duplicate',
  'fraudulent',
  'requested_by_customer',
  'abandoned',
] as const;
export type CancellationReason = (typeof CANCELLATION_REASONS)[number];

export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export const RESOLVE_ACTIONS = [
  'retry',
  'retry_with_new_key',
  'mark_done',
  'abandon',
  'acknowledge',
] as const;

/** How a command ended. `problem` says why where it was not done. */
export interface CommandResult {
  readonly commandId: string;
  readonly requestHash: string;
  readonly requestId: string;
  readonly outcome: 'done' | 'declined' | 'refused' | 'needs_attention';
  readonly problem: Problem | null;
  /** Brought about by an earlier request that only Stripe knew of. */
  readonly replayed?: true;
}

/** A command that has not ended yet. */
export interface RunningCommand extends Pick<CommandResult, 'commandId' | 'requestHash' | 'requestId'> {
  readonly outcome: 'running';
}

/** A positive number of minor units. */
export function isAmount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/**
 * Why a message is no command; null if it is one. The API's schemas check every field, but an update can also be typed
 * by hand in Temporal's UI: whatever would confuse a workflow is refused before it gets in.
 */
export function malformed(message: unknown): Problem | null {
  const fields: Record<string, unknown> = Object(message);
  const { commandId, requestHash, requestId, actor, amount } = fields;
  const isNamed = [commandId, requestHash, requestId, actor].every(
    (id) => typeof id === 'string' && id !== '',
  );
  if (!isNamed) {
    return problem('invalid_request', 'A command needs commandId, requestHash, requestId and actor.');
  }
  const notFlag = ['final', 'submit'].find((name) => !['undefined', 'boolean'].includes(typeof fields[name]));
  if (notFlag) return problem('invalid_request', `${notFlag} must be true or false.`, { param: notFlag });
  if (amount === undefined || amount === null || isAmount(amount)) return null;
  return problem('invalid_request', 'amount must be a positive integer number of minor units.', {
    param: 'amount',
  });
}
