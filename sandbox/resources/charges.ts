import type { Context } from '../core/context.ts';
import { captureCharge } from '../flows/capture.ts';
import { emit } from '../flows/events.ts';
import { checkParents } from '../flows/parents.ts';
import { checkChargeStep } from '../flows/rules.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import {
  anyHash,
  anything,
  atLeast,
  clearable,
  email,
  hash,
  mergeMetadata,
  metadata,
  optional,
  statement,
  statementSuffix,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Charge } from '../objects/payments.ts';
import { view } from '../views/index.ts';

function findCharge(ctx: Context, id: string): Charge {
  const charge = ctx.tx.get('charge', id);
  if (!charge || charge.owner !== ctx.account) throw noSuch('charge', id, 'id', 404);
  return charge;
}

const retrieve = route('GET', '/v1/charges/:charge', {}, (ctx, _params, ids) =>
  view(ctx, 'charge', findCharge(ctx, ids.charge)),
);

const updateShape = {
  customer: optional(text),
  description: optional(clearable(text)),
  fraud_details: optional(anything),
  metadata: optional(metadata),
  receipt_email: optional(clearable(email)),
  shipping: optional(clearable(anyHash)),
  transfer_group: optional(text),
};

const update = route('POST', '/v1/charges/:charge', updateShape, (ctx, params, ids) => {
  const before = findCharge(ctx, ids.charge);
  if (params.transfer_group !== undefined && before.payment_intent !== null) {
    throw invalid(
      `This Charge was created by a PaymentIntent (${before.payment_intent}). You must update the \`transfer_group\` on the PaymentIntent instead of updating the Charge directly. See https://stripe.com/docs/api#update_payment_intent`,
    );
  }
  const changed = ctx.tx.update('charge', before.id, {
    description: params.description === undefined ? before.description : params.description,
    metadata: mergeMetadata(before.metadata, params.metadata),
    receipt_email: params.receipt_email === undefined ? before.receipt_email : params.receipt_email,
    shipping: params.shipping === undefined ? before.shipping : params.shipping,
    transfer_group: params.transfer_group ?? before.transfer_group,
  });
  emit(ctx, 'charge.updated', 'charge', changed, ctx.account);
  return view(ctx, 'charge', changed);
});

const captureShape = {
  amount: optional(atLeast(1)),
  application_fee: optional(atLeast(1)),
  application_fee_amount: optional(atLeast(0)),
  receipt_email: optional(text),
  statement_descriptor: optional(statement),
  statement_descriptor_suffix: optional(statementSuffix),
  transfer_data: optional(hash({ amount: optional(atLeast(1)) })),
  transfer_group: optional(text),
};

const capture = route('POST', '/v1/charges/:charge/capture', captureShape, (ctx, params, ids) => {
  const charge = findCharge(ctx, ids.charge);
  if (charge.captured) {
    throw invalid(`Charge ${charge.id} has already been captured.`, undefined, 'charge_already_captured');
  }
  if (charge.payment_intent !== null) {
    throw invalid(
      `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must capture the PaymentIntent instead. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
    );
  }
  if (charge.sandbox.released) {
    throw invalid(
      `Charge ${charge.id} has expired or was released and can no longer be captured.`,
      undefined,
      'charge_expired_for_capture',
    );
  }
  const amount = params.amount ?? charge.amount;
  checkChargeStep(amount, charge.currency, 'amount');
  if (amount > charge.amount) {
    throw invalid('You cannot capture more than the authorized amount.', 'amount', 'amount_too_large');
  }
  const { transfer_data } = charge;
  const captured = captureCharge(ctx, charge, amount, {
    application_fee_amount:
      params.application_fee_amount ?? params.application_fee ?? charge.application_fee_amount,
    transfer_data: transfer_data && {
      ...transfer_data,
      amount: params.transfer_data?.amount ?? transfer_data.amount,
    },
  });
  return view(ctx, 'charge', captured);
});

const listShape = {
  ...pageShape,
  created,
  customer: optional(text),
  payment_intent: optional(text),
  transfer_group: optional(text),
};

function candidates(ctx: Context, params: Parsed<typeof listShape>): Iterable<Charge> {
  checkParents(ctx, { customer: params.customer, payment_intent: params.payment_intent });
  if (params.payment_intent !== undefined)
    return ctx.tx.where('charge', 'payment_intent', params.payment_intent);
  if (params.transfer_group !== undefined)
    return ctx.tx.where('charge', 'transfer_group', params.transfer_group);
  if (params.customer !== undefined) return ctx.tx.where('charge', 'customer', params.customer);
  return ownRows(ctx, 'charge', params);
}

const list = route('GET', '/v1/charges', listShape, (ctx, params) => {
  const kept = filtered(
    candidates(ctx, params),
    (row) =>
      row.owner === ctx.account &&
      (params.customer === undefined || row.customer === params.customer) &&
      (params.transfer_group === undefined || row.transfer_group === params.transfer_group) &&
      createdMatches(params.created, row.created),
  );
  return listPage(ctx, 'charge', kept, params, '/v1/charges');
});

export const chargeRoutes = [capture, retrieve, update, list];
