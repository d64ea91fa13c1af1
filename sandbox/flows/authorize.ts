import type { Context } from '../core/context.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Metadata } from '../objects/metadata.ts';
import type { CaptureFeatures, Charge, ChargeTransferData } from '../objects/payments.ts';
import { captureWindowSeconds, EXTENDED_WINDOW_SECONDS } from '../views/payments.ts';
import { grantedFeatures, NO_FEATURES } from './capture-features.ts';
import { declineOf } from './cards.ts';
import { emit } from './events.ts';
import { noteTried } from './methods.ts';
import { settleCharge } from './settle.ts';

export interface ChargeRequest {
  base: string;
  amount: number;
  currency: string;
  applicationFeeAmount: number | null;
  customer: string | null;
  description: string | null;
  metadata: Metadata;
  onBehalfOf: string | null;
  paymentIntent: string | null;
  paymentMethod: PaymentMethod;
  receiptEmail: string | null;
  shipping: Record<string, unknown> | null;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  transferData: ChargeTransferData | null;
  transferGroup: string | null;
  merchantInitiated: boolean;
  asked: CaptureFeatures;
  mode: 'capture_now' | 'capture_async' | 'authorize';
}

/**
 * Charges the card: a failed charge where it declines, an authorization, or a captured charge. The caller turns a
 * failure into Stripe's error, since only it knows what the error is about.
 */
export function chargeCard(ctx: Context, request: ChargeRequest, decline?: string): Charge {
  const { sandbox } = request.paymentMethod;
  const declined = declineOf(decline ?? sandbox.behaviour);
  const charge = newCharge(ctx, request);
  // Also where the card declines.
  noteTried(ctx, request.paymentMethod, request.customer);
  if (declined) {
    const failed = ctx.tx.put('charge', {
      ...charge,
      failure_code: declined.code,
      failure_message: declined.message,
      outcome: declinedOutcome(declined),
      paid: false,
      status: 'failed',
    });
    emit(ctx, 'charge.failed', 'charge', failed, ctx.account);
    return failed;
  }
  if (request.mode === 'authorize') return authorized(ctx, charge, request);
  const captured = ctx.tx.put('charge', { ...charge, amount_captured: charge.amount, captured: true });
  const result = request.mode === 'capture_now' ? settleCharge(ctx, captured.id) : captured;
  if (request.mode === 'capture_async') {
    ctx.tx.put('job', {
      id: `settle ${charge.id}`,
      dueMs: ctx.nowMs + ctx.settings.async_settlement_seconds * 1000,
      kind: 'settle_charge',
      subject: charge.id,
    });
  }
  emit(ctx, 'charge.succeeded', 'charge', result, ctx.account);
  return result;
}

function captureWindow(ctx: Context, charge: Charge, merchantInitiated: boolean): number {
  const { capture_window_seconds } = ctx.settings;
  const { card, features } = charge.sandbox;
  if (capture_window_seconds !== null) return capture_window_seconds;
  return features.extended
    ? EXTENDED_WINDOW_SECONDS
    : captureWindowSeconds(card?.brand ?? '', merchantInitiated);
}

function authorized(ctx: Context, fresh: Charge, { merchantInitiated, asked }: ChargeRequest): Charge {
  const features = grantedFeatures(ctx, asked);
  const charge = { ...fresh, sandbox: { ...fresh.sandbox, features } };
  const captureBefore = ctx.now + captureWindow(ctx, charge, merchantInitiated);
  const row = ctx.tx.put('charge', { ...charge, sandbox: { ...charge.sandbox, captureBefore } });
  ctx.tx.put('job', {
    id: `expire ${row.id}`,
    dueMs: captureBefore * 1000,
    kind: 'expire_authorization',
    subject: row.id,
  });
  emit(ctx, 'charge.succeeded', 'charge', row, ctx.account);
  return row;
}

const APPROVED = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 20,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

function declinedOutcome({
  decline_code: reason,
  advice_code,
  network_advice_code,
  network_decline_code,
}: NonNullable<ReturnType<typeof declineOf>>): Record<string, unknown> {
  const blocked = reason === 'fraudulent';
  return {
    ...APPROVED,
    advice_code,
    network_advice_code: network_advice_code ?? null,
    network_decline_code: network_decline_code ?? null,
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
    reason: blocked ? 'highest_risk_level' : reason,
    risk_level: blocked ? 'highest' : 'normal',
    seller_message: blocked
      ? 'Stripe blocked this payment as too risky.'
      : 'The bank did not return any further details with this decline.',
    type: blocked ? 'blocked' : 'issuer_declined',
  };
}

/** As it was charged, card or bank account. */
export function newCharge(ctx: Context, request: ChargeRequest): Charge {
  const { card, us_bank_account: bank, sandbox } = request.paymentMethod;
  const { behaviour } = sandbox;
  return {
    id: ctx.ids.ofPayment('ch', request.base),
    owner: ctx.account,
    amount: request.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application_fee: null,
    application_fee_amount: request.applicationFeeAmount,
    balance_transaction: null,
    captured: false,
    created: ctx.now,
    currency: request.currency,
    customer: request.customer,
    description: request.description,
    destination: request.transferData?.destination ?? null,
    disputed: false,
    failure_code: null,
    failure_message: null,
    metadata: request.metadata,
    on_behalf_of: request.onBehalfOf,
    outcome: APPROVED,
    paid: true,
    payment_intent: request.paymentIntent,
    payment_method: request.paymentMethod.id,
    receipt_email: request.receiptEmail,
    refunded: false,
    shipping: request.shipping,
    source_transfer: null,
    statement_descriptor: request.statementDescriptor,
    statement_descriptor_suffix: request.statementDescriptorSuffix,
    status: 'succeeded',
    transfer: null,
    transfer_data: request.transferData,
    transfer_group: request.transferGroup,
    sandbox: {
      base: request.base,
      captureBefore: null,
      features: NO_FEATURES,
      released: false,
      releasedAsRefund: 0,
      version: ctx.version,
      card: card && { ...card, behaviour },
      bank: bank && { ...bank, behaviour },
    },
  };
}
