import type Stripe from 'stripe';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { CustomerResource, PaymentMethodResource } from './customer-schema.ts';

export function presentCustomer(customer: Stripe.Customer): CustomerResource {
  const method = customer.invoice_settings.default_payment_method;
  return {
    id: customer.id,
    object: 'customer',
    email: customer.email,
    name: customer.name ?? null,
    phone: customer.phone ?? null,
    description: customer.description,
    default_payment_method: typeof method === 'string' ? method : (method?.id ?? null),
    metadata: customer.metadata,
    created: rfc3339(customer.created * 1_000),
    livemode: customer.livemode,
  };
}

export function presentPaymentMethod(method: Stripe.PaymentMethod): PaymentMethodResource {
  const { card, customer } = method;
  return {
    id: method.id,
    object: 'payment_method',
    type: method.type,
    customer: typeof customer === 'string' ? customer : (customer?.id ?? null),
    card: card
      ? { brand: card.brand, last4: card.last4, exp_month: card.exp_month, exp_year: card.exp_year }
      : null,
    created: rfc3339(method.created * 1_000),
  };
}
