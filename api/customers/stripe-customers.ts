import type Stripe from 'stripe';
import type { z } from 'zod';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { directIdempotencyKey } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { classify } from '../../stripe/errors.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { attachBody, createCustomerBody } from './customer-schema.ts';

/**
 * Customers of the platform, and what they pay with. No money moves here and Stripe's own idempotency keys make a repeat
 * harmless, so that no workflow is needed. Each call of a request has a key of its own made of the request's digest: what a
 * repeat finds done is not done again, and what it finds half-done it finishes.
 */
export class Customers {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  create(
    body: z.output<typeof createCustomerBody>,
    digest: string,
  ): Promise<Stripe.Response<Stripe.Customer>> {
    const { email, name, phone, description, metadata } = body;
    const params = {
      ...(email === undefined ? {} : { email }),
      ...(name === undefined ? {} : { name }),
      ...(phone === undefined ? {} : { phone }),
      ...(description === undefined ? {} : { description }),
      metadata,
    };
    return this.#stripe.customers.create(params, keyed('customer', digest));
  }

  async retrieve(id: string): Promise<Stripe.Customer> {
    const customer = await this.#stripe.customers.retrieve(id, {}, STRIPE_READ);
    if (!customer.deleted) return customer;
    throw new ProblemError(problem('not_found', `The customer ${id} was deleted.`, { param: 'id' }));
  }

  /** Saves a payment method, or the card behind a token, to be charged later. */
  async attach(
    customer: string,
    body: z.output<typeof attachBody>,
    digest: string,
  ): Promise<Stripe.Response<Stripe.PaymentMethod>> {
    const id = body.payment_method ?? (await this.#ofToken(body.token ?? '', digest));
    // Stripe compares what is sent under a key: with `default` as a part of it, a repeat with another one is refused, as any other body.
    const asked = { customer, ...(body.default ? { expand: ['customer'] } : {}) };
    const method = await this.#stripe.paymentMethods
      .attach(id, asked, keyed('attach', digest))
      .catch((error: unknown) => {
        throw isAboutNoCustomer(error) ? new ProblemError(noCustomer(customer)) : error;
      });
    if (body.default) {
      const settings = { invoice_settings: { default_payment_method: method.id } };
      await this.#stripe.customers.update(customer, settings, keyed('default_method', digest));
    }
    return method;
  }

  async detach(customer: string, id: string, digest: string): Promise<Stripe.Response<Stripe.PaymentMethod>> {
    const method = await this.#stripe.paymentMethods.retrieve(id, {}, STRIPE_READ);
    const owner = typeof method.customer === 'string' ? method.customer : method.customer?.id;
    // Detached before, by this very request: its key gives the first answer.
    if (owner !== undefined && owner !== customer) {
      throw new ProblemError(
        problem('not_found', `${id} is not a payment method of ${customer}.`, { param: 'payment_method' }),
      );
    }
    return this.#stripe.paymentMethods.detach(id, {}, keyed('detach', digest));
  }

  async #ofToken(token: string, digest: string): Promise<string> {
    // Stripe takes `card[token]`, though its published types leave it out.
    const params = { type: 'card', card: { token } } as unknown as Stripe.PaymentMethodCreateParams;
    return (await this.#stripe.paymentMethods.create(params, keyed('method', digest))).id;
  }
}

/** Stripe answers 400: at its own API the customer is no part of the path. */
function isAboutNoCustomer(error: unknown): boolean {
  const { failure, param } = classify(error);
  return failure.code === 'resource_missing' && param === 'customer';
}

function noCustomer(id: string): Problem {
  return problem('not_found', `This platform has no customer ${id}.`, { param: 'id' });
}

function keyed(call: string, digest: string) {
  return { idempotencyKey: directIdempotencyKey(call, digest) };
}
