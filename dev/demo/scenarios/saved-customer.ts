import { usd } from '../amounts.ts';
import { problemOf } from '../api-client.ts';
import type { Scenario } from '../scenario.ts';
import { sale } from './sale.ts';

/** A customer of the platform is charged while away; what the seed warns of is refused with the reason. */
export const savedCustomer: Scenario = {
  name: 'saved-customer',
  title: 'a saved customer is charged while away, and never paid out to',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: {
      status: 'captured',
      'paying out to a customer': 400,
      'charging an account’s bank account': 400,
      'naming no source': 400,
    },
  },
  async play(stage) {
    const { api, connect, step } = stage;
    step('save a customer with a card');
    const customer = await connect.createCustomer({ email: 'buyer@example.com' });
    await connect.saveMethod(customer.id, { token: 'tok_visa', default: true });
    step('charge it later');
    const { token: _, ...terms } = sale(stage);
    const sold = await api.createOrder({
      ...terms,
      customer: customer.id,
      off_session: true,
      capture_method: 'automatic',
    });
    step('what cannot be');
    const paidOut = await problemOf(
      api.transfer({ amount: 100, currency: 'usd', destination: customer.id, description: 'thanks' }),
    );
    const charged = await problemOf(
      api.createOrder({ ...terms, id: 'bank-account', payment_method: 'ba_1WaybillBank0001' }),
    );
    const nobody = await problemOf(api.createOrder({ ...terms, id: 'no-source' }));
    return {
      orders: [sold],
      facts: {
        status: sold.status,
        'paying out to a customer': paidOut.status,
        'charging an account’s bank account': charged.status,
        'naming no source': nobody.status,
      },
    };
  },
};
