import type { Context } from '../core/context.ts';
import { invalid } from '../http/errors.ts';
import { anything, oneOf, optional, type Parser, required, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Account } from '../objects/accounts.ts';
import { accountLinkView, loginLinkView } from '../views/links.ts';
import { findAccount } from './accounts.ts';

const LINK_LIVES_SECONDS = 300;

const SCHEMES = new Set(['http:', 'https:']);

const webAddress: Parser<string> = (value, name) => {
  const address = text(value, name);
  if (!URL.canParse(address) || !SCHEMES.has(new URL(address).protocol)) {
    throw invalid('Not a valid URL', name, 'url_invalid');
  }
  return address;
};

function findConnected(ctx: Context, id: string): Account {
  const account = findAccount(ctx, id);
  if (ctx.account === ctx.settings.platform && id !== ctx.settings.platform) return account;
  throw invalid('You can only create links for accounts that are connected to your platform.', 'account');
}

const createAccountLink = route(
  'POST',
  '/v1/account_links',
  {
    account: required(text),
    collect: optional(oneOf('currently_due', 'eventually_due')),
    collection_options: optional(anything),
    refresh_url: required(webAddress),
    return_url: required(webAddress),
    type: required(oneOf('account_onboarding', 'account_update')),
  },
  (ctx, { account: id, refresh_url, return_url, type }) => {
    const account = findConnected(ctx, id);
    if (type === 'account_update' && account.controller.requirement_collection === 'stripe') {
      throw invalid(
        'You cannot create `account_update` type Account Links for this account: they are only allowed where the platform collects the requirements. Use `account_onboarding`.',
        'type',
      );
    }
    const link = ctx.tx.put('account_link', {
      id: ctx.ids.random(22),
      account: account.id,
      created: ctx.now,
      done: false,
      expires_at: ctx.now + LINK_LIVES_SECONDS,
      refresh_url,
      return_url,
      session: null,
      type,
    });
    return accountLinkView(ctx, link);
  },
);

const createLoginLink = route('POST', '/v1/accounts/:account/login_links', {}, (ctx, _params, ids) => {
  const account = findConnected(ctx, ids.account);
  if (account.controller.stripe_dashboard.type !== 'express') {
    throw invalid(
      `Cannot create a login link for ${account.id}: it does not have access to the Express Dashboard.`,
    );
  }
  if (!account.details_submitted) {
    throw invalid('Cannot create a login link for an account that has not completed onboarding.');
  }
  const link = ctx.tx.put('login_link', {
    id: ctx.ids.random(22),
    account: account.id,
    created: ctx.now,
    used: false,
  });
  return loginLinkView(ctx, link);
});

export const accountLinkRoutes = [createAccountLink, createLoginLink];
