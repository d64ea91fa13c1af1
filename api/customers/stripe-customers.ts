import type Stripe from 'stripe';
import type { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { directIdempotencyKey } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
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
    const method = await this.#stripe.paymentMethods.attach(id, { customer }, keyed('attach', digest));
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

function keyed(call: string, digest: string) {
  return { idempotencyKey: directIdempotencyKey(call, digest) };
}
