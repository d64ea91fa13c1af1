import { viewOf } from '../account-view.ts';
import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { findAccount } from '../known-account.ts';
import { presentTimeline } from '../present-timeline.ts';
import { accountResource } from '../schemas/account.ts';
import { accountParams } from '../schemas/params.ts';
import { timelineResource } from '../schemas/timeline.ts';

export function getAccount(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/accounts/{id}',
    readsStripe: true,
    role: 'service',
    tag: 'Accounts',
    summary: 'Read one connected account: what is enabled, what Stripe still requires, by when',
    params: accountParams,
    responses: { 200: { description: 'The account as Stripe tells it.', schema: accountResource } },
    async handle({ params }) {
      return { status: 200, body: await viewOf(backend, await findAccount(backend, params.id)) };
    },
  });
}

export function getAccountTimeline(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/accounts/{id}/timeline',
    role: 'service',
    tag: 'Accounts',
    summary: 'Every command, Stripe call and change of status of an account, in order',
    params: accountParams,
    responses: { 200: { description: 'Oldest first.', schema: timelineResource } },
    async handle({ params }) {
      const { reference } = await findAccount(backend, params.id);
      const timeline = await backend.accounts.timeline(reference);
      return { status: 200, body: presentTimeline(`/v1/accounts/${params.id}`, timeline) };
    },
  });
}
