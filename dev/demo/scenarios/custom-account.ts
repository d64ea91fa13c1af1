import { usd } from '../amounts.ts';
import { problemOf } from '../api-client.ts';
import type { Scenario } from '../scenario.ts';

/** Identity and bank number become tokens of Stripe's in the API: nothing that lasts ever sees them. */
export const customAccount: Scenario = {
  name: 'custom-account',
  title: 'a custom account is created, refused an order, completed, and paid',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'before it is enabled': 'account_not_ready', account: 'enabled', status: 'captured' },
  },
  async play({ api, connect, sandbox, step }) {
    const order = {
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      application_fee_amount: 123,
      capture_method: 'automatic',
    } as const;
    return sandbox.withVerificationAtOnce(async () => {
      step('an account without any data');
      const made = await connect.createAccount({
        id: 'demo-custom',
        type: 'custom',
        country: 'US',
        capabilities: ['card_payments', 'transfers'],
      });
      const connected_account = made.id ?? '';
      const early = await problemOf(api.createOrder({ ...order, id: 'custom-early', connected_account }));
      step('who it is, and where its money goes');
      await connect.updateAccount(connected_account, {
        business_type: 'individual',
        individual: {
          first_name: 'Jenny',
          last_name: 'Rosen',
          email: 'jenny@example.com',
          phone: '+10000000000',
          dob: { day: 1, month: 1, year: 1901 },
          address: {
            line1: 'address_full_match',
            city: 'San Francisco',
            state: 'CA',
            postal_code: '94111',
            country: 'US',
          },
          ssn_last_4: '0000',
        },
        tos_shown_and_accepted: true,
        business_profile: { mcc: '5734', url: 'https://accessible.stripe.com' },
        external_account: {
          country: 'US',
          currency: 'usd',
          account_number: '000123456789',
          routing_number: '110000000',
        },
      });
      const account = await connect.enabled(connected_account);
      step('10.00, of which 1.23 is the platform’s');
      const sold = await api.createOrder({ ...order, connected_account });
      return {
        orders: [sold],
        facts: {
          'before it is enabled': early.problem.code ?? null,
          account: account.status,
          status: sold.status,
        },
      };
    });
  },
};
