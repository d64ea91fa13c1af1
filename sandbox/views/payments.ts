import { DAY_SECONDS } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { versionBefore } from '../core/context.ts';
import { digitsOf } from '../core/ids.ts';
import type { Charge, NextAction, PaymentIntent, Refund } from '../objects/payments.ts';
import { addedIn, customerAccount, DAHLIA, LATE_DAHLIA } from './additions.ts';
import { cvcCheck } from './customers.ts';
import type { Json } from './json.ts';
import { sublist } from './json.ts';

/** The first version in which a payment's release is no refund. */
export const RELEASES_SINCE = '2025-03-31';

const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
export const NO_BILLING_DETAILS = { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null };

export function paymentIntentView(ctx: Context, row: PaymentIntent): Json {
  const { owner, sandbox, next_action, ...intent } = row;
  const { asked } = sandbox;
  return {
    object: 'payment_intent',
    ...intent,
    ...customerAccount(ctx),
    ...addedIn(ctx, DAHLIA, { managed_payments: { enabled: false }, shared_payment_granted_token: null }),
    ...addedIn(ctx, LATE_DAHLIA, { allowed_payment_method_types: null, payment_record: null }),
    amount_details: { tip: {} },
    application: owner === ctx.settings.platform ? null : applicationId,
    cancellation_reason: cancellationReason(ctx, intent.cancellation_reason),
    excluded_payment_method_types: null,
    livemode: false,
    next_action: next_action && nextActionView(ctx, row, next_action),
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        ...(asked.extended ? { request_extended_authorization: 'if_available' } : {}),
        ...(asked.incremental ? { request_incremental_authorization: 'if_available' } : {}),
        ...(asked.multicapture ? { request_multicapture: 'if_available' } : {}),
        request_three_d_secure: 'automatic',
      },
    },
    processing: null,
    review: intent.latest_charge === null ? null : newestOf(ctx, 'review', intent.latest_charge),
    source: null,
  };
}

function cancellationReason({ version }: Context, reason: string | null): string | null {
  return reason === 'expired' && versionBefore(version, RELEASES_SINCE) ? 'automatic' : reason;
}

/** The page on which the customer answers their bank; the client secret is what opens it. */
function nextActionView({ settings }: Context, intent: PaymentIntent, action: NextAction): Json {
  const url = `${settings.publicUrl}/3d_secure_2/${intent.id}?client_secret=${intent.client_secret}`;
  if (action.type === 'redirect_to_url') {
    return { type: action.type, redirect_to_url: { return_url: action.return_url, url } };
  }
  return { type: action.type, use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } };
}

/** The platform's Connect application: who collected an application fee. */
export const applicationId = 'ca_waybill';

export function chargeView(ctx: Context, row: Charge): Json {
  const { owner, sandbox, ...charge } = row;
  const fromAccount = charge.source_transfer !== null;
  return {
    object: 'charge',
    failure_balance_transaction: null,
    ...charge,
    application: null,
    billing_details: NO_BILLING_DETAILS,
    // No longer in Stripe's description, but in its answers.
    dispute: newestOf(ctx, 'dispute', charge.id),
    calculated_statement_descriptor: fromAccount ? null : statementDescriptor(ctx, row),
    fraud_details: {},
    livemode: false,
    // No longer in Stripe's description, but in its answers.
    order: null,
    payment_method_details: methodDetails(ctx, row),
    radar_options: {},
    receipt_number: null,
    receipt_url:
      fromAccount || charge.status === 'failed' ? null : `https://pay.stripe.com/receipts/${charge.id}`,
    review: newestOf(ctx, 'review', charge.id),
    source: fromAccount ? { id: ctx.settings.platform, object: 'account' } : null,
    // Stripe leaves `transfer` out until there is one.
    ...(charge.transfer === null ? { transfer: undefined } : {}),
    ...(versionBefore(ctx.version, '2022-11-15') ? { refunds: chargeRefunds(ctx, charge.id) } : {}),
  };
}

function newestOf({ tx }: Context, table: 'dispute' | 'review', charge: string): string | null {
  for (const { id } of tx.where(table, 'charge', charge)) return id;
  return null;
}

function methodDetails(ctx: Context, charge: Charge): Json {
  if (charge.source_transfer !== null) return { stripe_account: {}, type: 'stripe_account' };
  const { bank } = charge.sandbox;
  if (!bank) return { card: cardDetails(ctx, charge), type: 'card' };
  const { behaviour: _, ...shown } = bank;
  return { type: 'us_bank_account', us_bank_account: { ...shown, payment_reference: null } };
}

const LONGEST_DESCRIPTOR = 22;

