import type { z } from 'zod';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { nothingBody } from '../http/fields.ts';
import { accountParams } from '../http/params.ts';
import { refusePlainHttp } from '../http/web-url.ts';
import { onboardingLinkBody } from './account-commands-schema.ts';
import { linkResource } from './account-schema.ts';

type Link = z.output<typeof linkResource>;

/** A link is a key to the account and opens once: each request makes a new one, and none is stored. */
export function onboardingLink(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'accounts.createOnboardingLink',
    path: '/v1/accounts/{id}/onboarding_link',
    role: 'service',
    tag: 'Accounts',
    summary: 'Create a link to Stripe’s onboarding form, for the account’s owner',
    params: accountParams,
    body: onboardingLinkBody,
    responses: { 201: { description: 'The link.', schema: linkResource } },
    async handle({ params, body }) {
      refusePlainHttp({ return_url: body.return_url, refresh_url: body.refresh_url }, backend.events);
      const account = await backend.accountIds.of(params.id, 'id');
      const { url, expires_at } = await backend.stripe.accountLinks.create(
        { account, return_url: body.return_url, refresh_url: body.refresh_url, type: body.type },
        STRIPE_READ,
      );
      const link: Link = { object: 'onboarding_link', url, expires_at: rfc3339(expires_at * 1_000) };
      return { status: 201, body: link };
    },
  });
}

export function loginLink(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'accounts.createLoginLink',
    path: '/v1/accounts/{id}/login_link',
    role: 'service',
    tag: 'Accounts',
    summary: 'Create a link to an Express account’s dashboard, for its owner',
    params: accountParams,
    body: nothingBody,
    responses: { 201: { description: 'The link.', schema: linkResource } },
    async handle({ params }) {
      const account = await backend.accountIds.of(params.id, 'id');
      const { url } = await backend.stripe.accounts.createLoginLink(account, {}, STRIPE_READ);
      const link: Link = { object: 'login_link', url, expires_at: null };
      return { status: 201, body: link };
    },
  });
}
