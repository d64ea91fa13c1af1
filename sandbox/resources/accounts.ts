import type { Context } from '../core/context.ts';
import { CONTROLLERS, newAccount, saveAccount } from '../flows/accounts.ts';
import { accountInvalid, invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, pageShape } from '../http/pagination.ts';
import type { Parsed } from '../http/params.ts';
import { oneOf, optional, required } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Account, Controller } from '../objects/accounts.ts';
import { view } from '../views/index.ts';
import { changeAccount } from './account-changes.ts';
import { createAccountShape, updateAccountShape } from './account-params.ts';

/** The platform reads its connected accounts; a connected account reads itself. */
export function findAccount(ctx: Context, id: string): Account {
  const account = ctx.tx.get('account', id);
  const visible = ctx.account === ctx.settings.platform || id === ctx.account;
  if (!account || account.deleted || account.sandbox.disconnected || !visible) {
    throw accountInvalid('sk_test_********', id);
  }
  return account;
}

/** Of the accounts whose requirements Stripe collects, and whose payouts and settings are their own. */
function controllerOf(params: Parsed<typeof createAccountShape>): Controller {
  const { controller, type } = params;
  if (!controller) return CONTROLLERS[type ?? 'standard'];
  const full = CONTROLLERS.standard;
  const chosen: Controller = {
    fees: { payer: controller.fees?.payer ?? full.fees.payer },
    losses: { payments: controller.losses?.payments ?? full.losses.payments },
    requirement_collection: controller.requirement_collection ?? full.requirement_collection,
    stripe_dashboard: { type: controller.stripe_dashboard?.type ?? full.stripe_dashboard.type },
  };
  const { fees, losses, stripe_dashboard } = chosen;
  if (
    chosen.requirement_collection === 'application' &&
    (stripe_dashboard.type !== 'none' || losses.payments !== 'application' || fees.payer !== 'application')
  ) {
    throw invalid(
      'When `controller[requirement_collection]` is `application`, `controller[stripe_dashboard][type]` must be `none`, `controller[losses][payments]` must be `application` and `controller[fees][payer]` must be `application`.',
      'controller[requirement_collection]',
    );
  }
  return chosen;
}

const COUNTRY = /^[A-Z]{2}$/;
const DASHBOARD_CAPABILITIES = ['card_payments', 'transfers'];

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
  const country = params.country ?? ctx.tx.must('account', ctx.settings.platform).country;
  if (!COUNTRY.test(country)) {
    throw invalid(
      `Country '${country}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'. A full list of codes is available at https://stripe.com/docs/api/accounts/create#create_account-country`,
      'country',
      'country_unsupported',
    );
  }
  const type = params.type ?? (params.controller ? 'none' : 'standard');
  const { country: _, controller: __, type: ___, ...told } = params;
  const account = newAccount({
    id: `acct_1${ctx.ids.random(15)}`,
    country,
    created: ctx.now,
    type,
    controller: controllerOf(params),
    sandbox: { requested: usualCapabilities(ctx, params) },
  });
  return view(ctx, 'account', changeAccount(ctx, account, told, 'created'));
});

/** Accounts with a dashboard of Stripe's get the platform's usual capabilities unless it names others. */
function usualCapabilities(
  ctx: Context,
  {
    type,
    controller,
    capabilities,
    requested_capabilities,
    tos_acceptance,
  }: Parsed<typeof createAccountShape>,
): Record<string, number> {
  const dashboard = controller ? (controller.stripe_dashboard?.type ?? 'full') !== 'none' : type !== 'custom';
  if (!dashboard || capabilities !== undefined || requested_capabilities !== undefined) return {};
  const usual = tos_acceptance?.service_agreement === 'recipient' ? ['transfers'] : DASHBOARD_CAPABILITIES;
  return Object.fromEntries(usual.map((name) => [name, ctx.now]));
}

const retrieveOwn = route('GET', '/v1/account', {}, (ctx) =>
  view(ctx, 'account', findAccount(ctx, ctx.account)),
);

const retrieve = route('GET', '/v1/accounts/:account', {}, (ctx, _params, ids) =>
  view(ctx, 'account', findAccount(ctx, ids.account)),
);

const update = route('POST', '/v1/accounts/:account', updateAccountShape, (ctx, params, ids) =>
  view(ctx, 'account', changeAccount(ctx, findAccount(ctx, ids.account), params)),
);

const remove = route('DELETE', '/v1/accounts/:account', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  if (account.id === ctx.settings.platform) throw noSuch('account', account.id, 'account');
  return view(ctx, 'account', ctx.tx.update('account', account.id, { deleted: true }));
});

const reject = route(
  'POST',
  '/v1/accounts/:account/reject',
  {
    payouts_action: optional(oneOf('none', 'pause')),
    reason: required(oneOf('fraud', 'terms_of_service', 'other')),
  },
  (ctx, { reason }, ids) => {
    const account = findAccount(ctx, ids.account);
    if (account.id === ctx.settings.platform) throw noSuch('account', account.id, 'account');
    const rejected = saveAccount(ctx, { ...account, sandbox: { ...account.sandbox, rejected: reason } });
    return view(ctx, 'account', rejected);
  },
);

const list = route('GET', '/v1/accounts', { ...pageShape, created }, (ctx, params) => {
  const kept = filtered(
    ctx.tx.where('account', 'deleted', false),
    (row) =>
      row.id !== ctx.settings.platform &&
      !row.sandbox.disconnected &&
      createdMatches(params.created, row.created),
  );
  return listPage(ctx, 'account', kept, params, '/v1/accounts');
});

export const accountRoutes = [create, retrieveOwn, retrieve, update, remove, reject, list];
