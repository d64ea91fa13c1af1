import { currencyRules } from './currencies.ts';

/** An amount of money: an integer number of minor units (cents, yen) and its lowercase ISO currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** What someone holds: minor units by currency. Currencies never mix; a sum of nothing has none. */
export type Balances = Readonly<Record<string, number>>;

/** Thrown for an amount that is no safe integer or a currency that is unknown: a bug, never a caller's input. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
}

/** Throws {@link MoneyError} for a fraction or an unsafe integer. */
export function minorUnits(amount: number): number {
  if (Number.isSafeInteger(amount)) return amount;
  throw new MoneyError(`${amount} is not an integer number of minor units`);
}

/** Builds a {@link Money}; throws {@link MoneyError} for a fraction, an unsafe integer or an unknown currency. */
export function money(amount: number, currency: string): Money {
  minorUnits(amount);
  if (!currencyRules(currency)) throw new MoneyError(`unknown currency: ${currency}`);
  return { amount, currency };
}

/**
 * The sum of balances, currency by currency; what adds up to zero is left out. In any currency: accounts that are paid across
 * borders hold some that nobody can be charged in, such as ngultrum in Bhutan (docs.stripe.com/connect/cross-border-payouts/special-requirements).
 */
export function sumBalances(all: readonly Balances[]): Balances {
  const total: Record<string, number> = {};
  for (const [currency, amount] of all.flatMap((balances) => Object.entries(balances))) {
    total[currency] = minorUnits((total[currency] ?? 0) + amount);
  }
  return Object.fromEntries(Object.entries(total).filter(([, amount]) => amount !== 0));
}

/**
 * `whole · part / total`, rounded to the nearest minor unit, halves up, as Stripe rounds reversals. A `total` that comes out of a
 * conversion may be 0: the caller says what its shares are then.
 */
export function proportion(whole: number, part: number, total: number): number {
  if (total <= 0 || part < 0 || whole < 0) throw new MoneyError(`no share ${part}/${total} of ${whole}`);
  const [numerator, denominator] = [BigInt(whole) * BigInt(part), BigInt(total)];
  return Number((2n * numerator + denominator) / (2n * denominator));
}

/** The same amounts, taken away instead of given. */
export function negated(balances: Balances): Balances {
  return Object.fromEntries(Object.entries(balances).map(([currency, amount]) => [currency, -amount]));
}

/** For people: `12.30 USD`, `1230 JPY`, `1.230 KWD`. */
export function formatMoney({ amount, currency }: Money): string {
  const decimals = currencyRules(currency)?.decimals ?? 2;
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${sign}${whole}${fraction} ${currency.toUpperCase()}`;
}
