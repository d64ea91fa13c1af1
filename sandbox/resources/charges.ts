import type { Context } from '../core/context.ts';
import { chargeCard } from '../flows/authorize.ts';
import { captureCharge } from '../flows/capture.ts';
import { declineOf } from '../flows/cards.ts';
import { emit } from '../flows/events.ts';
import { findPaymentMethod, saveCard, spendToken } from '../flows/methods.ts';
import {
  checkChargeAmount,
  checkCustomer,
  checkDestination,
  checkOnBehalfOf,
  checkPlatformShare,
  checkRegion,
} from '../flows/rules.ts';
import { invalid, noSuch, StripeError } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import {
  anyHash,
  anything,
  atLeast,
  boolean,
  clearable,
  currency,
  either,
  hash,
  integer,
  isText,
  mergeMetadata,
  metadata,
  optional,
  required,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Charge, ChargeTransferData } from '../objects/payments.ts';
import { view } from '../views/index.ts';

const createShape = {
  amount: required(integer),
  application_fee: optional(atLeast(1)),
  application_fee_amount: optional(atLeast(1)),
  capture: optional(boolean),
  card: optional(text),
  currency: required(currency),
  customer: optional(text),
  description: optional(clearable(text)),
  destination: optional(
    either(
      isText,
      (value, name) => ({ account: text(value, name), amount: undefined }),
      hash({ account: required(text), amount: optional(atLeast(1)) }),
    ),
  ),
  metadata: optional(metadata),
  on_behalf_of: optional(text),
  radar_options: optional(anything),
  receipt_email: optional(text),
  shipping: optional(anyHash),
  source: optional(text),
  statement_descriptor: optional(clearable(text)),
  statement_descriptor_suffix: optional(clearable(text)),
  transfer_data: optional(
    hash({ amount: optional(atLeast(1)), description: optional(text), destination: required(text) }),
  ),
  transfer_group: optional(text),
};

type CreateParams = Parsed<typeof createShape>;

interface Route {
  transferData: ChargeTransferData | null;
  onBehalfOf: string | null;
}

/** The deprecated `destination[account]` makes that account the settlement merchant; transfer_data does not. */
function destinationOf(ctx: Context, params: CreateParams): Route {
  if (params.destination) {
    const { account, amount } = params.destination;
    checkDestination(ctx, account, 'destination');
    checkOnBehalfOf(ctx, account);
    return { transferData: { destination: account, amount: amount ?? null }, onBehalfOf: account };
  }
  const onBehalfOf = params.on_behalf_of ?? null;
  if (onBehalfOf) checkOnBehalfOf(ctx, onBehalfOf);
  if (!params.transfer_data) return { transferData: null, onBehalfOf };
  const { destination, amount } = params.transfer_data;
  const account = checkDestination(ctx, destination, 'transfer_data[destination]');
  if (!onBehalfOf) checkRegion(ctx, account);
  return { transferData: { destination, amount: amount ?? null }, onBehalfOf };
}

function payer(ctx: Context, params: CreateParams): { method: PaymentMethod; customer: string | null } {
  const customer = params.customer === undefined ? null : checkCustomer(ctx, params.customer);
  const source = params.source ?? params.card ?? customer?.default_source;
  if (source === undefined || source === null) {
    throw customer
      ? new StripeError(402, {
          code: 'missing',
          message: 'Cannot charge a customer that has no active card',
          param: 'card',
          type: 'card_error',
        })
      : invalid('Must provide source or customer.', undefined, 'parameter_missing');
  }
  if (!source.startsWith('tok_')) {
    const method = findPaymentMethod(ctx, source, 'source');
    if (method.customer !== (customer?.id ?? null)) {
      throw invalid(
        `Customer ${customer?.id ?? ''} does not have a linked source with ID ${source}.`,
        'source',
        'missing',
      );
    }
    return { method, customer: customer?.id ?? null };
  }
  if (customer) {
    throw invalid(
      `Customer ${customer.id} does not have a linked source with ID ${source}.`,
      'source',
      'missing',
    );
  }
  return { method: saveCard(ctx, spendToken(ctx, source, 'source'), { prefix: 'card' }), customer: null };
}

const create = route('POST', '/v1/charges', createShape, (ctx, params) => {
  const { method, customer } = payer(ctx, params);
  checkChargeAmount(params.amount, params.currency);
  const { transferData, onBehalfOf } = destinationOf(ctx, params);
  const applicationFeeAmount = params.application_fee_amount ?? params.application_fee ?? null;
  checkPlatformShare(ctx, { amount: params.amount, applicationFeeAmount, transferData });
  const base = ctx.ids.paymentBase(ctx.account);
  const charge = chargeCard(
    ctx,
    {
      base,
      amount: params.amount,
      currency: params.currency,
      applicationFeeAmount,
      customer,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      onBehalfOf,
      paymentIntent: null,
      paymentMethod: method,
      receiptEmail: params.receipt_email ?? null,
      shipping: params.shipping ?? null,
      statementDescriptor: params.statement_descriptor ?? null,
      statementDescriptorSuffix: params.statement_descriptor_suffix ?? null,
      transferData,
      transferGroup: params.transfer_group ?? (transferData ? `group_${base}` : null),
      merchantInitiated: false,
      mode: params.capture === false ? 'authorize' : 'capture_now',
    },
    method.sandbox.behaviour === 'authentication_required' ? 'authentication_not_handled' : undefined,
  );
  if (charge.status === 'failed') throw declined(charge, method);
  return view(ctx, 'charge', charge);
});

function declined(charge: Charge, method: PaymentMethod): StripeError {
  const { behaviour } = method.sandbox;
  const reason = declineOf(
    behaviour === 'authentication_required' ? 'authentication_not_handled' : behaviour,
  );
  return new StripeError(
    402,
    { charge: charge.id, ...reason, message: charge.failure_message ?? '', type: 'card_error' },
    { keepsEffects: true },
  );
}

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
  receipt_email: optional(clearable(text)),
  shipping: optional(clearable(anyHash)),
  transfer_group: optional(text),
};

const update = route('POST', '/v1/charges/:charge', updateShape, (ctx, params, ids) => {
  const before = findCharge(ctx, ids.charge);
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
  application_fee_amount: optional(atLeast(1)),
  receipt_email: optional(text),
  statement_descriptor: optional(text),
  statement_descriptor_suffix: optional(text),
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
      'This charge was created by a PaymentIntent: capture it through the PaymentIntent instead.',
      'charge',
    );
  }
  if (charge.refunded) {
    throw invalid(
      `Charge ${charge.id} has expired or was released and can no longer be captured.`,
      undefined,
      'charge_expired_for_capture',
    );
  }
  const amount = params.amount ?? charge.amount;
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
  if (params.payment_intent !== undefined)
    return ctx.tx.where('charge', 'payment_intent', params.payment_intent);
  if (params.transfer_group !== undefined)
    return ctx.tx.where('charge', 'transfer_group', params.transfer_group);
  if (params.customer !== undefined) return ctx.tx.where('charge', 'customer', params.customer);
  return ctx.tx.where('charge', 'owner', ctx.account);
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

export const chargeRoutes = [create, capture, retrieve, update, list];
