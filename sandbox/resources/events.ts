import type { Context } from '../core/context.ts';
import { KEPT_SECONDS } from '../core/retention.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import { boolean, list as listParam, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import { view } from '../views/index.ts';
import { typeMatches } from '../webhooks/disturbance.ts';

/** Whether every endpoint it was meant for has it; so is an event that was meant for none. */
function delivered(ctx: Context, event: string): boolean {
  return [...ctx.tx.where('webhook_delivery', 'event', event)].every(({ state }) => state === 'succeeded');
}

const TYPES_MAX = 20;

const list = route(
  'GET',
  '/v1/events',
  {
    ...pageShape,
    created,
    delivery_success: optional(boolean),
    type: optional(text),
    types: optional(listParam(text)),
  },
  (ctx, params) => {
    if (params.types && params.types.length > TYPES_MAX) {
      throw invalid(`You may name up to ${TYPES_MAX} types of events.`, 'types');
    }
    const wanted = params.types ?? (params.type === undefined ? undefined : [params.type]);
    const kept = filtered(
      ownRows(ctx, 'event', params),
      (row) =>
        row.created > ctx.now - KEPT_SECONDS.event &&
        (params.delivery_success === undefined || params.delivery_success === delivered(ctx, row.id)) &&
        (!wanted || wanted.some((pattern) => typeMatches(pattern, row.type))) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'event', kept, params, '/v1/events');
  },
);

const retrieve = route('GET', '/v1/events/:id', {}, (ctx, _params, ids) => {
  const row = ctx.tx.get('event', ids.id);
  if (!row || row.owner !== ctx.account) throw noSuch('event', ids.id, 'id', 404);
  return view(ctx, 'event', row);
});

export const eventRoutes = [list, retrieve];
