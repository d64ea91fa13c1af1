import { previewOfNewOrder } from '../../domain/orders/preview/preview-order.ts';
import { currenciesOf } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { createOrderBody } from './create-order-schema.ts';
import { refuseNewOrder, termsOf } from './start-order.ts';

/** Of an order that has no id yet: no order can be called so. */
const NEW = 'preview';

export function previewNewOrder(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'orders.previewCreate',
    path: '/v1/orders/preview',
    role: 'service',
    tag: 'Orders',
    summary:
      'Preview: start an order. What its charge would move, if the card lets it; with manual capture, what the capture of all would',
    readsStripe: true,
    body: createOrderBody,
    responses: {
      200: { description: 'What the order would do. Nothing was changed.', schema: previewResource },
    },
    async handle({ body }) {
      refuseNewOrder(backend, body);
      const terms = await termsOf(backend, body.id ?? NEW, body);
      const currencies = await currenciesOf(backend, terms.connectedAccount, terms.onBehalfOf);
      return { status: 200, body: presentPreview(previewOfNewOrder(terms, currencies)) };
    },
  });
}
