import type { AccountFacts, BankAccount, IdentityMatch, PersonFacts } from './accounts.ts';
import type { Metadata } from './metadata.ts';

export interface Customer {
  id: string;
  owner: string;
  address: Record<string, unknown> | null;
  created: number;
  default_source: string | null;
  deleted: boolean;
  description: string | null;
  email: string | null;
  invoice_settings: { default_payment_method: string | null };
  metadata: Metadata;
  name: string | null;
  phone: string | null;
  preferred_locales: string[];
  shipping: Record<string, unknown> | null;
}

export interface CardDetails {
  brand: string;
  country: string;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: string;
  last4: string;
}

/** A US bank account that payments are debited from. */
export interface BankDebitDetails {
  account_holder_type: 'company' | 'individual';
  account_type: 'checking' | 'savings';
  bank_name: string;
  fingerprint: string;
  last4: string;
  routing_number: string;
}

export type AllowRedisplay = 'always' | 'limited' | 'unspecified';

export interface PaymentMethod {
  id: string;
  owner: string;
  /** Unspecified if left out. */
  allow_redisplay?: AllowRedisplay;
  billing_details: Record<string, unknown>;
  /** Set of a card, as the next is of a bank account. */
  card: CardDetails | null;
  us_bank_account: BankDebitDetails | null;
  created: number;
  customer: string | null;
  metadata: Metadata;
  sandbox: {
    behaviour: string;
    /** Used once without a customer: Stripe does not take such a payment method a second time. */
    spent: boolean;
    /** It was charged or attached, which checks the security code. */
    tried?: true;
  };
}

export interface Token {
  id: string;
  owner: string;
  account: AccountFacts | null;
  bank_account: BankAccount | null;
  card:
    | (CardDetails & { id: string; behaviour: string; currency: string | null; name: string | null })
    | null;
  created: number;
  person: PersonFacts | null;
  /** Of a pii token. */
  idNumber: IdentityMatch | null;
  type: 'account' | 'bank_account' | 'card' | 'person' | 'pii';
  used: boolean;
}
