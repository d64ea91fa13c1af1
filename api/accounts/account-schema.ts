import { z } from 'zod';
import { ACCOUNT_STATUSES } from '../../domain/accounts/account.ts';
import { attentionResource, pendingResource, rfc3339 } from '../http/common.ts';

const requirements = z.object({
  currently_due: z.array(z.string()),
  eventually_due: z.array(z.string()),
  past_due: z.array(z.string()),
  pending_verification: z.array(z.string()),
  disabled_reason: z.string().nullable(),
  current_deadline: rfc3339.nullable().meta({ description: 'What is currently due disables it after this.' }),
});

const externalAccount = z
  .object({
    id: z.string(),
    object: z.enum(['bank_account', 'card']),
    name: z.string().nullable().meta({ description: 'Of the bank, or the brand of the card.' }),
    last4: z.string(),
    country: z.string().nullable(),
    currency: z.string().nullable(),
    default_for_currency: z.boolean(),
    instant: z.boolean().meta({ description: 'It takes instant payouts.' }),
  })
  .meta({ id: 'ExternalAccount' });

export const accountResource = z
  .object({
    id: z.string().nullable().meta({ description: 'Stripe’s id; null while it is being made.' }),
    object: z.literal('account'),
    reference: z.string().meta({ description: 'The caller’s own id, or else Stripe’s.' }),
    type: z.string().nullable(),
    controller: z
      .object({
        fees_payer: z.string().nullable(),
        losses_payer: z.string().nullable(),
        requirement_collection: z.string().nullable(),
        dashboard: z.string().nullable(),
      })
      .nullable(),
    country: z.string().nullable(),
    default_currency: z.string().nullable(),
    status: z.enum(ACCOUNT_STATUSES),
    charges_enabled: z.boolean(),
    payouts_enabled: z.boolean(),
    details_submitted: z.boolean(),
    service_agreement: z.string().nullable(),
    capabilities: z.record(z.string(), z.string()),
    requirements,
    external_accounts: z.array(externalAccount),
    payout_schedule: z
      .object({
        interval: z.string(),
        delay_days: z.int().nullable(),
        weekly_anchor: z.string().nullable(),
        monthly_anchor: z.int().nullable(),
      })
      .nullable(),
    settlement: z
      .object({
        country: z.string().nullable(),
        currency: z.string().nullable(),
        statement_descriptor: z.string().nullable(),
        delay_days: z.int().nullable(),
      })
      .meta({ description: 'What holds for charges with on_behalf_of this account.' }),
    pending: pendingResource.nullable().optional().meta({
      description: 'Of the account alone, as `needs_attention`.',
    }),
    needs_attention: attentionResource.nullable().optional().meta({
      description: 'What is stuck. Told by the account alone, not in lists.',
    }),
    metadata: z.record(z.string(), z.string()),
    created: rfc3339.nullable(),
  })
  .meta({ id: 'Account', description: 'A connected account, as Stripe tells it.' });

export type AccountResource = z.output<typeof accountResource>;
export type ExternalAccountResource = z.output<typeof externalAccount>;

export const linkResource = z
  .object({
    object: z.enum(['onboarding_link', 'login_link']),
    url: z.string().meta({ description: 'For the account’s owner alone; opens once.' }),
    expires_at: rfc3339.nullable(),
  })
  .meta({ id: 'AccountLink' });
