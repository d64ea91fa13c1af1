import type Stripe from 'stripe';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { listOf } from '../http/common.ts';
import type { Endpoint, Reply } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { nothingBody } from '../http/fields.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { digestOf } from '../http/idempotency.ts';
import { listCustomersQuery, listPaymentMethodsQuery } from '../http/list-queries.ts';
import { customerMethodParams, customerParams } from '../http/params.ts';
import {
  attachBody,
  createCustomerBody,
  customerResource,
  paymentMethodResource,
} from './customer-schema.ts';
import { presentCustomer, presentPaymentMethod } from './present-customer.ts';
import { Customers } from './stripe-customers.ts';

/** What the platform's customers are, and what they pay with. */
export function customerEndpoints({ stripe }: Backend): readonly Endpoint[] {
  const customers = new Customers(stripe);
  const tag = 'Customers';
  return [
    endpoint({
      method: 'post',
      name: 'customers.create',
      path: '/v1/customers',
      role: 'service',
      tag,
      summary: 'Create a customer of the platform, to charge again later',
      headers: idempotencyHeaders,
      body: createCustomerBody,
      responses: { 201: { description: 'Made.', schema: customerResource, located: true } },
      handle: async (request) => {
        const customer = await customers.create(request.body, digestOf(request, 'customers'));
        const { status, headers } = answered(customer, 201);
        const location = `/v1/customers/${customer.id}`;
        return { status, headers: { ...headers, Location: location }, body: presentCustomer(customer) };
      },
    }),
    endpoint({
      method: 'get',
      name: 'customers.list',
      path: '/v1/customers',
      readsStripe: true,
      role: 'read',
      tag,
      summary: 'List customers, newest first',
      query: listCustomersQuery,
      responses: { 200: { description: 'A page.', schema: listOf(customerResource, 'CustomerList') } },
      handle: async ({ query }) => {
        const { data, has_more } = await stripe.customers.list(given(query), STRIPE_READ);
        return page('/v1/customers', has_more, data.map(presentCustomer));
      },
    }),
    endpoint({
      method: 'get',
      name: 'customers.get',
      path: '/v1/customers/{id}',
      readsStripe: true,
      role: 'read',
      tag,
      summary: 'Read one customer',
      params: customerParams,
      responses: { 200: { description: 'The customer.', schema: customerResource } },
      handle: async ({ params }) => ({
        status: 200,
        body: presentCustomer(await customers.retrieve(params.id)),
      }),
    }),
    endpoint({
      method: 'post',
      name: 'customers.attachPaymentMethod',
      path: '/v1/customers/{id}/payment_methods',
      role: 'service',
      tag,
      summary: 'Save a payment method, to charge it later without the customer',
      params: customerParams,
      headers: idempotencyHeaders,
      body: attachBody,
      responses: { 201: { description: 'Saved.', schema: paymentMethodResource } },
      handle: async (request) => {
        const { params, body } = request;
        const digest = digestOf(request, 'customers', params.id, 'attach');
        const method = await customers.attach(params.id, body, digest);
        return { ...answered(method, 201), body: presentPaymentMethod(method) };
      },
    }),
    endpoint({
      method: 'get',
      name: 'customers.listPaymentMethods',
      path: '/v1/customers/{id}/payment_methods',
      readsStripe: true,
      role: 'read',
      tag,
      summary: 'List the payment methods of a customer',
      params: customerParams,
      query: listPaymentMethodsQuery,
      responses: {
        200: { description: 'A page.', schema: listOf(paymentMethodResource, 'PaymentMethodList') },
      },
      handle: async ({ params, query }) => {
        const { data, has_more } = await stripe.customers.listPaymentMethods(
          params.id,
          given(query),
          STRIPE_READ,
        );
        return page(`/v1/customers/${params.id}/payment_methods`, has_more, data.map(presentPaymentMethod));
      },
    }),
    endpoint({
      method: 'post',
      name: 'customers.detachPaymentMethod',
      path: '/v1/customers/{id}/payment_methods/{payment_method}/detach',
      role: 'service',
      tag,
      summary: 'Detach a payment method; it can never be charged again',
      params: customerMethodParams,
      headers: idempotencyHeaders,
      body: nothingBody,
      responses: { 200: { description: 'Forgotten.', schema: paymentMethodResource } },
      handle: async (request) => {
        const { id, payment_method } = request.params;
        const digest = digestOf(request, 'customers', id, 'detach', payment_method);
        const method = await customers.detach(id, payment_method, digest);
        return { ...answered(method, 200), body: presentPaymentMethod(method) };
      },
    }),
  ];
}

/** Stripe says itself whether an answer is the first one's. */
function answered({ lastResponse }: Stripe.Response<object>, status: 200 | 201) {
  const replayed = lastResponse.headers['idempotent-replayed'] === 'true';
  return { status, headers: replayed ? { 'Idempotent-Replayed': 'true' } : {} };
}

function page(url: string, has_more: boolean, data: readonly object[]): Reply {
  return { status: 200, body: { object: 'list', url, has_more, data } };
}

/** Without the parts that were not given: Stripe's types know no `undefined` beside absence. */
function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
