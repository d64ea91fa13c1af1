/**
 * What the sandbox keeps of a payment, in Stripe's field names. `owner` is the account the object lives on; `sandbox`
 * holds what Stripe never shows. Fields that are the same on every answer are added by the views.
 */

import type { FeeDetail } from './connect.ts';
import type { BankDebitDetails } from './customers.ts';
import type { Metadata } from './metadata.ts';

export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';

/** What an authorization allows beyond one capture within the usual time. */
export interface CaptureFeatures {
  extended: boolean;
  incremental: boolean;
  multicapture: boolean;
}

interface TransferData {
  destination: string;
  amount?: number;
}

/** The page it leads to follows from where the sandbox is reached now. */
export interface NextAction {
  type: 'use_stripe_sdk' | 'redirect_to_url';
  return_url: string | null;
}

export interface PaymentIntent {
  id: string;
  owner: string;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  application_fee_amount: number | null;
  automatic_payment_methods: { enabled: boolean; allow_redirects: 'always' | 'never' } | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: 'automatic' | 'automatic_async' | 'manual';
  client_secret: string;
  confirmation_method: 'automatic' | 'manual';
  created: number;
  currency: string;
  customer: string | null;
  description: string | null;
  last_payment_error: Record<string, unknown> | null;
  latest_charge: string | null;
  metadata: Metadata;
  next_action: NextAction | null;
  on_behalf_of: string | null;
  payment_method: string | null;
  payment_method_types: string[];
  receipt_email: string | null;
  setup_future_usage: 'off_session' | 'on_session' | null;
  shipping: Record<string, unknown> | null;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  status: PaymentIntentStatus;
  transfer_data: TransferData | null;
  transfer_group: string | null;
  sandbox: {
    base: string;
    /** The payment method whose owner has been asked and has agreed. */
    authenticated: string | null;
    /** Asked for in payment_method_options. */
    asked: CaptureFeatures;
  };
}

export interface ChargeTransferData {
  destination: string;
  amount: number | null;
}

export interface Charge {
  id: string;
  owner: string;
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  application_fee: string | null;
  application_fee_amount: number | null;
  balance_transaction: string | null;
  captured: boolean;
  created: number;
  currency: string;
  customer: string | null;
  description: string | null;
  destination: string | null;
  disputed: boolean;
  /** Only of one that failed after it had succeeded. */
  failure_balance_transaction?: string;
  failure_code: string | null;
  failure_message: string | null;
  metadata: Metadata;
  on_behalf_of: string | null;
  outcome: Record<string, unknown> | null;
  paid: boolean;
  payment_intent: string | null;
  payment_method: string | null;
  receipt_email: string | null;
  refunded: boolean;
  shipping: Record<string, unknown> | null;
  source_transfer: string | null;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  status: 'failed' | 'pending' | 'succeeded';
  transfer: string | null;
  transfer_data: ChargeTransferData | null;
  transfer_group: string | null;
  sandbox: {
    base: string;
    /** Seconds; only of an uncaptured authorization. */
    captureBefore: number | null;
    /** Granted with the authorization. */
    features: CaptureFeatures;
    /** Ended without a capture: canceled, or not captured in time. */
    released: boolean;
    /** The part of `amount_refunded` that never moved: until 2025-03-31.basil Stripe counted what was released. */
    releasedAsRefund: number;
    /** Of the request that charged: it stands for the year, in what Stripe's prices and not its versions have changed. */
    version: string;
    /** How the first of several captures named its share of the money, if it did. */
    shareNamed?: 'application_fee_amount' | 'transfer_data[amount]';
    /** The card as charged, so that a payment method changed later does not change the past. */
    card: ChargedCard | null;
    /** Likewise of a debited bank account. */
    bank: ChargedBank | null;
  };
}

interface ChargedBank extends BankDebitDetails {
  behaviour: string;
}

interface ChargedCard {
  brand: string;
  country: string;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: string;
  last4: string;
  behaviour: string;
}

/** What a refund takes from a balance, and what Stripe gives back of its fee with it. */
export interface RefundCost {
  amount: number;
  currency: string;
  exchange_rate: number | null;
  fee_details: FeeDetail[];
}

/** Has the refund's id: it waits until the balance covers what it takes. */
export interface WaitingRefund extends RefundCost {
  id: string;
  owner: string;
}

interface RefundNextAction {
  type: 'display_details';
  display_details: {
    email_sent: { email_sent_at: number; email_sent_to: string };
    expires_at: number;
  };
}

export interface Refund {
  id: string;
  owner: string;
  amount: number;
  balance_transaction: string | null;
  charge: string;
  created: number;
  currency: string;
  /** Both only of a refund that failed. */
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Metadata;
  /** Shown while it is requires_action. */
  next_action?: RefundNextAction;
  payment_intent: string | null;
  reason: string | null;
  source_transfer_reversal: string | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled' | 'requires_action';
  transfer_reversal: string | null;
  sandbox: {
    /** `reversal` where an authorization was released, `refund` where money went back; none for a connected `pyr_`. */
    cardType: 'refund' | 'reversal' | null;
    /** By which the card's bank finds it. Absent: not known yet. */
    reference?: string;
    /** Asked to take its share, even where that came to less than a cent. */
    reversesTransfer: boolean;
    returnsFee: boolean;
  };
}
