import type { CaptureOperation, StripeOperation } from '../../contract/operations.ts';
import { isDecision, needsApproval } from '../../domain/commands/approval.ts';
import { methodRef } from '../../domain/commands/payment-method-ref.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { shareOfCapture } from '../../domain/orders/capture-share.ts';
import { disputeToAnswer, isOpen } from '../../domain/orders/dispute.ts';
import { isRefusedForDispute } from '../../domain/orders/dispute-refusals.ts';
import { effectOf } from '../../domain/orders/effects.ts';
import { knownTransfers } from '../../domain/orders/observation.ts';
import type { Order } from '../../domain/orders/order.ts';
import { applicationFeeRefunded, applicationFeeRefunds, paymentIntentOf } from '../../domain/orders/order.ts';
import type { OrderCommand, OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { decidesOnNotice } from '../../domain/orders/resolve-refusals.ts';
import { stakeOf, withAmount } from '../../domain/orders/stake.ts';
import { decide, hold } from '../entity/approvals.ts';
import { resolveAttention } from '../entity/attention.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import { workflowNow } from '../shared/time.ts';
import { resolveNotices } from './order-notices.ts';
import type { OrderRecord } from './order-record.ts';

/** Until the command has ended, or somebody else has to look. `isApproved`: another person has seen it. */
export async function handleOrderCommand(
  record: OrderRecord,
  command: OrderCommand,
  isApproved = false,
): Promise<void> {
  const { order, input } = record;
  const { approval } = input.policy;
  const stake = isApproved ? null : stakeOf(order, command);
  const before = effectOf(order, command);
  const refusal = before ? before.problem : refusalIn(record, command);
  if (refusal) {
    record.endCommand(command, 'refused', refusal);
  } else if (before) {
    record.noteReplay(command);
    record.endCommand(command, 'done');
  } else if (approval && needsApproval(approval, stake)) {
    hold(record, withAmount(command, stake), stake, approval);
  } else if (isDecision(command)) {
    await decide(record, command, {
      execute: (approved) => handleOrderCommand(record, approved, true),
      giveUp: (declined, why) => record.endCommand(declined, 'refused', why),
    });
  } else if (command.kind === 'resolve') {
    await (decidesOnNotice(order, command) ? resolveNotices : resolveAttention)(record, command);
  } else {
    await performAndRecord(record, command, operationOf(order, command));
    // Once it is shown what came of the command: it may ask for nobody any longer.
    if (mayHaveMovedDispute(record, command)) record.readAtOnce();
  }
}

/** Stripe refused because of a dispute that the order does not know yet, or the refund may end an inquiry. */
function mayHaveMovedDispute(record: OrderRecord, { kind, commandId }: OrderCommand): boolean {
  const refusal = record.result(commandId)?.problem;
  if (refusal && isRefusedForDispute(refusal)) return true;
  return kind === 'refund' && record.order.disputes.some(isOpen);
}

/** Why a command is refused. Null: it is carried out; if it was before, Stripe answers the same under its key. */
export function refusalIn(record: OrderRecord, command: OrderCommandBody): Problem | null {
  const refusal = refusalOf(record.order, command, workflowNow());
  return refusal?.code === 'state_conflict' && record.mayHaveDone(command) ? null : refusal;
}

/** The operation that a command asks for, with every default filled in. */
function operationOf(order: Order, command: Exclude<OrderCommand, { kind: 'resolve' }>): StripeOperation {
  const base = { orderId: order.terms.id, ...newStamp(command) };
  const { terms } = order;
  const paymentIntent = paymentIntentOf(order) ?? '';
  switch (command.kind) {
    case 'confirm':
      return {
        ...base,
        operation: 'confirm',
        paymentIntent,
        method: methodRef(command),
        returnUrl: terms.returnUrl,
      };
    case 'capture': {
      const held = heldBeforeCapture(order);
      const amount = command.amount ?? held.amountCapturable;
      const { final } = command;
      return {
        ...base,
        operation: 'capture',
        paymentIntent,
        amount,
        final,
        amountCapturedBefore: held.amountCaptured,
        share: shareOfCapture(order, command),
      };
    }
    case 'increment':
      return { ...base, operation: 'increment', paymentIntent, amount: command.amount };
    case 'update':
      return { ...base, operation: 'update_metadata', paymentIntent, changes: command.metadata };
    case 'cancel':
      return (
        releaseOfRest(order, base) ?? {
          ...base,
          operation: 'cancel',
          paymentIntent,
          reason: command.reason ?? null,
        }
      );
    case 'refund':
      return {
        ...base,
        operation: 'refund',
        charge: capturedPaymentOf(order).latestCharge,
        amount: command.amount ?? null,
        reverseTransfer: command.reverse_transfer,
        refundApplicationFee: command.refund_application_fee,
        reason: command.reason ?? null,
        applicationFeeRefundedBefore: applicationFeeRefunded(order),
        feeRefundsBefore: applicationFeeRefunds(order),
      };
    case 'transfer':
      return {
        ...base,
        operation: 'transfer',
        requestHash: command.requestHash,
        charge: capturedPaymentOf(order).latestCharge,
        amount: command.amount,
        currency: settlementOf(order).currency,
        destination: command.destination ?? terms.connectedAccount,
        description: command.description,
      };
    case 'reverse_transfer': {
      const { requestHash, transfer, amount = null, reason = null } = command;
      const isOtherAccount = knownTransfers(order.transfers, terms).some(
        (known) => known.id === transfer && known.isOtherAccount,
      );
      return {
        ...base,
        operation: 'reverse_transfer',
        requestHash,
        transfer,
        amount,
        reason,
        isOtherAccount,
      };
    }
    case 'submit_evidence': {
      const { id: dispute, submissionCount } = disputeOf(order, command.dispute);
      return { ...base, operation: 'submit_evidence', dispute, submissionCount, submit: command.submit };
    }
    case 'accept_dispute':
      return { ...base, operation: 'accept_dispute', dispute: disputeOf(order, command.dispute).id };
  }
}

/** A payment captured in part cannot be canceled. A final capture of 0 releases the rest. */
function releaseOfRest(
  { payment }: Order,
  base: Pick<CaptureOperation, 'orderId' | 'operationId' | 'generation' | 'requestedAt'>,
): CaptureOperation | null {
  if (payment.status !== 'authorized' || payment.amountCaptured === 0) return null;
  const { paymentIntent, amountCaptured: amountCapturedBefore } = payment;
  return {
    ...base,
    operation: 'capture',
    paymentIntent,
    amount: 0,
    final: true,
    amountCapturedBefore,
    share: null,
  };
}

function disputeOf({ disputes }: Order, named: string | null | undefined) {
  const dispute = disputeToAnswer(disputes, named);
  if (!dispute) throw new IllegalTransition('an undisputed payment has no dispute to answer');
  return dispute;
}

/** What is held before a capture, also where the capture already happened. */
function heldBeforeCapture({ payment, terms }: Order) {
  if (payment.status === 'authorized') return payment;
  const amountCapturable = payment.status === 'captured' ? payment.amount : terms.amount;
  return { amountCapturable, amountCaptured: 0 };
}

function capturedPaymentOf({ payment }: Order) {
  if (payment.status !== 'captured')
    throw new IllegalTransition(`a ${payment.status} payment has no captured charge`);
  return payment;
}

function settlementOf(order: Order) {
  const { settlement } = capturedPaymentOf(order);
  if (settlement === null) throw new IllegalTransition('a transfer came before the charge was settled');
  return settlement;
}
