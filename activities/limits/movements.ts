import type Stripe from 'stripe';
import type { OperationOf, StripeOperation } from '../../contract/operations.ts';
import type { Take } from '../../domain/limits/day-book.ts';
import type { MoneyOut } from '../../domain/limits/day-limits.ts';
import { isMoneyOut } from '../../domain/limits/day-limits.ts';
import { isRelease, refundsOf } from '../../stripe/observe.ts';
import { idOf } from '../../stripe/payment-facts.ts';

export type MoneyOutOperation = OperationOf<MoneyOut>;

/** What an operation would move out, and for which connected account; null: none is concerned. */
export interface Outflow extends Omit<Take, 'id'> {
  readonly account: string | null;
}

export function movesMoneyOut(operation: StripeOperation): operation is MoneyOutOperation {
  return isMoneyOut(operation.operation);
}

/** A refund does not say its currency, nor the amount where it is all that is left: its charge does. */
export async function movementOf(stripe: Stripe, operation: MoneyOutOperation): Promise<Outflow> {
  switch (operation.operation) {
    case 'refund': {
      const charge = await stripe.charges.retrieve(operation.charge);
      return {
        what: 'refund',
        amount: operation.amount ?? (await leftOf(stripe, charge)),
        currency: charge.currency,
        account: idOf(charge.transfer_data?.destination),
      };
    }
    case 'transfer': {
      const { amount, currency, destination: account } = operation;
      return { what: 'transfer', amount, currency, account };
    }
    case 'payout': {
      const { amount, currency, connectedAccount: account } = operation.terms;
      return { what: 'payout', amount, currency, account };
    }
  }
}

/** A charge that was captured in part may count the rest as refunded. The refunds themselves do not. */
async function leftOf(stripe: Stripe, charge: Stripe.Charge): Promise<number> {
  const { amount, amount_captured: captured, amount_refunded: refunded } = charge;
  if (captured === amount) return captured - refunded;
  const given = (await refundsOf(stripe, charge)).filter(
    (refund) => refund.status !== 'failed' && refund.status !== 'canceled' && !isRelease(refund),
  );
  return captured - given.reduce((sum, refund) => sum + refund.amount, 0);
}
