import type { Context } from '../core/context.ts';
import { DEFAULT_VERSION } from '../core/context.ts';
import type { Tables } from '../objects/tables.ts';
import type { Viewable } from '../views/index.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { planDeliveries } from './webhooks.ts';

/** Records that something happened, with the object as it is now, and for whom it is to be delivered. */
export function emit<T extends Viewable>(
  ctx: Context,
  type: string,
  table: T,
  row: Tables[T],
  owner: string,
): void {
  const asDefault: Context = { ...ctx, version: DEFAULT_VERSION };
  emitObject(ctx, type, view(asDefault, table, row), owner);
}

/** The same of something that is part of a row, or of none. */
export function emitObject(ctx: Context, type: string, object: Json, owner: string): void {
  // An account that is not connected is nobody the platform hears of, save that it has left.
  const unknown = ctx.tx.get('account', owner)?.sandbox.disconnected ?? false;
  if (unknown && type !== 'account.application.deauthorized') return;
  const event = ctx.tx.put('event', {
    id: ctx.ids.plain('evt', 24),
    owner,
    api_version: DEFAULT_VERSION,
    created: ctx.now,
    data: { object },
    request: ctx.request,
    type,
  });
  planDeliveries(ctx, event);
}
