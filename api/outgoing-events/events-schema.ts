import { z } from 'zod';
import type { EventKind, OutgoingEventType } from '../../domain/outgoing-events/event-types.ts';
import { OUTGOING_EVENT_TYPES } from '../../domain/outgoing-events/event-types.ts';
import { rfc3339 } from '../http/common.ts';
import * as field from '../http/fields.ts';
import { notAUrl } from '../http/fields.ts';
import { limit, startingAfter } from '../http/list-queries.ts';
import { timeRange } from '../http/time-range.ts';
import { EVENT_DATA } from './event-data-schema.ts';

const URL_LENGTH_MAX = 2_048;
const DAY_SECONDS = 86_400;

const eventTypes = z.enum([...OUTGOING_EVENT_TYPES, '*']);

export const createSubscriptionBody = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: notAUrl })
      .max(URL_LENGTH_MAX)
      .meta({
        description: 'https; it must not lead to a private address. Redirects are not followed.',
      }),
    events: z
      .array(eventTypes)
      .min(1, { error: 'must name at least one event, or *' })
      .refine((types) => new Set(types).size === types.length, { error: 'must name each event once' })
      .meta({ uniqueItems: true })
      .default(['*'])
      .describe('Which types of events; `*` for all.'),
    description: field.description.optional().describe('Your own text.'),
  })
  .meta({
    id: 'EventSubscriptionCreate',
    example: { url: 'https://shop.example.com/events', events: ['order.captured', 'order.refunded'] },
  });

export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(7 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .meta({ description: 'How long events are signed with the secret before too.' }),
  })
  .meta({ id: 'EventSubscriptionRotateSecret', example: { overlap_seconds: 86400 } });

export const replayBody = z
  .strictObject({
    subscription: field.eventSubscriptionId
      .optional()
      .meta({ description: 'Alone; otherwise all that want this event now.' }),
  })
  .meta({ id: 'EventReplay', example: {} });

export const subscriptionParams = z.strictObject({
  id: field.eventSubscriptionId.describe('The id of the subscription (wes_…).'),
});
export const eventParams = z.strictObject({
  id: field.outgoingEventId.describe('The id of the event (evt_…).'),
});

export const listEventsQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.outgoingEventId),
  type: z.enum(OUTGOING_EVENT_TYPES).optional().describe('Only those of this type.'),
  order: field.orderId.optional().describe('Of this order.'),
  payout: field.payoutId.optional().describe('Of this payout (wpo_…).'),
  transfer: field.orderId.optional().describe('Of this transfer without an order.'),
  account: field.account.optional().describe('Of this account: acct_…, or your own reference.'),
  'created[gte]': timeRange('created')['created[gte]'].meta({
    description: 'To find what a subscription has missed: three days before it was disabled.',
  }),
});

export const subscriptionResource = z
  .object({
    id: z.string().describe('wes_….'),
    object: z.literal('event_subscription'),
    url: z.string().describe('Where events are sent.'),
    events: z.array(eventTypes).describe('Which types; `*` for all.'),
    description: z.string().nullable().describe('Your own text.'),
    status: z.enum(['enabled', 'disabled']).describe('disabled: nothing is sent until it is enabled.'),
    disabled: z
      .object({ reason: z.string().describe('Why.'), at: rfc3339.describe('When.') })
      .nullable()
      .describe('Since when and why nothing is sent. Null: it is enabled.'),
    missed: z
      .object({ reason: z.string().describe('Which event, and why.'), at: rfc3339.describe('When.') })
      .nullable()
      .describe(
        'The first event that it did not take, though it takes others. Null: none since it was last enabled.',
      ),
    secret: z
      .string()
      .optional()
      .meta({ description: 'Shown when it is made, and never again.', example: 'whsec_…' }),
    previous_secret_until: rfc3339
      .nullable()
      .describe('Until when events are signed with the secret before, too. Null: they are not.'),
    created: rfc3339.describe('When it was made.'),
  })
  .meta({ id: 'EventSubscription' });

export type SubscriptionResource = z.output<typeof subscriptionResource>;

/** The body of a delivery (event-delivery/payload.ts). */
export function deliveredEvent(kind: EventKind, type: OutgoingEventType) {
  return z.object({
    type: z.literal(type),
    timestamp: rfc3339.describe('When it happened.'),
    data: EVENT_DATA[kind],
  });
}

export const eventResource = z
  .object({
    id: z.string().meta({ description: 'The webhook-id under which it is sent.' }),
    object: z.literal('event'),
    type: z.enum(OUTGOING_EVENT_TYPES).describe('What happened.'),
    data: z.union(Object.values(EVENT_DATA)),
    deliveries: z
      .array(
        z.object({
          subscription: z.string().describe('The subscription (wes_…).'),
          status: z
            .enum(['pending', 'delivered', 'failed', 'skipped'])
            .describe('pending while it is tried; failed: given up; skipped: not sent.'),
          detail: z.string().nullable().describe('The last answer, or why it was not sent.'),
        }),
      )
      .describe('One for each subscription that wanted it.'),
    created: rfc3339.describe('When it happened.'),
  })
  .meta({ id: 'Event' });

export type EventResource = z.output<typeof eventResource>;
