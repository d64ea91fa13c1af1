import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';

const timelineEntryResource = z
  .object({
    at: rfc3339,
    type: z.enum(['command', 'stripe_call', 'state', 'attention', 'event']),
    name: z.string(),
    actor: z.string().meta({
      description:
        "An API key's name, `stripe`, `waybill`, or for a signal `temporal` or `ada (via temporal)`: a claim that nobody has checked.",
    }),
    cause: z.string().nullable().meta({ description: 'The command behind it.' }),
    detail: z.string().nullable(),
    stripe_id: z.string().nullable(),
    stripe_request_id: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry' });

export const timelineResource = z
  .object({
    object: z.literal('list'),
    url: z.string(),
    has_more: z.literal(false),
    dropped: z.int().meta({ description: 'Old entries that a full timeline let go.' }),
    data: z.array(timelineEntryResource),
  })
  .meta({ id: 'Timeline' });

export type TimelineResource = z.output<typeof timelineResource>;
