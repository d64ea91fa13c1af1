import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { sumBalances } from '../domain/money/money.ts';
import type { Refund } from '../domain/orders/order.ts';
import { expanded } from './payment-facts.ts';
import { netOf } from './settlement.ts';

/**
 * What an order keeps of a refund, whoever made it, but for what it gave back of the application fee. Expects `balance_transaction`,
 * `failure_balance_transaction` and the reversal's `balance_transaction` expanded. A refund that failed has come back to the
 * platform's balance.
 */
export function refundFactsOf(refund: Stripe.Refund, operationId: string | null): Refund {
  const reversal = expanded(refund.transfer_reversal);
  const entry = expanded(refund.balance_transaction);
  const comeBack = expanded(refund.failure_balance_transaction);
  const reversalEntry = expanded(reversal?.balance_transaction);
  const status = statusOf(refund);
  const isOver = status === 'failed' || status === 'canceled';
  // What failed before it left the balance moved nothing; what failed later shows only once the money has come back.
  const isReported = entry ? !isOver || comeBack !== null : isOver;
  const isComplete = isReported && (!reversal || reversalEntry);
  const moved = [entry, comeBack].filter((one) => one !== null);
  const stripeFee = sumBalances(moved.map(({ currency, fee }) => ({ [currency]: fee })));
  return {
    id: refund.id,
    operationId,
    amount: refund.amount,
    status,
    ...(status === 'pending' && refund.pending_reason === 'insufficient_funds'
      ? { waitsForFunds: true }
      : {}),
    ...nextActionOf(refund),
    reason: refund.reason,
    ...(isOver && refund.failure_reason ? { failureReason: refund.failure_reason } : {}),
    ...referenceOf(refund),
    createdAt: refund.created * 1000,
    reversal: reversal ? { id: reversal.id, amount: reversal.amount, currency: reversal.currency } : null,
    applicationFeeRefunded: 0,
    feeRefunds: [],
    platform: isComplete
      ? sumBalances([
          entry ? netOf(entry) : {},
          reversalEntry ? netOf(reversalEntry) : {},
          comeBack ? netOf(comeBack) : {},
        ])
      : null,
    connected: reversal ? takenBack(reversal) : {},
    ...(Object.keys(stripeFee).length > 0 ? { stripeFee } : {}),
  };
}

/** What a reversal took from the connected account, by that account's own balance. */
export function takenBack(reversal: Stripe.TransferReversal): Balances {
  const entry = expanded(expanded(reversal.destination_payment_refund)?.balance_transaction);
  return entry ? netOf(entry) : { [reversal.currency]: -reversal.amount };
}

function nextActionOf({ status, next_action: next }: Stripe.Refund): Pick<Refund, 'nextAction'> {
  if (status !== 'requires_action' || !next) return {};
  const { display_details: details } = next;
  return {
    nextAction: {
      type: next.type,
      emailSentAt: milliseconds(details?.email_sent?.email_sent_at),
      expiresAt: milliseconds(details?.expires_at),
    },
  };
}

function milliseconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1_000;
}

/** Each way of being refunded has its own details, under its name; many have the same fields. */
interface TracedDetails {
  readonly reference?: string | null;
  readonly reference_status?: string | null;
  readonly reference_type?: string;
}

function referenceOf({ destination_details: details }: Stripe.Refund): Pick<Refund, 'reference'> {
  const traced = details && (details as unknown as Record<string, TracedDetails | undefined>)[details.type];
  if (!traced) return {};
  const { reference: value, reference_status: status, reference_type: type } = traced;
  if (value) {
    return { reference: { status: status ?? 'available', value, ...(type ? { type } : {}) } };
  }
  return status ? { reference: { status } } : {};
}

/** A status that Stripe adds later counts as on its way: the money has left the platform. */
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
