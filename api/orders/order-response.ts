import type { Order } from '../../domain/orders/order.ts';
import type { CommandResponse } from '../commands/command-reply.ts';
import type { CustomerSecrets } from './client-secret.ts';
import { NO_SECRETS } from './client-secret.ts';
import { presentOrder } from './present-order.ts';

/** An order after a command. `doneStatus`: what the outcome `done` is in HTTP. */
export function orderResponse(
  order: Order,
  doneStatus: (order: Order) => CommandResponse['doneStatus'],
  secrets: CustomerSecrets = NO_SECRETS,
): CommandResponse {
  return {
    location: `/v1/orders/${order.terms.id}`,
    body: presentOrder(order, secrets),
    doneStatus: doneStatus(order),
    order: order.terms.id,
  };
}

/** Stripe took the request, and the payment is neither made nor declined yet. */
export function waitsForCustomer({ payment }: Order): boolean {
  return payment.status === 'requires_action' || payment.status === 'processing';
}
