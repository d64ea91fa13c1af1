import type { LedgerAccount, LedgerEntry, LedgerLine } from '../objects/ledger.ts';
import type { Transaction } from './transaction.ts';

const balanceId = (account: string, currency: string): string => `${account} ${currency}`;

export function balanceOf(tx: Transaction, account: LedgerAccount, currency: string): number {
  return tx.get('ledger_balance', balanceId(account, currency))?.amount ?? 0;
}

/** Refuses whatever does not balance: a request with wrong arithmetic must fail, not create money. */
export function postEntry(tx: Transaction, entry: LedgerEntry): void {
  const lines = entry.lines.filter((line) => line.amount !== 0);
  const sums = new Map<string, number>();
  for (const { currency, amount } of lines) {
    if (!Number.isSafeInteger(amount))
      throw new Error(`Ledger line of ${entry.description} is no integer: ${amount}`);
    sums.set(currency, (sums.get(currency) ?? 0) + amount);
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0) throw new Error(`Ledger entry ${entry.description} is off by ${sum} ${currency}`);
  }
  if (lines.length === 0) return;
  for (const { account, currency, amount } of lines) {
    const id = balanceId(account, currency);
    tx.put('ledger_balance', { id, account, currency, amount: balanceOf(tx, account, currency) + amount });
  }
  tx.put('ledger_entry', { ...entry, lines });
}

/** Two lines that change `amount` of `from` into `converted` of `to` through the FX account. */
export function exchangeLines(amount: number, from: string, converted: number, to: string): LedgerLine[] {
  if (from === to) return [];
  return [
    { account: 'stripe:fx', currency: from, amount },
    { account: 'stripe:fx', currency: to, amount: -converted },
  ];
}
