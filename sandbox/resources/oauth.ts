import type { Context } from '../core/context.ts';
import { disconnect, redeem } from '../flows/oauth.ts';
import { oauthError } from '../http/errors.ts';
import { anything, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import { applicationId } from '../views/payments.ts';

function checkPlatform(ctx: Context): void {
  if (ctx.account === ctx.settings.platform) return;
  throw oauthError('invalid_client', 'Only the platform itself can connect accounts.');
}

const token = route(
  'POST',
  '/oauth/token',
  {
    assert_capabilities: optional(anything),
    client_secret: optional(text),
    code: optional(text),
    grant_type: optional(text),
    scope: optional(text),
  },
  (ctx, { code, grant_type }) => {
    checkPlatform(ctx);
    if (grant_type !== 'authorization_code') {
      throw grant_type === undefined
        ? oauthError('invalid_request', 'No grant type specified')
        : oauthError('unsupported_grant_type', `Unsupported grant type: ${grant_type}`);
    }
    if (code === undefined) throw oauthError('invalid_request', 'No authorization code provided');
    const { account, scope } = redeem(ctx, code);
    // Keys of the account's own, as Stripe still hands them out; here only Stripe-Account opens an account.
    return {
      access_token: `sk_test_${ctx.ids.random(24)}`,
      livemode: false,
      refresh_token: `rt_${ctx.ids.random(24)}`,
      scope,
      stripe_publishable_key: `pk_test_${ctx.ids.random(24)}`,
      stripe_user_id: account,
      token_type: 'bearer',
    };
  },
);

const deauthorize = route(
  'POST',
  '/oauth/deauthorize',
  { client_id: optional(text), stripe_user_id: optional(text) },
  (ctx, { client_id, stripe_user_id }) => {
    checkPlatform(ctx);
    if (client_id !== applicationId) {
      throw oauthError('invalid_client', `No such application: '${client_id ?? ''}'`);
    }
    if (stripe_user_id === undefined) throw oauthError('invalid_request', 'No stripe_user_id provided');
    disconnect(ctx, stripe_user_id);
    return { stripe_user_id };
  },
);

export const oauthRoutes = [token, deauthorize];
