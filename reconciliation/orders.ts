import type { Client } from '@temporalio/client';
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { OrderRead } from '../domain/balance-transactions.ts';
import { orderIdOf, orderWorkflowId } from '../domain/ids.ts';
import { ORDER_WORKFLOW, orderQuery } from '../workflows/messages.ts';

/** gRPC's FAILED_PRECONDITION: the workflow's tasks fail, and will until its code is mended. */
const FAILED_PRECONDITION = 9;
const ROWS_MAX = 100;
/** A span that is not cut any further: as many orders as began in it are one page. */
const SPAN_MIN_MS = 1_000;

/** An order as its workflow knows it; what may pass by itself is thrown, so that the activity is repeated. */
export async function readOrder(temporal: Client, orderId: string): Promise<OrderRead> {
  try {
    return await temporal.workflow.getHandle(orderWorkflowId(orderId)).query(orderQuery);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    if (error instanceof QueryNotRegisteredError || error instanceof QueryRejectedError) return 'unreadable';
    const cause = error instanceof Error ? error.cause : null;
    if (isGrpcServiceError(cause) && cause.code === FAILED_PRECONDITION) return 'unreadable';
    throw error;
  }
}

export interface OrdersPage {
  readonly orderIds: readonly string[];
  /** Milliseconds since the epoch: where the next page begins; null: this was the last. */
  readonly next: number | null;
}

/**
 * The orders with money that began in a span of time, oldest first. Temporal's SQL visibility sorts nothing and its page tokens
 * move when a workflow closes; so a page is a span short enough to be read whole, and its end is where the next begins.
 */
export async function ordersBegun(temporal: Client, from: number, to: number): Promise<OrdersPage> {
  for (let until = to; ; until = from + Math.floor((until - from) / 2)) {
    const query = [
      `WorkflowType = '${ORDER_WORKFLOW}'`,
      "OrderStatus IN ('captured', 'refunded')",
      "ExecutionStatus != 'ContinuedAsNew'",
      `StartTime >= '${new Date(from).toISOString()}'`,
      `StartTime < '${new Date(until).toISOString()}'`,
    ].join(' AND ');
    const orderIds = await idsOf(temporal, query, until - from > SPAN_MIN_MS ? ROWS_MAX : Number.MAX_VALUE);
    if (orderIds) return { orderIds, next: until < to ? until : null };
  }
}

/** Null: there are more. */
async function idsOf(temporal: Client, query: string, max: number): Promise<readonly string[] | null> {
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: ROWS_MAX + 1 })) {
    const id = orderIdOf(workflowId);
    if (id !== undefined) ids.push(id);
    if (ids.length > max) return null;
  }
  return ids;
}
