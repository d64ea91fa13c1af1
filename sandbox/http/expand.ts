import type { Context } from '../core/context.ts';
import { instantFee } from '../flows/payouts.ts';
import type { CardDetails } from '../objects/customers.ts';
import { cardView } from '../views/customers.ts';
import { EVIDENCE_FILES } from '../views/disputes.ts';
import { viewById } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { sublist } from '../views/json.ts';
import { chargeRefunds } from '../views/payments.ts';
import { malformed } from './errors.ts';

const MAX_DEPTH = 4;

/** Per object: what may be expanded. A dotted name reaches into a plain hash. */
const EXPANDABLE: Record<string, readonly string[]> = {
  application_fee: ['account', 'balance_transaction', 'charge', 'originating_transaction'],
  balance_transaction: ['source'],
  bank_account: ['account', 'customer'],
  capability: ['account'],
  card: ['account'],
  charge: [
    'application_fee',
    'balance_transaction',
    'customer',
    'dispute',
    'failure_balance_transaction',
    'on_behalf_of',
    'payment_intent',
    'review',
    'source_transfer',
    'transfer',
    'transfer_data.destination',
  ],
  customer: ['default_source', 'invoice_settings.default_payment_method'],
  dispute: ['charge', 'payment_intent', ...EVIDENCE_FILES.map((name) => `evidence.${name}`)],
  fee_refund: ['balance_transaction', 'fee'],
  'radar.early_fraud_warning': ['charge', 'payment_intent'],
  payment_intent: [
    'customer',
    'latest_charge',
    'on_behalf_of',
    'payment_method',
    'review',
    'transfer_data.destination',
  ],
  payment_method: ['customer'],
  payout: [
    'balance_transaction',
    'destination',
    'failure_balance_transaction',
    'original_payout',
    'reversed_by',
  ],
  refund: [
    'balance_transaction',
    'charge',
    'customer',
    'failure_balance_transaction',
    'payment_intent',
    'payment_method',
    'source_transfer_reversal',
    'transfer_reversal',
  ],
  review: ['charge', 'payment_intent'],
  transfer: ['balance_transaction', 'destination', 'destination_payment', 'source_transaction'],
  transfer_reversal: ['balance_transaction', 'destination_payment_refund', 'source_refund', 'transfer'],
};

/** Expandable at Stripe, always empty here. */
const ALWAYS_EMPTY: Record<string, readonly string[]> = {
  charge: ['application', 'invoice'],
  customer: [
    'cash_balance',
    'discount',
    'invoice_credit_balance',
    'subscriptions',
    'tax',
    'tax_ids',
    'test_clock',
  ],
  payment_intent: ['application', 'invoice', 'processing', 'source'],
  application_fee: ['application'],
};

/** Hashes whose content is a caller's own, whatever it looks like. */
const OF_CALLERS: ReadonlySet<string> = new Set([
  'address',
  'billing_details',
  'business_profile',
  'metadata',
  'shipping',
]);

/** Properties that an answer carries only when asked to. */
const INCLUDABLE: Record<string, Record<string, (ctx: Context, node: Json) => unknown>> = {
  balance: { 'instant_available.net_available': netAvailable },
  charge: { refunds: (ctx, node) => chargeRefunds(ctx, String(node.id)) },
  customer: { sources: (ctx, node) => customerSources(ctx, String(node.id)) },
};

/** Of a connected account: after the fee, wherever an external account takes it (docs.stripe.com/payouts/instant-payouts). */
function netAvailable(ctx: Context, { amount: most, currency }: Json): unknown {
  if (ctx.account === ctx.settings.platform) return undefined;
  const amount = Math.max(Number(most) - instantFee(Number(most)), 0);
  return ctx.tx
    .must('account', ctx.account)
    .external_accounts.filter((one) => one.currency === currency && one.sandbox.instant)
    .map(({ id }) => ({ amount, destination: id, source_types: { card: amount } }));
}

/** Cards saved in the old form; payment methods proper are not sources. */
export function customerCards(ctx: Context, customer: string): { id: string; card: CardDetails }[] {
  return [...ctx.tx.where('payment_method', 'customer', customer)].flatMap(({ id, card }) =>
    card && id.startsWith('card_') ? [{ id, card }] : [],
  );
}

function customerSources(ctx: Context, customer: string): Json {
  return sublist(
    customerCards(ctx, customer).map(({ id, card }) => cardView(id, card, customer, null)),
    `/v1/customers/${customer}/sources`,
  );
}

/** Objects that move a balance. */
const SOURCES = [
  'application_fee',
  'charge',
  'dispute',
  'fee_refund',
  'payout',
  'refund',
  'transfer',
  'transfer_reversal',
];

function isOfAnotherSource(type: string, name: string): boolean {
  return SOURCES.includes(type) && SOURCES.some((kind) => EXPANDABLE[kind]?.includes(name));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expandPath(ctx: Context, node: Json, path: string[], kind: string, within: string): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const type = typeof node.object === 'string' ? node.object : kind;
  const name = within + key;
  if (node[key] === undefined) {
    const include = INCLUDABLE[type]?.[name];
    const included = include?.(ctx, node);
    if (included !== undefined) node[key] = included;
  }
  const value = node[key];
  const known =
    EXPANDABLE[type]?.some((one) => one === name || one.startsWith(`${name}.`)) ||
    ALWAYS_EMPTY[type]?.includes(name) ||
    (!OF_CALLERS.has(key) && Object.hasOwn(node, key) && (isObject(value) || Array.isArray(value)));
  // Behind a balance transaction is one of many kinds: what another kind has is left out.
  if (!known && within === '' && isOfAnotherSource(type, name)) return;
  if (!known)
    throw malformed(`This property cannot be expanded (${name}).`, 'expand', 'property_cannot_be_expanded');
  if (typeof value === 'string') {
    const found = viewById(ctx, value);
    if (found) node[key] = found;
  }
  const next = node[key];
  for (const child of Array.isArray(next) ? next : [next]) {
    if (!isObject(child)) continue;
    const nested = typeof child.object === 'string' ? '' : `${name}.`;
    expandPath(ctx, child, rest, nested ? type : String(child.object), nested);
  }
}

/** Replaces ids by objects, in place, along paths such as `data.latest_charge.balance_transaction`. */
export function expand(ctx: Context, body: Json, paths: readonly string[]): Json {
  for (const path of paths) {
    const keys = path.split('.');
    const depth = keys.filter((key) => key !== 'data').length;
    if (depth > MAX_DEPTH) {
      throw malformed(
        `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`,
        'expand',
      );
    }
    expandPath(ctx, body, keys, '', '');
  }
  return body;
}
