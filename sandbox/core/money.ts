/**
 * Currencies of the sandbox: minor-unit exponent, Stripe's minimum charge, and the fixed units per US dollar that stand
 * in for the market. The rates never move, so the same request always gives the same cents.
 */
interface Currency {
  exponent: number;
  minimumCharge: number;
  unitsPerUsd: number;
  symbol: string;
}

const CURRENCIES: Record<string, Currency> = {
  usd: { exponent: 2, minimumCharge: 50, unitsPerUsd: 1, symbol: '$' },
  eur: { exponent: 2, minimumCharge: 50, unitsPerUsd: 0.92, symbol: '€' },
  gbp: { exponent: 2, minimumCharge: 30, unitsPerUsd: 0.79, symbol: '£' },
  cad: { exponent: 2, minimumCharge: 50, unitsPerUsd: 1.36, symbol: 'CA$' },
  aud: { exponent: 2, minimumCharge: 50, unitsPerUsd: 1.52, symbol: 'A$' },
  nzd: { exponent: 2, minimumCharge: 50, unitsPerUsd: 1.64, symbol: 'NZ$' },
  chf: { exponent: 2, minimumCharge: 50, unitsPerUsd: 0.88, symbol: 'CHF ' },
  dkk: { exponent: 2, minimumCharge: 250, unitsPerUsd: 6.87, symbol: 'kr ' },
  nok: { exponent: 2, minimumCharge: 300, unitsPerUsd: 10.6, symbol: 'kr ' },
  sek: { exponent: 2, minimumCharge: 300, unitsPerUsd: 10.4, symbol: 'kr ' },
  pln: { exponent: 2, minimumCharge: 200, unitsPerUsd: 3.97, symbol: 'zł ' },
  czk: { exponent: 2, minimumCharge: 1500, unitsPerUsd: 23.1, symbol: 'Kč ' },
  brl: { exponent: 2, minimumCharge: 50, unitsPerUsd: 5.1, symbol: 'R$' },
  mxn: { exponent: 2, minimumCharge: 1000, unitsPerUsd: 17.1, symbol: 'MX$' },
  inr: { exponent: 2, minimumCharge: 50, unitsPerUsd: 83.2, symbol: '₹' },
  sgd: { exponent: 2, minimumCharge: 50, unitsPerUsd: 1.35, symbol: 'S$' },
  hkd: { exponent: 2, minimumCharge: 400, unitsPerUsd: 7.81, symbol: 'HK$' },
  jpy: { exponent: 0, minimumCharge: 50, unitsPerUsd: 151.2, symbol: '¥' },
  krw: { exponent: 0, minimumCharge: 700, unitsPerUsd: 1342, symbol: '₩' },
  clp: { exponent: 0, minimumCharge: 500, unitsPerUsd: 945, symbol: 'CLP ' },
  bhd: { exponent: 3, minimumCharge: 200, unitsPerUsd: 0.377, symbol: 'BHD ' },
  jod: { exponent: 3, minimumCharge: 400, unitsPerUsd: 0.709, symbol: 'JOD ' },
  kwd: { exponent: 3, minimumCharge: 200, unitsPerUsd: 0.308, symbol: 'KWD ' },
};

export const MAXIMUM_CHARGE = 99_999_999;

export const supportedCurrencies = Object.keys(CURRENCIES);

export function isCurrency(code: string): boolean {
  return Object.hasOwn(CURRENCIES, code);
}

function currency(code: string): Currency {
  const found = CURRENCIES[code];
  if (!found) throw new Error(`Unknown currency ${code}`);
  return found;
}

export function minimumCharge(code: string): number {
  return currency(code).minimumCharge;
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

/** Stripe's `exchange_rate`: major units of `to` for one major unit of `from`; null where nothing was converted. */
export function exchangeRate(from: string, to: string): number | null {
  if (from === to) return null;
  return Math.round((currency(to).unitsPerUsd / currency(from).unitsPerUsd) * 1e6) / 1e6;
}
