import type { Context } from '../core/context.ts';
import type { Dispute, EarlyFraudWarning, Review, StoredFile } from '../objects/disputes.ts';
import { balanceTransactionView } from './connect.ts';
import type { Json } from './json.ts';

export const EVIDENCE_FILES = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const;

export const EVIDENCE_TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;

const NO_EVIDENCE = Object.fromEntries([...EVIDENCE_FILES, ...EVIDENCE_TEXTS].map((name) => [name, null]));

/** Visa's codes for the reasons the test cards know. */
const NETWORK_CODES: Record<string, string> = { fraudulent: '10.4', product_not_received: '13.1' };

/** Who only asks names the kind of reason, not the reason. */
function networkCode({ reason }: Dispute, isInquiry: boolean): string | null {
  const code = NETWORK_CODES[reason] ?? null;
  return isInquiry && code ? code.slice(0, code.indexOf('.')) : code;
}

/** What Stripe knows itself, and fills in a moment after the dispute has come. */
function filledIn(ctx: Context, { charge: id, created }: Dispute): Json {
  if (ctx.now <= created) return {};
  const { customer: payer, description } = ctx.tx.must('charge', id);
  const customer = payer === null ? undefined : ctx.tx.get('customer', payer);
  return {
    customer_email_address: customer?.email ?? null,
    customer_name: customer?.name ?? customer?.description ?? null,
    product_description: description,
  };
}

export function earlyFraudWarningView(ctx: Context, { owner: _, ...warning }: EarlyFraudWarning): Json {
  const charge = ctx.tx.get('charge', warning.charge);
  return {
    object: 'radar.early_fraud_warning',
    ...warning,
    actionable: charge !== undefined && !charge.disputed && !charge.refunded,
    livemode: false,
  };
}

export function reviewView(_ctx: Context, { owner: _, ...review }: Review): Json {
  return {
    object: 'review',
    ...review,
    billing_zip: null,
    ip_address: null,
    ip_address_location: null,
    livemode: false,
    open: review.closed_reason === null,
    reason: review.closed_reason ?? review.opened_reason,
    session: null,
  };
}

export function disputeView(ctx: Context, row: Dispute): Json {
  const { owner: _, balance_transactions, evidence, evidence_details, ...dispute } = row;
  const card = ctx.tx.get('charge', row.charge)?.sandbox.card;
  const isInquiry = row.status.startsWith('warning_');
  return {
    object: 'dispute',
    ...dispute,
    // No longer in Stripe's description, but in its answers.
    balance_transaction: balance_transactions[0] ?? null,
    balance_transactions: balance_transactions.map((id) =>
      balanceTransactionView(ctx, ctx.tx.must('balance_transaction', id)),
    ),
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, ...filledIn(ctx, row), ...evidence, enhanced_evidence: {} },
    evidence_details: { ...evidence_details, enhanced_eligibility: {} },
    livemode: false,
    ...(card
      ? {
          payment_method_details: {
            card: {
              brand: card.brand,
              case_type: isInquiry ? 'inquiry' : 'chargeback',
              network: card.brand,
              network_reason_code: networkCode(row, isInquiry),
            },
            type: 'card',
          },
        }
      : {}),
  };
}

/** What was in the file is not kept: evidence needs only its id. */
export function fileView(_ctx: Context, row: StoredFile): Json {
  const { owner: _, ...file } = row;
  return {
    object: 'file',
    ...file,
    expires_at: null,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${file.id}` },
    url: `https://files.stripe.com/v1/files/${file.id}/contents`,
  };
}
