import { blockedBy } from '../attention/blocked-by.ts';
import { methodRef } from '../commands/payment-method-ref.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { brokenChargeStep } from '../money/amount-steps.ts';
import { formatMoney } from '../money/money.ts';
import { isDivisible, shareOfCapture } from './capture-share.ts';
import { refusalOfAccept, refusalOfDisputed, refusalOfEvidence } from './dispute-refusals.ts';
import { refusalOfClaimed } from './effects.ts';
import { exceedsMetadata } from './metadata.ts';
import type { Order } from './order.ts';
import { amountRefundable, isCanceledOrExpired, orderStatus } from './order.ts';
import type { OrderCommandBody } from './order-command-table.ts';
import { refusalOfMore } from './refusal-of-more.ts';
import { refusalOfApproving, refusalOfResolve } from './resolve-refusals.ts';
import { refusalOfReversal, reversibleTransfer } from './transfer-reversals.ts';

/** Why this command cannot be carried out in the order's present state; null if it can. `now`: milliseconds since the epoch. */
export function refusalOf(order: Order, command: OrderCommandBody, now: number): Problem | null {
  if (command.kind === 'resolve') {
    const claimed = refusalOfClaimed(order, command);
    if (claimed) return claimed;
    return refusalOfResolve(order, command) ?? refusalOfApproving(order, command);
  }
  if (order.attention) return blockedBy(order.attention);
  switch (command.kind) {
    case 'confirm':
      return refusalOfConfirm(order, command);
    case 'capture':
      return refusalOfCapture(order, command);
    case 'increment':
      return refusalOfIncrement(order, command);
    case 'update':
      return refusalOfUpdate(order, command);
    case 'cancel':
      return refusalOfCancel(order);
    case 'refund':
      return refusalOfRefund(order, command);
    case 'transfer':
      return refusalOfTransfer(order, command);
    case 'reverse_transfer':
      return refusalOfReverseTransfer(order, command);
    case 'submit_evidence':
      return refusalOfEvidence(order, command, now);
    case 'accept_dispute':
      return refusalOfAccept(order, command);
  }
}

/** Stripe's code where the customer did not pass 3-D Secure. */
const AUTHENTICATION_FAILED = 'payment_intent_authentication_failure';

