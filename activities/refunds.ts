import type Stripe from 'stripe';
import { isMadeBy, isMadeByAnother, stripeMetadata } from '../domain/ids.ts';
import type { OperationOutcome, RefundOperation } from '../domain/operations.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { balanceOf } from '../stripe/own-money.ts';
import { expanded, idOf } from '../stripe/payment-facts.ts';
import type { FeeRefund } from '../stripe/refund-facts.ts';
import { NO_FEE_REFUND, refundFactsOf } from '../stripe/refund-facts.ts';
import { netOf } from '../stripe/settlement.ts';
import type { ActivityDeps } from './deps.ts';
import type { Handlers } from './run-once.ts';

const REFUND_EXPANDS = [
  'balance_transaction',
  'failure_balance_transaction',
  'transfer_reversal.balance_transaction',
  'transfer_reversal.destination_payment_refund.balance_transaction',
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
        if (isMadeBy(operation, metadata)) return read(id);
      }
      return null;
    },
    verify: async (id) => {
      const { charge, amount, metadata } = await stripe.refunds.retrieve(id);
      const matches =
        !isMadeByAnother(operation, metadata) &&
        idOf(charge) === operation.charge &&
        amount === operation.amount;
      return matches ? read(id) : null;
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
  const fee = await feeRefundOf(stripe, refund, operation);
  return {
    type: 'refund',
    refund: refundFactsOf(refund, fee, operation.operationId),
    stripeRequestId: refund.lastResponse.requestId,
  };
}

/**
 * What this refund gave back of the application fee. A refund does not name its fee refund: it is the newest of the
 * fee, and the fee's total tells how much it was. Its amount is in the connected account's currency, its balance
 * transaction in the platform's.
 */
async function feeRefundOf(
  stripe: Stripe,
  refund: Stripe.Refund,
  operation: RefundOperation,
): Promise<FeeRefund> {
  const fee = expanded(expanded(refund.charge)?.application_fee);
  const amount = (fee?.amount_refunded ?? 0) - operation.applicationFeeRefundedBefore;
  const newest = fee?.refunds.data[0];
  const entry = idOf(newest?.balance_transaction);
  if (!operation.refundApplicationFee || amount <= 0 || !newest || !entry) {
    return NO_FEE_REFUND;
  }
  return {
    amount,
    platform: netOf(await balanceOf(stripe, asPlatform).transaction(entry)),
    connected: { [newest.currency]: newest.amount },
  };
}
