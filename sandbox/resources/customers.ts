import type { Context } from '../core/context.ts';
import { emit } from '../flows/events.ts';
import { attachToCustomer, findPaymentMethod, saveCard, spendToken } from '../flows/methods.ts';
import { checkCustomer } from '../flows/rules.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { customerCards } from '../http/expand.ts';
import {
  created,
  createdMatches,
  filtered,
  listPage,
  ownRows,
  pageShape,
  paginate,
  unfiltered,
} from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import {
  anyHash,
  anything,
  clearable,
  email,
  hash,
  list as listParam,
  mergeMetadata,
  metadata,
  optional,
  text,
  textUpTo,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Customer } from '../objects/customers.ts';
import { cardView } from '../views/customers.ts';
import { view } from '../views/index.ts';
import { listOf } from '../views/json.ts';

const detailShape = {
  address: optional(clearable(anyHash)),
  balance: optional(anything),
  business_name: optional(anything),
  cash_balance: optional(anything),
  description: optional(clearable(text)),
  email: optional(clearable(email)),
  individual_name: optional(anything),
  invoice_prefix: optional(anything),
  invoice_settings: optional(
    hash({
      custom_fields: optional(anything),
      default_payment_method: optional(clearable(text)),
      footer: optional(anything),
      rendering_options: optional(anything),
    }),
  ),
  metadata: optional(metadata),
  name: optional(clearable(textUpTo(256))),
  next_invoice_sequence: optional(anything),
  phone: optional(clearable(textUpTo(20))),
  preferred_locales: optional(listParam(text)),
  shipping: optional(clearable(anyHash)),
  source: optional(text),
  tax: optional(anything),
  tax_exempt: optional(anything),
};

const createShape = {
  ...detailShape,
  payment_method: optional(text),
  tax_id_data: optional(anything),
  test_clock: optional(text),
};

const updateShape = { ...detailShape, default_source: optional(text) };

const keep = <T>(value: T | undefined, current: T): T => (value === undefined ? current : value);

function details(ctx: Context, before: Customer, params: Parsed<typeof detailShape>): Customer {
  const chosen = params.invoice_settings?.default_payment_method;
  if (chosen && ctx.tx.get('payment_method', chosen)?.customer !== before.id) {
    throw invalid(
      `The customer does not have a payment method with the ID ${chosen}. The payment method must be attached to the customer.`,
      'invoice_settings[default_payment_method]',
      'resource_missing',
    );
  }
  const withSource =
    params.source === undefined ? before.default_source : addSource(ctx, before.id, params.source);
  return ctx.tx.put('customer', {
    ...before,
    address: keep(params.address, before.address),
    default_source: withSource,
    description: keep(params.description, before.description),
    email: keep(params.email, before.email),
    invoice_settings: {
      default_payment_method: keep(chosen, before.invoice_settings.default_payment_method),
    },
    metadata: mergeMetadata(before.metadata, params.metadata),
    name: keep(params.name, before.name),
    phone: keep(params.phone, before.phone),
    preferred_locales: keep(params.preferred_locales, before.preferred_locales),
    shipping: keep(params.shipping, before.shipping),
  });
}

/** The old form of a saved card: a token becomes a `card_` of the customer. */
function addSource(ctx: Context, customer: string, token: string): string {
  const method = saveCard(ctx, spendToken(ctx, token, 'source'), { prefix: 'card' });
  return attachToCustomer(ctx, method, customer).id;
}

const create = route('POST', '/v1/customers', createShape, (ctx, params) => {
  const empty = ctx.tx.put('customer', {
    id: ctx.ids.plain('cus'),
    owner: ctx.account,
    address: null,
    created: ctx.now,
    default_source: null,
    deleted: false,
    description: null,
    email: null,
    invoice_settings: { default_payment_method: null },
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
  });
  if (params.payment_method !== undefined) {
    const method = findPaymentMethod(ctx, params.payment_method, 'payment_method');
    attachToCustomer(ctx, method, empty.id);
  }
  const customer = details(ctx, empty, params);
  emit(ctx, 'customer.created', 'customer', customer, ctx.account);
  return view(ctx, 'customer', customer);
});

const retrieve = route('GET', '/v1/customers/:customer', {}, (ctx, _params, ids) => {
  const customer = ctx.tx.get('customer', ids.customer);
  if (!customer || customer.owner !== ctx.account) throw noSuch('customer', ids.customer, 'id', 404);
  return view(ctx, 'customer', customer);
});

const update = route('POST', '/v1/customers/:customer', updateShape, (ctx, params, ids) => {
  const before = checkCustomer(ctx, ids.customer, 404);
  const { default_source } = params;
  if (default_source !== undefined && ctx.tx.get('payment_method', default_source)?.customer !== before.id) {
    throw noSuch('source', default_source, 'default_source');
  }
  const changed = details(
    ctx,
    { ...before, default_source: default_source ?? before.default_source },
    params,
  );
  emit(ctx, 'customer.updated', 'customer', changed, ctx.account);
  return view(ctx, 'customer', changed);
});

const remove = route('DELETE', '/v1/customers/:customer', {}, (ctx, _params, ids) => {
  const before = checkCustomer(ctx, ids.customer, 404);
  for (const method of [...ctx.tx.where('payment_method', 'customer', before.id)]) {
    ctx.tx.update('payment_method', method.id, {
      customer: null,
      sandbox: { ...method.sandbox, spent: true },
    });
  }
  emit(ctx, 'customer.deleted', 'customer', before, ctx.account);
  return view(ctx, 'customer', ctx.tx.update('customer', before.id, { deleted: true }));
});

const list = route(
  'GET',
  '/v1/customers',
  { ...pageShape, created, email: optional(text), test_clock: optional(text) },
  (ctx, params) => {
    const kept = filtered(
      ownRows(ctx, 'customer', params),
      (row) =>
        !row.deleted &&
        (params.email === undefined || row.email === params.email) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'customer', kept, params, '/v1/customers');
  },
);

const createSource = route(
  'POST',
  '/v1/customers/:customer/sources',
  { source: optional(text), metadata: optional(metadata) },
  (ctx, params, ids) => {
    const customer = checkCustomer(ctx, ids.customer, 404);
    if (params.source === undefined)
      throw invalid('Missing required param: source.', 'source', 'parameter_missing');
    const id = addSource(ctx, customer.id, params.source);
    if (customer.default_source === null) ctx.tx.update('customer', customer.id, { default_source: id });
    const added = customerCards(ctx, customer.id).find((one) => one.id === id);
    if (!added) throw new Error(`source ${id} is gone`);
    return cardView(id, added.card, customer.id, null);
  },
);

const listSources = route(
  'GET',
  '/v1/customers/:customer/sources',
  { ...pageShape, object: optional(text) },
  (ctx, params, ids) => {
    const { id } = checkCustomer(ctx, ids.customer, 404);
    const { rows, hasMore } = paginate(unfiltered(customerCards(ctx, id)), params, 'source');
    return listOf(
      rows.map((method) => cardView(method.id, method.card, id, null)),
      `/v1/customers/${id}/sources`,
      hasMore,
    );
  },
);

export const customerRoutes = [createSource, listSources, create, retrieve, update, remove, list];
