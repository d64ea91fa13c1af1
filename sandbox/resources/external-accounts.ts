import { withConsequences } from '../flows/accounts.ts';
import { bankAccountParams, readBankAccount, spendBankToken } from '../flows/bank-accounts.ts';
import { emit } from '../flows/events.ts';
import { noSuch } from '../http/errors.ts';
import { pageShape, paginate } from '../http/pagination.ts';
import {
  boolean,
  either,
  isText,
  mergeMetadata,
  metadata,
  optional,
  required,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import { bankAccountView } from '../views/connect.ts';
import { listOf } from '../views/json.ts';
import { findAccount } from './accounts.ts';

const create = route(
  'POST',
  '/v1/accounts/:account/external_accounts',
  {
    default_for_currency: optional(boolean),
    external_account: required(either(isText, text, bankAccountParams)),
    metadata: optional(metadata),
  },
  (ctx, params, ids) => {
    const account = findAccount(ctx, ids.account);
    const given = params.external_account;
    const read =
      typeof given === 'string'
        ? spendBankToken(ctx, given, 'external_account')
        : readBankAccount({ ...ctx, account: account.id }, given, 'external_account');
    const isDefault = params.default_for_currency ?? account.external_accounts.length === 0;
    const bank = {
      ...read,
      default_for_currency: isDefault,
      metadata: mergeMetadata(read.metadata, params.metadata),
    };
    const others = account.external_accounts.map((one) =>
      isDefault && one.currency === bank.currency ? { ...one, default_for_currency: false } : one,
    );
    const changed = ctx.tx.put(
      'account',
      withConsequences({ ...account, external_accounts: [bank, ...others] }),
    );
    emit(ctx, 'account.updated', 'account', changed, account.id);
    return bankAccountView(account.id, bank);
  },
);

const retrieve = route('GET', '/v1/accounts/:account/external_accounts/:id', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  const bank = account.external_accounts.find(({ id }) => id === ids.id);
  if (!bank) throw noSuch('external account', ids.id, 'id', 404);
  return bankAccountView(account.id, bank);
});

const remove = route('DELETE', '/v1/accounts/:account/external_accounts/:id', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  const rest = account.external_accounts.filter(({ id }) => id !== ids.id);
  if (rest.length === account.external_accounts.length) throw noSuch('external account', ids.id, 'id', 404);
  ctx.tx.put('account', withConsequences({ ...account, external_accounts: rest }));
  return { id: ids.id, object: 'bank_account', deleted: true };
});

const list = route(
  'GET',
  '/v1/accounts/:account/external_accounts',
  { ...pageShape, object: optional(text) },
  (ctx, params, ids) => {
    const account = findAccount(ctx, ids.account);
    const { rows, hasMore } = paginate(account.external_accounts, params, 'external account');
    return listOf(
      rows.map((bank) => bankAccountView(account.id, bank)),
      `/v1/accounts/${account.id}/external_accounts`,
      hasMore,
    );
  },
);

export const externalAccountRoutes = [create, retrieve, remove, list];
