import { noSuch } from '../http/errors.ts';
import { boolean, optional } from '../http/params.ts';
import { route } from '../http/route.ts';
import { CAPABILITIES } from '../objects/capabilities.ts';
import { capabilityView } from '../views/accounts.ts';
import { listOf } from '../views/json.ts';
import { changeAccount } from './account-changes.ts';
import { findAccount } from './accounts.ts';

const list = route('GET', '/v1/accounts/:account/capabilities', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  return listOf(
    Object.keys(account.capabilities).map((name) => capabilityView(account, name)),
    `/v1/accounts/${account.id}/capabilities`,
  );
});

const retrieve = route('GET', '/v1/accounts/:account/capabilities/:capability', {}, (ctx, _params, ids) => {
  const account = findAccount(ctx, ids.account);
  if (!CAPABILITIES.includes(ids.capability)) throw noSuch('capability', ids.capability, 'capability', 404);
  return capabilityView(account, ids.capability);
});

const update = route(
  'POST',
  '/v1/accounts/:account/capabilities/:capability',
  { requested: optional(boolean) },
  (ctx, { requested }, ids) => {
    const account = findAccount(ctx, ids.account);
    if (!CAPABILITIES.includes(ids.capability)) throw noSuch('capability', ids.capability, 'capability', 404);
    const changed =
      requested === undefined
        ? account
        : changeAccount(ctx, account, { capabilities: { [ids.capability]: requested } });
    return capabilityView(changed, ids.capability);
  },
);

export const capabilityRoutes = [list, retrieve, update];
