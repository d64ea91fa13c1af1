import { bankFlows } from './bank-flows.mjs';

/** The lanes of the picture, from left to right. */
export const LANES = ['customer', 'stripe', 'platform', 'seller', 'bank'];

/** Which way a balance transaction of the platform moved the money, by its reason. */
const WAYS = {
  charge: ['customer', 'platform', 'charge'],
  charge_failure: ['platform', 'customer', 'failed charge'],
  transfer: ['platform', 'seller', 'transfer'],
  application_fee: ['seller', 'platform', 'our fee'],
  special_case_transfer: ['platform', 'seller', 'transfer'],
  refund: ['platform', 'customer', 'refund'],
  transfer_reversal: ['seller', 'platform', 'reversal'],
  application_fee_refund: ['platform', 'seller', 'our fee back'],
  dispute: ['platform', 'customer', 'dispute'],
  dispute_reversal: ['customer', 'platform', 'dispute won'],
};

/**
 * The arrows of an order's picture, in the order in which the money moved. `shares`: what payouts carried of it; undefined: nobody
 * has looked.
 */
export function flowsOf(order, transactions, shares) {
  if (transactions.length === 0) return heldFlows(order);
  const moved = transactions
    .filter(({ side, reason }) => side === 'platform' && reason in WAYS)
    .sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || rankOf(a) - rankOf(b))
    .flatMap(flowsOfTransaction);
  if (shares) return [...moved, ...bankFlows(shares)];
  const { connected_net: net, settlement_currency: currency } = order.funds;
  return net > 0 ? [...moved, flow('seller', 'bank', 'for payouts', net, currency, true)] : moved;
}

/** What Stripe books in one second happened in the order of the table. */
function rankOf({ reason }) {
  return Object.keys(WAYS).indexOf(reason);
}

function flowsOfTransaction({ reason, amount, fee, currency }) {
  const [from, to, label] = WAYS[reason];
  const moved = amount === 0 ? [] : [flow(from, to, label, Math.abs(amount), currency)];
  const taken = fee > 0 ? [flow('platform', 'stripe', 'Stripe fee', fee, currency)] : [];
  const returned = fee < 0 ? [flow('stripe', 'platform', 'fee returned', -fee, currency)] : [];
  return [...moved, ...taken, ...returned];
}

/** Before a capture nothing has moved: the money is held on the card. */
function heldFlows({ amount_capturable: held, currency }) {
  return held > 0 ? [flow('customer', 'platform', 'held', held, currency, true)] : [];
}

function flow(from, to, label, amount, currency, isExpected = false) {
  return { from, to, label, amount, currency, isExpected };
}
