import type { Context } from '../core/context.ts';
import type { StripeEvent } from '../objects/records.ts';
import type { WebhookEndpoint } from '../objects/webhooks.ts';
import type { Json } from './json.ts';
import { applicationId } from './payments.ts';

/** Without the secret, which Stripe shows once, when the endpoint is made. */
export function webhookEndpointView(_ctx: Context, row: WebhookEndpoint): Json {
  const { owner: _, sandbox: __, secret: ___, connect, ...endpoint } = row;
  return {
    object: 'webhook_endpoint',
    ...endpoint,
    application: connect ? applicationId : null,
    livemode: false,
  };
}

export function eventView(ctx: Context, row: StripeEvent): Json {
  const { owner, ...event } = row;
  const deliveries = [...ctx.tx.where('webhook_delivery', 'event', row.id)];
  return {
    object: 'event',
    ...event,
    ...(owner === ctx.settings.platform ? {} : { account: owner }),
    livemode: false,
    pending_webhooks: deliveries.filter(({ state }) => state !== 'succeeded').length,
  };
}
