import type { Operation } from '../ids.ts';

/** Expanded in every answer about a PaymentIntent, so that one call returns everything that an order needs. */
export const PAYMENT_EXPANDS: readonly string[] = [
  'latest_charge.balance_transaction',
  'latest_charge.failure_balance_transaction',
  'latest_charge.transfer.balance_transaction',
  'latest_charge.transfer.destination_payment.balance_transaction',
  'latest_charge.application_fee.balance_transaction',
];

export const REFUND_EXPANDS: readonly string[] = [
  'balance_transaction',
  'failure_balance_transaction',
  'transfer_reversal.balance_transaction',
  'transfer_reversal.destination_payment_refund.balance_transaction',
  'charge.application_fee.refunds',
  // Whether it was captured in parts.
  'payment_intent',
];

export const TRANSFER_EXPANDS: readonly string[] = [
  'balance_transaction',
  'destination_payment.balance_transaction',
];

/** What goes to Stripe under an idempotency key must not change with the version of the code that repeats it. */
export function pinExpands<Asked extends { readonly operation: Operation }>(operation: Asked): Asked {
  const expand = expandsOf(operation.operation);
  return expand.length === 0 ? operation : { ...operation, expand };
}

/** What an operation's answer expands: as the workflow pinned it that asked first. */
export function pinnedExpands({
  operation,
  expand,
}: {
  readonly operation: Operation;
  readonly expand?: readonly string[];
}): string[] {
  return [...(expand ?? expandsOf(operation))];
}

/** What this version of the code asks Stripe to expand in the answer to an operation. */
function expandsOf(operation: Operation): readonly string[] {
  switch (operation) {
    case 'authorize':
    case 'reauthorize':
    case 'confirm':
    case 'capture':
    case 'increment':
    case 'cancel':
    case 'release':
      return PAYMENT_EXPANDS;
    case 'refund':
      return REFUND_EXPANDS;
    case 'transfer':
      return TRANSFER_EXPANDS;
    default:
      return [];
  }
}
