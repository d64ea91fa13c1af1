import type { Account, Person } from './accounts.ts';
import type { ApplicationFee, BalanceTransaction, FeeRefund, Transfer, TransferReversal } from './connect.ts';
import type { Customer, PaymentMethod, Token } from './customers.ts';
import type { Dispute, EarlyFraudWarning, Review, StoredFile } from './disputes.ts';
import type { LedgerBalance, LedgerEntry } from './ledger.ts';
import type { AccountLink, LoginLink, OAuthCode } from './links.ts';
import type { Charge, PaymentIntent, Refund, WaitingRefund } from './payments.ts';
import type { Payout } from './payouts.ts';
import type { IdempotencyRecord, Job, Meta, Settlement, StripeEvent } from './records.ts';
import type { WebhookDelivery, WebhookEndpoint } from './webhooks.ts';

export interface Tables {
  account: Account;
  account_link: AccountLink;
  application_fee: ApplicationFee;
  balance_transaction: BalanceTransaction;
  charge: Charge;
  customer: Customer;
  dispute: Dispute;
  early_fraud_warning: EarlyFraudWarning;
  event: StripeEvent;
  fee_refund: FeeRefund;
  file: StoredFile;
  idempotency_key: IdempotencyRecord;
  job: Job;
  ledger_balance: LedgerBalance;
  ledger_entry: LedgerEntry;
  login_link: LoginLink;
  meta: Meta;
  oauth_code: OAuthCode;
  payment_intent: PaymentIntent;
  payment_method: PaymentMethod;
  payout: Payout;
  person: Person;
  refund: Refund;
  review: Review;
  settlement: Settlement;
  token: Token;
  transfer: Transfer;
  transfer_reversal: TransferReversal;
  waiting_refund: WaitingRefund;
  webhook_delivery: WebhookDelivery;
  webhook_endpoint: WebhookEndpoint;
}

export type TableName = keyof Tables;
export type Row<T extends TableName> = Tables[T];

/** Fields that are looked up by value; the list is also the list of tables. */
export const INDEXES: { [T in TableName]: readonly (keyof Tables[T] & string)[] } = {
  account: ['deleted'],
  account_link: ['session'],
  application_fee: ['owner', 'charge'],
  balance_transaction: ['owner', 'source'],
  charge: ['owner', 'payment_intent', 'customer', 'transfer_group'],
  customer: ['owner', 'email'],
  dispute: ['owner', 'charge'],
  early_fraud_warning: ['owner', 'charge'],
  event: ['owner'],
  fee_refund: ['owner', 'fee'],
  file: [],
  idempotency_key: [],
  job: ['subject'],
  ledger_balance: [],
  ledger_entry: ['source'],
  login_link: [],
  meta: [],
  oauth_code: [],
  payment_intent: ['owner', 'customer'],
  payment_method: ['owner', 'customer'],
  payout: ['owner'],
  person: ['account'],
  refund: ['owner', 'charge', 'payment_intent'],
  review: ['owner', 'charge'],
  settlement: [],
  token: [],
  transfer: ['owner', 'destination', 'transfer_group', 'source_transaction'],
  transfer_reversal: ['transfer'],
  waiting_refund: ['owner'],
  webhook_delivery: ['event'],
  webhook_endpoint: ['owner'],
};

/** What every payment adds to: kept packed, because there are many of them and few are read again. */
export const GROWING: ReadonlySet<TableName> = new Set<TableName>([
  'application_fee',
  'balance_transaction',
  'charge',
  'event',
  'fee_refund',
  'idempotency_key',
  'ledger_entry',
  'payment_intent',
  'payment_method',
  'refund',
  'token',
  'transfer',
  'transfer_reversal',
  'webhook_delivery',
]);