/** What the cardholder reads: the settlement merchant's name, unless the charge says otherwise or adds to it. */
function statementDescriptor(ctx: Context, charge: Charge): string {
  const { settings, business_profile, email } = ctx.tx.must('account', charge.on_behalf_of ?? charge.owner);
  const name = settings.statement_descriptor ?? String(business_profile.name ?? email ?? '');
  const prefix = settings.statement_descriptor_prefix ?? name;
  const suffix = charge.statement_descriptor_suffix;
  const whole = suffix === null ? (charge.statement_descriptor ?? name) : `${prefix}* ${suffix}`;
  return whole.toUpperCase().slice(0, LONGEST_DESCRIPTOR);
}

function cardDetails(ctx: Context, charge: Charge): Json {
  const { card, captureBefore, features } = charge.sandbox;
  const available = (granted: boolean): Json => ({ status: granted ? 'available' : 'unavailable' });
  if (!card) return {};
  const { behaviour, ...shown } = card;
  return {
    ...shown,
    amount_authorized: charge.status === 'failed' ? null : charge.amount,
    ...networkReferences(ctx, charge),
    ...(captureBefore === null ? {} : { capture_before: captureBefore }),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: cvcCheck(behaviour) },
    extended_authorization: { status: features.extended ? 'enabled' : 'disabled' },
    incremental_authorization: available(features.incremental),
    installments: null,
    mandate: null,
    multicapture: available(features.multicapture),
    network: card.brand,
    network_token: { used: false },
    overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    ...addedIn(ctx, DAHLIA, { transaction_link_id: null }),
    wallet: null,
  };
}

/** How the card's bank and network refer to an authorization: the network by the card, in test mode. */
function networkReferences(ctx: Context, { id, status, sandbox }: Charge): Json {
  const authorized = status !== 'failed';
  const isVisa = sandbox.card?.brand === 'visa';
  return {
    authorization_code: null,
    ...addedIn(ctx, DAHLIA, { authorization_code: authorized ? digitsOf(id, 6) : null }),
    ...addedIn(ctx, LATE_DAHLIA, { electronic_commerce_indicator: authorized && isVisa ? '07' : null }),
    network_transaction_id: authorized && sandbox.card ? digitsOf(sandbox.card.fingerprint, 15) : null,
  };
}

export function chargeRefunds(ctx: Context, charge: string): Json {
  const refunds = [...ctx.tx.where('refund', 'charge', charge)];
  return sublist(
    refunds.map((refund) => refundView(ctx, refund)),
    `/v1/charges/${charge}/refunds`,
  );
}

export function refundView(ctx: Context, row: Refund): Json {
  const { owner: _, sandbox, next_action, ...refund } = row;
  const { customer = null, payment_method = null } = ctx.tx.get('charge', row.charge) ?? {};
  return {
    object: 'refund',
    ...refund,
    customer,
    ...customerAccount(ctx),
    payment_method,
    ...(refund.status === 'requires_action' && next_action ? { next_action } : {}),
    ...(refund.status === 'pending' ? { pending_reason: pendingReason(ctx, row) } : {}),
    ...(sandbox.cardType === null
      ? {}
      : { destination_details: destinationDetails(ctx, row, sandbox.cardType) }),
    receipt_number: null,
  };
}

function pendingReason({ tx }: Context, { id }: Refund): string {
  return tx.get('waiting_refund', id) ? 'insufficient_funds' : 'processing';
}

function destinationDetails(ctx: Context, { charge, sandbox }: Refund, type: 'refund' | 'reversal'): Json {
  if (ctx.tx.get('charge', charge)?.sandbox.bank) return { type: 'us_bank_transfer', us_bank_transfer: {} };
  const { reference } = sandbox;
  const unknown = type === 'refund' ? 'pending' : 'unavailable';
  return {
    card: {
      ...(reference === undefined ? {} : { reference }),
      reference_status: reference === undefined ? unknown : 'available',
      reference_type: 'acquirer_reference_number',
      type,
    },
    type: 'card',
  };
}

const WINDOW_VISA_DAYS = 7;
/** Visa's shorter window where the merchant initiated the payment: 4 days and 18 hours. */
const WINDOW_VISA_MERCHANT_DAYS = 4.75;

export const EXTENDED_WINDOW_SECONDS = 30 * DAY_SECONDS;

/** How long Stripe holds an authorization before it lapses. */
export function captureWindowSeconds(brand: string, merchantInitiated: boolean): number {
  const days = brand === 'visa' && merchantInitiated ? WINDOW_VISA_MERCHANT_DAYS : WINDOW_VISA_DAYS;
  return days * DAY_SECONDS;
}
