import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderIdOf, orderWorkflowId } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { ListRequest } from '../backend/list-page.ts';
import { listPage } from '../backend/list-page.ts';
import { PERIOD_DAYS_MAX, refuseUnbounded } from '../http/bounded-period.ts';
import type { ListResource, UnreadableResource } from '../http/common.ts';
import { listOfWorkflows } from '../http/common.ts';
import { CSV_TYPE, csvOf, wantsCsv } from '../http/csv.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { acceptHeaders, LIMIT_MAX } from '../http/list-queries.ts';
import { asksForOne, orderOfPayment } from './find-orders.ts';
import type { ListOrdersQuery } from './list-orders-query.ts';
import { listOrdersQuery, refuseBesideOne } from './list-orders-query.ts';
import { conditionsOf } from './order-conditions.ts';
import type { OrderResource, OrderSummaryResource } from './order-schema.ts';
import { orderResource, orderSummaryResource } from './order-schema.ts';
import { ORDER_COLUMNS, orderRow } from './orders-csv.ts';
import { presentOrder } from './present-order.ts';
import { summarizeOrder } from './summarize-order.ts';

const URL = '/v1/orders';

export function listOrders(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'orders.list',
    path: URL,
    role: 'read',
    tag: 'Orders',
    summary: 'List orders, newest first, or find them',
    query: listOrdersQuery,
    headers: acceptHeaders,
    responses: {
      200: {
        description: `A page of summaries of orders; with \`expand[]=data\` of whole orders. With \`format=csv\` or \`Accept: text/csv\`: the summaries of all orders of a period of at most ${PERIOD_DAYS_MAX} days, in minor units.`,
        schema: listOfWorkflows([orderSummaryResource, orderResource], 'OrderList'),
        alsoAs: 'text/csv',
      },
    },
    async handle({ query, headers, actor }) {
      if (asksForOne(query)) {
        refuseBesideOne(query);
        return { status: 200, body: await listOfOne(backend, query, actor) };
      }
      const conditions = await conditionsOf(backend, query, actor);
      if (wantsCsv(query, headers.Accept)) {
        refuseUnbounded(query);
        return {
          status: 200,
          body: await csvOf(ORDER_COLUMNS, rowsOf(backend, conditions)),
          contentType: CSV_TYPE,
          headers: { 'Content-Disposition': 'attachment; filename="orders.csv"' },
        };
      }
      const whole = query['expand[]'] !== undefined;
      const body = await listPage<OrderSummaryResource | OrderResource>(backend, {
        ...ORDERS,
        conditions,
        query,
        summarize: whole ? undefined : summarizeOrder,
        read: async (id) => presentOrder(await backend.orders.read(id)),
      });
      return { status: 200, body };
    },
  });
}

const ORDERS = {
  url: URL,
  noun: 'order',
  workflowType: ORDER_WORKFLOW,
  workflowId: orderWorkflowId,
  idOf: orderIdOf,
} satisfies Partial<ListRequest<never>>;

/** Read from the order itself, or from Stripe: found also a moment after its start, and when Temporal has forgotten it. */
async function listOfOne(
  backend: Backend,
  query: ListOrdersQuery,
  actor: string,
): Promise<ListResource<OrderSummaryResource | OrderResource>> {
  const id = await orderOfPayment(backend, query, actor);
  const order = id === null ? null : await readIfThere(backend, id, actor);
  const whole = query['expand[]'] !== undefined;
  const data = order ? [whole ? order : orderSummaryResource.parse(order)] : [];
  return { object: 'list', url: URL, has_more: false, data };
}

async function readIfThere(
  { orders, stripeReads }: Backend,
  id: string,
  actor: string,
): Promise<OrderResource | null> {
  try {
    return presentOrder(await orders.read(id, () => stripeReads.spend(actor)));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return null;
    throw error;
  }
}

async function* rowsOf(
  backend: Backend,
  conditions: readonly string[],
): AsyncGenerator<ReturnType<typeof orderRow>[]> {
  for (let after: string | undefined; ; ) {
    const page: ListResource<OrderSummaryResource | UnreadableResource> = await listPage(backend, {
      ...ORDERS,
      conditions,
      query: { limit: LIMIT_MAX, starting_after: after },
      summarize: summarizeOrder,
      read: () => Promise.reject(new Error('a summary is never read')),
    });
    yield page.data.map(orderRow);
    after = page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) return;
  }
}
