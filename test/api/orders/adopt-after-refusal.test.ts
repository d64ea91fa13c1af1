import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { EndedOrders } from '../../../api/backend/ended-orders.ts';
import type { ApiDeps } from '../../../api/http/deps.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { newOrder } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { envelope, NOW, orderIn, terms } from '../../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../../support/scripted-connection.ts';

const REFUSED = transition(newOrder(terms(), NOW, false), { type: 'given_up' });

const intentOf = (id: string, charge: object | null = null) => ({
  id,
  object: 'payment_intent',
  status: charge ? 'succeeded' : 'requires_payment_method',
  amount: 1000,
  amount_received: charge ? 1000 : 0,
  currency: 'usd',
  livemode: false,
  created: NOW / 1000,
  metadata: charge ? { waybill_order: 'order-1' } : {},
  transfer_data: { destination: 'acct_seller' },
  on_behalf_of: null,
  latest_charge: charge,
});
const PAID = intentOf('pi_paid', {
  id: 'ch_1',
  object: 'charge',
  amount: 1000,
  amount_captured: 1000,
  status: 'succeeded',
  transfer_group: null,
  balance_transaction: null,
});

/** One of Stripe's pages, read as it is or item by item. */
const pageOf = (...data: object[]) => ({
  data,
  async *[Symbol.asyncIterator]() {
    yield* data;
  },
});

const ADOPTING = { operation: 'adopt', operationId: 'pi_paid', since: 0, failure: null } as const;
const NO_ANSWER = { code: 'no_answer', message: 'Later.', stripeRequestId: null };

/** Adopts another payment for an order whose workflow still answers so, and whose payment Stripe knows. */
function adopt(closed: Order) {
  const handle = { query: async () => closed };
  const temporal = {
    connection: SCRIPTED_CONNECTION,
    workflow: { getHandle: () => handle },
  } as unknown as Client;
  const stripe = {
    paymentIntents: { retrieve: async (id: string) => (id === 'pi_paid' ? PAID : intentOf(id)) },
    charges: { list: () => pageOf({ id: 'ch_1', payment_intent: PAID }) },
  } as unknown as Stripe;
  const logger = { warn: () => {} };
  const deps = {
    temporal,
    stripe,
    logger,
    livemode: false,
    policy: { onDisputeLost: 'bear' },
  } as unknown as ApiDeps;
  const directory = { find: async () => null } as never;
  return new EndedOrders(deps, { announcing: async (input) => input }, directory).inputOfAdoption(
    'order-1',
    'pi_other',
    envelope('adopt-1'),
  );
}

it.each([
  ['it has closed', orderIn('succeeded', { paymentIntent: 'pi_paid' })],
  ['Temporal has forgotten it, and Stripe refused the next request for its id', REFUSED],
  ['it was closed, and is being reopened', { ...orderIn('pending'), pending: ADOPTING }],
  [
    'it is being reopened, and Stripe did not answer the first read',
    { ...orderIn('pending'), pending: { ...ADOPTING, failure: NO_ANSWER } },
  ],
])('an order that has a payment takes over no other one: %s', async (_, closed) => {
  await expect(adopt(closed)).rejects.toMatchObject({
    problem: { code: 'state_conflict', detail: 'Order order-1 has a payment already: pi_paid.' },
  });
});
