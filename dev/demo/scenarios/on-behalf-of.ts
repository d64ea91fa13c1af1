import { eur, usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/**
 * The account in Germany is the settlement merchant. 10.00 USD become 9.20 EUR (by the sandbox's fixed rate), which all
 * go there; Stripe takes its 0.57 from the platform in euros. The fee of 1.23 USD leaves Germany as 1.13 EUR and
 * reaches the platform at home, in dollars.
 */
export const onBehalfOf: Scenario = {
  name: 'on-behalf-of',
  title: '10.00 USD on behalf of an account in Germany, fee 1.23',
  expected: {
    customer: usd(1000),
    platform: { ...usd(123), ...eur(-57) },
    connected: eur(920 - 113),
    stripe: eur(57),
    exchange: { ...usd(1000 - 123), ...eur(113 - 920) },
    facts: { status: 'captured', 'settled in': 'eur' },
  },
  async play({ api, accounts, step }) {
    step('authorize 10.00 USD');
    const authorized = await api.createOrder({
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: accounts.de,
      on_behalf_of: true,
      application_fee_amount: 123,
    });
    step('capture: settled in Germany, in euros');
    const order = await api.capture(authorized);
    return {
      orders: [order],
      facts: { status: order.status, 'settled in': order.funds.settlement_currency },
    };
  },
};
