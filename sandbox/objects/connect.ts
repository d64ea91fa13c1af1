import type { Metadata } from './payments.ts';

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

export type BalanceTransactionType =
  | 'adjustment'
  | 'application_fee'
  | 'application_fee_refund'
  | 'charge'
  | 'payment'
  | 'payment_refund'
  | 'payout'
  | 'refund'
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
  created: number;
  currency: string;
  description: string | null;
  exchange_rate: number | null;
  fee: number;
  fee_details: FeeDetail[];
  net: number;
  reporting_category: string;
  source: string;
  type: BalanceTransactionType;
}

export type CapabilityStatus = 'active' | 'inactive' | 'pending' | 'unrequested';

export interface BankAccount {
  id: string;
  object: 'bank_account';
  account_holder_name: string | null;
  account_holder_type: string | null;
  bank_name: string;
  country: string;
  currency: string;
  default_for_currency: boolean;
  fingerprint: string;
  last4: string;
  metadata: Metadata;
  routing_number: string | null;
}

export interface Requirements {
  current_deadline: number | null;
  currently_due: string[];
  disabled_reason: string | null;
  eventually_due: string[];
  past_due: string[];
  pending_verification: string[];
}

export interface Account {
  id: string;
  /** Itself: an account lists under the platform but its own key may read it. */
  owner: string;
  business_profile: Record<string, unknown>;
  business_type: string | null;
  capabilities: Record<string, CapabilityStatus>;
  charges_enabled: boolean;
  controller: Controller;
  country: string;
  created: number;
  default_currency: string;
  deleted: boolean;
  details_submitted: boolean;
  email: string | null;
  external_accounts: BankAccount[];
  metadata: Metadata;
  payouts_enabled: boolean;
  requirements: Requirements;
  schedule: { delay_days: number; interval: string };
  statement_descriptor: string | null;
  tos_acceptance: { date: number | null; ip: string | null; service_agreement: 'full' | 'recipient' };
  type: 'custom' | 'express' | 'none' | 'standard';
}

export interface Controller {
  fees: { payer: 'account' | 'application' | 'application_custom' | 'application_express' };
  losses: { payments: 'application' | 'stripe' };
  requirement_collection: 'application' | 'stripe';
  stripe_dashboard: { type: 'express' | 'full' | 'none' };
}
