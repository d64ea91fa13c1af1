import type { Adjustable } from '../../sandbox/core/settings.ts';
import type { Chance } from '../world/chance.ts';
import type { Focus } from './focus.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from './times.ts';

/** How many seeds have a platform with terms of its own: Stripe gives its fee back, or no balance may be below zero. */
const OWN_TERMS = 0.15;

/** What Stripe does by itself in a life, and what it allows. */
export function stripeOf(
  chance: Chance,
  { shortWindow = 0.3, decidesBySeconds, returnsAfterSeconds }: Focus,
): Partial<Adjustable> {
  return {
    multicapture: true,
    incremental_authorization: true,
    // Null: as long as its card's brand allows.
    capture_window_seconds: chance.of('window') < shortWindow ? (2 * DAY_MS) / SECOND_MS : null,
    async_settlement_seconds: chance.pick('settlement', [1, 3, 3, 60]),
    bank_debit_seconds: chance.pick('debit', [
      2,
      30,
      HOUR_MS / SECOND_MS,
      DAY_MS / SECOND_MS,
      (4 * DAY_MS) / SECOND_MS,
    ]),
    refunds_return_fee: chance.of('fee comes back') < OWN_TERMS,
    refunds_wait_for_funds: chance.of('refunds wait') < OWN_TERMS,
    negative_balances: chance.of('no debts') >= OWN_TERMS,
    ...(returnsAfterSeconds
      ? { failed_refund_returns_seconds: chance.pick('refund returns', returnsAfterSeconds) }
      : {}),
    ...(decidesBySeconds ? { dispute_response_seconds: chance.pick('dispute', decidesBySeconds) } : {}),
  };
}
