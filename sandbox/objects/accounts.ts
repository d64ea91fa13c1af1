import type { Metadata } from './metadata.ts';

export type CapabilityStatus = 'active' | 'inactive' | 'pending' | 'unrequested';

/** The fate of a payout to this external account, chosen by its test number. */
export type PayoutOutcome =
  | 'paid'
  | 'account_closed'
  | 'could_not_process'
  | 'debit_not_authorized'
  | 'insufficient_funds'
  | 'invalid_currency'
  | 'no_account';

interface ExternalAccountBase {
  id: string;
  country: string;
  currency: string;
  default_for_currency: boolean;
  fingerprint: string;
  last4: string;
  metadata: Metadata;
  /** `errored` after a failed payout: nothing is sent there until it is replaced. */
  status: 'errored' | 'new';
  sandbox: { payout: PayoutOutcome; instant: boolean };
}

export interface BankAccount extends ExternalAccountBase {
  object: 'bank_account';
  account_holder_name: string | null;
  account_holder_type: string | null;
  bank_name: string;
  routing_number: string | null;
}

export interface DebitCard extends ExternalAccountBase {
  object: 'card';
  brand: string;
  exp_month: number;
  exp_year: number;
  funding: string;
  name: string | null;
}

export type ExternalAccount = BankAccount | DebitCard;

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

/** What a test number says about an identity; the number itself is not kept. */
export type IdentityMatch = 'immediate' | 'match' | 'no_match';

export interface Relationship {
  authorizer: boolean;
  director: boolean;
  executive: boolean;
  legal_guardian: boolean;
  owner: boolean;
  percent_ownership: number | null;
  representative: boolean;
  title: string | null;
}

export interface Person {
  id: string;
  owner: string;
  account: string;
  address: Address;
  created: number;
  dob: { day: number | null; month: number | null; year: number | null };
  email: string | null;
  first_name: string | null;
  id_number_provided: boolean;
  last_name: string | null;
  metadata: Metadata;
  phone: string | null;
  relationship: Relationship;
  ssn_last_4_provided: boolean;
  document: { back: string | null; front: string | null };
  sandbox: {
    /** Of the id number, while the name, the date of birth and the address speak for themselves. */
    idNumber: IdentityMatch | null;
    check: 'failed' | 'open' | 'passed';
    /** The account itself, when it is an individual's. */
    individual: boolean;
  };
}

/** What is known of a person, without the numbers. */
export interface PersonFacts {
  address?: Partial<Address>;
  dob?: Person['dob'];
  email?: string;
  first_name?: string;
  idNumber?: IdentityMatch;
  last_name?: string;
  metadata?: Metadata | null;
  phone?: string;
  relationship?: Partial<Relationship>;
  ssnLast4?: boolean;
  document?: Partial<Person['document']>;
}

export interface Company {
  address: Address;
  directors_provided: boolean;
  executives_provided: boolean;
  name: string | null;
  owners_provided: boolean;
  phone: string | null;
  structure: string | null;
  tax_id_provided: boolean;
  vat_id_provided: boolean;
  document: { back: string | null; front: string | null };
  sandbox: { taxId: IdentityMatch | null; check: 'failed' | 'open' | 'passed' };
}

export interface CompanyFacts extends Partial<Omit<Company, 'address' | 'document' | 'sandbox'>> {
  address?: Partial<Address>;
  document?: Partial<Company['document']>;
  taxId?: IdentityMatch;
}

/** What an account token carries. */
export interface AccountFacts {
  business_type?: string;
  company?: CompanyFacts;
  individual?: PersonFacts;
  tosAccepted?: boolean;
}

export interface RequirementError {
  code: string;
  reason: string;
  requirement: string;
}

export interface Requirements {
  current_deadline: number | null;
  currently_due: string[];
  disabled_reason: string | null;
  errors: RequirementError[];
  eventually_due: string[];
  past_due: string[];
  pending_verification: string[];
}

/** Something asked for later than at onboarding. */
interface RequiredField {
  field: string;
  /** Seconds; null: overdue from the start. */
  deadline: number | null;
  /** Provided, and looked at until the next verification. */
  answered: boolean;
}

export interface PayoutSchedule {
  delay_days: number;
  interval: 'daily' | 'manual' | 'monthly' | 'weekly';
  monthly_anchor?: number;
  monthly_payout_days?: number[];
  weekly_anchor?: string;
  weekly_payout_days?: string[];
}

export interface AccountSettings {
  debit_negative_balances: boolean;
  payout_statement_descriptor: string | null;
  schedule: PayoutSchedule;
  statement_descriptor: string | null;
  statement_descriptor_prefix: string | null;
}

export interface Controller {
  fees: { payer: 'account' | 'application' | 'application_custom' | 'application_express' };
  losses: { payments: 'application' | 'stripe' };
  requirement_collection: 'application' | 'stripe';
  stripe_dashboard: { type: 'express' | 'full' | 'none' };
}

export interface Account {
  id: string;
  /** Itself: an account lists under the platform but its own key may read it. */
  owner: string;
  business_profile: Record<string, unknown>;
  business_type: string | null;
  capabilities: Record<string, CapabilityStatus>;
  charges_enabled: boolean;
  company: Company | null;
  controller: Controller;
  country: string;
  created: number;
  default_currency: string;
  deleted: boolean;
  details_submitted: boolean;
  email: string | null;
  external_accounts: ExternalAccount[];
  metadata: Metadata;
  payouts_enabled: boolean;
  requirements: Requirements;
  settings: AccountSettings;
  tos_acceptance: {
    date: number | null;
    ip: string | null;
    /** Left out unless it was named; it is full then. */
    service_agreement?: 'full' | 'recipient';
    user_agent: string | null;
  };
  type: 'custom' | 'express' | 'none' | 'standard';
  sandbox: {
    /** The platform may not act for it: not connected yet, or no longer. */
    disconnected: boolean;
    /** Verified and nothing overdue since. */
    enabled: boolean;
    /** What the control API says against what would follow. */
    forced: {
      capabilities: Record<string, CapabilityStatus>;
      requirements: Partial<Requirements>;
      /** Absent: Stripe has announced nothing. */
      future_requirements?: Partial<Requirements>;
    };
    /** Its identity is proven without any particulars on file. */
    known: boolean;
    rejected: string | null;
    /** Seconds, by capability. */
    requested: Record<string, number>;
    required: RequiredField[];
  };
}
