import type Stripe from 'stripe';
import type { OperationOutcome, RecoverOperation } from '../../contract/operations.ts';
import { isMadeBy, keyOfPart, stripeMetadata } from '../../domain/ids.ts';
import type { TransferFacts, TransferShare } from '../../domain/orders/recovery-state.ts';
import { capturePartsOf, mayHaveParts } from '../../stripe/capture-parts.ts';
import { expanded } from '../../stripe/payment-facts.ts';
import { isOfRefund } from '../../stripe/reversals.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';

/**
 * Takes the connected account's share of a lost dispute back, of several captures out of each one's transfer; a part of the
 * application fee goes the other way. What moved by it is read with the payment, as any reversal that belongs to no refund.
 */
export function recoverHandlers({ stripe }: ActivityDeps, operation: RecoverOperation): Handlers {
  const { transfer, amount, others } = operation;
  const shares = [{ transfer, amount }, ...others];
  return {
    // A reopened order may not remember it, and Stripe may have forgotten its key.
    call: async (idempotencyKey) => {
      const made: Reversal[] = [];
      for (const share of shares) {
        const before = await findReversal(stripe, share.transfer, operation);
        // The key is of the first one; each other needs its own.
        const key = share.transfer === transfer ? idempotencyKey : keyOfPart(idempotencyKey, share.transfer);
        if (before) made.push(before);
        else if (share.amount > 0) {
          made.push(
            await stripe.transfers.createReversal(share.transfer, createParams(operation, share), {
              idempotencyKey: key,
            }),
          );
        }
      }
      return reversalOutcome(made, operation);
    },
    findEffect: async () => {
      const found = await Promise.all(shares.map((share) => findReversal(stripe, share.transfer, operation)));
      const isThere = found.every((reversal, at) => reversal !== null || (shares[at]?.amount ?? 0) <= 0);
      const made = found.filter((reversal) => reversal !== null);
      return isThere && made.length > 0 ? reversalOutcome(made, operation) : null;
    },
    verify: (id) =>
      claim(operation, {
        retrieve: () => stripe.transfers.retrieveReversal(transfer, id),
        isLike: (reversal) => !isOfRefund(reversal) && reversal.amount === amount,
        mark: (metadata, options) => stripe.transfers.updateReversal(transfer, id, { metadata }, options),
        outcome: (reversal) => reversalOutcome([reversal], operation),
      }),
  };
}

type Reversal = Stripe.Response<Stripe.TransferReversal>;

async function findReversal(
  stripe: Stripe,
  transfer: string,
  operation: RecoverOperation,
): Promise<Reversal | null> {
  for await (const { id, metadata } of stripe.transfers.listReversals(transfer, { limit: 100 })) {
    if (isMadeBy(operation, metadata)) return stripe.transfers.retrieveReversal(transfer, id);
  }
  return null;
}

/** A transfer as it stands now, and those of the same payment's other captures. */
export async function readTransfer(stripe: Stripe, id: string): Promise<TransferFacts> {
  const transfer = await stripe.transfers.retrieve(id, { expand: ['source_transaction.payment_intent'] });
  const charge = expanded(transfer.source_transaction);
  const intent = expanded(charge?.payment_intent);
  if (!charge || !intent || !mayHaveParts(intent)) return { ...factsOf(transfer), others: [] };
  const { transfers } = await capturePartsOf(stripe, charge);
  const others = transfers.filter((other) => other.id !== id);
  return { ...factsOf(transfer), others: others.map((one) => ({ ...factsOf(one), transfer: one.id })) };
}

function factsOf({ amount, amount_reversed: amountReversed }: Stripe.Transfer) {
  return { amount, amountReversed };
}

function createParams(
  operation: RecoverOperation,
  { amount }: TransferShare,
): Stripe.TransferCreateReversalParams {
  return {
    amount,
    ...(operation.refundApplicationFee ? { refund_application_fee: true } : {}),
    metadata: stripeMetadata(operation.orderId, operation.operationId),
  };
}

/** One, or those of all captures together. */
function reversalOutcome(made: readonly Reversal[], { transfer }: RecoverOperation): OperationOutcome {
  const [first] = made;
  if (!first) throw new Error('nothing was to be reversed');
  const { id, currency, lastResponse } = first;
  const amount = made.reduce((sum, reversal) => sum + reversal.amount, 0);
  return {
    type: 'reversal',
    stripeRequestId: lastResponse.requestId,
    reversal: { id, transfer, amount, currency },
  };
}
