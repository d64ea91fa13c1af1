import type { Context } from '../core/context.ts';
import { refundAuthorization } from '../flows/capture.ts';
import { emit } from '../flows/events.ts';
import { checkParent, checkParents } from '../flows/parents.ts';
import { endRefund } from '../flows/refund-outcomes.ts';
import { checkedAmount, refundCharge } from '../flows/refunds.ts';
import { reverseTransfer } from '../flows/reversals.ts';
import { invalid, noSuch } from '../http/errors.ts';
import {
  counted,
  created,
  createdMatches,
  filtered,
  listPage,
  ownRows,
  pageShape,
} from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import { atLeast, boolean, mergeMetadata, metadata, oneOf, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Charge, Refund } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';

const createShape = {
  amount: optional(atLeast(1)),
  charge: optional(text),
  currency: optional(text),
  customer: optional(text),
  instructions_email: optional(text),
  metadata: optional(metadata),
  origin: optional(text),
  payment_intent: optional(text),
  reason: optional(oneOf('duplicate', 'fraudulent', 'requested_by_customer')),
  refund_application_fee: optional(boolean),
  reverse_transfer: optional(boolean),
};

function refundable(
  ctx: Context,
  params: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  const chargeId = params.charge ?? latestCharge(ctx, params.payment_intent);
  const charge = ctx.tx.get('charge', chargeId);
  if (!charge || charge.owner !== ctx.account) throw noSuch('charge', chargeId, 'id', 404);
  // Of several captures those that were made can be refunded while the rest is still held.
  const paid = charge.status === 'succeeded' && charge.amount_captured > 0;
  if (!paid && charge.payment_intent !== null) throw nothingToRefund(charge.payment_intent);
  if (!paid) throw invalid(`Charge ${charge.id} has no captured amount to refund.`, 'charge');
  return charge;
}

function nothingToRefund(intent: string): Error {
  return invalid(
    `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
    'payment_intent',
  );
}

function latestCharge(ctx: Context, intentId: string | undefined): string {
  if (intentId === undefined) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const intent = ctx.tx.get('payment_intent', intentId);
  if (!intent || intent.owner !== ctx.account) throw noSuch('payment_intent', intentId, 'payment_intent');
  if (intent.latest_charge === null) throw nothingToRefund(intentId);
  return intent.latest_charge;
}

/** A charge that is named itself and was only authorized. */
function authorizationOf(ctx: Context, id: string | undefined): Charge | undefined {
  const charge = id === undefined ? undefined : ctx.tx.get('charge', id);
  const isHeld = charge?.owner === ctx.account && charge.status === 'succeeded' && !charge.captured;
  return isHeld && charge.amount_captured === 0 && !charge.sandbox.released ? charge : undefined;
}

function refund(ctx: Context, params: Parsed<typeof createShape>): Json {
  const held = authorizationOf(ctx, params.charge);
  if (held) return view(ctx, 'refund', refundAuthorization(ctx, held, params.amount));
  const charge = refundable(ctx, params);
  if (charge.source_transfer !== null) return view(ctx, 'refund', returnTransfer(ctx, charge, params.amount));
  const made = refundCharge(ctx, charge, {
    amount: params.amount,
    reason: params.reason ?? null,
    metadata: mergeMetadata({}, params.metadata),
    reverseTransfer: params.reverse_transfer ?? false,
    refundApplicationFee: params.refund_application_fee ?? false,
  });
  return view(ctx, 'refund', made);
}

const create = route('POST', '/v1/refunds', createShape, refund);

/** The older ways to ask for one, which Stripe still answers. */
const createOfCharge = route('POST', '/v1/charges/:charge/refunds', createShape, (ctx, params, ids) =>
  refund(ctx, { ...params, charge: ids.charge }),
);

const refundOfCharge = route('POST', '/v1/charges/:charge/refund', createShape, (ctx, params, ids) => {
  refund(ctx, { ...params, charge: ids.charge });
  return view(ctx, 'charge', ctx.tx.must('charge', ids.charge));
});

/** A connected account that refunds what the platform sent it gives the transfer back. */
function returnTransfer(ctx: Context, payment: Charge, asked: number | undefined): Refund {
  const transfer = ctx.tx.must('transfer', payment.source_transfer ?? '');
  const amount = checkedAmount(ctx, payment, asked);
  const { destination_payment_refund } = reverseTransfer(ctx, transfer, amount);
  return ctx.tx.must('refund', destination_payment_refund);
}

function findRefund(ctx: Context, id: string): Refund {
  const refund = ctx.tx.get('refund', id);
  if (!refund || refund.owner !== ctx.account) throw noSuch('refund', id, 'refund', 404);
  return refund;
}

const retrieve = route('GET', '/v1/refunds/:refund', {}, (ctx, _params, ids) =>
  view(ctx, 'refund', findRefund(ctx, ids.refund)),
);

const update = route('POST', '/v1/refunds/:refund', { metadata: optional(metadata) }, (ctx, params, ids) => {
  const before = findRefund(ctx, ids.refund);
  const changed = ctx.tx.update('refund', before.id, {
    metadata: mergeMetadata(before.metadata, params.metadata),
  });
  emit(ctx, 'refund.updated', 'refund', changed, ctx.account);
  emit(ctx, 'charge.refund.updated', 'refund', changed, ctx.account);
  return view(ctx, 'refund', changed);
});

const cancel = route('POST', '/v1/refunds/:refund/cancel', {}, (ctx, _params, ids) => {
  const { id, status } = findRefund(ctx, ids.refund);
  if (status !== 'requires_action') throw invalid('Canceling this refund is unsupported.');
  return view(ctx, 'refund', endRefund(ctx, id, 'canceled', 'merchant_request'));
});

const expire = route('POST', '/v1/test_helpers/refunds/:refund/expire', {}, (ctx, _params, ids) => {
  const { id, status } = findRefund(ctx, ids.refund);
  if (status !== 'requires_action') throw invalid('Only a refund that requires action can expire.');
  return view(ctx, 'refund', endRefund(ctx, id, 'failed', 'unknown'));
});

const listShape = { ...pageShape, created, charge: optional(text), payment_intent: optional(text) };

function refundsOf(ctx: Context, params: Parsed<typeof listShape>): Iterable<Refund> {
  checkParents(ctx, params);
  if (params.charge !== undefined) return ctx.tx.where('refund', 'charge', params.charge);
  if (params.payment_intent !== undefined)
    return ctx.tx.where('refund', 'payment_intent', params.payment_intent);
  return ownRows(ctx, 'refund', params);
}

const list = route('GET', '/v1/refunds', listShape, (ctx, params) => {
  const kept = filtered(
    refundsOf(ctx, params),
    (row) => row.owner === ctx.account && createdMatches(params.created, row.created),
  );
  const page = listPage(ctx, 'refund', kept, params, '/v1/refunds');
  return params.charge === undefined ? page : counted(page, refundsOf(ctx, params));
});

const ofCharge = route('GET', '/v1/charges/:charge/refunds', pageShape, (ctx, params, ids) => {
  checkParent(ctx, 'charge', ids.charge, 404);
  const kept = filtered(ctx.tx.where('refund', 'charge', ids.charge), (row) => row.owner === ctx.account);
  return listPage(ctx, 'refund', kept, params, `/v1/charges/${ids.charge}/refunds`);
});

export const refundRoutes = [
  create,
  createOfCharge,
  refundOfCharge,
  retrieve,
  update,
  cancel,
  expire,
  list,
  ofCharge,
];
