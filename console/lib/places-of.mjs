import { link } from './router.mjs';

/** @typedef {{ object: string, id: string | null, reference?: string, connected_account?: string | null }} Named */

/**
 * Where the API has an object, by what it calls it. An account that is being made has nothing but its reference.
 * @param {Named} named
 */
export function apiPathOf({ object, id, reference, connected_account: account }) {
  if (object === 'payout') {
    return `/v1/accounts/${encodeURIComponent(account)}/payouts/${encodeURIComponent(id)}`;
  }
  return `/v1/${object}s/${encodeURIComponent(reference ?? id)}`;
}

/**
 * Where its page is; null: it has none, or nobody knows whose it is.
 * @param {Named} named
 */
export function pageOf({ object, id, reference, connected_account: account }) {
  switch (object) {
    case 'order':
    case 'transfer':
    case 'account':
      return link(`/${object}s/${encodeURIComponent(reference ?? id)}`);
    case 'payout':
      return account ? link(`/payouts/${encodeURIComponent(account)}/${encodeURIComponent(id)}`) : null;
    case 'reconciliation':
      return link('/reconciliation');
    default:
      return null;
  }
}
