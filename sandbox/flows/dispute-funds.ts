import { type Context, versionBefore } from '../core/context.ts';
import { disputeFee } from '../core/fees.ts';
import { exchangeLines } from '../core/ledger.ts';
import type { Dispute } from '../objects/disputes.ts';
import { balanceTransaction, post } from './balance.ts';
import { settledOf } from './captured-parts.ts';
import { emit } from './events.ts';
import { givenBack } from './refundable.ts';
import { refundAvailableOn, stepOf } from './reversals.ts';

/** What the bank takes: of the settled money, the share the disputed amount has in what was captured. */
function shareOf(ctx: Context, dispute: Dispute): { amount: number; currency: string; availableOn: number } {
  const charge = ctx.tx.must('charge', dispute.charge);
  const settled = settledOf(ctx, charge);
  const refunded = givenBack(charge);
  const amount = stepOf(settled.amount, refunded, refunded + dispute.amount, charge.amount_captured);
  return { amount, currency: settled.currency, availableOn: Math.max(ctx.now, settled.available_on) };
}

interface Movement {
  /** The account's side, without the fee. */
  amount: number;
  /** Of the dispute's own amount, the customer's side. */
  disputed: number;
  fee: number;
  currency: string;
  availableOn: number;
  category: 'dispute' | 'dispute_reversal';
  description: string;
  feeDescription: string;
}

/** Balance ↔ card network, and the dispute fee between balance and Stripe. */
function move(ctx: Context, dispute: Dispute, movement: Movement): Dispute {
  const { amount, fee, currency } = movement;
  const back = Math.sign(amount) * movement.disputed;
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.owned('txn', dispute.owner),
    owner: dispute.owner,
    amount,
    available_on: movement.availableOn,
    currency,
    description: movement.description,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: movement.feeDescription,
              type: 'stripe_fee',
            },
          ],
    reporting_category: movement.category,
    source: dispute.id,
    type: 'adjustment',
  });
  post(ctx, movement.category, dispute.id, [
    line,
    { account: 'card_network', currency: dispute.currency, amount: -back },
    ...exchangeLines(back, dispute.currency, amount, currency),
    { account: 'stripe:fees', currency, amount: fee },
  ]);
  return ctx.tx.update('dispute', dispute.id, {
    balance_transactions: [...dispute.balance_transactions, row.id],
  });
}

/** The amount and Stripe's fee leave the account that charged; a transfer to a connected account stays as it is. */
export function withdrawFunds(ctx: Context, dispute: Dispute): Dispute {
  const { amount, currency, availableOn } = shareOf(ctx, dispute);
  const withdrawn = move(ctx, dispute, {
    amount: -amount,
    disputed: dispute.amount,
    fee: disputeFee(currency),
    currency,
    availableOn,
    category: 'dispute',
    description: `Chargeback withdrawal for ${dispute.charge}`,
    feeDescription: 'Dispute fee',
  });
  emit(ctx, 'charge.dispute.funds_withdrawn', 'dispute', withdrawn, withdrawn.owner);
  return withdrawn;
}

/** Since then Stripe keeps what it took for a dispute, whoever wins it (support.stripe.com/topics/disputes). */
const FEE_KEPT_SINCE = '2025-06-17';

/** A won dispute gives back what it took, one that is lost in part only that part. */
export function reinstateFunds(ctx: Context, dispute: Dispute, disputed = dispute.amount): Dispute {
  const { version } = ctx.tx.must('charge', dispute.charge).sandbox;
  const taken = ctx.tx.must('balance_transaction', dispute.balance_transactions[0] ?? '');
  const returnsFee = disputed === dispute.amount && versionBefore(version, FEE_KEPT_SINCE);
  const reinstated = move(ctx, dispute, {
    amount: stepOf(-taken.amount, 0, disputed, dispute.amount),
    disputed,
    fee: returnsFee ? -taken.fee : 0,
    currency: taken.currency,
    availableOn: refundAvailableOn(ctx, taken.id),
    category: 'dispute_reversal',
    description: `Chargeback reversal for ${dispute.charge}`,
    feeDescription: 'Dispute fee refund',
  });
  emit(ctx, 'charge.dispute.funds_reinstated', 'dispute', reinstated, reinstated.owner);
  return reinstated;
}
