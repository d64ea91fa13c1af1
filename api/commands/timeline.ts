import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';

const timelineEntryResource = z
  .object({
    at: rfc3339.describe('When it happened.'),
    type: z
      .enum(['command', 'stripe_call', 'state', 'attention', 'event'])
      .describe('What kind of entry it is.'),
    name: z.string().describe('Which command, call, status or event.'),
    actor: z.string().meta({
      description:
        "An API key's name, `stripe`, `waybill`, or for a signal `temporal` or `ada (via temporal)`: a claim that nobody has checked.",
    }),
    cause: z.string().nullable().meta({ description: 'The command behind it.' }),
    detail: z.string().nullable().describe('More about it, in words.'),
    stripe_id: z.string().nullable().describe('The Stripe object that it is about.'),
    stripe_request_id: z.string().nullable().describe("Stripe's request, for its support."),
  })
  .meta({ id: 'TimelineEntry' });

export const timelineResource = z
  .object({
    object: z.literal('list'),
    url: z.string().describe('The path of this list.'),
    has_more: z.literal(false),
    dropped: z.int().meta({ description: 'How many old entries were dropped from a full timeline.' }),
    data: z.array(timelineEntryResource).describe('Oldest first.'),
  })
  .meta({ id: 'Timeline' });

export type TimelineResource = z.output<typeof timelineResource>;
