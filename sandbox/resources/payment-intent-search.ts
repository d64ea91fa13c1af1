import { invalid } from '../http/errors.ts';
import { pageShape } from '../http/pagination.ts';
import { optional, required, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';

const URL = '/v1/payment_intents/search';
const LIMIT_DEFAULT = 10;

/** `metadata['key']:'value'`, or `field:'value'`. */
const CLAUSE = /^\s*(?:metadata\[(['"])([^'"]+)\1\]|(status|currency|customer))\s*:\s*(['"])([^'"]*)\4\s*$/;

type Test = (intent: PaymentIntent) => boolean;

/** Exact matches, all of which must hold: the part of Stripe's query language that finds an object again. */
function testsOf(query: string): Test[] {
  return query.split(/\s+AND\s+/).map((clause) => {
    const [, , key, field, , value] = CLAUSE.exec(clause) ?? [];
    if (value === undefined) {
      throw invalid(
        `We were unable to parse your search query near: ${clause}. The sandbox knows metadata['key']:'value', status, currency and customer, joined by AND.`,
        'query',
      );
    }
    if (key !== undefined) return ({ metadata }) => metadata[key] === value;
    return (intent) => intent[field as 'status' | 'currency' | 'customer'] === value;
  });
}

/** Unlike at Stripe, what was written a moment ago is found at once. */
const search = route(
  'GET',
  URL,
  { query: required(text), limit: pageShape.limit, page: optional(text) },
  (ctx, params) => {
    const tests = testsOf(params.query);
    const limit = params.limit ?? LIMIT_DEFAULT;
    const all = [...ctx.tx.where('payment_intent', 'owner', ctx.account)].filter((intent) =>
      tests.every((test) => test(intent)),
    );
    const from = params.page === undefined ? 0 : all.findIndex(({ id }) => id === params.page) + 1;
    const shown = all.slice(from, from + limit);
    const hasMore = all.length > from + shown.length;
    return {
      object: 'search_result',
      data: shown.map((intent) => view(ctx, 'payment_intent', intent)),
      has_more: hasMore,
      next_page: hasMore ? (shown.at(-1)?.id ?? null) : null,
      url: URL,
    };
  },
);

export const paymentIntentSearchRoutes = [search];
