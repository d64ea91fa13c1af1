import { z } from 'zod';
import { rfc3339 } from './common.ts';

export const accountResource = z
  .strictObject({
    id: z.string(),
    object: z.literal('account'),
    type: z.string().nullable(),
    country: z.string().nullable(),
    default_currency: z.string().nullable(),
    status: z.enum(['onboarding', 'restricted_soon', 'restricted', 'enabled', 'rejected']),
    charges_enabled: z.boolean(),
    payouts_enabled: z.boolean(),
    details_submitted: z.boolean(),
    service_agreement: z.string().nullable(),
    capabilities: z.record(z.string(), z.string()),
    requirements: z.strictObject({
      currently_due: z.array(z.string()),
      eventually_due: z.array(z.string()),
      past_due: z.array(z.string()),
      pending_verification: z.array(z.string()),
      disabled_reason: z.string().nullable(),
      current_deadline: rfc3339.nullable(),
    }),
    metadata: z.record(z.string(), z.string()),
    created: rfc3339.nullable(),
  })
  .meta({ id: 'Account', description: 'A connected account, as Stripe tells it.' });

export type AccountResource = z.output<typeof accountResource>;
