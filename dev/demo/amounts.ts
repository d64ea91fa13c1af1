import { formatMoney } from '../../domain/money/money.ts';

/** Minor units by lowercase currency. A missing currency means an amount of 0. */
export type Amounts = Readonly<Record<string, number>>;

export const usd = (amount: number): Amounts => ({ usd: amount });
export const eur = (amount: number): Amounts => ({ eur: amount });

/** Currency by currency; what comes to nothing is left out, so that two equal holdings look the same. */
export function sum(...parts: readonly Amounts[]): Amounts {
  const total: Record<string, number> = {};
  for (const part of parts) {
    for (const [currency, amount] of Object.entries(part)) {
      const next = (total[currency] ?? 0) + amount;
      if (!Number.isSafeInteger(next)) throw new Error(`${next} is not an integer number of minor units`);
      total[currency] = next;
    }
  }
  return Object.fromEntries(
    Object.entries(total)
      .filter(([, amount]) => amount !== 0)
      .sort(([a], [b]) => b.localeCompare(a)),
  );
}

export function negative(amounts: Amounts): Amounts {
  return Object.fromEntries(Object.entries(amounts).map(([currency, amount]) => [currency, 0 - amount]));
}

export function same(a: Amounts, b: Amounts): boolean {
  return isNothing(sum(a, negative(b)));
}

export function isNothing(amounts: Amounts): boolean {
  return Object.keys(sum(amounts)).length === 0;
}

/** For people: `0.64 USD`, `10.00 USD -9.20 EUR`, `0.00`. */
export function shown(amounts: Amounts): string {
  const parts = Object.entries(sum(amounts)).map(([currency, amount]) => formatMoney({ amount, currency }));
  return parts.length === 0 ? '0.00' : parts.join('  ');
}
