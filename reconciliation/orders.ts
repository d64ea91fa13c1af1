import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ORDER_WORKFLOW, orderQuery } from '../contract/orders.ts';
import { orderIdOf, orderWorkflowId } from '../domain/ids.ts';
import type { OrderRead } from '../domain/reconciliation/balance-transactions.ts';
import { isOpen } from '../temporal/workflow-status.ts';
import { workflowState } from './workflow-state.ts';

const ROWS_MAX = 100;
/** A span that is not cut any further: as many orders as began in it are one page. */
const SPAN_MIN_MS = 1_000;

/** An order as its workflow knows it. */
export function readOrderState(temporal: Client, orderId: string): Promise<OrderRead> {
  return workflowState(temporal, orderWorkflowId(orderId), orderQuery);
}

/** A run of an order's workflow. */
export interface OrderRun {
  readonly orderId: string;
  readonly runId: string;
  readonly isOpen: boolean;
}

/** Whether a closed order has been reopened in a later run, which then stands for it. */
export async function isReopened(temporal: Client, { orderId, runId, isOpen }: OrderRun): Promise<boolean> {
  if (isOpen) return false;
  try {
    return (await temporal.workflow.getHandle(orderWorkflowId(orderId)).describe()).runId !== runId;
  } catch (error) {
    // Temporal has forgotten it meanwhile: reading it will show the same.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Whether an order's last run is among those that began since then (milliseconds since the epoch); or it has no run left. */
export async function beganSince(temporal: Client, orderId: string, from: number): Promise<boolean> {
  try {
    const { startTime } = await temporal.workflow.getHandle(orderWorkflowId(orderId)).describe();
    return startTime.getTime() >= from;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

export interface OrdersPage {
  readonly runs: readonly OrderRun[];
  /** Milliseconds since the epoch: where the next page begins; null: this was the last. */
  readonly next: number | null;
}

/**
 * Of those that wait for their capture, which may be very many, only what was captured in part has money to compare. An order whose
 * status is not shown is asked: SQL takes an absent one for neither.
 */
const MAY_HOLD_MONEY = "(OrderStatus IS NULL OR OrderStatus != 'authorized' OR AmountCaptured IS NOT NULL)";

/**
 * The orders that began in a span of time, oldest first, without those that Stripe refused or that wait for their capture. Paid or
 * not: a bank may have taken a payment back. Temporal's SQL visibility sorts nothing and its page tokens move when a workflow
 * closes; so a page is a span short enough to be read whole, and its end is where the next begins.
 */
export async function ordersBegun(temporal: Client, from: number, to: number): Promise<OrdersPage> {
  for (let until = to; ; until = from + Math.floor((until - from) / 2)) {
    const query = [
      `WorkflowType = '${ORDER_WORKFLOW}'`,
      "ExecutionStatus NOT IN ('ContinuedAsNew', 'Failed')",
      MAY_HOLD_MONEY,
      `StartTime >= '${new Date(from).toISOString()}'`,
      `StartTime < '${new Date(until).toISOString()}'`,
    ].join(' AND ');
    const runs = await runsOf(temporal, query, until - from > SPAN_MIN_MS ? ROWS_MAX : Number.MAX_VALUE);
    if (runs) return { runs, next: until < to ? until : null };
  }
}

/** Null: there are more. */
async function runsOf(temporal: Client, query: string, max: number): Promise<readonly OrderRun[] | null> {
  const runs: OrderRun[] = [];
  for await (const run of temporal.workflow.list({ query, pageSize: ROWS_MAX + 1 })) {
    const orderId = orderIdOf(run.workflowId);
    if (orderId !== undefined) runs.push({ orderId, runId: run.runId, isOpen: isOpen(run) });
    if (runs.length > max) return null;
  }
  return runs;
}
