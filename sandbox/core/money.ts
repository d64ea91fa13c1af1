import type { Currency } from './currencies.ts';
import { CURRENCIES } from './currencies.ts';

export const MAXIMUM_CHARGE = 99_999_999;

export const supportedCurrencies = [...CURRENCIES.keys()];

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

function currency(code: string): Currency {
  const found = CURRENCIES.get(code);
  if (!found) throw new Error(`Unknown currency ${code}`);
  return found;
}

export function minimumCharge(code: string): number {
  return currency(code).minimumCharge;
}

/** Charges and refunds are multiples of so many minor units. */
export function chargeStep(code: string): number {
  return currency(code).chargeStep;
}

export function payoutStep(code: string): number {
  return currency(code).payoutStep;
}

export function hasTwoDecimals(code: string): boolean {
  return currency(code).exponent === 2;
}

/** `$10.00`, `£4.80`, `¥500`: the way Stripe writes amounts into its messages. */
export function formatAmount(amount: number, code: string): string {
  const { symbol, exponent } = currency(code);
  return `${symbol}${(amount / 10 ** exponent).toFixed(exponent)}`;
}

/** Integers in, integer out: half a unit goes away from zero, exactly, whatever the size. */
export function divideHalfUp(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * top + bottom) / (2n * bottom);
  return Number(negative ? -rounded : rounded);
}

/** `whole · part / total`, rounded to the nearest unit; of nothing every share is nothing. */
export function proportion(whole: number, part: number, total: number): number {
  if (total === 0 && whole === 0) return 0;
  return divideHalfUp(BigInt(whole) * BigInt(part), BigInt(total));
}

const RATE_SCALE = 1_000_000;

function scaledRate(code: string): bigint {
  return BigInt(Math.round(currency(code).unitsPerUsd * RATE_SCALE));
}

export function convert(amount: number, from: string, to: string): number {
  if (from === to) return amount;
  const numerator = BigInt(amount) * scaledRate(to) * 10n ** BigInt(currency(to).exponent);
  const denominator = scaledRate(from) * 10n ** BigInt(currency(from).exponent);
  return divideHalfUp(numerator, denominator);
}

/** Stripe's `exchange_rate`: smallest units of `to` for one smallest unit of `from`; null where nothing was converted. */
export function exchangeRate(from: string, to: string): number | null {
  if (from === to) return null;
  const major = currency(to).unitsPerUsd / currency(from).unitsPerUsd;
  const minor = major * 10 ** (currency(to).exponent - currency(from).exponent);
  return Number(minor.toPrecision(6));
}
