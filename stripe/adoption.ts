import type Stripe from 'stripe';
import type { Problem } from '../domain/errors.ts';
import { problem } from '../domain/errors.ts';
import { METADATA_KEYS_MAX } from '../domain/ids.ts';
import { currencyRules } from '../domain/money/currencies.ts';
import { withoutOwn } from '../domain/orders/metadata.ts';
import type { Adopted } from '../domain/orders/observation.ts';
import { knownTransfers } from '../domain/orders/observation.ts';
import type { OrderTerms, SpecialCaseTransfer } from '../domain/orders/order.ts';
import { mayHaveParts } from './capture-parts.ts';
import type { Reader } from './observe.ts';
import { NOTHING_KNOWN, observationOf } from './observe.ts';
import { expanded, idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { transferFactsOf } from './transfer-facts.ts';

/** Why a PaymentIntent cannot be this order's; null if it can. */
export function refusalOfAdoption(
  intent: Stripe.PaymentIntent,
  orderId: string,
  livemode: boolean,
): Problem | null {
  const refuse = (detail: string) => problem('invalid_request', detail, { param: 'payment_intent' });
  const { id, metadata, currency } = intent;
  const owner = metadata.waybill_order;
  if (owner !== undefined && owner !== orderId) {
    return problem('state_conflict', `${id} belongs to order ${owner}.`, { param: 'payment_intent' });
  }
  if (intent.livemode !== livemode) {
    return refuse(
      `${id} is in ${modeOf(intent.livemode)} mode, and Waybill runs in ${modeOf(livemode)} mode.`,
    );
  }
  const keys = Object.keys(metadata).length;
  if (owner === undefined && keys >= METADATA_KEYS_MAX) {
    return refuse(
      `${id} has ${keys} metadata keys, as many as Stripe takes, and Waybill adds waybill_order. Remove one first.`,
    );
  }
  const destination = idOf(intent.transfer_data?.destination);
  if (destination === null) return refuse(`${id} is not a destination charge: it has no transfer_data.`);
  const merchant = idOf(intent.on_behalf_of);
  if (merchant !== null && merchant !== destination) {
    return refuse(
      `${id} is on behalf of ${merchant} and transfers to ${destination}; an order has one account.`,
    );
  }
  if (!currencyRules(currency)) return refuse(`${id} is in ${currency}, which Waybill does not support.`);
  return null;
}

/** What was asked for, as the PaymentIntent shows it. It must be a destination charge ({@link refusalOfAdoption}). */
export function termsOf(intent: Stripe.PaymentIntent, orderId: string): OrderTerms {
  const method = idOf(intent.payment_method);
  const card = intent.payment_method_options?.card;
  return {
    id: orderId,
    amount: intent.amount,
    currency: intent.currency,
    source: {
      customer: idOf(intent.customer),
      method: method ? { type: 'payment_method', id: method } : null,
    },
    connectedAccount: idOf(intent.transfer_data?.destination) ?? '',
    applicationFeeAmount: intent.application_fee_amount || null,
    transferAmount: intent.transfer_data?.amount ?? null,
    onBehalfOf: intent.on_behalf_of !== null,
    settlementMerchant: null,
    captureMethod: captureMethodOf(intent),
    onCaptureExpiry: 'cancel',
    onDisputeLost: 'bear',
    requestMulticapture: card?.request_multicapture === 'if_available',
    requestIncrementalAuthorization: card?.request_incremental_authorization === 'if_available',
    offSession: false,
    returnUrl: null,
    statementDescriptorSuffix: intent.statement_descriptor_suffix,
    description: intent.description,
    metadata: withoutOwn(intent.metadata),
  };
}

/**
 * What of an order's terms its PaymentIntent decides, whatever was agreed with Waybill. Where several captures are possible each
 * names its own share, and the PaymentIntent then shows only the last one's.
 */
export function decidedAtStripe(terms: OrderTerms) {
  const { amount, currency, connectedAccount, applicationFeeAmount, transferAmount, onBehalfOf } = terms;
  const decided = { amount, currency, connectedAccount, onBehalfOf };
  return terms.requestMulticapture ? decided : { ...decided, applicationFeeAmount, transferAmount };
}

const CAPTURE_METHODS: readonly OrderTerms['captureMethod'][] = ['manual', 'automatic'];

/** With `automatic_async` everything else arrives later, as with any method that Stripe may add. */
function captureMethodOf({ capture_method: method }: Stripe.PaymentIntent): OrderTerms['captureMethod'] {
  return CAPTURE_METHODS.find((known) => known === method) ?? 'automatic_async';
}

/** All that happened to a PaymentIntent so far. Expects PAYMENT_EXPANDS. */
export async function adoptedOf(reader: Reader, intent: Stripe.PaymentIntent): Promise<Adopted> {
  const transfers = await transfersOutOf(reader.stripe, intent);
  const connectedAccount = idOf(intent.transfer_data?.destination) ?? '';
  const known = { ...NOTHING_KNOWN, transfers: knownTransfers(transfers, { connectedAccount }) };
  return {
    ...(await observationOf(reader, intent, known)),
    transfers,
    createdAt: intent.created * 1000,
  };
}

/** Special-case transfers out of a charge, oldest first: Stripe puts them in its transfer group. */
async function transfersOutOf(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
): Promise<readonly SpecialCaseTransfer[]> {
  const charge = expanded(intent.latest_charge);
  if (!charge?.transfer_group) return [];
  const expand = ['data.balance_transaction', 'data.destination_payment.balance_transaction'];
  const page = { transfer_group: charge.transfer_group, limit: 100, expand };
  const out = (await readAll(stripe.transfers.list(page))).filter(
    ({ source_transaction: from }) => idOf(from) === charge.id,
  );
  const own = mayHaveParts(intent) ? null : await ownTransferOf(stripe, charge, out);
  return out
    .map((transfer) => ({ transfer, operationId: transfer.metadata.waybill_operation ?? null }))
    .filter(({ transfer, operationId }) =>
      mayHaveParts(intent) ? operationId !== null : transfer.id !== own,
    )
    .map(({ transfer, operationId }) => transferFactsOf(transfer, operationId))
    .toReversed();
}

/** The charge's own transfer. With `automatic_async` Stripe makes it later: perhaps since the charge was read. */
async function ownTransferOf(
  stripe: Stripe,
  charge: Stripe.Charge,
  out: readonly Stripe.Transfer[],
): Promise<string | null> {
  const own = idOf(charge.transfer);
  return own !== null || out.length === 0 ? own : idOf((await stripe.charges.retrieve(charge.id)).transfer);
}

function modeOf(livemode: boolean): string {
  return livemode ? 'live' : 'test';
}
