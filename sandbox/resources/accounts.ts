import type { Context } from '../core/context.ts';
import { CONTROLLERS, newAccount, withConsequences } from '../flows/accounts.ts';
import { readBankAccount, spendBankToken } from '../flows/bank-accounts.ts';
import { emit } from '../flows/events.ts';
import { accountInvalid, invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import { mergeMetadata } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Account, BankAccount, CapabilityStatus, Controller } from '../objects/connect.ts';
import { view } from '../views/index.ts';
import { createAccountShape, updateAccountShape } from './account-params.ts';

/** The platform reads its connected accounts; a connected account reads itself. */
export function findAccount(ctx: Context, id: string): Account {
  const account = ctx.tx.get('account', id);
  const visible = ctx.account === ctx.settings.platform || id === ctx.account;
  if (!account || account.deleted || !visible) throw accountInvalid('sk_test_********', id);
  return account;
}

type UpdateParams = Parsed<typeof updateAccountShape>;

function requestedCapabilities(params: UpdateParams, recipient: boolean): Record<string, CapabilityStatus> {
  const asked = Object.entries(params.capabilities ?? {});
  const old = (params.requested_capabilities ?? []).map((name) => [name, true] as const);
  const result: Record<string, CapabilityStatus> = {};
  for (const [name, requested] of [...old, ...asked]) {
    if (requested && recipient && name === 'card_payments') {
      throw invalid(
        'Accounts under the recipient service agreement cannot request the card_payments capability.',
        'capabilities[card_payments]',
      );
    }
    result[name] = requested ? 'active' : 'unrequested';
  }
  return result;
}

function newBanks(ctx: Context, params: UpdateParams, account: string): BankAccount[] | undefined {
  const acting: Context = { ...ctx, account };
  for (const param of ['external_account', 'bank_account'] as const) {
    const given = params[param];
    if (given === undefined) continue;
    if (typeof given === 'string') return [spendBankToken(ctx, given, param)];
    return [readBankAccount(acting, given, param)];
  }
  return undefined;
}

function changed(ctx: Context, before: Account, params: UpdateParams): Account {
  const agreement = params.tos_acceptance?.service_agreement ?? before.tos_acceptance.service_agreement;
  const schedule = params.settings?.payouts?.schedule;
  const delay = schedule?.delay_days === 'minimum' ? undefined : schedule?.delay_days;
  return withConsequences({
    ...before,
    business_profile: { ...before.business_profile, ...params.business_profile },
    business_type: params.business_type ?? before.business_type,
    capabilities: { ...before.capabilities, ...requestedCapabilities(params, agreement === 'recipient') },
    default_currency: params.default_currency ?? before.default_currency,
    email: params.email === undefined ? before.email : params.email,
    external_accounts: newBanks(ctx, params, before.id) ?? before.external_accounts,
    metadata: mergeMetadata(before.metadata, params.metadata),
    schedule: {
      delay_days: delay ?? before.schedule.delay_days,
      interval: schedule?.interval ?? before.schedule.interval,
    },
    statement_descriptor: params.settings?.payments?.statement_descriptor ?? before.statement_descriptor,
    tos_acceptance: {
      date: params.tos_acceptance?.date ?? before.tos_acceptance.date,
      ip: params.tos_acceptance?.ip ?? before.tos_acceptance.ip,
      service_agreement: agreement,
    },
  });
}

function controllerOf(params: Parsed<typeof createAccountShape>): Controller {
  const { controller, type } = params;
  if (!controller) return CONTROLLERS[type ?? 'standard'];
  const full = CONTROLLERS.standard;
  return {
    fees: { payer: controller.fees?.payer ?? full.fees.payer },
    losses: { payments: controller.losses?.payments ?? full.losses.payments },
    requirement_collection: controller.requirement_collection ?? full.requirement_collection,
    stripe_dashboard: { type: controller.stripe_dashboard?.type ?? full.stripe_dashboard.type },
  };
}

const create = route('POST', '/v1/accounts', createAccountShape, (ctx, params) => {
  if (ctx.account !== ctx.settings.platform) {
    throw invalid(
      'You can only create new accounts if you have signed up for Connect, which you can do at https://dashboard.stripe.com/connect.',
    );
  }
  if (params.type !== undefined && params.controller !== undefined) {
    throw invalid(
      'You may not provide the `type` parameter and `controller` parameters simultaneously. They are mutually exclusive.',
      'controller',
    );
  }
  const account = ctx.tx.put(
    'account',
    changed(
      ctx,
      newAccount({
        id: `acct_1${ctx.ids.random(15)}`,
        country: params.country ?? ctx.tx.must('account', ctx.settings.platform).country,
        created: ctx.now,
        type: params.type ?? (params.controller ? 'none' : 'standard'),
        controller: controllerOf(params),
      }),
      params,
    ),
  );
  emit(ctx, 'account.updated', 'account', account, account.id);
  return view(ctx, 'account', account);
});

const retrieveOwn = route('GET', '/v1/account', {}, (ctx) =>
  view(ctx, 'account', findAccount(ctx, ctx.account)),
);

const retrieve = route('GET', '/v1/accounts/:account', {}, (ctx, _params, ids) =>
  view(ctx, 'account', findAccount(ctx, ids.account)),
);

const update = route('POST', '/v1/accounts/:account', updateAccountShape, (ctx, params, ids) => {
  const account = ctx.tx.put('account', changed(ctx, findAccount(ctx, ids.account), params));
  emit(ctx, 'account.updated', 'account', account, account.id);
  return view(ctx, 'account', account);
});

const remove = route('DELETE', '/v1/accounts/:account', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  if (account.id === ctx.settings.platform) throw noSuch('account', account.id, 'account');
  return view(ctx, 'account', ctx.tx.update('account', account.id, { deleted: true }));
});

const list = route('GET', '/v1/accounts', { ...pageShape, created }, (ctx, params) => {
  const kept = filtered(
    ctx.tx.where('account', 'deleted', false),
    (row) => row.id !== ctx.settings.platform && createdMatches(params.created, row.created),
  );
  return listPage(ctx, 'account', kept, params, '/v1/accounts');
});

export const accountRoutes = [create, retrieveOwn, retrieve, update, remove, list];
