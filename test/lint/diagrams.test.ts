import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus } from '../../domain/orders/order.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import type { OrderEvent } from '../../domain/orders/transition.ts';
import { transition } from '../../domain/orders/transition.ts';
import { facts, orderIn, refund } from '../support/builders.ts';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const [, diagram = ''] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(readme) ?? [];
const arrows = [...diagram.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from = '', to = '']) => [from, to]);

const REFUNDED: OrderEvent = { type: 'refund_recorded', refund: refund({ amount: 1000 }) };

/** An order of each status. */
const ORDERS: Readonly<Record<string, Order>> = {
  pending: orderIn('pending'),
  requires_payment_method: orderIn('requires_payment_method'),
  requires_action: orderIn('requires_action'),
  processing: orderIn('processing'),
  authorized: orderIn('requires_capture'),
  captured: orderIn('succeeded'),
  refunded: transition(orderIn('succeeded'), REFUNDED),
};

/** What Stripe may say next of any of them. */
const EVENTS: readonly OrderEvent[] = [
  ...(['requires_payment_method', 'requires_action', 'processing'] as const).map((status) => facts(status)),
  ...(['requires_capture', 'succeeded', 'canceled'] as const).map((status) => facts(status)),
  facts('canceled', { cancellationReason: 'automatic' }),
  facts('requires_payment_method', {
    latestCharge: 'ch_1',
    chargeFailure: { code: 'insufficient_funds', message: 'Insufficient funds' },
  }),
].map((payment): OrderEvent => ({ type: 'payment_observed', payment }));

function reaches(from: string, to: string): boolean {
  const order = ORDERS[from];
  const events = [...EVENTS, REFUNDED, { ...REFUNDED, refund: refund({ amount: 1000, status: 'failed' }) }];
  return events.some((event) => {
    try {
      return order !== undefined && orderStatus(transition(order, event)) === to;
    } catch {
      return false;
    }
  });
}

it.each(arrows)('the diagram of an order goes from %s to %s, and so does the order', (from, to) => {
  expect(reaches(from ?? '', to ?? '')).toBe(true);
});

it('the diagram of an order has every status', () => {
  expect(new Set(arrows.flat())).toEqual(new Set(ORDER_STATUSES));
});
