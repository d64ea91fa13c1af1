import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { Asked } from '../commands/command-reply.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Reply } from '../http/endpoint.ts';
import type { CustomerSecrets } from './client-secret.ts';
import { NO_SECRETS } from './client-secret.ts';
import { presentOrder } from './present-order.ts';

/** The reply to an order's command. `doneStatus`: what the outcome `done` is in HTTP. */
export function orderReply(
  answer: CommandAnswer<Order>,
  asked: Asked,
  doneStatus: 200 | 201 | 202,
  secrets: CustomerSecrets = NO_SECRETS,
): Reply {
  const order = answer.state;
  const { id } = order.terms;
  const body = presentOrder(order, secrets);
  return commandReply(answer, asked, { location: `/v1/orders/${id}`, body, doneStatus, order: id });
}

/** Stripe took the request, and the payment is neither made nor declined yet. */
export function waitsForCustomer({ payment }: Order): boolean {
  return payment.status === 'requires_action' || payment.status === 'processing';
}
