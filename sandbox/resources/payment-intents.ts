import type { Context } from '../core/context.ts';
import { versionBefore } from '../core/context.ts';
import { NO_FEATURES } from '../flows/capture-features.ts';
import { emit } from '../flows/events.ts';
import { confirmIntent } from '../flows/intents.ts';
import { checkUsable, findPaymentMethod, readBank, readCard, saveBank, saveCard } from '../flows/methods.ts';
import { checkParents } from '../flows/parents.ts';
import {
  checkChargeAmount,
  checkConverted,
  checkCustomer,
  checkDestination,
  checkOnBehalfOf,
  checkPlatformShare,
  checkRegion,
} from '../flows/rules.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import { mergeMetadata, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { confirmShape, createShape } from './payment-intent-params.ts';

export function findIntent(ctx: Context, id: string): PaymentIntent {
  const intent = ctx.tx.get('payment_intent', id);
  if (!intent || intent.owner !== ctx.account) throw noSuch('payment_intent', id, 'intent', 404);
  return intent;
}

type CreateParams = Parsed<typeof createShape>;
type ConfirmParams = Parsed<typeof confirmShape>;

/** `payment_method`, or the one that `payment_method_data` describes. */
export function paymentMethodOf(
  ctx: Context,
  params: Pick<ConfirmParams, 'payment_method' | 'payment_method_data'>,
  customer: string | null,
  intent?: PaymentIntent,
): string | null {
  if (params.payment_method_data) {
    const { card, us_bank_account, billing_details, type } = params.payment_method_data;
    const extra = billing_details ? { billing: billing_details } : {};
    if (type === 'us_bank_account') {
      return saveBank(ctx, readBank(us_bank_account ?? {}, 'payment_method_data[us_bank_account]'), extra).id;
    }
    if (type !== 'card')
      throw invalid('The sandbox takes only cards and US bank accounts.', 'payment_method_data[type]');
    return saveCard(ctx, readCard(ctx, card ?? {}, 'payment_method_data[card]'), extra).id;
  }
  if (params.payment_method === undefined) return null;
  const method = findPaymentMethod(ctx, params.payment_method, 'payment_method');
  checkUsable(method, customer, intent);
  return method.id;
}

function automaticMethods(ctx: Context, params: CreateParams): PaymentIntent['automatic_payment_methods'] {
  const asked = params.automatic_payment_methods;
  if (asked)
    return asked.enabled ? { enabled: true, allow_redirects: asked.allow_redirects ?? 'always' } : null;
  // Since this version Stripe turns them on unless the request names its types.
  if (params.payment_method_types || versionBefore(ctx.version, '2023-08-16')) return null;
  return { enabled: true, allow_redirects: 'always' };
}

function defaultCapture(ctx: Context): 'automatic' | 'automatic_async' {
  return versionBefore(ctx.version, '2023-10-17') ? 'automatic' : 'automatic_async';
}

function checkCreate(ctx: Context, params: CreateParams): void {
  checkChargeAmount(params.amount, params.currency);
  const { transfer_data } = params;
  checkPlatformShare(ctx, {
    amount: params.amount,
    applicationFeeAmount: params.application_fee_amount ?? null,
    transferData: transfer_data
      ? {
          destination: transfer_data.destination,
          ...(transfer_data.amount ? { amount: transfer_data.amount } : {}),
        }
      : null,
  });
  if (params.customer !== undefined) checkCustomer(ctx, params.customer);
  if (params.on_behalf_of !== undefined) checkOnBehalfOf(ctx, params.on_behalf_of);
  checkConverted(ctx, { ...params, onBehalfOf: params.on_behalf_of ?? null });
  if (!transfer_data) return;
  const destination = checkDestination(ctx, transfer_data.destination, 'transfer_data[destination]');
  if (params.on_behalf_of === undefined) checkRegion(ctx, destination);
}

function automaticTypes({ currency }: CreateParams): string[] {
  return currency === 'usd' ? ['card', 'link', 'us_bank_account'] : ['card', 'link'];
}

