import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { presentAccount } from '../present-account.ts';
import { accountResource } from '../schemas/account.ts';
import { accountParams } from '../schemas/params.ts';
import { STRIPE_READ } from '../stripe-read.ts';

export function getAccount({ stripe }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/accounts/{id}',
    role: 'service',
    tag: 'Accounts',
    summary: 'Read one connected account: what is enabled, what Stripe still requires, by when',
    params: accountParams,
    responses: { 200: { description: 'The account as Stripe tells it.', schema: accountResource } },
    async handle({ params }) {
      return {
        status: 200,
        body: presentAccount(await stripe.accounts.retrieve(params.id, {}, STRIPE_READ)),
      };
    },
  });
}
