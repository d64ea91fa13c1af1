import type { Parser } from '../http/params.ts';
import {
  absoluteUrl,
  anyHash,
  anything,
  atLeast,
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
  required,
  statement,
  statementSuffix,
  text,
  textUpTo,
} from '../http/params.ts';
import type { CaptureFeatures } from '../objects/payments.ts';

const address = anyHash;

const MAX_DESCRIPTION = 1000;
const description = textUpTo(MAX_DESCRIPTION);

/** Stripe's parameters that the sandbox takes and does not act upon. */
const ignored = {
  allowed_payment_method_types: optional(anything),
  amount_details: optional(anything),
  confirmation_token: optional(anything),
  customer_account: optional(anything),
  excluded_payment_method_types: optional(anything),
  hooks: optional(anything),
  payment_details: optional(anything),
  payment_method_configuration: optional(anything),
  radar_options: optional(anything),
};

const card = hash({
  cvc: optional(text),
  exp_month: optional(integer),
  exp_year: optional(integer),
  networks: optional(anything),
  number: optional(text),
  token: optional(text),
});

export const usBankAccount = hash({
  account_holder_type: optional(oneOf('company', 'individual')),
  account_number: optional(text),
  account_type: optional(oneOf('checking', 'savings')),
  financial_connections_account: optional(text),
  routing_number: optional(text),
});

const paymentMethodData = hash({
  allow_redisplay: optional(text),
  billing_details: optional(anyHash),
  card: optional(card),
  metadata: optional(metadata),
  radar_options: optional(anything),
  type: required(text),
  us_bank_account: optional(usBankAccount),
});

const ifAvailable = oneOf('if_available', 'never');
const FEATURES = {
  request_extended_authorization: 'extended',
  request_incremental_authorization: 'incremental',
  request_multicapture: 'multicapture',
} as const;

/** Of all that can be said about payment methods, what the sandbox acts upon. */
const paymentMethodOptions: Parser<Partial<CaptureFeatures>> = (value, name) => {
  const { card: options = {} } = anyHash(value, name);
  const given = anyHash(options, `${name}[card]`);
  const asked: Partial<CaptureFeatures> = {};
  for (const [param, feature] of Object.entries(FEATURES)) {
    if (given[param] === undefined) continue;
    asked[feature] = ifAvailable(given[param], `${name}[card][${param}]`) === 'if_available';
  }
  return asked;
};

const captureMethod = oneOf('automatic', 'automatic_async', 'manual');
const futureUsage = clearable(oneOf('off_session', 'on_session'));
const offSession = either((value) => value === 'one_off' || value === 'recurring', text, boolean);

const details = {
  description: optional(clearable(description)),
  metadata: optional(metadata),
  receipt_email: optional(clearable(email)),
  statement_descriptor: optional(clearable(statement)),
  statement_descriptor_suffix: optional(clearable(statementSuffix)),
};

const transferExtras = {
  description: optional(anything),
  metadata: optional(anything),
  payment_data: optional(anything),
};

export const confirmShape = {
  ...ignored,
  amount_to_confirm: optional(integer),
  capture_method: optional(captureMethod),
  client_secret: optional(text),
  error_on_requires_action: optional(boolean),
  mandate: optional(text),
  mandate_data: optional(anything),
  off_session: optional(offSession),
  payment_method: optional(text),
  payment_method_data: optional(paymentMethodData),
  payment_method_options: optional(paymentMethodOptions),
  payment_method_types: optional(list(text)),
  receipt_email: optional(clearable(email)),
  return_url: optional(absoluteUrl),
  setup_future_usage: optional(futureUsage),
  shipping: optional(clearable(address)),
  use_stripe_sdk: optional(boolean),
};

export const createShape = {
  ...confirmShape,
  ...details,
  amount: required(integer),
  application_fee_amount: optional(atLeast(0)),
  automatic_payment_methods: optional(
    hash({ allow_redirects: optional(oneOf('always', 'never')), enabled: required(boolean) }),
  ),
  confirm: optional(boolean),
  confirmation_method: optional(oneOf('automatic', 'manual')),
  currency: required(currency),
  customer: optional(text),
  on_behalf_of: optional(text),
  transfer_data: optional(
    hash({ ...transferExtras, amount: optional(atLeast(1)), destination: required(text) }),
  ),
  transfer_group: optional(text),
};

export const updateShape = {
  ...ignored,
  ...details,
  amount: optional(integer),
  application_fee_amount: optional(clearable(atLeast(1))),
  capture_method: optional(captureMethod),
  currency: optional(currency),
  customer: optional(text),
  payment_method: optional(clearable(text)),
  payment_method_data: optional(paymentMethodData),
  payment_method_options: optional(paymentMethodOptions),
  payment_method_types: optional(list(text)),
  setup_future_usage: optional(futureUsage),
  shipping: optional(clearable(address)),
  transfer_data: optional(hash({ ...transferExtras, amount: optional(clearable(atLeast(1))) })),
  transfer_group: optional(clearable(text)),
};

export const captureShape = {
  amount_details: optional(anything),
  amount_to_capture: optional(integer),
  application_fee_amount: optional(atLeast(0)),
  final_capture: optional(boolean),
  hooks: optional(anything),
  metadata: optional(metadata),
  payment_details: optional(anything),
  statement_descriptor: optional(clearable(statement)),
  statement_descriptor_suffix: optional(clearable(statementSuffix)),
  transfer_data: optional(hash({ amount: optional(atLeast(1)) })),
};

export const incrementShape = {
  ...ignored,
  amount: required(atLeast(1)),
  application_fee_amount: optional(atLeast(0)),
  description: optional(clearable(description)),
  metadata: optional(metadata),
  statement_descriptor: optional(clearable(statement)),
  transfer_data: optional(hash({ amount: optional(atLeast(1)) })),
};

export const cancelShape = {
  cancellation_reason: optional(oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer')),
};
