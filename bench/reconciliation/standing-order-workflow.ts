import { condition, setHandler } from '@temporalio/workflow';
import { orderQuery } from '../../contract/orders.ts';
import type { Order } from '../../domain/orders/order.ts';

/** An order in all that a reconciliation asks of it: it stays open, and answers with its state. */
export async function order(state: Order): Promise<void> {
  setHandler(orderQuery, () => state);
  await condition(() => false);
}
