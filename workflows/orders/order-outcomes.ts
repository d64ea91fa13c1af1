import type {
  OperationOutcome,
  ReauthorizeOperation,
  RecoverOperation,
  StripeOperation,
} from '../../contract/operations.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { Decline, Order } from '../../domain/orders/order.ts';
import { isReplaceable } from '../../domain/orders/payment-transition.ts';
import {
  isRecoverable,
  postponed,
  recovered,
  recoveryOf,
  refusedRecovery,
} from '../../domain/orders/recovery.ts';
import type { Recovery } from '../../domain/orders/recovery-state.ts';
import type { OrderEvent } from '../../domain/orders/transition.ts';
import { backoffMs, HOUR_MS, workflowNow } from '../shared/time.ts';

/** Between tries to recover a lost dispute's money. */
const FIRST_RETRY_MS = HOUR_MS;
const RETRY_MAX_MS = 24 * HOUR_MS;

/** What an operation's outcome means for the order; null: nothing. */
export function eventOf(
  order: Order,
  operation: StripeOperation,
  outcome: OperationOutcome,
): OrderEvent | null {
  switch (operation.operation) {
    case 'reauthorize':
      return reauthorized(order, operation, outcome);
    case 'release':
      return released(order, outcome);
    case 'recover':
      return recoveryEnded(order, operation, outcome);
    case 'adopt':
      return adoptionEnded(outcome, operation.isReopened);
    // An earlier request, which Temporal has forgotten, may have created it.
    case 'authorize':
      return adoptionEnded(outcome, false);
    default:
      return observedBy(outcome);
  }
}

/**
 * Why an operation that is stuck is not to be done any more; null: it is. Meanwhile a bank may decide otherwise about a dispute, and
 * somebody may capture or cancel what was to be renewed.
 */
export function whyNeedless(order: Order, operation: StripeOperation): Problem | null {
  switch (operation.operation) {
    case 'recover':
      return isRecoverable(order, operation.disputeId)
        ? null
        : problem('state_conflict', `Nothing is to be recovered for ${operation.disputeId} any more.`);
    case 'reauthorize':
      return isReplaceable(order.payment)
        ? null
        : problem('state_conflict', 'This order needs no other authorization any more.');
    default:
      return null;
  }
}

/** What an abandoned operation means for the order; null: nothing. */
export function eventOfAbandoned(order: Order, operation: StripeOperation): OrderEvent | null {
  const failure = { code: 'abandoned', message: 'An operator gave it up.' };
  switch (operation.operation) {
    case 'authorize':
      return { type: 'given_up' };
    case 'reauthorize':
      return { type: 'reauthorization_failed', cycle: operation.cycle, failure, leftover: null };
    case 'release':
      return { type: 'superseded_released' };
    case 'recover': {
      const recovery = recoveryOf(order, operation.disputeId);
      return { type: 'recovery_changed', recovery: { ...recovery, status: 'given_up', nextAttemptAt: null } };
    }
    default:
      return null;
  }
}

/**
 * A new authorization replaces the old one, unless somebody captured or canceled that meanwhile. After any other outcome the old one
 * stays, and the new one is released.
 */
function reauthorized(
  { payment }: Order,
  { cycle }: ReauthorizeOperation,
  outcome: OperationOutcome,
): OrderEvent {
  const made = 'payment' in outcome ? outcome.payment : null;
  const leftover = made && made.status !== 'canceled' ? made.paymentIntent : null;
  if (!isReplaceable(payment)) return { type: 'reauthorization_needless', cycle, leftover };
  if (outcome.type === 'payment' && made?.status === 'requires_capture') {
    return { type: 'authorization_replaced', payment: made, cycle };
  }
  return { type: 'reauthorization_failed', cycle, failure: failureOf(outcome), leftover };
}

/**
 * Of what was captured, also in part, Stripe cancels nothing or the rest alone: then that is the order's payment, or the customer has
 * paid twice. Whoever canceled what was renewed meant the order: its money is not held again.
 */
