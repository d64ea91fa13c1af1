import type { Metadata } from './metadata.ts';

export interface Transfer {
  id: string;
  owner: string;
  amount: number;
  amount_reversed: number;
  balance_transaction: string;
  created: number;
  currency: string;
  description: string | null;
  destination: string;
  destination_payment: string;
  metadata: Metadata;
  reversed: boolean;
  source_transaction: string | null;
  source_type: string;
  transfer_group: string | null;
}

export interface TransferReversal {
  id: string;
  owner: string;
  amount: number;
  balance_transaction: string;
  created: number;
  currency: string;
  destination_payment_refund: string;
  metadata: Metadata;
  source_refund: string | null;
  transfer: string;
}

export interface ApplicationFee {
  id: string;
  owner: string;
  account: string;
  amount: number;
  amount_refunded: number;
  balance_transaction: string;
  charge: string;
  created: number;
  currency: string;
  originating_transaction: string | null;
  refunded: boolean;
  /** The fee as it left the connected account, in the currency that account holds it in. */
  sandbox: { connectedAmount: number; connectedCurrency: string; connectedRefunded: number };
}

export interface FeeRefund {
  id: string;
  owner: string;
  amount: number;
  balance_transaction: string;
  created: number;
  currency: string;
  fee: string;
  metadata: Metadata;
}

type BalanceTransactionType =
  | 'adjustment'
  | 'application_fee'
  | 'application_fee_refund'
  | 'charge'
  | 'payment'
  | 'payment_refund'
  | 'payout'
  | 'payout_cancel'
  | 'payout_failure'
  | 'refund'
  | 'payment_failure_refund'
  | 'refund_failure'
  | 'reserve_hold'
  | 'reserve_release'
  | 'transfer'
  | 'transfer_refund';

export interface FeeDetail {
  amount: number;
  application: string | null;
  currency: string;
  description: string;
  type: 'application_fee' | 'stripe_fee';
}

export interface BalanceTransaction {
  id: string;
  owner: string;
  amount: number;
  available_on: number;
  /** Of another balance than the one of payments. */
  balance_type?: 'risk_reserved';
  created: number;
  currency: string;
  description: string | null;
  exchange_rate: number | null;
  fee: number;
  fee_details: FeeDetail[];
  net: number;
  /** The automatic payout that sent it to the bank. */
  payout: string | null;
  reporting_category: string;
  source: string | null;
  type: BalanceTransactionType;
}
