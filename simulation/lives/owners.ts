import { disconnect, grant, openStandardAccount } from '../../sandbox/flows/oauth.ts';
import type { Account } from '../../sandbox/objects/accounts.ts';
import type { World } from '../world/world.ts';
import type { PlannedWork } from './plan-work.ts';
import { referenceOf } from './plan-work.ts';

/** Somebody opens a Stripe account of their own. */
export function openOutside(world: World, { id }: PlannedWork): void {
  const name = `Shop of ${id}`;
  const { id: account } = world.platform.world.transaction((ctx) =>
    openStandardAccount(ctx, { country: 'US', email: null, name }),
  );
  world.openedOutside.set(id, account);
}

/** Its owner lets the platform connect it: the code that goes back with the owner's browser. */
export function consentOutside(world: World, { id }: PlannedWork): string {
  const account = world.openedOutside.get(id) ?? '';
  return world.platform.world.transaction((ctx) => grant(ctx, account, 'read_write')).id;
}

/** Its owner ends the connection in Stripe's Dashboard, if there is one. */
export function disconnectOutside(world: World, account: string): void {
  const row = world.platform.world.store.get('account', account);
  if (row?.type !== 'standard' || row.sandbox.disconnected) return;
  world.platform.world.transaction((ctx) => disconnect(ctx, account));
}

export function accountAtStripe(world: World, work: PlannedWork): Account | undefined {
  const reference = referenceOf(work);
  const opened = world.openedOutside.get(work.id);
  return [...world.platform.world.store.rows('account')].find(
    ({ id, metadata }) => id === reference || id === opened || metadata.waybill_account === reference,
  );
}
