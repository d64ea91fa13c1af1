import type { Context } from '../core/context.ts';
import { emit } from '../flows/events.ts';
import {
  attachToCustomer,
  findPaymentMethod,
  readBank,
  readCard,
  saveBank,
  saveCard,
  typeOf,
} from '../flows/methods.ts';
import { checkCustomer } from '../flows/rules.ts';
import { invalid, noSuch, StripeError } from '../http/errors.ts';
import { type Filtered, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import {
  anyHash,
  anything,
  hash,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  optional,
  type Parsed,
  required,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import { view } from '../views/index.ts';
import { usBankAccount } from './payment-intent-params.ts';

const allow_redisplay = optional(oneOf('always', 'limited', 'unspecified'));

const createShape = {
  allow_redisplay,
  billing_details: optional(anyHash),
  card: optional(
    hash({
      cvc: optional(text),
      exp_month: optional(integer),
      exp_year: optional(integer),
      networks: optional(anything),
      number: optional(text),
      token: optional(text),
    }),
  ),
  customer: optional(text),
  metadata: optional(metadata),
  payment_method: optional(text),
  radar_options: optional(anything),
  type: optional(text),
  us_bank_account: optional(usBankAccount),
};

const create = route('POST', '/v1/payment_methods', createShape, (ctx, params) => {
  if (params.payment_method !== undefined) return view(ctx, 'payment_method', cloneFor(ctx, params));
  if (params.type === undefined) throw invalid('Missing required param: type.', 'type', 'parameter_missing');
  const extra = {
    metadata: mergeMetadata({}, params.metadata),
    ...(params.allow_redisplay ? { allow_redisplay: params.allow_redisplay } : {}),
    ...(params.billing_details ? { billing: params.billing_details } : {}),
  };
  if (params.type === 'us_bank_account') {
    const bank = readBank(params.us_bank_account ?? {}, 'us_bank_account');
    return view(ctx, 'payment_method', saveBank(ctx, bank, extra));
  }
  if (params.type !== 'card') throw invalid('The sandbox takes only cards and US bank accounts.', 'type');
  if (!params.card) throw invalid('Missing required param: card.', 'card', 'parameter_missing');
  return view(ctx, 'payment_method', saveCard(ctx, readCard(ctx, params.card, 'card'), extra));
});

/** A platform's saved method, copied to the connected account it acts as. */
function cloneFor(
  ctx: Context,
  params: { payment_method?: string | undefined; customer?: string | undefined },
): PaymentMethod {
  const id = params.payment_method ?? '';
  const original = ctx.tx.get('payment_method', id);
  if (!original || original.owner !== ctx.settings.platform || ctx.account === ctx.settings.platform) {
    throw noSuch('PaymentMethod', id, 'payment_method');
  }
  const { card, us_bank_account: bank, sandbox } = original;
  const { behaviour } = sandbox;
  if (card) return saveCard(ctx, { ...card, behaviour });
  if (bank) return saveBank(ctx, { ...bank, behaviour });
  throw noSuch('PaymentMethod', id, 'payment_method');
}

const retrieve = route('GET', '/v1/payment_methods/:id', {}, (ctx, _params, ids) =>
  view(ctx, 'payment_method', findPaymentMethod(ctx, ids.id, 'payment_method', 404)),
);

const update = route(
  'POST',
  '/v1/payment_methods/:id',
  {
    allow_redisplay,
    billing_details: optional(anyHash),
    card: optional(
      hash({ exp_month: optional(integer), exp_year: optional(integer), networks: optional(anything) }),
    ),
    metadata: optional(metadata),
  },
  (ctx, params, ids) => {
    const before = findPaymentMethod(ctx, ids.id, 'payment_method', 404);
    const changed = ctx.tx.update('payment_method', before.id, {
      ...(params.allow_redisplay ? { allow_redisplay: params.allow_redisplay } : {}),
      billing_details: { ...before.billing_details, ...params.billing_details },
      card: before.card && {
        ...before.card,
        exp_month: params.card?.exp_month ?? before.card.exp_month,
        exp_year: params.card?.exp_year ?? before.card.exp_year,
      },
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    emit(ctx, 'payment_method.updated', 'payment_method', changed, ctx.account);
    return view(ctx, 'payment_method', changed);
  },
);

const attach = route(
  'POST',
  '/v1/payment_methods/:id/attach',
  { customer: required(text), customer_account: optional(text) },
  (ctx, params, ids) => {
    const method = findPaymentMethod(ctx, ids.id, 'payment_method', 404);
    const customer = checkCustomer(ctx, params.customer);
    return view(ctx, 'payment_method', attachToCustomer(ctx, method, customer.id));
  },
);

const detach = route('POST', '/v1/payment_methods/:id/detach', {}, (ctx, _params, ids) => {
  const method = findPaymentMethod(ctx, ids.id, 'payment_method', 404);
  if (method.customer === null) {
    throw invalid(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  const customer = ctx.tx.must('customer', method.customer);
  if (customer.invoice_settings.default_payment_method === method.id) {
    ctx.tx.update('customer', customer.id, { invoice_settings: { default_payment_method: null } });
  }
  const detached = ctx.tx.update('payment_method', method.id, {
    customer: null,
    sandbox: { ...method.sandbox, spent: true },
  });
  emit(ctx, 'payment_method.detached', 'payment_method', detached, ctx.account);
  return view(ctx, 'payment_method', detached);
});

const listShape = { ...pageShape, allow_redisplay, type: optional(text) };

function ofCustomer(
  ctx: Context,
  customer: string,
  { allow_redisplay: shown, type }: Parsed<typeof listShape>,
): Filtered<PaymentMethod> {
  return filtered(
    ctx.tx.where('payment_method', 'customer', customer),
    (row) =>
      (type === undefined || type === typeOf(row)) &&
      (shown === undefined || shown === (row.allow_redisplay ?? 'unspecified')),
  );
}

const list = route(
  'GET',
  '/v1/payment_methods',
  { ...listShape, customer: optional(text), customer_account: optional(text) },
  (ctx, params) => {
    const rows =
      params.customer === undefined
        ? filtered(ownRows(ctx, 'payment_method', params), () => false)
        : ofCustomer(ctx, checkCustomer(ctx, params.customer).id, params);
    return listPage(ctx, 'payment_method', rows, params, '/v1/payment_methods');
  },
);

const listOfCustomer = route(
  'GET',
  '/v1/customers/:customer/payment_methods',
  listShape,
  (ctx, params, ids) => {
    const { id } = checkCustomer(ctx, ids.customer, 404);
    return listPage(
      ctx,
      'payment_method',
      ofCustomer(ctx, id, params),
      params,
      `/v1/customers/${id}/payment_methods`,
    );
  },
);

const retrieveOfCustomer = route(
  'GET',
  '/v1/customers/:customer/payment_methods/:id',
  {},
  (ctx, _params, ids) => {
    const { id } = checkCustomer(ctx, ids.customer, 404);
    const method = findPaymentMethod(ctx, ids.id, 'payment_method', 404);
    if (method.customer !== id) {
      throw new StripeError(404, {
        message: 'Invalid request',
        param: 'customer',
        type: 'invalid_request_error',
      });
    }
    return view(ctx, 'payment_method', method);
  },
);

export const paymentMethodRoutes = [
  create,
  attach,
  detach,
  retrieve,
  update,
  list,
  listOfCustomer,
  retrieveOfCustomer,
];
