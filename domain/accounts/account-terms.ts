/**
 * What may be said about an account, or asked of it, in words that a workflow's history may keep: identity data and bank
 * numbers are tokens by then. Absent parts stay as they are.
 */
export interface AccountChanges {
  /** `ct_…`: who is behind the account, and that the agreement was accepted. */
  readonly accountToken?: string;
  /** `btok_…` or `tok_…` of a debit card; replaces the default of its currency. */
  readonly externalAccount?: string;
  /** Where no token says it. */
  readonly businessType?: string;
  readonly email?: string;
  readonly businessProfile?: BusinessProfile;
  /** By Stripe's names, to be requested. */
  readonly capabilities?: readonly string[];
  readonly defaultCurrency?: string;
  readonly payoutSchedule?: PayoutScheduleChange;
  readonly statementDescriptor?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Public by nature: customers see it. By Stripe's names. */
interface BusinessProfile {
  readonly mcc?: string | undefined;
  readonly name?: string | undefined;
  readonly product_description?: string | undefined;
  readonly support_email?: string | undefined;
  readonly support_phone?: string | undefined;
  readonly support_url?: string | undefined;
  readonly url?: string | undefined;
}

type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

export interface PayoutScheduleChange {
  readonly interval: 'manual' | 'daily' | 'weekly' | 'monthly';
  readonly delayDays: number | 'minimum' | null;
  readonly weeklyAnchor: Weekday | null;
  readonly monthlyAnchor: number | null;
}

/** What a new account is to be. */
export interface AccountTerms extends AccountChanges {
  /** Null where `controller` says it. */
  readonly type: 'custom' | 'express' | 'standard' | null;
  readonly controller: ControllerTerms | null;
  readonly country: string | null;
  readonly serviceAgreement: 'full' | 'recipient' | null;
}

/** Stripe's own parameter, as its newer accounts have it instead of a type. */
interface ControllerTerms {
  readonly fees?: { readonly payer: 'account' | 'application' } | undefined;
  readonly losses?: { readonly payments: 'application' | 'stripe' } | undefined;
  readonly requirement_collection?: 'application' | 'stripe' | undefined;
  readonly stripe_dashboard?: { readonly type: 'express' | 'full' | 'none' } | undefined;
}
