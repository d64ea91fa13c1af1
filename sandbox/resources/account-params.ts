import { externalAccountParams } from '../flows/external-accounts.ts';
import { malformed } from '../http/errors.ts';
import {
  anyHash,
  anything,
  boolean,
  clearable,
  currency,
  either,
  email,
  hash,
  integer,
  list,
  metadata,
  oneOf,
  optional,
  type Parser,
  statement,
  text,
  textUpTo,
} from '../http/params.ts';
import { CAPABILITIES } from '../objects/capabilities.ts';
import { companyParams, individualParams } from './person-params.ts';

const request = hash({ requested: optional(boolean) });
const requests = hash(Object.fromEntries(CAPABILITIES.map((name) => [name, optional(request)])));

/** `capabilities[card_payments][requested]=true`, any capability Stripe knows. */
const capabilities: Parser<Record<string, boolean>> = (value, name) =>
  Object.fromEntries(
    Object.entries(requests(value, name)).map(([key, asked]) => [key, asked?.requested ?? false]),
  );

const delayDays = either<'minimum', number>((value) => value === 'minimum', oneOf('minimum'), integer);

const LAST_MONTH_DAY = 31;

const monthDay: Parser<number> = (value, name) => {
  const day = integer(value, name);
  if (day >= 1 && day <= LAST_MONTH_DAY) return day;
  throw malformed(`Invalid ${name}: must be between 1 and ${LAST_MONTH_DAY}.`, name);
};

const schedule = hash({
  delay_days: optional(delayDays),
  interval: optional(oneOf('manual', 'daily', 'weekly', 'monthly')),
  monthly_anchor: optional(monthDay),
  monthly_payout_days: optional(list(monthDay)),
  weekly_anchor: optional(
    oneOf('friday', 'monday', 'saturday', 'sunday', 'thursday', 'tuesday', 'wednesday'),
  ),
  weekly_payout_days: optional(list(oneOf('friday', 'monday', 'thursday', 'tuesday', 'wednesday'))),
});

const settings = hash({
  bacs_debit_payments: optional(anything),
  branding: optional(anything),
  card_issuing: optional(anything),
  card_payments: optional(
    hash({
      decline_on: optional(anything),
      statement_descriptor_prefix: optional(textUpTo(10)),
      statement_descriptor_prefix_kana: optional(anything),
      statement_descriptor_prefix_kanji: optional(anything),
    }),
  ),
  invoices: optional(anything),
  payments: optional(
    hash({
      statement_descriptor: optional(statement),
      statement_descriptor_kana: optional(anything),
      statement_descriptor_kanji: optional(anything),
    }),
  ),
  payouts: optional(
    hash({
      debit_negative_balances: optional(boolean),
      schedule: optional(schedule),
      statement_descriptor: optional(statement),
    }),
  ),
  sepa_debit_payments: optional(anything),
  treasury: optional(anything),
});

export const updateAccountShape = {
  account_token: optional(text),
  bank_account: optional(externalAccountParams),
  business_profile: optional(anyHash),
  business_type: optional(oneOf('company', 'government_entity', 'individual', 'non_profit')),
  capabilities: optional(capabilities),
  company: optional(companyParams),
  default_currency: optional(currency),
  documents: optional(anything),
  email: optional(clearable(email)),
  external_account: optional(externalAccountParams),
  groups: optional(anything),
  individual: optional(individualParams),
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
