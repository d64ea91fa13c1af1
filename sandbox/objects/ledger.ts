/** Whose money it is. Every movement names two or more of these, and per currency it adds up to nothing. */
export type LedgerAccount =
  | 'card_network'
  | 'bank'
  | 'stripe:fees'
  | 'stripe:fx'
  | `${string}:pending`
  | `${string}:available`
  /** What Stripe holds back for risk. */
  | `${string}:reserved`;

export interface LedgerLine {
  account: LedgerAccount;
  currency: string;
  amount: number;
}

export interface LedgerEntry {
  id: string;
  created: number;
  description: string;
  source: string;
  lines: LedgerLine[];
}

export interface LedgerBalance {
  id: string;
  account: LedgerAccount;
  currency: string;
  amount: number;
}
