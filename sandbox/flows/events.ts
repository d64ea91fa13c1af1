import type { Context } from '../core/context.ts';
import { DEFAULT_VERSION } from '../core/context.ts';
import type { Tables } from '../objects/tables.ts';
import type { Viewable } from '../views/index.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { planDeliveries } from './webhooks.ts';

/** Those that say what was there before (recorded of the last two: mage2pro/stripe, Kiln-AI/stripe_world). */
const TELLS_BEFORE = /\.updated$|^charge\.refunded$|^payment_method\.detached$/;

/** Records that something happened, with the object as it is now, and for whom it is to be delivered. */
export function emit<T extends Viewable>(
  ctx: Context,
  type: string,
  table: T,
  row: Tables[T],
  owner: string,
): void {
  const asDefault: Context = { ...ctx, version: DEFAULT_VERSION };
  const object = view(asDefault, table, row);
  const old = TELLS_BEFORE.test(type) ? ctx.tx.before(table, row.id) : undefined;
  emitObject(ctx, type, object, owner, old && changes(view(asDefault, table, old), object));
}

/**
 * What the fields that differ were before, in the object's own order: of a hash only what differs in it, of an array all of it
 * (docs.stripe.com/changelog/2015-01-26/events-previous-attributes-render-differences). What was not there before was null.
 */
export function changes(old: Json, now: Json): Json {
  const names = new Set([...Object.keys(now), ...Object.keys(old)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, unknown][] => {
      const [before, after] = [old[name] ?? null, now[name] ?? null];
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      if (!isHash(before) || !isHash(after)) return [[name, before]];
      const within = changes(before, after);
      return Object.keys(within).length > 0 ? [[name, within]] : [];
    }),
  );
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same of something that is part of a row, or of none. */
export function emitObject(ctx: Context, type: string, object: Json, owner: string, previous?: Json): void {
  // An account that is not connected sends the platform no events, except that it has left.
  const unknown = ctx.tx.get('account', owner)?.sandbox.disconnected ?? false;
  if (unknown && type !== 'account.application.deauthorized') return;
  const event = ctx.tx.put('event', {
    id: ctx.ids.plain('evt', 24),
    owner,
    api_version: DEFAULT_VERSION,
    created: ctx.now,
    data: { object, ...(previous ? { previous_attributes: previous } : {}) },
    request: ctx.request,
    type,
  });
  planDeliveries(ctx, event);
}
