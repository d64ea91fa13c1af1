import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { orderIdFromDigest } from '../../domain/ids.ts';
import type { Order, OrderTerms } from '../../domain/orders/order.ts';
import type { OrderBackend } from '../backend/backend.ts';
import type { ApiRequest } from '../http/endpoint.ts';
import type { WaitPreference } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { refusePlainHttp } from '../http/web-url.ts';
import { checkDestination } from './check-destination.ts';
import type { CreateOrderBody } from './create-order-schema.ts';
import { brokenRuleOfOrder } from './money-rules.ts';
import { waitsForCustomer } from './order-reply.ts';
import { orderTerms } from './order-terms.ts';

/** A request to start an order, by HTTP or by Temporal. */
type StartOrder = Pick<
  ApiRequest<unknown, unknown, { 'Idempotency-Key': string; Prefer: WaitPreference }, CreateOrderBody>,
  'requestId' | 'actor' | 'headers' | 'body' | 'given'
>;

/** Finds what the request leaves open (account, settlement merchant, policy), and starts the order's workflow. */
export async function startOrder(
  backend: OrderBackend,
  request: StartOrder,
): Promise<{ readonly envelope: CommandEnvelope; readonly answer: CommandAnswer<Order> }> {
  const { orders, inFlight, livemode } = backend;
  const { onDisputeLost: _, ...policy } = backend.policy;
  const { body, headers } = request;
  refuseNewOrder(backend, body);
  const digest = digestOf(request);
  const envelope = envelopeOf(request, 'authorize', digest);
  const answer = await inFlight.run(envelope, async () => {
    const id = body.id ?? orderIdFromDigest(digest);
    const terms = await termsOf(backend, id, body);
    return orders.create({ terms, livemode, policy, authorize: envelope }, headers.Prefer.seconds * 1_000);
  });
  return { envelope, answer };
}

/** Throws what of a body breaks a rule, whatever Stripe says. */
export function refuseNewOrder({ events }: Pick<OrderBackend, 'events'>, body: CreateOrderBody): void {
  refuseIfBroken(brokenRuleOfOrder(body));
  refusePlainHttp({ return_url: body.return_url }, events);
}

/** The terms of a new order; throws if its account cannot take it. */
export async function termsOf(backend: OrderBackend, id: string, body: CreateOrderBody): Promise<OrderTerms> {
  const connectedAccount = await backend.accountIds.of(body.connected_account, 'connected_account');
  const merchant = await checkDestination(backend, id, {
    connectedAccount,
    onBehalfOf: body.on_behalf_of,
    suffix: body.statement_descriptor_suffix ?? '',
  });
  const given = { ...body, connected_account: connectedAccount };
  return orderTerms(id, given, merchant, backend.policy.onDisputeLost);
}

export const doneStatus = (order: Order): 201 | 202 => (waitsForCustomer(order) ? 202 : 201);
