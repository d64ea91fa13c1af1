import type { ActingAs } from '../../stripe/acting-as.ts';
import { asAccount, asPlatform } from '../../stripe/acting-as.ts';
import { balanceOf } from '../../stripe/own-money.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { accountParams } from '../http/params.ts';
import { balanceResource } from './balance-schema.ts';
import { presentBalance } from './present-balance.ts';

const responses = { 200: { description: 'What is there now, by currency.', schema: balanceResource } };

export function getPlatformBalance({ stripe }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'balance.get',
    path: '/v1/balance',
    readsStripe: true,
    role: 'read',
    tag: 'Balances',
    summary: "Read the platform's balance",
    responses,
    handle: async () => reply(stripe, asPlatform, null),
  });
}

export function getAccountBalance(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'accounts.getBalance',
    path: '/v1/accounts/{id}/balance',
    readsStripe: true,
    role: 'read',
    tag: 'Balances',
    summary: "Read a connected account's balance, as that account",
    params: accountParams,
    responses,
    async handle({ params }) {
      const account = await backend.accountIds.of(params.id, 'id');
      return reply(backend.stripe, asAccount(account), account);
    },
  });
}

async function reply(stripe: Backend['stripe'], as: ActingAs, account: string | null) {
  return { status: 200, body: presentBalance(await balanceOf(stripe, as).retrieve(STRIPE_READ), account) };
}