function newIntent(ctx: Context, params: CreateParams): PaymentIntent {
  const base = ctx.ids.paymentBase(ctx.account);
  const id = ctx.ids.ofPayment('pi', base);
  const automatic = automaticMethods(ctx, params);
  const { transfer_data } = params;
  return {
    id,
    owner: ctx.account,
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    application_fee_amount: params.application_fee_amount ?? null,
    automatic_payment_methods: automatic,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? defaultCapture(ctx),
    client_secret: `${id}_secret_${ctx.ids.random(25)}`,
    confirmation_method: params.confirmation_method ?? 'automatic',
    created: ctx.now,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: params.on_behalf_of ?? null,
    payment_method: null,
    payment_method_types: automatic ? automaticTypes(params) : (params.payment_method_types ?? ['card']),
    receipt_email: params.receipt_email ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: params.shipping ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: transfer_data
      ? {
          destination: transfer_data.destination,
          ...(transfer_data.amount ? { amount: transfer_data.amount } : {}),
        }
      : null,
    transfer_group: params.transfer_group ?? null,
    sandbox: { base, authenticated: null, asked: { ...NO_FEATURES, ...params.payment_method_options } },
  };
}

const create = route('POST', '/v1/payment_intents', createShape, (ctx, params) => {
  checkCreate(ctx, params);
  const method = paymentMethodOf(ctx, params, params.customer ?? null);
  const intent = ctx.tx.put('payment_intent', {
    ...newIntent(ctx, params),
    payment_method: method,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  });
  emit(ctx, 'payment_intent.created', 'payment_intent', intent, ctx.account);
  if (!params.confirm) return view(ctx, 'payment_intent', intent);
  return view(ctx, 'payment_intent', confirmIntent(ctx, intent, confirmation(params, method)));
});

function confirmation(
  params: ConfirmParams,
  paymentMethod: string | null,
): Parameters<typeof confirmIntent>[2] {
  return {
    paymentMethod,
    offSession: params.off_session !== undefined && params.off_session !== false,
    returnUrl: params.return_url ?? null,
    errorOnRequiresAction: params.error_on_requires_action ?? false,
  };
}

const confirm = route('POST', '/v1/payment_intents/:intent/confirm', confirmShape, (ctx, params, ids) => {
  const before = findIntent(ctx, ids.intent);
  const intent = ctx.tx.update('payment_intent', before.id, {
    capture_method: params.capture_method ?? before.capture_method,
    receipt_email: params.receipt_email === undefined ? before.receipt_email : params.receipt_email,
    setup_future_usage:
      params.setup_future_usage === undefined ? before.setup_future_usage : params.setup_future_usage,
    sandbox: { ...before.sandbox, asked: { ...before.sandbox.asked, ...params.payment_method_options } },
    shipping: params.shipping === undefined ? before.shipping : params.shipping,
  });
  const method = paymentMethodOf(ctx, params, intent.customer, intent);
  return view(ctx, 'payment_intent', confirmIntent(ctx, intent, confirmation(params, method)));
});

const retrieve = route(
  'GET',
  '/v1/payment_intents/:intent',
  { client_secret: optional(text) },
  (ctx, _params, ids) => view(ctx, 'payment_intent', findIntent(ctx, ids.intent)),
);

const list = route(
  'GET',
  '/v1/payment_intents',
  { ...pageShape, created, customer: optional(text), customer_account: optional(text) },
  (ctx, params) => {
    checkParents(ctx, { customer: params.customer });
    const rows =
      params.customer === undefined
        ? ownRows(ctx, 'payment_intent', params)
        : ctx.tx.where('payment_intent', 'customer', params.customer);
    const kept = filtered(
      rows,
      (row) => row.owner === ctx.account && createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'payment_intent', kept, params, '/v1/payment_intents');
  },
);

export const paymentIntentRoutes = [create, confirm, retrieve, list];
