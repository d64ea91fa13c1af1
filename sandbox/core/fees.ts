import { convert, divideHalfUp, hasTwoDecimals } from './money.ts';

const FIXED_FEE_USD_CENTS = 30;
const PERCENT_TENTHS = 29n;
const DISPUTE_FEE_USD_CENTS = 1500;

/**
 * Stripe's price for a US card, in the currency the charge settles in: 2.9 % rounded half up, plus 30. Recordings show
 * the plain 30 minor units in other two-decimal currencies too; elsewhere the thirty cents are converted.
 */
export function stripeFee(settledAmount: number, currency: string): number {
  return divideHalfUp(BigInt(settledAmount) * PERCENT_TENTHS, 1000n) + fixedPart(currency);
}

export function fixedPart(currency: string): number {
  return fixedFee(FIXED_FEE_USD_CENTS, currency);
}

/** What Stripe takes for a dispute: a recording shows the plain 15.00 in Canadian dollars too. */
export function disputeFee(currency: string): number {
  return fixedFee(DISPUTE_FEE_USD_CENTS, currency);
}

function fixedFee(usdCents: number, currency: string): number {
  return hasTwoDecimals(currency) ? usdCents : convert(usdCents, 'usd', currency);
}
