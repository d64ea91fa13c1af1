import type { StripeOperation } from '../../contract/operations.ts';
import { formatMoney } from '../../domain/money/money.ts';

/**
 * What Temporal's UI says of an operation's activity: `capture 10.00 USD`. `currency`: of the amounts that name none;
 * null: no such amount is known.
 */
export function operationSummary(operation: StripeOperation, currency: string | null): string {
  return `${operation.operation.replaceAll('_', ' ')} ${subjectOf(operation, currency)}`;
}

/** The amount where its currency is certain, otherwise what Stripe calls the object. */
function subjectOf(operation: StripeOperation, currency: string | null): string {
  switch (operation.operation) {
    case 'authorize':
    case 'reauthorize':
    case 'payout':
      return formatMoney(operation.terms);
    case 'transfer':
      return formatMoney(operation);
    case 'capture':
    case 'increment':
      return currency === null ? operation.paymentIntent : formatMoney({ ...operation, currency });
    case 'refund': {
      const { amount, charge } = operation;
      return amount === null || currency === null ? charge : formatMoney({ amount, currency });
    }
    case 'adopt':
    case 'confirm':
    case 'cancel':
    case 'release':
    case 'update_metadata':
      return operation.paymentIntent;
    // Their amounts are in the transfer's currency, which may be another.
    case 'recover':
    case 'reverse_transfer':
      return operation.transfer;
    case 'submit_evidence':
    case 'accept_dispute':
      return operation.dispute;
    case 'cancel_payout':
      return operation.payout;
    case 'create_account':
    case 'connect_account':
      return operation.reference;
    default:
      return operation.account;
  }
}
