import type { Problem } from './errors.ts';
import { problem } from './errors.ts';
import { formatMoney } from './money.ts';
import type { Order, PaymentMethodRef, ResolveAction } from './order.ts';
import { amountRefundable, orderStatus } from './order.ts';

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
  /** Minor units; null: all that is capturable. Less releases the rest. */
  readonly amount: number | null;
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
export interface Resolve {
  readonly kind: 'resolve';
  readonly action: ResolveAction;
  readonly stripeId: string | null;
  readonly reason: string;
}

export type CommandBody = Confirm | Capture | Cancel | RefundCommand | TransferCommand | Resolve;
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

export const RESOLVE_ACTIONS = ['retry', 'retry_with_new_key', 'mark_done', 'abandon'] as const;

/** How a command ended. `problem` says why where it was not done. */
export interface CommandResult {
  readonly commandId: string;
  readonly requestHash: string;
  readonly requestId: string;
  readonly outcome: 'done' | 'declined' | 'refused' | 'needs_attention';
  readonly problem: Problem | null;
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
  const { commandId, requestHash, requestId, actor, amount }: Record<string, unknown> = Object(message);
  const isNamed = [commandId, requestHash, requestId, actor].every(
    (id) => typeof id === 'string' && id !== '',
  );
  if (!isNamed) {
    return problem('invalid_request', 'A command needs commandId, requestHash, requestId and actor.');
  }
  if (amount === undefined || amount === null || isAmount(amount)) return null;
  return problem('invalid_request', 'amount must be a positive integer number of minor units.', {
    param: 'amount',
  });
}

/** Why this command cannot be carried out in the order's present state; null if it can. */
export function refusalOf(order: Order, command: CommandBody): Problem | null {
  if (command.kind === 'resolve') return refusalOfResolve(order, command);
  if (order.attention) {
    return problem(
      'needs_attention',
      `The ${order.attention.operation} of this order is stuck (${order.attention.code}). Resolve it first: ${order.attention.allowedActions.join(', ')}.`,
    );
  }
  switch (command.kind) {
    case 'confirm':
      return refusalOfConfirm(order, command);
    case 'capture':
      return refusalOfCapture(order, command);
    case 'cancel':
      return refusalOfCancel(order);
    case 'refund':
      return refusalOfRefund(order, command);
    case 'transfer':
      return refusalOfTransfer(order, command);
  }
}

/** The same for a decision about something stuck, of an order or of a transfer. */
export function refusalOfResolve({ attention }: Pick<Order, 'attention'>, command: Resolve): Problem | null {
  if (!attention) return problem('state_conflict', 'Nothing needs attention here.');
  if (!attention.allowedActions.includes(command.action)) {
    return problem(
      'state_conflict',
      `${command.action} is not allowed: ${attention.allowedActions.join(', ')}.`,
      {
        param: 'action',
      },
    );
  }
  if (command.action === 'mark_done' && command.stripeId === null) {
    return problem('invalid_request', 'mark_done needs the id of the Stripe object that shows the effect.', {
      param: 'stripe_id',
    });
  }
  return null;
}

/** Stripe's code where the customer did not pass 3-D Secure. */
const AUTHENTICATION_FAILED = 'payment_intent_authentication_failure';

function refusalOfConfirm(order: Order, command: Confirm): Problem | null {
  if (command.method === null && isBackFromAuthentication(order)) return null;
  switch (order.payment.status) {
    case 'requires_payment_method':
      return command.method
        ? null
        : problem('invalid_request', 'This payment needs another payment method.', {
            param: 'payment_method',
          });
    case 'requires_action':
      return null;
    default:
      return wrongState(order, 'confirmed', 'requires_payment_method or requires_action');
  }
}

/**
 * Whoever sends the customer back after 3-D Secure confirms without knowing what came of it, and the order may have heard
 * before: then there is nothing left to do, and no reason to refuse.
 */
function isBackFromAuthentication({ payment, lastDecline }: Order): boolean {
  switch (payment.status) {
    case 'requires_payment_method':
      return lastDecline?.code === AUTHENTICATION_FAILED;
    case 'requires_action':
    case 'processing':
    case 'authorized':
    case 'captured':
      return true;
    default:
      return false;
  }
}

function refusalOfCapture(order: Order, { amount }: Capture): Problem | null {
  const { payment, terms } = order;
  if (payment.status !== 'authorized') return wrongState(order, 'captured', 'authorized');
  if (amount !== null && amount > payment.amountCapturable) {
    const limit = formatMoney({ amount: payment.amountCapturable, currency: terms.currency });
    return problem('money_rule', `At most ${limit} can be captured.`, { param: 'amount' });
  }
  return null;
}

function refusalOfCancel(order: Order): Problem | null {
  switch (order.payment.status) {
    case 'requires_payment_method':
    case 'requires_action':
    case 'authorized':
      return null;
    default:
      return wrongState(order, 'canceled', 'requires_payment_method, requires_action or authorized');
  }
}

function refusalOfRefund(order: Order, command: RefundCommand): Problem | null {
  if (order.payment.status !== 'captured') return wrongState(order, 'refunded', 'captured');
  if (command.refundApplicationFee && !command.reverseTransfer) {
    return problem(
      'money_rule',
      'refund_application_fee needs reverse_transfer: on a destination charge the fee can only be refunded together with the transfer.',
      { param: 'refund_application_fee' },
    );
  }
  const left = amountRefundable(order);
  if (left <= 0) return problem('state_conflict', 'This order has been refunded in full.');
  if (command.amount !== null && command.amount > left) {
    const limit = formatMoney({ amount: left, currency: order.terms.currency });
    return problem('money_rule', `At most ${limit} is left to refund.`, { param: 'amount' });
  }
  return null;
}

function refusalOfTransfer(order: Order, command: TransferCommand): Problem | null {
  const { payment, terms } = order;
  if (payment.status !== 'captured') return wrongState(order, 'a source of transfers', 'captured');
  const { settlement, amountCaptured } = payment;
  if (settlement === null)
    return problem('state_conflict', 'Stripe has not settled this charge yet; try again soon.');
  if (settlement.currency === terms.currency && command.amount > amountCaptured) {
    const limit = formatMoney({ amount: amountCaptured, currency: terms.currency });
    return problem('money_rule', `A transfer out of this charge is at most ${limit}.`, { param: 'amount' });
  }
  return null;
}

function wrongState(order: Order, done: string, needed: string): Problem {
  return problem(
    'state_conflict',
    `An order that is ${orderStatus(order)} cannot be ${done}; it must be ${needed}.`,
  );
}
