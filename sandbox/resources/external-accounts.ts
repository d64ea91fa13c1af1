import { saveAccount, withAnswers } from '../flows/accounts.ts';
import { changes, emitObject } from '../flows/events.ts';
import { externalAccountParams, readExternalAccount } from '../flows/external-accounts.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { filtered, pageShape, paginate } from '../http/pagination.ts';
import {
  anything,
  atLeast,
  boolean,
  clearable,
  mergeMetadata,
  metadata,
  oneOf,
  optional,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Account, ExternalAccount } from '../objects/accounts.ts';
import { externalAccountView } from '../views/accounts.ts';
import { listOf } from '../views/json.ts';
import { findAccount } from './accounts.ts';

function find(account: Account, id: string): ExternalAccount {
  const found = account.external_accounts.find((one) => one.id === id);
  if (!found) throw noSuch('external account', id, 'id', 404);
  return found;
}

/** One per currency is where payouts go unless they name another. */
function withDefault(accounts: ExternalAccount[], chosen: ExternalAccount): ExternalAccount[] {
  return accounts.map((one) =>
    one.id !== chosen.id && one.currency === chosen.currency && chosen.default_for_currency
      ? { ...one, default_for_currency: false }
      : one,
  );
}

const create = route(
  'POST',
  '/v1/accounts/:account/external_accounts',
  {
    bank_account: optional(externalAccountParams),
    default_for_currency: optional(boolean),
    external_account: optional(externalAccountParams),
    metadata: optional(metadata),
  },
  (ctx, params, ids) => {
    const account = findAccount(ctx, ids.account);
    const given = params.external_account ?? params.bank_account;
    if (given === undefined) {
      throw invalid('Missing required param: external_account.', 'external_account', 'parameter_missing');
    }
    const read = readExternalAccount(ctx, given, 'external_account', account);
    const first = !account.external_accounts.some(({ currency }) => currency === read.currency);
    const added = {
      ...read,
      default_for_currency: params.default_for_currency ?? first,
      metadata: mergeMetadata(read.metadata, params.metadata),
    };
    const external_accounts = withDefault([added, ...account.external_accounts], added);
    emitObject(ctx, 'account.external_account.created', externalAccountView(account.id, added), account.id);
    saveAccount(ctx, withAnswers({ ...account, external_accounts }, ['external_account']));
    return externalAccountView(account.id, added);
  },
);

const retrieve = route('GET', '/v1/accounts/:account/external_accounts/:id', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  return externalAccountView(account.id, find(account, ids.id));
});

const updateShape = {
  account_holder_name: optional(clearable(text)),
  account_holder_type: optional(clearable(oneOf('company', 'individual'))),
  account_type: optional(text),
  address_city: optional(anything),
  address_country: optional(anything),
  address_line1: optional(anything),
  address_line2: optional(anything),
  address_state: optional(anything),
  address_zip: optional(anything),
  default_for_currency: optional(boolean),
  documents: optional(anything),
  exp_month: optional(atLeast(1)),
  exp_year: optional(atLeast(1)),
  metadata: optional(metadata),
  name: optional(clearable(text)),
};

const DETAILS = [
  'account_holder_name',
  'account_holder_type',
  'exp_month',
  'exp_year',
  'name',
] as const satisfies (keyof typeof updateShape)[];

const update = route(
  'POST',
  '/v1/accounts/:account/external_accounts/:id',
  updateShape,
  (ctx, params, ids) => {
    const account = findAccount(ctx, ids.account);
    const before = find(account, ids.id);
    const common = {
      // Payouts go there again once its details are updated.
      status: DETAILS.some((name) => params[name] !== undefined) ? ('new' as const) : before.status,
      default_for_currency: params.default_for_currency ?? before.default_for_currency,
      metadata: mergeMetadata(before.metadata, params.metadata),
    };
    const changed: ExternalAccount =
      before.object === 'card'
        ? {
            ...before,
            ...common,
            exp_month: params.exp_month ?? before.exp_month,
            exp_year: params.exp_year ?? before.exp_year,
            name: params.name === undefined ? before.name : params.name,
          }
        : {
            ...before,
            ...common,
            account_holder_name: params.account_holder_name ?? before.account_holder_name,
            account_holder_type: params.account_holder_type ?? before.account_holder_type,
          };
    const replaced = account.external_accounts.map((one) => (one.id === changed.id ? changed : one));
    const shown = externalAccountView(account.id, changed);
    const previous = changes(externalAccountView(account.id, before), shown);
    emitObject(ctx, 'account.external_account.updated', shown, account.id, previous);
    saveAccount(ctx, { ...account, external_accounts: withDefault(replaced, changed) });
    return shown;
  },
);

const remove = route('DELETE', '/v1/accounts/:account/external_accounts/:id', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  const gone = find(account, ids.id);
  const rest = account.external_accounts.filter((one) => one.id !== gone.id);
  const needed = gone.default_for_currency && rest.some(({ currency }) => currency === gone.currency);
  if (needed) {
    throw invalid(
      'You cannot delete the default external account for your default currency. Please make another external account the default using the `default_for_currency` param, and then delete this one.',
      'id',
    );
  }
  emitObject(ctx, 'account.external_account.deleted', externalAccountView(account.id, gone), account.id);
  saveAccount(ctx, { ...account, external_accounts: rest });
  return { id: gone.id, object: gone.object, deleted: true };
});

const list = route(
  'GET',
  '/v1/accounts/:account/external_accounts',
  { ...pageShape, object: optional(oneOf('bank_account', 'card')) },
  (ctx, params, ids) => {
    const account = findAccount(ctx, ids.account);
    const kept = filtered(
      account.external_accounts,
      ({ object }) => params.object === undefined || object === params.object,
    );
    const { rows, hasMore } = paginate(kept, params, 'external account');
    return listOf(
      rows.map((one) => externalAccountView(account.id, one)),
      `/v1/accounts/${account.id}/external_accounts`,
      hasMore,
    );
  },
);

export const externalAccountRoutes = [create, retrieve, update, remove, list];
