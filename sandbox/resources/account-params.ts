import { bankAccountParams } from '../flows/bank-accounts.ts';
import {
  anyHash,
  anything,
  boolean,
  clearable,
  currency,
  either,
  hash,
  integer,
  isText,
  list,
  metadata,
  oneOf,
  optional,
  type Parser,
  text,
} from '../http/params.ts';

/** `capabilities[card_payments][requested]=true`, any capability Stripe knows. */
const capabilities: Parser<Record<string, boolean>> = (value, name) =>
  Object.fromEntries(
    Object.entries(anyHash(value, name)).map(([key, item]) => {
      const { requested } = hash({ requested: optional(boolean) })(item, `${name}[${key}]`);
      return [key, requested ?? false];
    }),
  );

const tokenOrBank = either(isText, text, bankAccountParams);

const delayDays = either<'minimum', number>((value) => value === 'minimum', oneOf('minimum'), integer);

const schedule = hash({
  delay_days: optional(delayDays),
  interval: optional(oneOf('manual', 'daily', 'weekly', 'monthly')),
  monthly_anchor: optional(anything),
  monthly_payout_days: optional(anything),
  weekly_anchor: optional(anything),
  weekly_payout_days: optional(anything),
});

const settings = hash({
  bacs_debit_payments: optional(anything),
  branding: optional(anything),
  card_issuing: optional(anything),
  card_payments: optional(anything),
  invoices: optional(anything),
  payments: optional(
    hash({
      statement_descriptor: optional(text),
      statement_descriptor_kana: optional(anything),
      statement_descriptor_kanji: optional(anything),
    }),
  ),
  payouts: optional(
    hash({
      debit_negative_balances: optional(boolean),
      schedule: optional(schedule),
      statement_descriptor: optional(text),
    }),
  ),
  sepa_debit_payments: optional(anything),
  treasury: optional(anything),
});

export const updateAccountShape = {
  account_token: optional(text),
  bank_account: optional(tokenOrBank),
  business_profile: optional(anyHash),
  business_type: optional(oneOf('company', 'government_entity', 'individual', 'non_profit')),
  capabilities: optional(capabilities),
  company: optional(anyHash),
  default_currency: optional(currency),
  documents: optional(anything),
  email: optional(clearable(text)),
  external_account: optional(tokenOrBank),
  groups: optional(anything),
  individual: optional(anyHash),
  metadata: optional(metadata),
  requested_capabilities: optional(list(text)),
  settings: optional(settings),
  tos_acceptance: optional(
    hash({
      date: optional(integer),
      ip: optional(text),
      service_agreement: optional(oneOf('full', 'recipient')),
      user_agent: optional(text),
    }),
  ),
};

export const createAccountShape = {
  ...updateAccountShape,
  controller: optional(
    hash({
      fees: optional(hash({ payer: optional(oneOf('account', 'application')) })),
      losses: optional(hash({ payments: optional(oneOf('application', 'stripe')) })),
      requirement_collection: optional(oneOf('application', 'stripe')),
      stripe_dashboard: optional(hash({ type: optional(oneOf('express', 'full', 'none')) })),
    }),
  ),
  country: optional(text),
  type: optional(oneOf('custom', 'express', 'standard')),
};
