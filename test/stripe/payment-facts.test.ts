import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { paymentFactsOf } from '../../stripe/payment-facts.ts';

const authorized = (details: object) =>
  paymentFactsOf(
    {
      id: 'pi_1',
      status: 'requires_capture',
      latest_charge: { id: 'ch_1', created: 1, payment_method_details: details },
    } as Stripe.PaymentIntent,
    null,
  );

it.each([
  ['of a card', { type: 'card', card: { capture_before: 604_801 } }, 604_801_000],
  ['of a card in a reader', { type: 'card_present', card_present: { capture_before: 172_801 } }, 172_801_000],
  ['of anything else Stripe does not say', { type: 'klarna', klarna: {} }, null],
])('until when an authorization holds: %s', (_, details, captureBefore) => {
  expect(authorized(details)).toMatchObject({ authorizedAt: 1_000, captureBefore });
});
