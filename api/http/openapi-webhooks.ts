import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

/** A request that Waybill sends to a subscriber. */
export interface WebhookDoc {
  /** The type of the event. */
  readonly name: string;
  readonly summary: string;
  readonly schema: z.ZodObject;
}

const HEADERS = z.object({
  'webhook-id': z.string().describe('The same whenever this event is sent again.'),
  'webhook-timestamp': z.string().describe('When it was signed, in seconds since the epoch.'),
  'webhook-signature': z.string().describe('One signature or, while a secret is rotated, two.'),
});

export function webhookConfig({ name, summary, schema }: WebhookDoc): RouteConfig {
  return {
    method: 'post',
    path: name,
    operationId: `on.${camelCase(name)}`,
    // Of their own: generators write a file a tag, and that of these calls over that of the operations.
    tags: ['Deliveries'],
    summary,
    description: 'Signed by Standard Webhooks.',
    security: [],
    request: {
      headers: HEADERS,
      body: { required: true, content: { 'application/json': { schema } } },
    },
    responses: {
      '2XX': { description: 'Taken. Anything else is retried.' },
      410: { description: 'Disables the subscription.' },
    },
  };
}

/** `order.refund_failed` → `orderRefundFailed`. */
function camelCase(name: string): string {
  return name.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase());
}
