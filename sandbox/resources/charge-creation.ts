import type { Context } from '../core/context.ts';
import { chargeCard } from '../flows/authorize.ts';
import { NO_FEATURES } from '../flows/capture-features.ts';
import { declineOf, needsAuthentication } from '../flows/cards.ts';
import { findPaymentMethod, saveCard, spendToken } from '../flows/methods.ts';
import {
  checkChargeAmount,
  checkConverted,
  checkCustomer,
  checkDestination,
  checkOnBehalfOf,
  checkPlatformShare,
  checkRegion,
} from '../flows/rules.ts';
import { invalid, StripeError } from '../http/errors.ts';
import type { Parsed } from '../http/params.ts';
import {
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
  isText,
  mergeMetadata,
  metadata,
  optional,
  required,
  statement,
  statementSuffix,
  text,
  textUpTo,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Charge, ChargeTransferData } from '../objects/payments.ts';
import { view } from '../views/index.ts';

const createShape = {
  amount: required(integer),
  application_fee: optional(atLeast(1)),
  application_fee_amount: optional(atLeast(0)),
  capture: optional(boolean),
  card: optional(text),
  currency: required(currency),
  customer: optional(textUpTo(500)),
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
  receipt_email: optional(email),
  shipping: optional(anyHash),
  source: optional(text),
  statement_descriptor: optional(clearable(statement)),
  statement_descriptor_suffix: optional(clearable(statementSuffix)),
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
  checkConverted(ctx, { ...params, onBehalfOf });
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
      asked: NO_FEATURES,
      mode: params.capture === false ? 'authorize' : 'capture_now',
    },
    needsAuthentication(method.sandbox.behaviour) ? 'authentication_not_handled' : undefined,
  );
  if (charge.status === 'failed') throw declined(charge, method);
  return view(ctx, 'charge', charge);
});

function declined(charge: Charge, method: PaymentMethod): StripeError {
  const { behaviour } = method.sandbox;
  const reason = declineOf(needsAuthentication(behaviour) ? 'authentication_not_handled' : behaviour);
  return new StripeError(
    402,
    { charge: charge.id, ...reason, message: charge.failure_message ?? '', type: 'card_error' },
    { keepsEffects: true },
  );
}

export const chargeCreationRoutes = [create];
