import { stamp, until } from '../lib/time.mjs';

/**
 * What payouts carried of an order's money, as arrows. What no automatic payout has carried has none, nor what came back: it is
 * on the seller's balance, or nobody knows. `shares`: as `GET /v1/orders/{id}/payouts` lists them.
 */
export function bankFlows(shares) {
  return shares.flatMap(({ payout, amount, currency }) => {
    if (amount === 0 || payout === null || cameBack(payout)) return [];
    const isExpected = payout.status !== 'paid';
    // A reversal lowers a later payout.
    return amount > 0
      ? [{ from: 'seller', to: 'bank', label: labelOf(payout), amount, currency, isExpected }]
      : [{ from: 'bank', to: 'seller', label: 'less paid out', amount: -amount, currency, isExpected }];
  });
}

/** Where a share is, in words. */
export function standingOf({ payout, available_on: availableOn }, now = Date.now()) {
  if (payout === null) {
    return Date.parse(availableOn) > now
      ? `on the balance, available ${until(availableOn, now)}`
      : 'on the balance, or paid out by hand: Stripe does not say which';
  }
  if (payout.paid_again_by)
    return `came back to the balance, and was carried again by ${payout.paid_again_by}`;
  if (cameBack(payout)) return 'came back to the balance';
  return `at the bank on ${stamp(payout.arrival_date).slice(0, 10)}`;
}

function cameBack({ status, paid_again_by: again }) {
  return ['failed', 'canceled'].includes(status) && !again;
}

/** As short as a lane is wide. */
function labelOf({ status, paid_again_by: again }) {
  if (again) return 'made again';
  return status === 'paid' ? 'payout' : 'on its way';
}
