import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { currencyRules } from './currencies.ts';

/** Why Stripe does not charge, capture or refund such an amount of a currency; null: it does. Amount in minor units. */
export function brokenChargeStep(amount: number, currency: string): Problem | null {
  const step = currencyRules(currency)?.chargeStep ?? 1;
  return amount % step === 0 ? null : notMultiple(`amount in ${currency.toUpperCase()}`, step);
}

/** The same for a payout. */
export function brokenPayoutStep(amount: number, currency: string): Problem | null {
  const step = currencyRules(currency)?.payoutStep ?? 1;
  return amount % step === 0 ? null : notMultiple(`amount of a payout in ${currency.toUpperCase()}`, step);
}

function notMultiple(what: string, step: number): Problem {
  return problem('money_rule', `${what} must be a multiple of ${step} minor units.`, { param: 'amount' });
}
