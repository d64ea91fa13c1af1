import type { Backend } from '../backend/backend.ts';
import { findAccount } from '../backend/known-account.ts';
import { presentTimeline } from '../commands/present-timeline.ts';
import { timelineResource } from '../commands/timeline.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { accountParams } from '../http/params.ts';
import { accountResource } from './account-schema.ts';
import { viewOf } from './account-view.ts';

export function getAccount(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'accounts.get',
    path: '/v1/accounts/{id}',
    readsStripe: true,
    role: 'read',
    tag: 'Accounts',
    summary: 'Read one connected account: what is enabled, what Stripe still requires, by when',
    params: accountParams,
    responses: { 200: { description: 'The account as Stripe shows it.', schema: accountResource } },
    async handle({ params }) {
      return { status: 200, body: await viewOf(backend, await findAccount(backend, params.id)) };
    },
  });
}

export function getAccountTimeline(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'accounts.timeline',
    path: '/v1/accounts/{id}/timeline',
    role: 'read',
    tag: 'Accounts',
    summary: 'Every command, Stripe call and change of status of an account, in order',
    params: accountParams,
    responses: { 200: { description: 'Oldest first.', schema: timelineResource } },
    async handle({ params }) {
      const { reference } = await findAccount(backend, params.id);
      // Nothing was done here to an account that was made elsewhere.
      const timeline = (await backend.accounts.timeline(reference)) ?? { entries: [], dropped: 0 };
      return { status: 200, body: presentTimeline(`/v1/accounts/${params.id}`, timeline) };
    },
  });
}