function refusalOfConfirm(order: Order, command: OrderCommandBody<'confirm'>): Problem | null {
  const brings = methodRef(command);
  if (brings === null && isBackFromAuthentication(order)) return null;
  switch (order.payment.status) {
    case 'requires_payment_method':
      return brings
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
 * After 3-D Secure the caller confirms without knowing the result. If the order has read it from Stripe already, there is
 * nothing left to do, and no reason to refuse.
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

function refusalOfCapture(order: Order, command: OrderCommandBody<'capture'>): Problem | null {
  const { payment, terms } = order;
  const { amount, final } = command;
  if (payment.status !== 'authorized') return wrongState(order, 'captured', 'authorized');
  if (!final && !payment.multicapture) {
    return problem(
      'state_conflict',
      'This payment can be captured only once. Several captures need request_multicapture on the order, and a card and account that allow them.',
      { param: 'final' },
    );
  }
  if (amount !== undefined && amount > payment.amountCapturable) {
    const limit = formatMoney({ amount: payment.amountCapturable, currency: terms.currency });
    return problem('money_rule', `At most ${limit} can be captured.`, { param: 'amount' });
  }
  const uneven = amount !== undefined && brokenChargeStep(amount, terms.currency);
  if (uneven) return uneven;
  const share = shareOfCapture(order, command);
  if (share && !isDivisible(share)) {
    return problem(
      'money_rule',
      'This capture is too small: its share of application_fee_amount or transfer_amount would round to 0. Capture more at once.',
      { param: 'amount' },
    );
  }
  return null;
}

function refusalOfIncrement(order: Order, { amount }: OrderCommandBody<'increment'>): Problem | null {
  const { payment, terms } = order;
  if (payment.status !== 'authorized') return wrongState(order, 'incremented', 'authorized');
  if (!payment.incrementable) {
    return problem(
      'state_conflict',
      'This authorization cannot be raised. That needs request_incremental_authorization on the order, and a card and account that allow it.',
    );
  }
  if (payment.amountCaptured > 0 && (terms.applicationFeeAmount ?? terms.transferAmount) !== null) {
    return problem(
      'state_conflict',
      'The authorization cannot be raised after a capture that took a share of application_fee_amount or transfer_amount.',
    );
  }
  if (amount <= payment.amount) {
    const least = formatMoney({ amount: payment.amount, currency: terms.currency });
    return problem('money_rule', `amount is the new total and must be more than ${least}.`, {
      param: 'amount',
    });
  }
  return brokenChargeStep(amount, terms.currency);
}

function refusalOfUpdate(order: Order, { metadata }: OrderCommandBody<'update'>): Problem | null {
  const { status } = order.payment;
  if (status === 'pending' || isCanceledOrExpired(order)) {
    return wrongState(order, 'updated', 'neither pending, canceled nor expired');
  }
  if (!exceedsMetadata(order.terms, metadata)) return null;
  return problem(
    'invalid_request',
    'The order would have more metadata keys than Stripe takes. Remove some with an empty value.',
    { param: 'metadata' },
  );
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

function refusalOfRefund(order: Order, command: OrderCommandBody<'refund'>): Problem | null {
  if (order.payment.status !== 'captured') return wrongState(order, 'refunded', 'captured');
  const disputed = refusalOfDisputed(order);
  if (disputed) return disputed;
  const broken = brokenRuleOfRefund(command);
  if (broken) return broken;
  const left = amountRefundable(order);
  if (left <= 0) return problem('state_conflict', 'This order has been refunded in full.');
  if (command.amount !== undefined && command.amount > left) {
    const limit = formatMoney({ amount: left, currency: order.terms.currency });
    return problem('money_rule', `At most ${limit} can still be refunded.`, { param: 'amount' });
  }
  if (command.amount === undefined) return null;
  const uneven = brokenChargeStep(command.amount, order.terms.currency);
  if (uneven || command.amount === left) return uneven;
  return refusalOfMore(order, 'only all that is left can still be refunded');
}

/** What no order's state allows. */
export function brokenRuleOfRefund({
  refund_application_fee,
  reverse_transfer,
}: Pick<OrderCommandBody<'refund'>, 'refund_application_fee' | 'reverse_transfer'>): Problem | null {
  if (!refund_application_fee || reverse_transfer) return null;
  return problem(
    'money_rule',
    'refund_application_fee needs reverse_transfer: on a destination charge the fee is refunded together with the transfer.',
    { param: 'refund_application_fee' },
  );
}

function refusalOfTransfer(order: Order, command: OrderCommandBody<'transfer'>): Problem | null {
  const { payment, terms } = order;
  if (payment.status !== 'captured') return wrongState(order, 'a source of transfers', 'captured');
  const { settlement, amountCaptured } = payment;
  if (settlement === null)
    return problem('state_conflict', 'Stripe has not settled this charge yet; try again soon.');
  if (settlement.currency === terms.currency && command.amount > amountCaptured) {
    const limit = formatMoney({ amount: amountCaptured, currency: terms.currency });
    return problem('money_rule', `At most ${limit} can be transferred out of this charge.`, {
      param: 'amount',
    });
  }
  return refusalOfMore(order, 'no more can be made out of it');
}

function refusalOfReverseTransfer(
  order: Order,
  { transfer: id, amount }: OrderCommandBody<'reverse_transfer'>,
): Problem | null {
  const transfer = order.transfers.find((known) => known.id === id);
  if (!transfer) {
    return problem('not_found', `This order has no special-case transfer ${id}.`, { param: 'transfer' });
  }
  const known = reversibleTransfer(transfer, order);
  const left = known.amount - known.amountReversed;
  const refusal = refusalOfReversal(known, amount ?? null);
  if (refusal || amount === undefined || amount === left) return refusal;
  return refusalOfMore(order, 'only all that is left can still be reversed');
}

function wrongState(order: Order, done: string, needed: string): Problem {
  return problem(
    'state_conflict',
    `An order that is ${orderStatus(order)} cannot be ${done}; it must be ${needed}.`,
  );
}
