import type { Context } from '../core/context.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { listPage, pageShape } from '../http/pagination.ts';
import type { Parser } from '../http/params.ts';
import {
  absoluteUrl,
  boolean,
  clearable,
  list as listParam,
  mergeMetadata,
  metadata,
  optional,
  required,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { WebhookEndpoint } from '../objects/webhooks.ts';
import { view } from '../views/index.ts';

const MAX_ENDPOINTS = 16;

const url: Parser<string> = (value, name) => {
  const given = absoluteUrl(value, name);
  const { protocol } = new URL(given);
  if (protocol === 'http:' || protocol === 'https:') return given;
  throw invalid('Not a valid URL', name, 'url_invalid');
};

const eventName: Parser<string> = (value, name) => {
  const given = text(value, name);
  if (given === '*' || /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(given)) return given;
  throw invalid(`Invalid ${name}: ${given} is not the name of an event`, name);
};

const shared = {
  description: optional(clearable(text)),
  metadata: optional(metadata),
};

function findEndpoint(ctx: Context, id: string): WebhookEndpoint {
  const endpoint = ctx.tx.get('webhook_endpoint', id);
  if (!endpoint || endpoint.owner !== ctx.account) throw noSuch('webhook endpoint', id, 'id', 404);
  return endpoint;
}

const create = route(
  'POST',
  '/v1/webhook_endpoints',
  {
    ...shared,
    api_version: optional(text),
    connect: optional(boolean),
    enabled_events: required(listParam(eventName)),
    url: required(url),
  },
  (ctx, params) => {
    const own = [...ctx.tx.where('webhook_endpoint', 'owner', ctx.account)];
    if (own.length >= MAX_ENDPOINTS) {
      throw invalid(`You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`);
    }
    const endpoint = ctx.tx.put('webhook_endpoint', {
      id: ctx.ids.owned('we', ctx.account),
      owner: ctx.account,
      api_version: params.api_version ?? null,
      connect: params.connect ?? false,
      created: ctx.now,
      description: params.description ?? null,
      enabled_events: params.enabled_events,
      metadata: mergeMetadata({}, params.metadata),
      secret: `whsec_${ctx.ids.random(32)}`,
      status: 'enabled',
      url: params.url,
      sandbox: { previousSecret: null, previousUntil: 0 },
    });
    return { ...view(ctx, 'webhook_endpoint', endpoint), secret: endpoint.secret };
  },
);

const retrieve = route('GET', '/v1/webhook_endpoints/:id', {}, (ctx, _params, ids) =>
  view(ctx, 'webhook_endpoint', findEndpoint(ctx, ids.id)),
);

const update = route(
  'POST',
  '/v1/webhook_endpoints/:id',
  {
    ...shared,
    disabled: optional(boolean),
    enabled_events: optional(listParam(eventName)),
    url: optional(url),
  },
  (ctx, params, ids) => {
    const before = findEndpoint(ctx, ids.id);
    const changed = ctx.tx.update('webhook_endpoint', before.id, {
      description: params.description === undefined ? before.description : params.description,
      enabled_events: params.enabled_events ?? before.enabled_events,
      metadata: mergeMetadata(before.metadata, params.metadata),
      status: params.disabled === undefined ? before.status : params.disabled ? 'disabled' : 'enabled',
      url: params.url ?? before.url,
    });
    return view(ctx, 'webhook_endpoint', changed);
  },
);

const remove = route('DELETE', '/v1/webhook_endpoints/:id', {}, (ctx, _params, ids) => {
  const { id } = findEndpoint(ctx, ids.id);
  ctx.tx.delete('webhook_endpoint', id);
  return { id, object: 'webhook_endpoint', deleted: true };
});

const list = route('GET', '/v1/webhook_endpoints', pageShape, (ctx, params) =>
  listPage(
    ctx,
    'webhook_endpoint',
    ctx.tx.where('webhook_endpoint', 'owner', ctx.account),
    params,
    '/v1/webhook_endpoints',
  ),
);

export const webhookEndpointRoutes = [create, retrieve, update, remove, list];
