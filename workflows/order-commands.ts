import type { Command, CommandBody } from '../domain/commands.ts';
import { refusalOf } from '../domain/commands.ts';
import { effectOf } from '../domain/effects.ts';
import type { Problem } from '../domain/errors.ts';
import type { StripeOperation } from '../domain/operations.ts';
import type { Order } from '../domain/order.ts';
import { amountRefundable, paymentIntentOf } from '../domain/order.ts';
import { IllegalTransition } from '../domain/payment.ts';
import { carryThrough, resolveAttention } from './attention.ts';
import type { OrderRecord } from './order-record.ts';
import { workflowNow } from './time.ts';

/** Creates and confirms the order's PaymentIntent, as its caller asked when starting it. */
export async function authorize(record: OrderRecord): Promise<void> {
  const { terms, authorize: command, policy } = record.input;
  record.begin('authorize', command);
  const operation: StripeOperation = {
    operation: 'authorize',
    orderId: terms.id,
    operationId: command.commandId,
    generation: 0,
    requestedAt: record.order.createdAt,
    terms,
  };
  await carryThrough(record, command, operation, policy.retryBudgetMs);
}

/** Carries out one command, to its result or to the point where an operator has to look. */
export async function carryOut(record: OrderRecord, command: Command): Promise<void> {
  const before = effectOf(record.order, command);
  const refusal = before ? before.problem : refusalIn(record, command);
  if (refusal) record.settle(command, 'refused', refusal);
  else if (before) record.settle(command, 'done');
  else if (command.kind === 'resolve') await resolveAttention(record, command);
  else
    await carryThrough(
      record,
      command,
      operationOf(record.order, command),
      record.input.policy.retryBudgetMs,
    );
}

/** Why a command is not carried out; null: it is, or Stripe tells under its key whether it has been. */
export function refusalIn(record: OrderRecord, command: CommandBody): Problem | null {
  const refusal = refusalOf(record.order, command);
  return refusal?.code === 'state_conflict' && record.mayHaveDone(command) ? null : refusal;
}

/** The operation that a command asks for, with every default filled in. */
function operationOf(order: Order, command: Exclude<Command, { kind: 'resolve' }>): StripeOperation {
  const base = {
    orderId: order.terms.id,
    operationId: command.commandId,
    generation: 0,
    requestedAt: workflowNow(),
  };
  const { payment, terms } = order;
  const paymentIntent = paymentIntentOf(order) ?? '';
  switch (command.kind) {
    case 'confirm':
      return {
        ...base,
        operation: 'confirm',
        paymentIntent,
        method: command.method,
        returnUrl: terms.returnUrl,
      };
    case 'capture': {
      const capturable = payment.status === 'authorized' ? payment.amountCapturable : terms.amount;
      return { ...base, operation: 'capture', paymentIntent, amount: command.amount ?? capturable };
    }
    case 'cancel':
      return { ...base, operation: 'cancel', paymentIntent, reason: command.reason };
    case 'refund':
      return {
        ...base,
        operation: 'refund',
        charge: capturedPaymentOf(order).latestCharge,
        amount: command.amount ?? amountRefundable(order),
        reverseTransfer: command.reverseTransfer,
        refundApplicationFee: command.refundApplicationFee,
        reason: command.reason,
        applicationFeeRefundedBefore: order.refunds.reduce(
          (sum, refund) => sum + refund.applicationFeeRefunded,
          0,
        ),
      };
    case 'transfer':
      return {
        ...base,
        operation: 'transfer',
        charge: capturedPaymentOf(order).latestCharge,
        amount: command.amount,
        currency: settlementOf(order).currency,
        destination: command.destination ?? terms.connectedAccount,
        description: command.description,
      };
  }
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
