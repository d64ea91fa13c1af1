import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sale } from './sale.ts';

/** The bank wants to see its customer first: the order says where to send them, and goes on when they are back. */
export const threeDSecure: Scenario = {
  name: 'three-d-secure',
  title: '3-D Secure: the customer is sent to the bank and comes back',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: {
      'status first': 'requires_action',
      'the customer is sent': 'redirect_to_url',
      'status after the return': 'authorized',
      status: 'captured',
    },
  },
  async play(stage) {
    const { api, sandbox, step } = stage;
    step('a card whose bank asks for 3-D Secure');
    const { token: _, ...terms } = sale(stage);
    const waiting = await api.createOrder({
      ...terms,
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example/thanks',
    });
    step('the customer proves who they are, and comes back');
    await sandbox.authenticate(waiting.payment_intent ?? '', 'succeeded');
    const authorized = await api.confirm(waiting, {});
    const captured = await api.capture(authorized);
    return {
      orders: [captured],
      facts: {
        'status first': waiting.status,
        'the customer is sent': waiting.next_action?.type ?? null,
        'status after the return': authorized.status,
        status: captured.status,
      },
    };
  },
};
