import { z } from 'zod';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import { OUTGOING_EVENT_TYPES } from '../../domain/outgoing-events/outgoing-event.ts';
import { currencyCode, livemode, minorUnits, rfc3339 } from '../http/common.ts';
import * as field from '../http/fields.ts';
import { notAUrl } from '../http/fields.ts';
import { limit } from '../http/list-queries.ts';
import { timeRange } from '../http/time-range.ts';

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
    description: field.description.optional().describe('Your own text, shown in the Dashboard.'),
  })
  .meta({ id: 'EventSubscriptionCreate' });

export const rotateSecretBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(7 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .meta({ description: 'How long events are signed with the secret before too.' }),
  })
  .meta({ id: 'EventSubscriptionRotateSecret' });

export const replayBody = z
  .strictObject({
    subscription: field.eventSubscriptionId
      .optional()
      .meta({ description: 'Alone; otherwise all that want this event now.' }),
  })
  .meta({ id: 'EventReplay' });

export const subscriptionParams = z.strictObject({ id: field.eventSubscriptionId });
export const eventParams = z.strictObject({ id: field.outgoingEventId });

export const listEventsQuery = z.strictObject({
  limit,
  starting_after: field.outgoingEventId.optional(),
  type: z.enum(OUTGOING_EVENT_TYPES).optional(),
  order: field.orderId.optional(),
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

export const eventResource = z
  .object({
    id: z.string().meta({ description: 'The webhook-id under which it is sent.' }),
    object: z.literal('event'),
    type: z.enum(OUTGOING_EVENT_TYPES).describe('What happened.'),
    data: z
      .object({
        id: z.string().describe("The order's id."),
        object: z.literal('order'),
        status: z.enum(ORDER_STATUSES).describe('Where the payment stood.'),
        amount: minorUnits.describe('In minor units.'),
        currency: currencyCode,
        amount_captured: minorUnits.describe('In minor units.'),
        amount_refunded: minorUnits.describe('In minor units.'),
        complete: z.boolean().meta({ description: 'Nothing of it is outstanding at Stripe.' }),
        connected_account: z.string().describe('The account that is paid (acct_…).'),
        payment_intent: z.string().nullable().describe('The PaymentIntent (pi_…), if there was one.'),
        subject: z
          .string()
          .nullable()
          .meta({ description: 'The Stripe object that it is about: a refund, a transfer, a dispute.' }),
        needs_attention: z.string().nullable().describe('The code of what needed attention. Null: nothing.'),
        notices: z.array(z.string()).describe('The codes of its notices.'),
        livemode: livemode,
        sequence: z.int().meta({ description: 'Rises with each event of the order.' }),
      })
      .describe('The order when it happened, as it is sent.'),
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
