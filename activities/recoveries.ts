import type Stripe from 'stripe';
import { isMadeBy, isMadeByAnother, stripeMetadata } from '../domain/ids.ts';
import type { OperationOutcome, RecoverOperation } from '../domain/operations.ts';
import type { TransferFacts } from '../domain/recovery.ts';
import type { ActivityDeps } from './deps.ts';
import type { Handlers } from './run-once.ts';

/**
 * Takes the connected account's share of a lost dispute back; a part of the application fee goes the other way. What moved by
 * it is read with the payment, as any reversal that belongs to no refund.
 */
export function recoverHandlers({ stripe }: ActivityDeps, operation: RecoverOperation): Handlers {
  const { transfer, amount } = operation;
  const findEffect = async (): Promise<OperationOutcome | null> => {
    for await (const { id, metadata } of stripe.transfers.listReversals(transfer, { limit: 100 })) {
      if (!isMadeBy(operation, metadata)) continue;
      return reversalOutcome(await stripe.transfers.retrieveReversal(transfer, id), operation);
    }
    return null;
  };
  return {
    // An order that was closed and is taken up again may not remember it, and Stripe its key no more.
    call: async (idempotencyKey) =>
      (await findEffect()) ??
      reversalOutcome(
        await stripe.transfers.createReversal(transfer, createParams(operation), { idempotencyKey }),
        operation,
      ),
    findEffect,
    verify: async (id) => {
      const reversal = await stripe.transfers.retrieveReversal(transfer, id);
      const matches = !isMadeByAnother(operation, reversal.metadata) && reversal.amount === amount;
      return matches ? reversalOutcome(reversal, operation) : null;
    },
  };
}

/** A transfer as it stands now. */
export async function readTransfer(stripe: Stripe, id: string): Promise<TransferFacts> {
  const { amount, amount_reversed: amountReversed } = await stripe.transfers.retrieve(id);
  return { amount, amountReversed };
}

function createParams(operation: RecoverOperation): Stripe.TransferCreateReversalParams {
  return {
    amount: operation.amount,
    ...(operation.refundApplicationFee ? { refund_application_fee: true } : {}),
    metadata: stripeMetadata(operation.orderId, operation.operationId),
  };
}

function reversalOutcome(
  { id, amount, currency, lastResponse }: Stripe.Response<Stripe.TransferReversal>,
  { transfer }: RecoverOperation,
): OperationOutcome {
  return {
    type: 'reversal',
    stripeRequestId: lastResponse.requestId,
    reversal: { id, transfer, amount, currency },
  };
}
