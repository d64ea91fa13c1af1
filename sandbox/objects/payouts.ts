import type { PayoutOutcome } from './accounts.ts';
import type { Metadata } from './metadata.ts';

export interface Payout {
  id: string;
  owner: string;
  amount: number;
  arrival_date: number;
  automatic: boolean;
  balance_transaction: string;
  created: number;
  currency: string;
  description: string | null;
  destination: string;
  failure_balance_transaction: string | null;
  failure_code: string | null;
  failure_message: string | null;
  metadata: Metadata;
  method: 'instant' | 'standard';
  original_payout: string | null;
  reversed_by: string | null;
  source_type: string;
  statement_descriptor: string | null;
  status: 'canceled' | 'failed' | 'in_transit' | 'paid' | 'pending';
  type: 'bank_account' | 'card';
  /** `trace`: the number that its bank gave it. */
  sandbox: { outcome: PayoutOutcome; trace?: string };
}
