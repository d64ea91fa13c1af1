import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { untilOrder } from './disputed.ts';
import { sale } from './sale.ts';

/** It is renewed when half of it is over. */
const WINDOW_SECONDS = 3;

/** Shipment takes longer than the card holds the money: the order renews its authorization before that. */
export const reauthorized: Scenario = {
  name: 'reauthorized',
  title: 'authorized anew before the capture window ends, then captured',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: {
      'status first': 'authorized',
      reauthorizations: 1,
      'another PaymentIntent': 'yes',
      status: 'captured',
    },
  },
  async play(stage) {
    const { api, connect, sandbox, step } = stage;
    step('save a customer with a card');
    const customer = await connect.createCustomer({ email: 'patient@example.com' });
    await connect.saveMethod(customer.id, { token: 'tok_visa', default: true });
    step(`authorize 10.00, to be captured within ${WINDOW_SECONDS} s (a week with a real Visa card)`);
    const { token: _, ...terms } = sale(stage);
    const first = await sandbox.withCaptureWindow(WINDOW_SECONDS, () =>
      api.createOrder({ ...terms, customer: customer.id, on_capture_expiry: 'reauthorize' }),
    );
    step('wait for the new authorization');
    const renewed = await untilOrder(stage, first, ({ reauthorizations }) => reauthorizations > 0);
    step('capture');
    const captured = await api.capture(renewed);
    return {
      orders: [captured],
      facts: {
        'status first': first.status,
        reauthorizations: captured.reauthorizations,
        'another PaymentIntent': captured.payment_intent === first.payment_intent ? 'no' : 'yes',
        status: captured.status,
      },
    };
  },
};
