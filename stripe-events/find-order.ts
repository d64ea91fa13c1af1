import type { Client } from '@temporalio/client';
import { ORDER_WORKFLOW } from '../contract/orders.ts';
import { orderIdOf } from '../domain/ids.ts';

/** Stripe's ids. Nothing else gets into a visibility query. */
const PAYMENT_INTENT_ID = /^[A-Za-z0-9_]{1,255}$/;

/** The order whose payment this is, by its search attribute, which follows the order by a second or two. */
export async function findOrderOfPayment(temporal: Client, paymentIntent: string): Promise<string | null> {
  if (!PAYMENT_INTENT_ID.test(paymentIntent)) return null;
  const query = `WorkflowType = '${ORDER_WORKFLOW}' AND PaymentIntent = '${paymentIntent}'`;
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: 1 })) {
    return orderIdOf(workflowId) ?? null;
  }
  return null;
}
