import type Stripe from 'stripe';
import { isMadeBy, isMadeByAnother, stripeMetadata } from '../domain/ids.ts';
import type { Balances } from '../domain/money.ts';
import { sumBalances } from '../domain/money.ts';
import type { OperationOutcome, RefundOperation } from '../domain/operations.ts';
import type { Refund } from '../domain/order.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { balanceOf } from '../stripe/own-money.ts';
import type { ActivityDeps } from './deps.ts';
import { expanded, idOf } from './payment-facts.ts';
import type { Handlers } from './run-once.ts';
import { netOf } from './settlement.ts';

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
 * What an order keeps of a refund, whoever made it. Expects `balance_transaction`, `failure_balance_transaction` and the
 * reversal's `balance_transaction` expanded. A refund that failed has come back to the platform's balance.
 */
export function refundFactsOf(refund: Stripe.Refund, fee: FeeRefund, operationId: string | null): Refund {
  const reversal = expanded(refund.transfer_reversal);
  const entry = expanded(refund.balance_transaction);
  const comeBack = expanded(refund.failure_balance_transaction);
  const reversalEntry = expanded(reversal?.balance_transaction);
  const status = statusOf(refund);
  const isOver = status === 'failed' || status === 'canceled';
  // What failed before it left the balance moved nothing; what failed later is only told once it has come back.
  const isTold = entry ? !isOver || comeBack !== null : isOver;
  const isComplete = isTold && (!reversal || reversalEntry);
  return {
    id: refund.id,
    operationId,
    amount: refund.amount,
    status,
    reason: refund.reason,
    createdAt: refund.created * 1000,
    reversal: reversal ? { id: reversal.id, amount: reversal.amount, currency: reversal.currency } : null,
    applicationFeeRefunded: fee.amount,
    platform: isComplete
      ? sumBalances([
          entry ? netOf(entry) : {},
          reversalEntry ? netOf(reversalEntry) : {},
          fee.platform,
          comeBack ? netOf(comeBack) : {},
        ])
      : null,
    connected: sumBalances([reversal ? takenBack(reversal) : {}, fee.connected]),
  };
}

/** What a reversal took from the connected account, by that account's own balance. */
function takenBack(reversal: Stripe.TransferReversal): Balances {
  const entry = expanded(expanded(reversal.destination_payment_refund)?.balance_transaction);
  return entry ? netOf(entry) : { [reversal.currency]: -reversal.amount };
}

/** What came back of the application fee with a refund. */
export interface FeeRefund {
  /** Minor units of the fee's currency. */
  readonly amount: number;
  readonly platform: Balances;
  readonly connected: Balances;
}

export const NO_FEE_REFUND: FeeRefund = { amount: 0, platform: {}, connected: {} };

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
