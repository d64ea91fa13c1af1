import type { z } from 'zod';
import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { rfc3339 } from '../rfc3339.ts';
import { linkResource } from '../schemas/account.ts';
import { onboardingLinkBody } from '../schemas/account-commands.ts';
import { nothingBody } from '../schemas/fields.ts';
import { stripeAccountParams } from '../schemas/params.ts';
import { STRIPE_READ } from '../stripe-read.ts';
import { refusePlainHttp } from '../web-url.ts';

type Link = z.output<typeof linkResource>;

/** A link is a key to the account and opens once: it is made anew each time, and kept nowhere. */
export function onboardingLink({ stripe, events }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/accounts/{id}/onboarding_link',
    role: 'service',
    tag: 'Accounts',
    summary: 'Make a link to Stripe’s own onboarding form, for the account’s owner',
    params: stripeAccountParams,
    body: onboardingLinkBody,
    responses: { 201: { description: 'The link.', schema: linkResource } },
    async handle({ params, body }) {
      refusePlainHttp({ return_url: body.return_url, refresh_url: body.refresh_url }, events);
      const { url, expires_at } = await stripe.accountLinks.create(
        { account: params.id, return_url: body.return_url, refresh_url: body.refresh_url, type: body.type },
        STRIPE_READ,
      );
      const link: Link = { object: 'onboarding_link', url, expires_at: rfc3339(expires_at * 1_000) };
      return { status: 201, body: link };
    },
  });
}

export function loginLink({ stripe }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/accounts/{id}/login_link',
    role: 'service',
    tag: 'Accounts',
    summary: 'Make a link to an Express account’s dashboard, for its owner',
    params: stripeAccountParams,
    body: nothingBody,
    responses: { 201: { description: 'The link.', schema: linkResource } },
    async handle({ params }) {
      const { url } = await stripe.accounts.createLoginLink(params.id, {}, STRIPE_READ);
      const link: Link = { object: 'login_link', url, expires_at: null };
      return { status: 201, body: link };
    },
  });
}
