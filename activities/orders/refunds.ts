import type Stripe from 'stripe';
import type { OperationOutcome, RefundOperation } from '../../contract/operations.ts';
import { pinnedExpands, REFUND_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import { isMadeBy, stripeMetadata } from '../../domain/ids.ts';
import { partsOf, splitBy } from '../../stripe/capture-parts.ts';
import { allFeeRefunds, feeRefundsOf, withFeeRefund } from '../../stripe/outside-fee-refunds.ts';
import { expanded, idOf } from '../../stripe/payment-facts.ts';
import { readAll } from '../../stripe/read-all.ts';
import { refundFactsOf } from '../../stripe/refund-facts.ts';
import { withAllReversals } from '../../stripe/reversals.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';

/** Refunds the order's latest charge; with `reverseTransfer` the connected account gives its share back. */
export function refundHandlers({ stripe }: ActivityDeps, operation: RefundOperation): Handlers {
  const read = async (id: string): Promise<OperationOutcome> =>
    refundOutcome(stripe, await stripe.refunds.retrieve(id, { expand: [...REFUND_EXPANDS] }), operation);
  const findEffect = async (): Promise<OperationOutcome | null> => {
    for await (const { id, metadata } of stripe.refunds.list({ charge: operation.charge, limit: 100 })) {
      if (isMadeBy(operation, metadata)) return read(id);
    }
    return null;
  };
  return {
    call: async (idempotencyKey) => {
      const refund = await stripe.refunds.create(createParams(operation), { idempotencyKey });
      return refundOutcome(stripe, refund, operation);
    },
    findCreated: findEffect,
    findEffect,
    verify: (id) =>
      claim(operation, {
        retrieve: () => stripe.refunds.retrieve(id, { expand: ['charge'] }),
        isLike: ({ charge, amount }) =>
          idOf(charge) === operation.charge &&
          (operation.amount === null ? expanded(charge)?.refunded === true : amount === operation.amount),
        mark: (metadata, options) => stripe.refunds.update(id, { metadata }, options),
        outcome: () => read(id),
      }),
  };
}

async function refundsOf(
  stripe: Stripe,
  refund: Stripe.Refund,
  { charge }: RefundOperation,
): Promise<readonly Stripe.Refund[]> {
  const listed = await readAll(stripe.refunds.list({ charge, limit: 100 }));
  return [refund, ...listed.filter(({ id }) => id !== refund.id)];
}

function createParams(operation: RefundOperation): Stripe.RefundCreateParams {
  return {
    charge: operation.charge,
    ...(operation.amount === null ? {} : { amount: operation.amount }),
    ...(operation.reverseTransfer ? { reverse_transfer: true } : {}),
    ...(operation.refundApplicationFee ? { refund_application_fee: true } : {}),
    ...(operation.reason ? { reason: operation.reason } : {}),
    metadata: stripeMetadata(operation.orderId, operation.operationId),
    expand: pinnedExpands(operation),
  };
}

async function refundOutcome(
  stripe: Stripe,
  refund: Stripe.Response<Stripe.Refund>,
  operation: RefundOperation,
): Promise<OperationOutcome> {
  const { operationId, refundApplicationFee, applicationFeeRefundedBefore, feeRefundsBefore } = operation;
  const [intent, charge] = [expanded(refund.payment_intent), expanded(refund.charge)];
  const parts = intent && charge && (await partsOf(stripe, intent, charge));
  const split = intent && charge ? splitBy(charge, parts) : { transfers: [], fees: [] };
  const givenBack = await allFeeRefunds(stripe, refundApplicationFee ? split.fees : []);
  const news = givenBack?.feeRefunds.filter(({ id }) => !feeRefundsBefore.includes(id)) ?? [];
  // More than this refund gave back: another one that the order does not know yet did so too.
  const refunds = news.length > split.fees.length ? await refundsOf(stripe, refund, operation) : [refund];
  const fees = feeRefundsOf(givenBack, refunds, {
    refunds: [],
    adjustments: feeRefundsBefore,
    applicationFeeRefunded: applicationFeeRefundedBefore,
    transfers: [],
  });
  const whole = await withAllReversals(stripe, refundFactsOf(refund, operationId), split.transfers);
  return {
    type: 'refund',
    refund: await withFeeRefund(stripe, whole, fees, null),
    stripeRequestId: refund.lastResponse.requestId,
  };
}
