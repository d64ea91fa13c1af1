import type Stripe from 'stripe';
import { negated, proportion, sumBalances } from '../domain/money/money.ts';
import type { Dispute, DisputeStatus } from '../domain/orders/dispute.ts';
import { isDisputeStatus } from '../domain/orders/dispute.ts';
import { needsAttention } from './failures.ts';

/** All disputes of a charge, oldest first. */
export async function disputesOf(stripe: Stripe, charge: string): Promise<readonly Dispute[]> {
  const disputes: Dispute[] = [];
  for await (const dispute of stripe.disputes.list({ charge, limit: 100 })) {
    disputes.push(disputeFactsOf(dispute));
  }
  return disputes.reverse();
}

/** The few facts of a dispute that an order keeps. */
export function disputeFactsOf(dispute: Stripe.Dispute): Dispute {
  const { balance_transactions: entries, evidence_details: evidence } = dispute;
  return {
    id: dispute.id,
    status: knownStatus(dispute),
    amount: dispute.amount,
    ...lostInPart(dispute),
    currency: dispute.currency,
    reason: dispute.reason,
    createdAt: dispute.created * 1000,
    // Zero, or nothing: the bank does not allow a response.
    evidenceDueBy: evidence.due_by ? evidence.due_by * 1000 : null,
    hasEvidence: evidence.has_evidence,
    submissionCount: evidence.submission_count,
    isChargeRefundable: dispute.is_charge_refundable,
    movements: entries.length,
    withdrawn: negated(sumBalances(entries.map(({ currency, amount }) => ({ [currency]: amount })))),
    fee: sumBalances(entries.map(({ currency, fee }) => ({ [currency]: fee }))),
    platform: sumBalances(entries.map(({ currency, net }) => ({ [currency]: net }))),
  };
}

/**
 * A dispute that is decided for the merchant in part is `lost` too, and a part of the money comes back. The entries tell how much, in the
 * currency of the balance: of that the same part as of the dispute's own.
 */
function lostInPart({
  status,
  amount,
  balance_transactions: entries,
}: Stripe.Dispute): Pick<Dispute, 'amountLost'> {
  const [first] = entries;
  if (status !== 'lost' || !first || entries.some(({ currency }) => currency !== first.currency)) return {};
  const taken = Math.max(...entries.map((entry) => -entry.amount));
  const kept = -entries.reduce((sum, entry) => sum + entry.amount, 0);
  return taken > 0 && kept < taken ? { amountLost: proportion(amount, Math.max(kept, 0), taken) } : {};
}

/** Stripe may add a status; an order must not guess what it means. */
function knownStatus({ id, status }: Stripe.Dispute): DisputeStatus {
  if (isDisputeStatus(status)) return status;
  throw needsAttention({ code: 'unknown_status', message: `${id} is ${status}`, stripeRequestId: null });
}
