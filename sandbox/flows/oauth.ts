import type { Context } from '../core/context.ts';
import { oauthError } from '../http/errors.ts';
import type { Account } from '../objects/accounts.ts';
import type { OAuthCode } from '../objects/links.ts';
import { applicationId } from '../views/payments.ts';
import { assessed, newAccount } from './accounts.ts';
import { emitObject } from './events.ts';
import { readBankAccount } from './external-accounts.ts';

const APPLICATION = { id: applicationId, object: 'application', name: 'Waybill' };

const CODE_LIVES_SECONDS = 300;

/** A complete Stripe account of somebody's own, which the platform does not know of yet. */
export function openStandardAccount(
  ctx: Context,
  { country, email, name }: { country: string; email: string | null; name: string | null },
): Account {
  const account = newAccount({
    id: `acct_1${ctx.ids.random(15)}`,
    country,
    created: ctx.now,
    type: 'standard',
    business_profile: name === null ? {} : { name },
    details_submitted: true,
    email,
    sandbox: {
      disconnected: true,
      enabled: true,
      known: true,
      requested: { card_payments: ctx.now, transfers: ctx.now },
    },
  });
  const acting: Context = { ...ctx, account: account.id };
  const bank = readBankAccount(
    acting,
    {
      account_number: '000123456789',
      country,
      currency: account.default_currency,
      routing_number: '110000000',
    },
    'external_account',
  );
  return ctx.tx.put('account', assessed({ ...account, external_accounts: [bank] }, [], ctx.now));
}

/** Its owner consents; the platform has the code's lifetime to take it up. */
export function grant(ctx: Context, account: string, scope: string): OAuthCode {
  return ctx.tx.put('oauth_code', {
    id: ctx.ids.plain('ac', 32),
    account,
    created: ctx.now,
    scope,
    used: false,
  });
}

/** Turns a consent into the connection, once. */
export function redeem(ctx: Context, id: string): OAuthCode {
  const code = ctx.tx.get('oauth_code', id);
  if (!code) throw oauthError('invalid_grant', `Authorization code does not exist: ${id}`);
  if (code.used) throw oauthError('invalid_grant', `This authorization code has already been used: ${id}`);
  if (code.created + CODE_LIVES_SECONDS < ctx.now) {
    throw oauthError('invalid_grant', `Authorization code expired: ${id}`);
  }
  setConnected(ctx, ctx.tx.must('account', code.account), true);
  return ctx.tx.update('oauth_code', id, { used: true });
}

/** Ends the platform's access: from here on the account is as good as unknown to it. */
export function disconnect(ctx: Context, id: string): void {
  const account = ctx.tx.get('account', id);
  if (!account || account.deleted || account.sandbox.disconnected || account.type !== 'standard') {
    throw oauthError(
      'invalid_client',
      `This application is not connected to stripe account ${id}, or that account does not exist.`,
    );
  }
  setConnected(ctx, account, false);
}

function setConnected(ctx: Context, account: Account, connected: boolean): void {
  ctx.tx.put('account', { ...account, sandbox: { ...account.sandbox, disconnected: !connected } });
  const type = connected ? 'account.application.authorized' : 'account.application.deauthorized';
  emitObject(ctx, type, APPLICATION, account.id);
}
