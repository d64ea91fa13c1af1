import type Stripe from 'stripe';
import { isMadeBy, stripeMetadata } from '../domain/ids.ts';
import type { OperationOutcome, RefundOperation } from '../domain/operations.ts';
import type { Refund } from '../domain/order.ts';
import type { ActivityDeps } from './deps.ts';
import { expanded, idOf } from './payment-facts.ts';
import type { Handlers } from './run-once.ts';

const REFUND_EXPANDS = [
  'balance_transaction',
  'transfer_reversal.balance_transaction',
  'charge.application_fee.refunds',
];

/** Refunds the order's latest charge; with `reverseTransfer` the connected account gives its share back. */
export function refundHandlers({ stripe }: ActivityDeps, operation: RefundOperation): Handlers {
  const read = async (id: string): Promise<OperationOutcome> =>
    refundOutcome(stripe, await stripe.refunds.retrieve(id, { expand: REFUND_EXPANDS }), operation);
  return {
    call: async (idempotencyKey) => {
      const refund = await stripe.refunds.create(createParams(operation), { idempotencyKey });
      return refundOutcome(stripe, refund, operation);
    },
    findEffect: async () => {
      for await (const { id, metadata } of stripe.refunds.list({ charge: operation.charge, limit: 100 })) {
        if (isMadeBy(operation.operationId, metadata)) return read(id);
      }
      return null;
    },
    verify: async (id) => {
      const { charge, amount } = await stripe.refunds.retrieve(id);
      return idOf(charge) === operation.charge && amount === operation.amount ? read(id) : null;
    },
  };
}

function createParams(operation: RefundOperation): Stripe.RefundCreateParams {
  return {
    charge: operation.charge,
    amount: operation.amount,
    ...(operation.reverseTransfer ? { reverse_transfer: true } : {}),
    ...(operation.refundApplicationFee ? { refund_application_fee: true } : {}),
    ...(operation.reason ? { reason: operation.reason } : {}),
    metadata: stripeMetadata(operation.orderId, operation.operationId),
    expand: REFUND_EXPANDS,
  };
}

async function refundOutcome(
  stripe: Stripe,
  refund: Stripe.Response<Stripe.Refund>,
  operation: RefundOperation,
): Promise<OperationOutcome> {
  const reversal = expanded(refund.transfer_reversal);
  const fee = await feeRefundOf(stripe, refund, operation);
  const refundNet = expanded(refund.balance_transaction)?.net;
  const reversalNet = reversal ? expanded(reversal.balance_transaction)?.net : 0;
  const fromConnected = plus(reversalNet, fee.net);
  const recorded: Refund = {
    id: refund.id,
    operationId: operation.operationId,
    amount: refund.amount,
    status: statusOf(refund),
    reason: refund.reason,
    createdAt: refund.created * 1000,
    reversal: reversal ? { id: reversal.id, amount: reversal.amount, currency: reversal.currency } : null,
    applicationFeeRefunded: fee.amount,
    platformNet: plus(refundNet, fromConnected),
    connectedNet: fromConnected === null ? null : -fromConnected,
  };
  return { type: 'refund', refund: recorded, stripeRequestId: refund.lastResponse.requestId };
}

/**
 * What this refund gave back of the application fee, and what that did to the platform's balance. A refund does not
 * name its fee refund: it is the newest of the fee, and the fee's total tells how much it was.
 */
async function feeRefundOf(stripe: Stripe, refund: Stripe.Refund, operation: RefundOperation) {
  const fee = expanded(expanded(refund.charge)?.application_fee);
  const amount = (fee?.amount_refunded ?? 0) - operation.applicationFeeRefundedBefore;
  if (!operation.refundApplicationFee || !fee || amount <= 0) return { amount: 0, net: 0 };
  const entry = idOf(fee.refunds.data[0]?.balance_transaction);
  return { amount, net: entry ? (await stripe.balanceTransactions.retrieve(entry)).net : null };
}

/** A sum of which a part may not be known yet. */
function plus(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === 'number' && typeof b === 'number' ? a + b : null;
}

/** A status that Stripe adds later counts as on its way: the money is not the platform's any more. */
function statusOf({ status }: Stripe.Refund): Refund['status'] {
  switch (status) {
    case 'succeeded':
    case 'failed':
    case 'canceled':
    case 'requires_action':
      return status;
    default:
      return 'pending';
  }
}
