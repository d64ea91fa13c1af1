import type Stripe from 'stripe';
import { isMadeBy, isMadeByAnother, stripeMetadata } from '../domain/ids.ts';
import { sumBalances } from '../domain/money.ts';
import type { OperationOutcome, RefundOperation } from '../domain/operations.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { splitOf } from '../stripe/capture-parts.ts';
import { balanceOf } from '../stripe/own-money.ts';
import { expanded, idOf } from '../stripe/payment-facts.ts';
import type { FeeRefund } from '../stripe/refund-facts.ts';
import { NO_FEE_REFUND, refundFactsOf } from '../stripe/refund-facts.ts';
import { withAllReversals } from '../stripe/reversals.ts';
import { netOf } from '../stripe/settlement.ts';
import type { ActivityDeps } from './deps.ts';
import type { Handlers } from './run-once.ts';

const REFUND_EXPANDS = [
  'balance_transaction',
  'failure_balance_transaction',
  'transfer_reversal.balance_transaction',
  'transfer_reversal.destination_payment_refund.balance_transaction',
  'charge.application_fee.refunds',
  // Whether it was captured in parts.
  'payment_intent',
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
  const [intent, charge] = [expanded(refund.payment_intent), expanded(refund.charge)];
  const split = intent && charge ? await splitOf(stripe, intent, charge) : { transfers: [], fees: [] };
  const fee = await feeRefundOf(stripe, split.fees, operation);
  const alone = refundFactsOf(refund, fee, operation.operationId);
  return {
    type: 'refund',
    refund: await withAllReversals(stripe, alone, split.transfers),
    stripeRequestId: refund.lastResponse.requestId,
  };
}

/**
 * What this refund gave back of the application fee, or of each capture's. A refund does not name its fee refunds: each is the
 * newest of its fee, and the fees' totals tell how much they were. Its amount is in the connected account's currency, its
 * balance transaction in the platform's.
 */
async function feeRefundOf(
  stripe: Stripe,
  fees: readonly Stripe.ApplicationFee[],
  operation: RefundOperation,
): Promise<FeeRefund> {
  const total = fees.reduce((sum, { amount_refunded: refunded }) => sum + refunded, 0);
  const amount = total - operation.applicationFeeRefundedBefore;
  const newest = fees.flatMap(({ refunds }) => refunds.data.slice(0, 1));
  if (!operation.refundApplicationFee || amount <= 0) return NO_FEE_REFUND;
  const entries = await Promise.all(
    newest.flatMap(({ balance_transaction: entry }) => {
      const id = idOf(entry);
      return id ? [balanceOf(stripe, asPlatform).transaction(id)] : [];
    }),
  );
  if (entries.length === 0) return NO_FEE_REFUND;
  return {
    ids: newest.map(({ id }) => id),
    amount,
    platform: sumBalances(entries.map(netOf)),
    connected: sumBalances(newest.map(({ currency, amount: given }) => ({ [currency]: given }))),
  };
}
