import type { Store } from '../core/store.ts';
import type { Json } from '../views/json.ts';

const MAX_ENTRIES = 1000;
const DEFAULT_ENTRIES = 100;

export interface LedgerReport {
  accounts: Json[];
  entries: Json[];
  has_more: boolean;
  /** Per currency; each is zero or the sandbox has a bug. */
  sum: Record<string, number>;
  total: number;
}

/** Every account with its balance, the entries (newest first, `limit`, `starting_after`), and the sums. */
export function ledgerReport(store: Store, query: URLSearchParams): LedgerReport {
  const sum: Record<string, number> = {};
  const accounts: Json[] = [];
  for (const { account, currency, amount } of store.rows('ledger_balance')) {
    sum[currency] = (sum[currency] ?? 0) + amount;
    accounts.push({ account, currency, amount });
  }
  accounts.sort((a, b) => `${a.account} ${a.currency}`.localeCompare(`${b.account} ${b.currency}`));
  const limit = Math.min(Number(query.get('limit') ?? DEFAULT_ENTRIES) || DEFAULT_ENTRIES, MAX_ENTRIES);
  const { entries, hasMore } = page(store, limit, query.get('starting_after'));
  const total = Object.values(sum).reduce((all, one) => all + Math.abs(one), 0);
  return { accounts, entries, has_more: hasMore, sum, total };
}

function page(store: Store, limit: number, after: string | null): { entries: Json[]; hasMore: boolean } {
  const entries: Json[] = [];
  let started = after === null;
  for (const id of store.ids('ledger_entry')) {
    if (!started) started = id === after;
    else if (entries.length === limit) return { entries, hasMore: true };
    else entries.push({ ...store.get('ledger_entry', id) });
  }
  return { entries, hasMore: false };
}