function released(order: Order, outcome: OperationOutcome): OrderEvent {
  const payment = 'payment' in outcome ? outcome.payment : null;
  if (payment && payment.amountReceived > 0) return { type: 'superseded_captured', payment };
  if (payment?.status === 'canceled') {
    const isWithdrawn = outcome.type === 'refused' && isRenewed(order);
    return isWithdrawn ? { type: 'superseded_canceled', payment } : { type: 'superseded_released' };
  }
  throw new IllegalTransition(
    `${payment?.paymentIntent ?? 'a superseded payment'} is ${payment?.status ?? 'unknown'}`,
  );
}

/** The order's payment took the place of the one to release, and nothing of it is captured. */
function isRenewed({ payment, captureWindow }: Order): boolean {
  return payment.status === 'authorized' && isReplaceable(payment) && captureWindow.failure === null;
}

function recoveryEnded(
  order: Order,
  { disputeId, generation }: RecoverOperation,
  outcome: OperationOutcome,
): OrderEvent {
  const known = recoveryOf(order, disputeId);
  // An operator may have chosen a later key. Under a used one Stripe repeats its refusal.
  const recovery = { ...known, attempts: Math.max(known.attempts, generation) };
  switch (outcome.type) {
    case 'reversal':
      return { type: 'recovery_changed', recovery: recovered(recovery, outcome.reversal) };
    case 'refused': {
      const failure = failureOf(outcome);
      // Of what the bank has decided otherwise nothing is refused for good: it may be lost again.
      const refused = isRecoverable(order, disputeId)
        ? refusedRecovery(recovery, failure, retryAt(recovery))
        : postponed(recovery, failure, workflowNow());
      return { type: 'recovery_changed', recovery: refused };
    }
    default:
      throw new IllegalTransition(`a recovery cannot end as ${outcome.type}`);
  }
}

/** When a failed reversal is retried. Milliseconds since the epoch. */
export function retryAt({ attempts }: Recovery): number {
  return workflowNow() + backoffMs(attempts, FIRST_RETRY_MS, RETRY_MAX_MS);
}

function adoptionEnded(outcome: OperationOutcome, isReopened: boolean): OrderEvent | null {
  if (outcome.type !== 'adopted') return observedBy(outcome);
  return { type: 'adopted', adopted: outcome.adopted, isReopened };
}

function failureOf(outcome: OperationOutcome) {
  switch (outcome.type) {
    case 'declined': {
      const { code, declineCode, message } = outcome.decline;
      return { code: declineCode ?? code, message };
    }
    case 'refused':
      return { code: outcome.problem.stripeCode ?? outcome.problem.code, message: outcome.problem.detail };
    case 'payment':
      return { code: outcome.payment.status, message: 'The new payment needs the customer.' };
    default:
      return { code: outcome.type, message: 'The new payment was not authorized.' };
  }
}

function observedBy(outcome: OperationOutcome): OrderEvent | null {
  switch (outcome.type) {
    case 'payment':
      return { type: 'payment_observed', payment: outcome.payment };
    case 'declined':
      return { type: 'payment_declined', decline: outcome.decline, payment: outcome.payment };
    case 'metadata':
      return { type: 'metadata_observed', metadata: outcome.metadata };
    case 'refund':
      return { type: 'refund_recorded', refund: outcome.refund };
    case 'transfer':
      return { type: 'transfer_recorded', transfer: outcome.transfer };
    case 'adjustment':
      return { type: 'adjustment_recorded', adjustment: outcome.adjustment };
    case 'dispute':
      return { type: 'dispute_observed', dispute: outcome.dispute };
    case 'refused':
      return outcome.payment ? { type: 'payment_observed', payment: outcome.payment } : null;
    default:
      throw new IllegalTransition(`an order's operation cannot end as ${outcome.type}`);
  }
}

export function problemOfDecline({ code, declineCode, message, param }: Decline): Problem {
  return problem('card_declined', message, {
    stripeCode: code,
    ...(declineCode ? { declineCode } : {}),
    ...(param ? { param } : {}),
  });
}
